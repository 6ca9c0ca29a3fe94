"""Live updates: all that changes, once, in order, whoever comes and goes."""

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from patient import PATIENCE_SECONDS
from sse import following
from wxdesk.desk import contacts, events
from wxdesk.desk.conversations import Message
from wxdesk.web.hub import MOST_BEHIND, Hub
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
often = pytest.mark.parametrize("settings", [{"stream_heartbeat_seconds": 0.15}])


async def remark(runtime, text, contact_id=1):
    """The smallest change there is."""
    async with runtime.db.unit() as unit:
        await contacts.set_remark(unit, contact_id, text, now=runtime.clock.now())


async def newest(runtime):
    async with runtime.db.reading() as unit:
        return (await events.bounds(unit))[1]


def of_remark(text):
    return lambda event: event.kind == "contact" and event.data["remark"] == text


async def test_it_begins_by_saying_where_the_log_stands(runtime, desk, lihua, clock):
    await desk.conversation()
    async with following(lihua.http) as first:
        await first.until(lambda event: event.kind == "hello")

    async with following(lihua.http) as stream:
        hello = await stream.next()

    assert (hello.kind, hello.number) == ("hello", None)
    assert hello.data.keys() == {"position", "server_time", "clock_off_seconds"}
    assert stream.response.content_type == "text/event-stream"
    assert stream.response.headers["cache-control"] == "no-store"


async def test_what_changes_arrives_once_with_the_thing_as_the_api_shows_it(
    runtime, desk, agent, lihua
):
    async with following(lihua.http) as stream:
        await stream.next()
        talk = await desk.conversation()
        await lihua.post(f"/api/conversations/{talk.id}/take")
        await desk.reply(talk, agent)
        await remark(runtime, "the end")  # a copy of the contact may show it before its own event
        last = await newest(runtime)
        await stream.until(lambda event: event.number is not None and event.number >= last)

    assert {event.kind for event in stream.seen} == {
        *("hello", "contact", "conversation", "message", "seat")
    }
    assert stream.numbers == sorted(set(stream.numbers))
    shown = {}
    for event in stream.seen[1:]:
        put(shown, event.kind, event.data)
    assert shown == await everything(lihua)
    assert len(shown) == 6, (
        "a contact, a conversation, its first line, who took it, the reply, a seat"
    )


async def test_who_comes_back_gets_what_was_missed_and_nothing_twice(runtime, desk, lihua):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        await remark(runtime, "read")
        read = await stream.until(of_remark("read"))

    await desk.conversation()
    await remark(runtime, "missed", contact_id=2)

    async with following(lihua.http, after=read.number) as stream:
        assert (await stream.next()).kind == "hello"
        await stream.until(of_remark("missed"))
        await remark(runtime, "live")
        await stream.until(of_remark("live"))

    assert "reset" not in {event.kind for event in stream.seen}
    assert stream.numbers == sorted(set(stream.numbers))
    assert min(stream.numbers) > read.number
    assert len([event for event in stream.seen if event.data.get("remark") == "missed"]) == 1


async def test_whoever_has_missed_nothing_gets_nothing(runtime, desk, lihua):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        await remark(runtime, "read")
        read = await stream.until(of_remark("read"))

    async with following(lihua.http, after=read.number) as stream:
        await stream.next()
        await remark(runtime, "then")
        event = await stream.next()

    assert event.data["remark"] == "then"


async def test_a_place_the_log_no_longer_knows_is_reset(runtime, desk, lihua, clock):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        await remark(runtime, "now")
        await stream.until(of_remark("now"))
    async with runtime.db.unit() as unit:
        await events.forget_before(unit, clock.now() + timedelta(days=10_000))

    for after in (0, 1, 10**15):
        async with following(lihua.http, after=after) as stream:
            hello, reset = await stream.next(), await stream.next()
            assert (hello.kind, reset.kind) == ("hello", "reset")
            assert reset.data == {"position": hello.data["position"]}
            assert reset.data["position"] == await newest(runtime)
            await remark(runtime, f"after {after}")
            await stream.until(of_remark(f"after {after}"))


@on_sqlite
@pytest.mark.parametrize("last_event_id", ["", "x", "-1", "1.5", "²", "0x10"])
async def test_a_place_that_is_none_is_a_fresh_start(lihua, last_event_id):
    headers = {"last-event-id": last_event_id.encode().decode("latin-1")}
    async with following(lihua.http, headers=headers) as stream:
        assert (await stream.next()).kind == "hello"


async def test_state_and_events_are_the_state_read_afresh(runtime, desk, agent, lihua, wechat):
    """A browser that comes and goes while many write at once ends with what the API shows."""
    dice = random.Random(7)
    talks = [await desk.conversation(assignee=agent) for _ in range(6)]
    writing = asyncio.create_task(write_a_lot(runtime, desk, agent, talks))

    shown, after = {}, None
    over = False
    while not over:
        async with following(lihua.http, after=after) as stream:
            assert (await stream.next()).kind == "hello"
            if after is None:
                shown = await everything(lihua)
            for _ in range(dice.randint(1, 40)):
                event = await stream.next()
                assert event.kind != "reset"
                assert after is None or event.number > after, "an event came twice, or late"
                after = event.number
                put(shown, event.kind, event.data)
                over = event.data.get("remark") == "the end"
                if over:
                    break
    await writing

    assert shown == await everything(lihua)
    assert len(shown) > 150


async def write_a_lot(runtime, desk, agent, talks):
    """Customers, agents, the intake and the sender, all at once."""

    async def customer(number):
        openid = f"oCustomer{number:019}"
        for line in range(10):
            await desk.push(desk.text_xml(openid, f"line {line}"))
            await understand_kept(runtime)

    async def answering(talk):
        for number in range(6):
            await desk.reply(talk, agent, f"reply {number}")
            await remark(runtime, f"remark {number}", talk.contact_id)

    async def sending():
        sender = Sender(runtime)
        for _ in range(30):
            await sender.send_due()
            await sender.finish()

    await asyncio.gather(
        *(customer(number) for number in range(8)), *(answering(talk) for talk in talks), sending()
    )
    while await understand_kept(runtime):
        pass
    await remark(runtime, "the end")


def put(shown, kind, data):
    """As the page does: of two copies the newer one counts; a contact is a thing of its own."""
    if kind == "conversation":
        data = dict(data)
        put(shown, "contact", data.pop("contact"))
    known = shown.get((kind, data["id"]))
    if known is None or known["version"] <= data["version"]:
        shown[kind, data["id"]] = data


async def everything(visitor):
    """All the API shows, things by kind and id."""
    found = {}
    for talk in (await visitor.get("/api/conversations", limit=100)).body["items"]:
        put(found, "conversation", talk)
        messages = await visitor.get(f"/api/conversations/{talk['id']}/messages", limit=100)
        for message in messages.body["items"]:
            put(found, "message", message)
    for seat in (await visitor.get("/api/seats")).body["items"]:
        if seat["version"] > 1:
            put(found, "seat", seat)
    return found


@on_sqlite
@often
async def test_a_silent_stream_shows_signs_of_life(runtime, desk, lihua):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        waiting = asyncio.create_task(stream.next())
        async with asyncio.timeout(PATIENCE_SECONDS):
            while stream.heartbeats < 2:
                await asyncio.sleep(0.02)
        await remark(runtime, "at last")

        assert (await waiting).data["remark"] == "at last"


@often
@pytest.mark.parametrize("busy", [False, True], ids=["silent", "busy"])
async def test_signing_out_ends_what_was_live(runtime, desk, lihua, busy):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        await lihua.ask("DELETE", "/api/session")
        writing = asyncio.create_task(change_on_and_on(runtime) if busy else asyncio.sleep(0))

        async with asyncio.timeout(PATIENCE_SECONDS):
            while await stream.next():
                pass
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


async def change_on_and_on(runtime):
    while True:
        await remark(runtime, "again")


@on_sqlite
@pytest.mark.parametrize("settings", [{"stream_connections": 3}])
async def test_there_are_no_more_connections_than_may_be(lihua):
    async def try_to_follow(held):
        async with lihua.http.get("/api/stream") as answer:
            if answer.status == 200:
                await held.wait()
            return answer.status

    for _ in range(2):  # those who leave make room for others
        held = asyncio.Event()
        tries = [asyncio.create_task(try_to_follow(held)) for _ in range(10)]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sum(each.done() for each in tries) < 7:
                await asyncio.sleep(0.01)
        assert (await lihua.get("/api/stream")).problem == (503, "too_many_connections")
        held.set()
        assert sorted(await asyncio.gather(*tries)) == [200] * 3 + [503] * 7
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "wxdesk_stream_connections 0.0" not in await figures(lihua):
                await asyncio.sleep(0.01)


async def figures(visitor):
    async with visitor.http.get("/metrics") as answer:
        return await answer.text()


@on_sqlite
async def test_who_reads_too_slowly_is_let_go_and_holds_no_memory(runtime, desk):
    await desk.conversation()
    hub = Hub(runtime)
    await hub.start()
    slow, quick = hub.join(1), hub.join(1)

    for number in range(MOST_BEHIND + 1):
        await remark(runtime, f"remark {number}")
        await hub._look()
        assert quick.chunks.get_nowait()

    assert hub.connections == 1
    assert slow.chunks.get_nowait() is None
    assert slow.chunks.empty()


async def test_a_browser_from_a_process_that_is_ahead_is_waited_for(runtime, desk):
    """Two web processes read the same log, each in its own time."""
    await desk.conversation()
    behind = Hub(runtime)
    await behind.start()
    await remark(runtime, "seen elsewhere")

    await behind.reach(await newest(runtime))

    assert behind.join(1).joined_at == await newest(runtime)


async def test_whoever_joins_while_the_hub_looks_misses_nothing(runtime, desk):
    await desk.conversation()
    hub = Hub(runtime)
    await hub.start()

    for number in range(20):
        await remark(runtime, f"remark {number}")
        looking = asyncio.create_task(hub._look())
        for _ in range(number):  # join at another step of it each time
            await asyncio.sleep(0)
        listener = hub.join(1)
        await looking
        seen = (
            listener.joined_at if listener.chunks.empty() else listener.chunks.get_nowait().number
        )
        assert seen == await newest(runtime)
        hub.leave(listener)


async def test_what_is_gone_meanwhile_is_left_out(runtime, desk, lihua):
    await desk.conversation()
    async with following(lihua.http) as stream:
        await stream.next()
        async with runtime.db.unit() as unit:
            unit.tell("message", 999_999)
            assert not await unit.session.scalar(select(Message.id).where(Message.id == 999_999))
        await remark(runtime, "still here")

        assert (await stream.next()).data["remark"] == "still here"
