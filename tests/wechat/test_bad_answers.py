"""Whatever is answered, every call ends in time with a typed value or a typed error."""

import asyncio
import gzip
import json
import tracemalloc
from contextlib import suppress
from datetime import timedelta
from time import process_time

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wechat_calls import CALLS, OK, WITHOUT_TOKEN
from wxdesk.wechat import CallFailed, Client, Refused, Unanswered, Uncertain
from wxdesk.wechat.answer import Answer

MB = 1024 * 1024
ALL = [*CALLS, *WITHOUT_TOKEN]
NOT_WECHATS = (
    "",
    "[]",
    "[" * 60_000,
    '{"errcode":"0"}',
    '{"errcode":null}',
    '{"errcode":0.0}',
    '{"errcode":false}',
    '{"errcode":[]}',
    '{"errcode":' + "9" * 5000 + "}",
    "<!DOCTYPE html><title>502 Bad Gateway</title>",
    "\ufeff<xml/>",
)
LOST = (Uncertain, Unanswered)
EVERY_CALL = pytest.mark.parametrize("known", ALL, ids=lambda known: known.name)
ODD_VALUES = (None, True, -1, 2**70, 1.5, "x", "", [], ["x", 7], [[]], {}, {"x": []}, "\ud800")


def text_of(known):
    return "{}" if isinstance(known.answer, bytes) else json.dumps(known.answer)


@EVERY_CALL
async def test_an_answer_cut_anywhere_is_a_typed_error(client, wechat, known):
    whole = text_of(known)
    for length in range(0, len(whole), max(1, len(whole) // 8)):
        wechat.answers = [web.Response(text=whole[:length])]

        with pytest.raises(LOST):
            await known.call(client)


@EVERY_CALL
async def test_what_is_not_wechats_is_lost(client, wechat, known):
    for text in NOT_WECHATS:
        wechat.answers = [web.Response(text=text)]
        with pytest.raises(LOST):
            await known.call(client)


@pytest.mark.parametrize("text", ["null", "0", '"ok"', "ok", "NaN"])
async def test_what_is_no_object_is_lost_unless_a_file_is_asked_for(client, wechat, text):
    for known in ALL:
        if not isinstance(known.answer, bytes):
            wechat.answers = [web.Response(text=text)]
            with pytest.raises(LOST):
                await known.call(client)


def oddities(answer):
    """The answer with one value anywhere in it replaced by something odd, each in turn."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            for odd in (*ODD_VALUES, *oddities(value)):
                yield {**answer, name: odd}
            yield {kept: other for kept, other in answer.items() if kept != name}
    elif isinstance(answer, list):
        for odd in (*ODD_VALUES, *(oddities(answer[0]) if answer else ())):
            yield [odd]


@EVERY_CALL
async def test_any_odd_value_is_understood_or_a_typed_error(client, wechat, known):
    for odd in oddities(known.answer):
        wechat.answers = [web.Response(text=json.dumps(odd))]
        with suppress(CallFailed):
            await known.call(client)


@EVERY_CALL
async def test_what_says_nothing_is_no_word_that_something_was_done(client, wechat, known):
    if known.answer == OK:
        wechat.answers = [{"status": "healthy"}]
        with pytest.raises(LOST):
            await known.call(client)


ODD_ERRMSGS = (" " * 60_000, ", " * 30_000, "rid: " * 12_000, "rid: a-" + "a-" * 25_000, [[]], 7)


@EVERY_CALL
@pytest.mark.parametrize("errmsg", ODD_ERRMSGS, ids=lambda errmsg: repr(errmsg)[:8])
async def test_whatever_an_errmsg_says_it_is_cleaned_at_once(client, wechat, known, errmsg):
    wechat.answers = [{"errcode": 48001, "errmsg": errmsg}]
    began = process_time()

    with pytest.raises(Refused) as raised:
        await known.call(client)

    assert len(raised.value.errmsg) <= 300
    assert process_time() - began < 1


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
NAMES = sorted({name for known in ALL if isinstance(known.answer, dict) for name in known.answer})


@given(said=st.dictionaries(st.sampled_from(NAMES), JSON_VALUES))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_random_answers_are_understood_or_a_typed_error(client, wechat, said):
    for known in ALL:
        wechat.answers = [web.Response(text=json.dumps(said))]
        with suppress(CallFailed):
            await known.call(client)


@given(st.dictionaries(st.sampled_from("abc"), JSON_VALUES))
def test_a_field_is_of_its_kind_or_the_answer_is_lost(said):
    answer = Answer(said, Unanswered)
    for name in "abc":
        for field, kind in (
            (answer.text, str),
            (answer.integer, int),
            (answer.flag, bool),
            (answer.texts, tuple),
            (answer.integers, tuple),
            (answer.part, Answer),
        ):
            with suppress(Unanswered):
                assert type(field(name)) is kind
        with suppress(Unanswered):
            assert answer.moment(name).tzinfo


async def request_of(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length: " in head:
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))


async def gush(reader, writer):
    """Answers, and never stops."""
    await request_of(reader)
    writer.write(b'HTTP/1.1 200 OK\r\n\r\n{"errmsg":"')
    while not writer.is_closing():
        writer.write(b" " * 65536)
        await writer.drain()


async def burst(reader, writer):
    """Answers with little that becomes much."""
    await request_of(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + BOMB)
    await writer.drain()


BOMB = gzip.compress(b'{"errmsg":"' + b" " * (100 * MB), 1)


@pytest.mark.parametrize("talk", [gush, burst])
async def test_an_answer_without_end_is_not_read_to_its_end(client, serve, talk):
    caller = client._caller
    async with serve(talk) as address:
        far = Client(caller.http, f"http://{address}", caller._tokens)
        tracemalloc.start()
        for known in ALL:
            with pytest.raises(LOST):
                await known.call(far)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 40 * MB


async def drip(reader, writer):
    """Answers, a byte at a time."""
    await request_of(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n{")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.005)


async def test_an_answer_that_only_drips_ends_every_call_in_time(http, serve, client):
    soon = timedelta(seconds=4)  # all calls at once have to be connected within it
    async with serve(drip) as address, asyncio.timeout(30):
        hurried = Client(http, f"http://{address}", client._caller._tokens, soon, soon)
        errors = await asyncio.gather(
            *(known.call(hurried) for known in ALL), return_exceptions=True
        )

    assert {type(error) for error in errors} <= set(LOST)
