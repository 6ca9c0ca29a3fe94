"""Pushes understood and replies sealed, by wxdesk and wechatpy in turn; see bench/parsing.py."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto

from pushes import AES_KEY, APP_ID, TOKEN, Wire, pushes
from wxdesk.wechat import Callback, Mode, Push, Text, parse, read_query

TURNS = 30
PUSHES = 200

CALLBACK = Callback(TOKEN, APP_ID, Mode.SECURE, (AES_KEY,))
PEER = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
NOW = datetime.now(UTC)
SECONDS = int(NOW.timestamp())


class Posted(NamedTuple):
    """What WeChat sent with one POST."""

    query: dict[str, str]
    body: bytes


def main() -> None:
    plain, secure = _posted(Wire.PLAIN), _posted(Wire.SECURE)
    assert _said(our_secure(secure[0])) == their_secure(secure[0])[-1]
    measured = {
        "a push understood, plain": _by_turns(plain, our_plain, their_plain),
        "a push understood, secure": _by_turns(secure, our_secure, their_secure),
        "a reply sealed": _by_turns(plain, our_reply, their_reply),
    }
    print(json.dumps(measured))


def our_plain(posted: Posted) -> Push:
    return parse(posted.body)


def our_secure(posted: Posted) -> Push:
    return parse(CALLBACK.unwrap(posted.query, posted.body, NOW))


def their_plain(posted: Posted) -> tuple[object, ...]:
    return _asked(posted.body)


def their_secure(posted: Posted) -> tuple[object, ...]:
    signed = (posted.query[name] for name in ("msg_signature", "timestamp", "nonce"))
    return _asked(PEER.decrypt_message(posted.body, *signed))


def our_reply(posted: Posted) -> bytes:
    return CALLBACK.wrap(posted.body, SECONDS, "1372623149")


def their_reply(posted: Posted) -> str:
    return PEER.encrypt_message(posted.body.decode(), "1372623149", str(SECONDS))


def _asked(xml: bytes | str) -> tuple[object, ...]:
    """wechatpy reads an element when it is asked for; ``parse`` has read all of these."""
    push = parse_message(xml)
    return push.target, push.source, push.create_time, push.type, push.id, push.content


def _said(push: Push) -> str:
    assert isinstance(push.content, Text)
    return push.content.text


def _by_turns(
    posted: Sequence[Posted], ours: Callable[[Posted], object], theirs: Callable[[Posted], object]
) -> tuple[float, float]:
    """Microseconds for one push of each, the medians of their turns."""
    turns = [(_us(ours, posted), _us(theirs, posted)) for _ in range(TURNS)]
    our_us, their_us = zip(*turns, strict=True)
    return statistics.median(our_us), statistics.median(their_us)


def _us(understand: Callable[[Posted], object], posted: Sequence[Posted]) -> float:
    began = time.perf_counter()
    for one in posted:
        understand(one)
    return (time.perf_counter() - began) / len(posted) * 1e6


def _posted(wire: Wire) -> list[Posted]:
    return [_taken_apart(request) for request in islice(pushes(wire, "/"), PUSHES)]


def _taken_apart(request: bytes) -> Posted:
    head, _, body = request.partition(b"\r\n\r\n")
    query = head.split(b" ", 2)[1].partition(b"?")[2]
    return Posted(read_query(query), body)


if __name__ == "__main__":
    main()
