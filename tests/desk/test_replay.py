"""A past day by another plan: over values, from rows, and as a job of a worker."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from patient import PATIENCE_SECONDS
from wxdesk.desk import routing
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.groups import Group
from wxdesk.desk.routing import Agent, Arrival, Came, Day, Level, Plan, Presence, Route, Terms, Was
from wxdesk.desk.routing.plan import Hours
from wxdesk.desk.routing.replay import MOST_ARRIVALS, replayed
from wxdesk.worker.replays import LEASE, Replayer

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
VIP = Level(name="VIP", rank=1, first=timedelta(seconds=60), sticky=timedelta(0))
USUAL = Level(name="usual", rank=2, first=timedelta(seconds=300), sticky=timedelta(0))


def terms(*routes, groups=(), calendars=None, **settings):
    return Terms(
        plan=Plan(routes=routes, **settings),
        levels={1: VIP, 2: USUAL},
        default_id=2,
        groups={each.id: each for each in groups},
        calendars=calendars or {},
        of_accounts={},
    )


def group(number, **facts):
    facts = {
        "overflow_group_id": None,
        "overflow_seconds": 0,
        "queue_cap": None,
        "targets": {},
    } | facts
    return Group(id=number, name=str(number), **facts)


def came(number, *, at=0, level=2, holds=60, replies=10, text="", **facts):
    return Came(
        id=number,
        at=MORNING + at * SECOND,
        level_id=level,
        arrival=Arrival(account_id=1, level_id=level, text=text),
        holds=holds * SECOND,
        replies_after=replies * SECOND,
        **facts,
    )


def day(*customers, agents=1, presences=None, **facts):
    facts = {"capacity": 1, "presence": Presence.OFFLINE} | facts
    people = [Agent(id=number, **facts) for number in range(1, agents + 1)]
    here = [Was(MORNING, each.id, Presence.ONLINE) for each in people]
    return Day(came=customers, agents=people, presences=here if presences is None else presences)


def test_customers_are_answered_one_after_the_other():
    found = replayed(day(*(came(number) for number in range(1, 4))), terms())

    assert found[2] == routing.Answers(3, 3, 0, 0, 70.0, 130.0, 1.0, 70.0, 130.0)


def test_the_promise_of_a_level_counts():
    crowd = [came(number) for number in range(1, 9)]
    found = replayed(day(*crowd, came(99, at=1, level=1)), terms())

    assert (found[1].mean, found[1].within) == (69.0, 0.0)
    assert found[2].within == 0.5


def test_another_plan_gives_other_answers():
    """Whoever asks for a refund is for the one agent who is in the group; then for anybody."""
    customers = [came(number, text="退款" if number % 2 else "你好") for number in range(1, 9)]
    people = [
        Agent(id=1, presence=Presence.OFFLINE, groups=frozenset({7})),
        Agent(id=2, presence=Presence.OFFLINE),
    ]
    here = [Was(MORNING, each.id, Presence.ONLINE) for each in people]
    past = Day(came=customers, agents=people, presences=here)
    rule = Route(name="refunds", words=("退款",), group_id=7)

    anybody = replayed(past, terms())[2]
    only = replayed(past, terms(rule, groups=[group(7)], whole_desk=False))[2]

    assert (anybody.answered, only.answered) == (8, 8)
    assert only.mean >= anybody.mean


def test_who_gave_up_does_so_again_unless_they_are_served_before():
    soon, late = came(2, patience=30 * SECOND), came(3, patience=100 * SECOND)

    found = replayed(day(came(1), soon, late), terms())[2]

    assert (found.answered, found.gave_up, found.count) == (2, 1, 3)


def test_agents_come_and_go_as_they_did():
    presences = [
        Was(MORNING + 100 * SECOND, 1, Presence.ONLINE),
        Was(MORNING + 105 * SECOND, 1, Presence.OFFLINE),
        Was(MORNING + 200 * SECOND, 1, Presence.ONLINE),
    ]

    found = replayed(day(came(1), presences=presences), terms())[2]

    assert (found.answered, found.mean) == (1, 210.0)
    nobody = replayed(day(came(1), presences=[]), terms())[2]
    assert (nobody.answered, nobody.mean, nobody.within) == (0, None, 0.0)


def test_what_comes_outside_hours_is_counted_apart():
    closed = Calendar("UTC", weekly=((),) * 7)
    rule = Route(name="night", group_id=7)
    known = terms(rule, groups=[group(7, calendar_id=3)], calendars={3: closed})

    found = replayed(day(came(1), groups=frozenset({7})), known)[2]

    assert (found.left, found.answered, found.mean, found.within) == (1, 1, None, None)


def test_a_full_group_sends_on_to_the_next():
    rule = Route(name="all", hours=Hours.ANY, group_id=7)
    over = group(7, queue_cap=1, overflow_group_id=8, overflow_seconds=3600)
    people = [Agent(id=1, presence=Presence.ONLINE, groups=frozenset({8}))]
    past = Day(came=[came(1), came(2)], agents=people, presences=[])

    known = terms(rule, groups=[over, group(8)], whole_desk=False)
    found = replayed(past, known)[2]

    assert found.answered == 2
    assert found.p90 > found.mean


def test_the_same_day_by_the_same_plan_is_the_same():
    chance = random.Random(5)
    customers = [
        came(number, at=number * 20, level=chance.choice((1, 2, 2)), holds=chance.randint(30, 300))
        for number in range(1, 300)
    ]
    past = day(*customers, agents=3, capacity=2)
    told = []

    first = replayed(past, terms(), told.append)

    assert first == replayed(past, terms())
    assert sum(each.answered for each in first.values()) == 299
    assert told == sorted(told)
    assert 0 < told[-1] <= 1


# Rows


@pytest.fixture
async def past(runtime, desk, clock):
    """A morning with two customers, of whom the second waited; its agent has gone since."""
    agent = await desk.agent()

    async def act(verb, *args, **kwargs):
        async with runtime.db.unit() as unit:
            return await verb(unit, *args, **kwargs)

    async def dispatch():
        while await act(routing.run, now=clock.now()):
            pass

    await act(routing.set_up, agent.id, capacity=1, skills={})
    await act(routing.set_presence, agent.id, Presence.ONLINE, now=clock.now())
    talks = []
    for text in ("你好", "我要退款"):
        talks.append(await desk.conversation(text=text))
        await dispatch()
    for talk in talks:
        clock.forward(seconds=20)
        await act(routing.record_seen, [agent.id], clock.now())
        await desk.reply(talk, agent)
        await act(routing.note_reply, talk.id, now=clock.now())
        clock.forward(seconds=40)
        await act(routing.record_seen, [agent.id], clock.now())
        await act(routing.close, talk.id, agent_id=agent.id, may_close_any=True, now=clock.now())
        await dispatch()
    await act(routing.set_presence, agent.id, Presence.OFFLINE, now=clock.now())
    clock.forward(days=1)
    return agent


async def test_a_day_is_read_as_it_was(runtime, past, clock):
    since = clock.now() - timedelta(days=1, hours=1)
    async with runtime.db.reading() as unit:
        read, known = await routing.read_day(unit, since, since + timedelta(days=1))

    assert [each.arrival.text for each in read.came] == ["你好", "我要退款"]
    assert [each.holds for each in read.came] == [60 * SECOND] * 2
    assert [each.replies_after for each in read.came] == [20 * SECOND] * 2
    (agent,) = read.agents
    assert (agent.id, agent.capacity, agent.load) == (past.id, 1, 0)
    assert [each.presence for each in read.presences] == [Presence.ONLINE, Presence.OFFLINE]
    found = replayed(read, known)[known.default_id]
    assert (found.answered, found.mean, found.p90) == (2, 50.0, 80.0)


async def asked(runtime, plan=None, *, agent, days=1):
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        return await routing.ask_replay(
            unit,
            plan or Plan(),
            since=now - timedelta(days=days, hours=1),
            until=now - timedelta(hours=1),
            by_id=agent.id,
            now=now,
        )


async def ended(runtime, replay):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with runtime.db.reading() as unit:
                found = await routing.get_replay(unit, replay.id)
            if found.due_at is None:
                return found
            await asyncio.sleep(0.02)


async def test_a_worker_replays_what_was_asked_for(runtime, past):
    replay = await asked(runtime, agent=past)
    with pytest.raises(routing.ReplayRuns):
        await asked(runtime, agent=past)
    replayer = Replayer(runtime)

    await replayer.begin_due()
    found = await ended(runtime, replay)
    await replayer.finish()

    assert (found.progress, found.error) == (1.0, None)
    (level,) = found.result
    assert level["published"] == level["draft"]
    assert (level["published"]["answered"], level["published"]["mean"]) == (2, 50.0)
    await asked(runtime, agent=past)


async def test_what_a_dead_worker_left_is_begun_anew(runtime, past, clock):
    replay = await asked(runtime, agent=past)
    async with runtime.db.unit() as unit:
        dead = await routing.claim_replay(unit, now=clock.now(), lease=LEASE)
    replayer = Replayer(runtime)
    await replayer.begin_due()
    clock.forward(seconds=61)
    async with runtime.db.reading() as unit:
        assert (await routing.get_replay(unit, replay.id)).result is None

    await replayer.begin_due()
    found = await ended(runtime, replay)

    assert found.result
    async with runtime.db.unit() as unit:
        assert not await routing.record_replay_progress(
            unit, dead, 0.5, now=clock.now(), lease=LEASE
        )
    await replayer.finish()


async def test_a_mistake_is_told_and_a_day_that_is_too_large_refused(runtime, past, monkeypatch):
    monkeypatch.setattr("wxdesk.desk.routing.replay_day.MOST_ARRIVALS", 1)
    replayer = Replayer(runtime)
    replay = await asked(runtime, agent=past)
    await replayer.begin_due()

    assert (await ended(runtime, replay)).error == "too_many_arrivals"
    await replayer.finish()
    assert MOST_ARRIVALS == 20_000
