"""What WeChat would post: text pushes of some 420 bytes, no two with the same id."""

import itertools
import time
from collections.abc import Iterator
from enum import StrEnum

from wxdesk.wechat import Callback, Mode, signature

TOKEN = "a-token-for-benchmarks"
APP_ID = "wx1234567890abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ORIGINAL_ID = "gh_7f083739789a"
NONCE = "88888888"
FOLLOWERS = 5000
FIRST_ID = 23_000_000_000_000_000

TEXT = (
    "你好，我想问一下订单的物流到哪里了？下单已经三天了，一直没有更新，麻烦帮忙查一下，谢谢。 #%d"
)
XML = (
    f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
    "<FromUserName><![CDATA[oEFXHjs%06d_pOcbDsn7RC4kaB]]></FromUserName>"
    "<CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    f"<Content><![CDATA[{TEXT}]]></Content><MsgId>%d</MsgId></xml>"
)


class Wire(StrEnum):
    """How the push travels; also the slug of the desk's account that takes it."""

    PLAIN = "plain"
    SECURE = "secure"


def pushes(wire: Wire, path: str, *, followers: int = FOLLOWERS) -> Iterator[bytes]:
    """HTTP requests without end, each a push of its own, from one follower after the other."""
    secure = Callback(TOKEN, APP_ID, Mode.SECURE, (AES_KEY,))
    now = int(time.time())
    signed = signature(TOKEN, str(now), NONCE)
    query = f"signature={signed}&timestamp={now}&nonce={NONCE}"
    for number in itertools.count(1):
        xml = (XML % (number % followers, now, number, FIRST_ID + number)).encode()
        if wire is Wire.PLAIN:
            yield _request(path, query, xml)
        else:
            body, msg_signature = _sealed(secure, xml, now)
            sealed_query = f"{query}&encrypt_type=aes&msg_signature={msg_signature}"
            yield _request(path, sealed_query, body)


def made_ahead(requests: Iterator[bytes], number: int) -> Iterator[bytes]:
    """The same, but the first of them cost nothing while the clock runs."""
    return itertools.chain(list(itertools.islice(requests, number)), requests)


def _sealed(callback: Callback, xml: bytes, now: int) -> tuple[bytes, str]:
    """The body of an encrypted push, and the signature that comes with it."""
    reply = callback.wrap(xml, now, NONCE).decode()
    sealed = reply.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    body = (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return body.encode(), signature(TOKEN, str(now), NONCE, sealed)


def _request(path: str, query: str, body: bytes) -> bytes:
    head = (
        f"POST {path}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
