import asyncio
import socket
import traceback
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from wxdesk.wechat import (
    Client,
    Meaning,
    Refused,
    TextMessage,
    TokenRefused,
    Uncertain,
    Unreached,
)

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
HELLO = TextMessage("您好")
SOON = timedelta(milliseconds=300)  # a loop that is late by less takes nothing for lost
OK = {"errcode": 0, "errmsg": "ok"}


class Tokens:
    """Keeps the tokens it is given; each renewal takes the next."""

    def __init__(self, *values):
        self.values = list(values)
        self.refused = []

    async def current(self):
        return self.values[0]

    async def renew(self, refused):
        self.refused.append(refused)
        del self.values[0]
        return self.values[0]


class NoTokens:
    """Has none to give, and says why."""

    def __init__(self, error):
        self.error = error

    async def current(self):
        raise self.error

    async def renew(self, refused):
        raise self.error


@pytest.fixture
def send(http, wechat):
    async def send_it(base=None, tokens=None, timeout=timedelta(seconds=5)):
        client = Client(http, base or wechat.base, tokens or Tokens("89_secret"), timeout)
        await client.send(OPENID, HELLO)

    return send_it


async def test_a_message_is_posted_as_documented(http, wechat):
    client = Client(http, wechat.base + "/", Tokens("89_secret"), timedelta(seconds=5))

    await client.send(OPENID, HELLO, kf_account="agent01@shopcare")

    assert wechat.requests == [
        (
            "/cgi-bin/message/custom/send",
            {"access_token": "89_secret"},
            {
                "touser": OPENID,
                "msgtype": "text",
                "text": {"content": "您好"},
                "customservice": {"kf_account": "agent01@shopcare"},
            },
        )
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"errmsg": "ok"},
        web.Response(body=b'{"errcode":0}', content_type="text/plain"),
        web.Response(body='{"errcode":0,"errmsg":"好"}'.encode(), content_type="image/png"),
        web.Response(body=b'{"errcode":0,"errmsg":"\xff\x01"}', content_type="text/html"),
    ],
)
async def test_success_is_no_error_code_whatever_it_is_dressed_as(send, wechat, answer):
    wechat.answers = [answer]

    await send()

    assert len(wechat.requests) == 1


@pytest.mark.parametrize(
    ("errmsg", "cleaned", "rid"),
    [
        ("out of response count limit", "out of response count limit", None),
        (
            "out of response count limit rid: 5f3ded7d-22929d02-4ba1f5f6",
            "out of response count limit",
            "5f3ded7d-22929d02-4ba1f5f6",
        ),
        (
            "out of response count limit hint: [59Ysua01188630] rid: 5f3ded7d-22929d02-4ba1f5f6",
            "out of response count limit",
            "5f3ded7d-22929d02-4ba1f5f6",
        ),
        ("over the grid: no", "over the grid: no", None),
        ("x" * 10_000, "x" * 300, None),
        (None, "None", None),
    ],
)
async def test_a_refusal_is_cleaned_of_what_wechat_appends(send, wechat, errmsg, cleaned, rid):
    wechat.answers = [{"errcode": 45047, "errmsg": errmsg}]

    with pytest.raises(Refused) as raised:
        await send()

    refused = raised.value
    assert (refused.errcode, refused.errmsg, refused.rid) == (45047, cleaned, rid)
    assert refused.meaning is Meaning.REPLIES_SPENT
    assert len(wechat.requests) == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_stale_token_is_renewed_once_and_the_call_repeated(send, wechat, errcode):
    wechat.answers = [{"errcode": errcode, "errmsg": "stale"}, OK]
    tokens = Tokens("old", "new")

    await send(tokens=tokens)

    assert tokens.refused == ["old"]
    assert wechat.tokens_seen == ["old", "new"]


async def test_a_token_that_is_stale_again_is_not_renewed_again(send, wechat):
    wechat.answers = [{"errcode": 40001}, {"errcode": 42001}]

    with pytest.raises(Refused) as raised:
        await send(tokens=Tokens("old", "new", "newer"))

    assert raised.value.errcode == 42001
    assert wechat.tokens_seen == ["old", "new"]


async def test_an_uncertain_token_means_the_message_never_left(send, wechat):
    with pytest.raises(Unreached):
        await send(tokens=NoTokens(Uncertain("TimeoutError")))

    assert wechat.requests == []


async def test_a_refused_token_is_told_as_such(send, wechat):
    with pytest.raises(TokenRefused):
        await send(tokens=NoTokens(TokenRefused(40125)))

    assert wechat.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"errcode": -1, "errmsg": "system error"}, id="busy"),
        pytest.param({"errcode": "0"}, id="an errcode that is no number"),
        pytest.param({"errcode": None}, id="an errcode that is nothing"),
        pytest.param(web.Response(status=502, text="{}"), id="a gateway's error"),
        pytest.param(web.Response(status=204), id="no content"),
        pytest.param(web.Response(status=307, headers={"Location": "/x"}), id="a redirect"),
        pytest.param(web.Response(text=""), id="nothing"),
        pytest.param(web.Response(text="<html>busy</html>"), id="HTML"),
        pytest.param(web.Response(text='{"errcode":'), id="half of it"),
        pytest.param(web.Response(text="[]"), id="a list"),
        pytest.param(web.Response(text="[" * 60_000), id="too deep to be read"),
        pytest.param(web.Response(text='{"errcode":' + "9" * 5000 + "}"), id="a huge number"),
        pytest.param(web.Response(text=" " * 70_000 + '{"errcode":0}'), id="too long"),
    ],
)
async def test_an_answer_that_cannot_be_trusted_leaves_it_uncertain(send, wechat, answer):
    wechat.answers = [answer]

    with pytest.raises(Uncertain):
        await send()

    assert len(wechat.requests) == 1


async def request_of(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 2", id="half a status line"),
        pytest.param(HEAD % 27 + b'{"errcode":0,', id="half an answer"),
        pytest.param(b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n{}", id="no gzip"),
    ],
)
async def test_a_connection_that_ends_too_early_leaves_it_uncertain(send, serve, said):
    requests = []

    async def answer_badly(reader, writer):
        requests.append(await request_of(reader))
        writer.write(said)
        await writer.drain()

    async with serve(answer_badly) as address:
        with pytest.raises(Uncertain):
            await send(base=f"http://{address}")

    assert len(requests) == 1


async def test_a_kept_connection_that_ends_is_not_silently_tried_again(send, serve):
    requests = []

    async def answer_only_once(reader, writer):
        requests.append(await request_of(reader))
        writer.write(HEAD % 13 + b'{"errcode":0}')
        await writer.drain()
        requests.append(await request_of(reader))  # and hang up

    async with serve(answer_only_once) as address:
        await send(base=f"http://{address}")
        with pytest.raises(Uncertain):
            await send(base=f"http://{address}")

    assert len(requests) == 2


async def test_no_answer_in_time_leaves_it_uncertain(send, serve):
    requests = []

    async def say_nothing(reader, _writer):
        requests.append(await request_of(reader))
        await asyncio.Event().wait()

    async with serve(say_nothing) as address:
        with pytest.raises(Uncertain, match="Timeout"):
            await send(base=f"http://{address}", timeout=SOON)

    assert len(requests) == 1


async def test_an_answer_that_only_drips_leaves_it_uncertain(send, serve):
    async def drip(reader, writer):
        await request_of(reader)
        writer.write(HEAD % 50_000)
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.005)

    async with serve(drip) as address:
        with pytest.raises(Uncertain, match="Timeout"):
            await send(base=f"http://{address}", timeout=SOON)


async def test_nobody_listening_is_unreached(send):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unreached):
            await send(base="http://{}:{}".format(*closed.getsockname()))


async def test_a_name_without_an_address_is_unreached(send):
    with pytest.raises(Unreached):
        await send(base="http://api.weixin.invalid")


async def test_an_address_that_is_none_is_unreached(send):
    with pytest.raises(Unreached):
        await send(base="http://")


async def test_a_connection_that_never_stands_is_unreached(send, serve):
    async def no_handshake(_reader, _writer):
        await asyncio.Event().wait()

    async with serve(no_handshake) as address:
        with pytest.raises(Unreached) as raised:
            await send(base=f"https://{address}", timeout=SOON)

    assert "89_secret" not in "".join(traceback.format_exception(raised.value))


async def test_a_handshake_that_fails_is_unreached(send, serve):
    async def no_tls(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with serve(no_tls) as address:
        with pytest.raises(Unreached):
            await send(base=f"https://{address}")


async def test_a_connection_pool_that_stays_full_is_unreached(serve):
    asked = asyncio.Event()

    async def say_nothing(reader, _writer):
        await request_of(reader)
        asked.set()
        await asyncio.Event().wait()

    pool = aiohttp.TCPConnector(limit=1)
    async with serve(say_nothing) as address, aiohttp.ClientSession(connector=pool) as http:
        base = f"http://{address}"
        patient = Client(http, base, Tokens("one"), timedelta(seconds=5))
        hurried = Client(http, base, Tokens("two"), SOON)
        first = asyncio.create_task(patient.send(OPENID, HELLO))
        await asked.wait()

        with pytest.raises(Unreached):
            await hurried.send(OPENID, HELLO)

        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


@pytest.mark.parametrize("base", ["http://api.weixin.invalid", "http://", "http://[::1", "x://y"])
async def test_no_error_shows_the_token(send, base):
    with pytest.raises(Unreached) as raised:
        await send(base=base)

    shown = "".join(traceback.format_exception(raised.value))
    assert "89_secret" not in shown


async def test_no_error_of_an_uncertain_call_shows_the_token(send, wechat):
    wechat.answers = [web.Response(status=500, text="oops"), web.Response(text="oops")]

    for _ in range(2):
        with pytest.raises(Uncertain) as raised:
            await send()
        assert "89_secret" not in "".join(traceback.format_exception(raised.value))
