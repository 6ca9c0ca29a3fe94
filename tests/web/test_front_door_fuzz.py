"""Whatever is sent to the front door, it is never a 5xx, never a redirect, and nothing breaks."""

import asyncio
from urllib.parse import quote_from_bytes, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlalchemy import func, select

from patient import PATIENCE_SECONDS
from wxdesk.desk.intake import KeptPush, PushState
from wxdesk.worker.intake import understand_kept

# what RFC 9110 lets stand in a header or a request line, and what it does not
ODD = st.binary(max_size=40).filter(lambda odd: not {b"\r", b"\n"} & set(odd))
METHODS = st.one_of(st.sampled_from([b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS"]), ODD)
PATHS = st.one_of(
    st.sampled_from([b"shop", b"", b"shop/", b"../shop", b"%2e%2e/", b"shop%00", b"SHOP", b"%ff"]),
    ODD,
    ODD.map(lambda odd: quote_from_bytes(odd).encode()),
)
HEADER_NAMES = (
    b"Content-Type Cookie X-Forwarded-For X-Forwarded-Proto Upgrade Expect Range "
    b"Accept-Encoding Content-Encoding Authorization"
).split()
HEADERS = st.lists(st.tuples(st.sampled_from(HEADER_NAMES), ODD), max_size=4)
NAMES = ["signature", "timestamp", "nonce", "echostr", "encrypt_type", "msg_signature", "openid"]
QUERIES = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20), max_size=3)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
KINDS = st.sampled_from(["text", "event", "image", "TEXT", "", "a/b", "event/x", "语音"])
NUMBERS = st.one_of(
    st.integers(-1, 2**64).map(str), st.sampled_from(["1767319262", "soon", "9" * 30, ""])
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "ToUserName": st.one_of(st.just("gh_9a3c51e7b2d4"), TEXTS),
        "FromUserName": st.one_of(st.just("oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"), TEXTS),
        "CreateTime": NUMBERS,
        "MsgType": KINDS,
        "Event": TEXTS,
        "EventKey": TEXTS,
        "Content": TEXTS,
        "MsgId": NUMBERS,
        "Encrypt": TEXTS,
    },
)
LIKELY = {
    "ToUserName": "gh_9a3c51e7b2d4",
    "FromUserName": "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
    "CreateTime": "1767319262",
    "MsgType": "text",
    "Content": "你好",
}

fuzzed = effort(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_xml(fields):
    lines = (f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items())
    return f"<xml>{''.join(lines)}</xml>".encode()


async def status_of(url, request):
    """The status of what comes back over a bare socket; None when nothing does."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await reader.readuntil(b"\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
    return int(head.split()[1])


def is_fine(status):
    return status is None or status == 200 or 400 <= status < 500


@fuzzed
@given(method=METHODS, path=PATHS, query=st.one_of(QUERIES, ODD), headers=HEADERS, body=st.binary())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whatever_is_sent_over_the_wire_is_refused_in_order(
    shop, base_url, method, path, query, headers, body
):
    query = query if isinstance(query, bytes) else urlencode(query).encode()
    lines = [
        method + b" /wechat/" + path + b"?" + query + b" HTTP/1.1",
        b"Host: desk",
        b"Connection: close",
        b"Content-Length: %d" % len(body),
        *(name + b": " + value for name, value in headers),
    ]

    status = await status_of(base_url, b"\r\n".join(lines) + b"\r\n\r\n" + body)

    assert is_fine(status)


@fuzzed
@given(fields=FIELDS, likely=st.booleans())
async def test_whatever_a_signed_push_holds_is_kept_and_understood_or_refused(
    runtime, door, fields, likely
):
    status, _ = await door.push(as_xml(LIKELY | fields if likely else fields))
    while await understand_kept(runtime):
        pass

    assert status in (200, 400)
    async with runtime.db.reading() as unit:
        parked = select(func.count()).where(KeptPush.state == PushState.PARKED)
        assert await unit.session.scalar(parked) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("target", "rest"),
    [
        (b"/wechat/shop", b"Content-Length: -1\r\n\r\n"),
        (b"/wechat/shop", b"Content-Length: 9999999999999999999\r\n\r\n"),
        (b"/wechat/shop", b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        (b"/wechat/shop", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        (b"/wechat/shop", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (b"/wechat/\xe4\xbd\xa0", b"\r\n"),
        (b"/wechat/" + b"a" * 70_000, b"\r\n"),
        (b"http://elsewhere/wechat/shop", b"\r\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\r\n"),
    ],
)
async def test_what_is_hardly_http_breaks_nothing(shop, base_url, door, desk, target, rest):
    status = await status_of(base_url, b"POST " + target + b" HTTP/1.1\r\nHost: desk\r\n" + rest)

    assert is_fine(status)
    assert await door.push(desk.text_xml("oFollower1", "你好")) == (200, "success")
