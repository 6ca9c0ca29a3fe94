"""Bodies that somebody might post to break what reads them: a file each, the large ones here.

What is `taken` is a push in all its oddity; what is `refused` gets its typed error at once.
"""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import (
    BadPush,
    Callback,
    Forged,
    Malformed,
    Mode,
    parse,
    parse_pay_feedback,
    signature,
)
from wxdesk.wechat.elements import _flat_elements, _xml_elements

CORPUS = Path(__file__).parent / "corpus"
TAKEN = sorted((CORPUS / "taken").iterdir())
REFUSED = sorted((CORPUS / "refused").iterdir())
NOW = datetime.fromtimestamp(1767319262, UTC)
KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
SECURE = Callback("Sh0pCareTok3n", "wx4f1d7e0b92c6a835", Mode.SECURE, (KEY,))
QUERY = {"timestamp": "1767319262", "nonce": "1", "encrypt_type": "aes", "msg_signature": "0" * 40}

MB = 1_000_000
HEAD = (
    b"<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName>"
    b"<CreateTime>1767319261</CreateTime><MsgType>event</MsgType>"
)
NESTING = b"<Event>subscribe_msg_sent_event</Event>"
LARGE = {
    "deep": b"<a>" * (MB // 3),
    "deep and closed": b"<a>" * (MB // 7) + b"</a>" * (MB // 7),
    "wide": HEAD + b"<a/>" * (MB // 5) + b"</xml>",
    "many attributes": b"<xml " + b" ".join(b"a%d=''" % n for n in range(MB // 12)) + b"/>",
    "a huge attribute": b"<xml a='" + b"a" * (MB - 20) + b"'/>",
    "a huge name": b"<" + b"a" * (MB - 20) + b"/>",
    "a huge comment": b"<xml><!--" + b"-a" * (MB // 2 - 20) + b"--></xml>",
    "unfinished CDATA": b"<xml>" + b"<A><![CDATA[" * (MB // 13),
    "brackets": b"<xml><A><![CDATA[" + b"]" * (MB - 40),
    "many namespaces": b"<xml " + b" ".join(b"xmlns:a%d='a'" % n for n in range(MB // 20)) + b"/>",
    "nothing but control characters": b"\x01" * (MB - 1),
    "lists": HEAD + NESTING + b"<List/>" * 1990 + b"<A>" + b"x" * (MB - 20_000) + b"</A></xml>",
    "over the limit": b"<xml>" + b" " * MB + b"</xml>",
    "deep JSON": b'{"a":' * (MB // 6),
    "deep JSON lists": b'{"a":' + b"[" * (MB - 10),
    "wide JSON": b'{"a":[' + b"1," * (MB // 2 - 10) + b"1]}",
    "a huge JSON number": b'{"a":' + b"9" * (MB - 10) + b"}",
}


def unwrap_and_parse(body: bytes) -> object:
    return parse(SECURE.unwrap(QUERY, body, NOW))


def feedback(body: bytes) -> object:
    return parse_pay_feedback(body, app_id="wx4f1d7e0b92c6a835")


READERS = [parse, feedback, unwrap_and_parse]


def sealed(body: bytes) -> tuple[dict[str, str], bytes]:
    """The body as if WeChat itself had sealed and signed it."""
    wrapped = SECURE.wrap(body, 1767319262, "1")
    sealed = wrapped.split(b"<![CDATA[")[1].split(b"]]>")[0].decode()
    signed = signature("Sh0pCareTok3n", "1767319262", "1", sealed)
    return QUERY | {"msg_signature": signed}, wrapped


@pytest.mark.parametrize("path", TAKEN, ids=lambda path: path.stem)
def test_an_odd_push_is_taken(path):
    push = parse(path.read_bytes())

    assert push.account == "gh_9a3c51e7b2d4"
    assert push.key == "m24811057300007919"
    repr(push).encode()


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_what_is_no_push_is_refused(path):
    with pytest.raises(Malformed):
        parse(path.read_bytes())


@pytest.mark.parametrize("path", [*TAKEN, *REFUSED], ids=lambda path: path.stem)
def test_the_fast_reading_takes_none_of_it_for_something_else(path):
    flat = _flat_elements(path.read_bytes())

    assert flat is None or flat == _xml_elements(path.read_bytes())


@pytest.mark.parametrize("path", [*TAKEN, *REFUSED], ids=lambda path: path.stem)
def test_an_envelope_changes_nothing_about_what_is_in_it(path):
    query, wrapped = sealed(path.read_bytes())

    assert SECURE.unwrap(query, wrapped, NOW) == path.read_bytes()


@pytest.mark.parametrize("path", [*TAKEN, *REFUSED], ids=lambda path: path.stem)
def test_none_of_it_is_an_envelope_or_a_complaint(path):
    with pytest.raises(BadPush):
        unwrap_and_parse(path.read_bytes())
    with pytest.raises(Malformed):
        feedback(path.read_bytes())


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", LARGE)
def test_a_megabyte_takes_little_memory_and_no_time_to_speak_of(
    name, read: Callable[[bytes], object]
):
    body = LARGE[name]
    tracemalloc.start()
    began = process_time()
    try:
        if name != "lists" or read is not parse:
            with pytest.raises(BadPush):
                read(body)
        else:
            read(body)
    finally:
        took, (_, peak) = process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert took < 10  # seconds: what grows with the square of it would take minutes
    assert peak < 30 * MB


@given(st.sampled_from([*TAKEN, *REFUSED]), st.data())
def test_whatever_is_changed_in_them_is_a_push_or_malformed(path, data):
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))

    for read in READERS:
        try:
            read(bytes(body))
        except (Malformed, Forged):
            continue
