"""What the platform answers when it refuses.

Source: "Global return codes" (全局返回码) and the tables of the calls, texts as published.
"""

import secrets
from datetime import datetime
from enum import StrEnum

ERRMSG = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40066: "invalid url",
    40125: "invalid appsecret",
    40164: "invalid ip, not in whitelist",
    40243: "AppSecret frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "require remove blacklist",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45087: "customer service message from this account have been blocked!",
    45102: "this api have been blocked temporarily.",
    47001: "data format error",
    47002: (
        "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), "
        "please use utf8 encoded text!"
    ),
    48001: "api unauthorized",
    48002: "user block receive message",
    48004: "api forbidden for irregularities, view detail on mp.weixin.qq.com",
    48008: "no permission for this msgtype",
    50002: "user limited",
    61451: "invalid parameter",
    61452: "invalid kf_account",
    65401: "invalid custom service account",
    70000: "为保护未成年人权益，该条消息发送失败",
}


class Tail(StrEnum):
    """What follows the text of an error, by the age of the platform."""

    RID = "rid"
    HINT = "hint"
    BOTH = "both"
    NONE = "none"


class Refused(Exception):
    """The platform says no; ``text`` where it says more than the table does."""

    def __init__(self, errcode: int, text: str | None = None) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.text = text if text is not None else ERRMSG.get(errcode, "unknown error")

    def answer(self, tail: Tail, now: datetime) -> dict[str, object]:
        return {"errcode": self.errcode, "errmsg": self.text + _written(tail, now)}


def _written(tail: Tail, now: datetime) -> str:
    seconds = int(now.timestamp())
    rid = f" rid: {seconds:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    hint = f" hint: [{secrets.token_hex(2)}{seconds % 10**10}]"
    return {Tail.RID: rid, Tail.HINT: hint, Tail.BOTH: hint + rid, Tail.NONE: ""}[tail]
