"""What both wechatpy peers do with a push: verify, decrypt, parse."""

import os
from collections.abc import Mapping

from peer_store import Row
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

TOKEN = os.environ["BENCH_TOKEN"]
CRYPTO = WeChatCrypto(TOKEN, os.environ["BENCH_AES_KEY"], os.environ["BENCH_APP_ID"])


def read(query: Mapping[str, str], body: bytes) -> Row:
    if query.get("encrypt_type") == "aes":
        body = CRYPTO.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
    else:
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    message = parse_message(body)
    return str(message.id), message.source, message.type, int(message.time), bytes_of(body)


def bytes_of(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else body
