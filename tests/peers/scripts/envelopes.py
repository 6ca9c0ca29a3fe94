"""Seals pushes, opens answers and reads both, as wechatpy does."""

import json
import sys

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import deserialize_reply

ASKED = (
    *("type", "source", "target", "content", "media_id", "title", "description"),
    *("music_url", "hq_music_url", "thumb_media_id", "articles"),
)


def main():
    wish = json.load(sys.stdin)
    crypto = WeChatCrypto(wish["token"], wish["aes_key"], wish["app_id"])
    told = {
        "sealed": [
            crypto.encrypt_message(xml, wish["nonce"], wish["now"]) for xml in wish["pushes"]
        ],
        "read": [read(xml) for xml in wish["pushes"]],
        "answers": [answered(crypto, wish, answer) for answer in wish["answers"]],
    }
    json.dump(told, sys.stdout)


def read(xml):
    push = parse_message(xml)
    return {
        "account": push.target,
        "openid": push.source,
        "sent": push.create_time.timestamp(),
        "msg_id": push.id,
        "text": getattr(push, "content", None),
        "media_id": getattr(push, "media_id", None),
    }


def answered(crypto, wish, answer):
    """What the follower would be shown."""
    xml = crypto.decrypt_message(
        answer["xml"], answer["signature"], answer["timestamp"], wish["nonce"]
    )
    reply = deserialize_reply(xml)
    said = {name: getattr(reply, name, None) for name in ASKED}
    return {name: value for name, value in said.items() if value}


main()
