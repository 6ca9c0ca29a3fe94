"""Customer-service messages: ``message/custom/send``.

Source: "Send customer-service message" (发送客服消息), 2025.
"""

from typing import Any

from wxsim.api.call import Answer, Call
from wxsim.codes import Refused
from wxsim.faults import UnicodeEscapes
from wxsim.follower import Follower
from wxsim.platform import NoSuchFollower, Platform

TEXT_BYTES = 2048  # by experiment; the documentation has no figure

# Each documented kind, and the field its object cannot do without.
_REQUIRED = {
    "text": "content",
    "image": "media_id",
    "voice": "media_id",
    "video": "media_id",
    "music": "thumb_media_id",
    "news": "articles",
    "mpnews": "media_id",
    "mpnewsarticle": "article_id",
    "msgmenu": "list",
    "wxcard": "card_id",
    "miniprogrampage": "appid",
}


def send(platform: Platform, call: Call) -> Answer:
    """Show it on the follower's phone, if all is well.

    Raises:
        Refused: The first thing that is not.
    """
    if platform.faults.switches.unverified:
        raise Refused(48001)
    message = _read(platform, call)
    openid = _recipient(platform, message)
    kind, content = _content(message)
    kf_account = _kf_account(platform, message)
    _require_reachable(platform.get_follower(openid))
    platform.spend(openid)
    platform.show(openid, "account", kind, **content, via="custom", **kf_account)
    return {"errcode": 0, "errmsg": "ok"}


def _read(platform: Platform, call: Call) -> dict[str, Any]:
    if not call.has_unicode_escapes():
        return call.json()
    if platform.faults.switches.unicode_escapes is UnicodeEscapes.REFUSE:
        raise Refused(47002)
    return call.json_with_literal_escapes()


def _recipient(platform: Platform, message: dict[str, Any]) -> str:
    openid = message.get("touser")
    if not isinstance(openid, str):
        raise Refused(40003)
    try:
        return platform.get_follower(openid).openid
    except NoSuchFollower:
        raise Refused(40003) from None


def _content(message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and what the phone shows; of kinds other than text only the name."""
    kind = message.get("msgtype")
    required = _REQUIRED.get(kind) if isinstance(kind, str) else None
    if not isinstance(kind, str) or required is None:
        raise Refused(40008)
    branch = message.get(kind)
    if not isinstance(branch, dict):
        raise Refused(44004 if kind == "text" else 47001)
    if kind == "text":
        return kind, {"content": _text(branch)}
    _require(kind, branch, required)
    return kind, {"content": f"[{kind}]"}


def _text(branch: dict[str, Any]) -> str:
    content = branch.get("content")
    if content is None or content == "":
        raise Refused(44004)
    if not isinstance(content, str):
        raise Refused(47001)
    if len(content.encode(errors="replace")) > TEXT_BYTES:
        raise Refused(45002)
    return content


def _require(kind: str, branch: dict[str, Any], required: str) -> None:
    if not branch.get(required):
        raise Refused(
            {"media_id": 40007, "thumb_media_id": 40007, "articles": 44003}.get(required, 47001)
        )
    if kind == "news" and len(branch["articles"]) > 1:
        raise Refused(45008)


def _kf_account(platform: Platform, message: dict[str, Any]) -> dict[str, str]:
    """The agent shown with the message, if one is named and exists."""
    service = message.get("customservice")
    if service is None:
        return {}
    name = service.get("kf_account") if isinstance(service, dict) else None
    if not isinstance(name, str) or name not in platform.account.kf_accounts:
        raise Refused(61451)
    return {"kf_account": name}


def _require_reachable(follower: Follower) -> None:
    if follower.frozen:
        raise Refused(50002)
    if follower.blacklisted:
        raise Refused(43019)
    if not follower.met:
        raise Refused(43004)
    if not follower.following:
        raise Refused(45015)
    if follower.muted:
        raise Refused(48002)
