"""How long customers wait: paces as kept, what is said of a wait, and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from wxdesk.desk import conversations, routing
from wxdesk.desk.routing import Agent, Basis, Ended, Foretold, Level, NoNumber, Presence, Waiting
from wxdesk.desk.routing import paces as paces_of
from wxdesk.desk.routing.calibrate import FEWEST_OUTCOMES, Calibration
from wxdesk.desk.routing.explain import foretold_fact
from wxdesk.desk.routing.foretell import Asked, Foreteller, Queued
from wxdesk.desk.routing.model import Desk
from wxdesk.desk.routing.predict import FEWEST_STARTS
from wxdesk.desk.routing.promise import Target, promised
from wxdesk.desk.routing.snapshot import Need, Ring
from wxdesk.worker.dispatch import learn
from wxdesk.worker.retention import forget_old

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
VIP = Level(name="VIP", rank=1, first=timedelta(seconds=60))
USUAL = Level(name="usual", rank=2, first=timedelta(seconds=300))
RIGHT = Calibration(count=100, coverage=0.9, factor=1.0, tested=0.9)


def busy(kept=None, *, starts=FEWEST_STARTS + 1, every=10, until=NOON, pool="1|*"):
    """Paces after so many starts, the last one at noon."""
    kept = kept or {}
    for number in reversed(range(starts)):
        at = until - number * every * SECOND
        kept = paces_of.after_start(kept, pool, at, waited=True)
    return kept


# Paces


def test_the_pace_is_known_after_twenty_gaps_of_the_day():
    assert paces_of.pace_of(busy(starts=FEWEST_STARTS), "1|*", NOON) is None
    assert paces_of.pace_of(busy(), "1|*", NOON) == pytest.approx(0.1)
    assert paces_of.pace_of(busy(), "2|*", NOON) is None


def test_another_day_begins_anew():
    kept = busy()
    evening, morning = NOON + timedelta(hours=2), NOON + timedelta(hours=15)

    assert paces_of.pace_of(kept, "1|*", evening) == pytest.approx(0.1)
    assert paces_of.pace_of(kept, "1|*", morning) is None
    assert paces_of.pace_of(busy(kept, every=40, until=morning), "1|*", morning) == pytest.approx(
        1 / 40
    )


def test_a_gap_in_which_nobody_waited_is_none():
    kept = busy(starts=11)
    kept = paces_of.after_start(kept, "1|*", NOON + 60 * SECOND, waited=False)
    kept = busy(kept, starts=11, until=NOON + 500 * SECOND)

    assert kept["starts"]["1|*"]["count"] == 20
    assert paces_of.pace_of(kept, "1|*", NOON + 500 * SECOND) == pytest.approx(0.1)


def test_starts_that_are_told_late_make_no_gap_longer():
    kept = busy()
    for number in range(20):
        kept = paces_of.after_start(kept, "1|*", NOON - number * SECOND, waited=True)

    assert paces_of.pace_of(kept, "1|*", NOON) == pytest.approx(0.2)


def test_what_is_kept_is_bounded():
    kept = {}
    for number in range(2 * paces_of.MOST_POOLS):
        kept = paces_of.after_arrival(kept, f"{number}|*", 1, NOON)
        kept = paces_of.after_start(kept, f"{number}|*", NOON, waited=True)
        kept = paces_of.after_wait(kept, f"{number}|*", SECOND, gave_up=False)

    assert {len(each) for each in kept.values()} == {paces_of.MOST_POOLS}
    assert "399|*" in kept["arrivals"]
    for rank in range(1, 50):
        kept = paces_of.after_arrival(kept, "399|*", rank, NOON + rank * timedelta(hours=5))
    assert len(kept["arrivals"]["399|*"]) == 1


def test_arrivals_count_less_and_less():
    kept = {}
    for number in range(90):
        kept = paces_of.after_arrival(kept, "1|*", 2, NOON + number * 10 * SECOND)

    soon = paces_of.arrivals_of(kept, "1|*", NOON + 900 * SECOND)[2]
    assert soon == pytest.approx(0.1 * (1 - 1 / 2.718), rel=0.05)
    assert paces_of.arrivals_of(kept, "1|*", NOON + timedelta(hours=3))[2] < 1e-5


def test_patience_is_that_of_lately():
    kept = {}
    for number in range(1000):
        waited = timedelta(seconds=100)
        kept = paces_of.after_wait(kept, "1|*", waited, gave_up=number % 4 == 0)

    assert paces_of.abandonment_of(kept, "1|*") == pytest.approx(1 / 400, rel=0.05)
    assert kept["patience"]["1|*"][0] <= paces_of.MOST_ABANDONED
    assert paces_of.abandonment_of({}, "1|*") == 0


# Foretelling, over values


def queued(number, level=USUAL, *, waited=0, pool="1|*", group=None, target=Target.FIRST, **facts):
    since = NOON - waited * SECOND
    due_at = promised(level, since, target=target).due_at
    facts = {"looked": True} | facts
    return Queued(number, pool, group, level.rank, target, since, due_at, **facts)


def waiting(of, **facts):
    level = VIP if of.rank == VIP.rank else USUAL
    return Waiting(
        id=of.conversation_id,
        pool=of.pool,
        rank=of.rank,
        waiting_since=of.since,
        promise=promised(level, of.since),
        **facts,
    )


def foretold(of, queue, *, agents=None, kept=None, **facts):
    full = [Agent(id=1, capacity=2, load=2)]
    kept = busy() if kept is None else kept
    queue = None if queue is None else [*queue, of]
    teller = Foreteller(queue, full if agents is None else agents, [VIP, USUAL], kept, NOON)
    return teller.of(Asked(of, waiting(of, **facts)))


CROWD = [queued(number, waited=100 - number) for number in range(1, 30)]


def test_the_last_of_a_level_waits_for_all_before():
    found = foretold(queued(99), CROWD)

    assert found.basis is Basis.ORDER
    assert found.wait.mean == pytest.approx(300, rel=0.01)
    assert found.position == 30


def test_a_better_level_does_not_wait_for_the_crowd():
    found = foretold(queued(99, VIP), CROWD)

    assert found.wait.mean < 60
    assert found.position == 1


def test_who_waits_already_waits_for_those_before_only():
    middle = CROWD[9]
    found = foretold(middle, [each for each in CROWD if each is not middle])

    assert found.position == 10
    assert found.wait.mean == pytest.approx(100, rel=0.01)


def test_of_two_at_the_same_moment_the_smaller_number_is_before():
    one, other = queued(1), queued(2)

    assert [foretold(one, [other]).position, foretold(other, [one]).position] == [1, 2]
    assert foretold(one, [other]).wait.mean < foretold(other, [one]).wait.mean


def test_a_place_is_one_among_ones_own():
    others = [
        queued(1, VIP, waited=50),
        queued(2, group=3, waited=50),
        queued(3, waited=50, target=Target.LEFT_MESSAGE),
        queued(4, waited=50, pool="2|*"),
    ]

    assert foretold(queued(9), others).position == 2


def test_there_is_no_number_while_nobody_is_here_who_could_take_it():
    for agent in (
        Agent(id=1, presence=Presence.OFFLINE),
        Agent(id=1, paused_until=NOON + SECOND),
        Agent(id=1, ranks=frozenset({1})),
        Agent(id=1, groups=frozenset({5})),
    ):
        need = Need(groups=frozenset({4})) if agent.groups else Need()
        found = foretold(queued(99), CROWD, agents=[agent], need=need)
        assert (found.wait, found.position, found.why_not) == (None, None, NoNumber.NOBODY_ONLINE)


def test_who_may_take_it_later_counts():
    need, wider = Need(groups=frozenset({4})), Need(groups=frozenset({4, 5}))
    agent = Agent(id=1, groups=frozenset({5}))
    rings = (Ring(NOON + SECOND, wider),)

    found = foretold(queued(99), CROWD, agents=[agent], need=need, rings=rings)

    assert found.wait is not None
    assert not found.is_free


def test_nobody_waits_for_a_left_message():
    of = queued(99, target=Target.LEFT_MESSAGE)

    assert foretold(of, CROWD).why_not is NoNumber.CLOSED


def test_where_too_many_wait_nothing_is_said():
    found = foretold(queued(99), None, agents=[Agent(id=1)])

    assert (found.wait, found.position, found.is_free) == (None, None, False)
    assert found.why_not is NoNumber.UNKNOWN


def test_too_few_starts_and_the_head_of_the_line_tells():
    found = foretold(queued(99), CROWD, kept={})

    assert (found.basis, found.wait.mean, found.wait.q90) == (Basis.HEAD, 99, 198)
    assert found.told is None
    first = foretold(CROWD[0], CROWD[1:], kept={})
    assert (first.wait, first.why_not) == (None, NoNumber.UNKNOWN)


def test_customers_are_told_what_was_usually_right_and_corrected():
    kept = paces_of.after_calibration(busy(), "1|*", 2, RIGHT)
    wrong = paces_of.after_calibration(busy(), "1|*", 2, Calibration(100, 0.4, 3.0, 0.5))
    twice = paces_of.after_calibration(busy(), "1|*", 2, Calibration(100, 0.5, 2.0, 0.9))

    assert foretold(queued(99), CROWD).why_not is NoNumber.UNRELIABLE
    assert foretold(queued(99), CROWD, kept=wrong).told is None
    assert foretold(queued(99), CROWD, kept=kept).told == routing.Range(10, 10)
    assert foretold(queued(99), CROWD, kept=twice).told == routing.Range(15, 15)


def test_what_has_no_end_is_told_to_nobody():
    kept = paces_of.after_calibration(busy(every=100), "1|*", 2, RIGHT)
    found = foretold(queued(99), CROWD, kept=kept)

    assert (found.shown, found.told) == (routing.Range(None, None), None)
    fact = foretold_fact(found)
    assert (fact.code, fact.values["least"]) == ("predicted_long", 30)


def test_somebody_is_free_while_there_is_room_for_those_before():
    two = [Agent(id=1, capacity=3, load=1)]
    unseen = [queued(number, waited=9, looked=False) for number in (1, 2)]

    assert foretold(queued(9), unseen[:1], agents=two).is_free
    assert not foretold(queued(9), unseen, agents=two).is_free


# On rows


class Shop:
    """The desk with one agent, as these tests drive it."""

    def __init__(self, runtime, desk):
        self.rt, self.desk = runtime, desk

    async def open(self, capacity=1):
        self.agent = await self.desk.agent()
        await self.act(routing.set_up, self.agent.id, capacity=capacity, skills={}, timed=False)
        await self.act(routing.set_presence, self.agent.id, Presence.ONLINE)
        return self

    async def act(self, verb, *args, timed=True, **kwargs):
        when = {"now": self.rt.clock.now()} if timed else {}
        async with self.rt.db.unit() as unit:
            return await verb(unit, *args, **kwargs, **when)

    async def comes(self):
        talk = await self.desk.conversation()
        await self.dispatch()
        return talk

    async def dispatch(self):
        while await self.act(routing.run):
            pass

    async def close(self, talk):
        await self.act(routing.close, talk.id, agent_id=self.agent.id, may_close_any=True)
        await self.dispatch()

    async def passes(self, seconds):
        self.rt.clock.forward(seconds=seconds)
        now = self.rt.clock.now()
        await self.act(routing.record_seen, [self.agent.id], now, timed=False)

    async def said(self, talk=None):
        async with self.rt.db.reading() as unit:
            query = select(Foretold).order_by(Foretold.id)
            if talk:
                query = query.where(Foretold.conversation_id == talk.id)
            return list(await unit.session.scalars(query))

    async def paces(self):
        async with self.rt.db.reading() as unit:
            return (await unit.session.get(Desk, 1)).paces

    async def predicted(self, talk):
        async with self.rt.db.reading() as unit:
            found = await routing.predict_for(unit, [talk.id], self.rt.clock.now())
        return found.get(talk.id)

    async def knows(self, kept):
        async with self.rt.db.unit() as unit:
            (await unit.session.get(Desk, 1)).paces = kept


@pytest.fixture
async def shop(runtime, desk):
    return await Shop(runtime, desk).open()


async def test_what_is_said_of_a_wait_is_kept_once_and_only_of_a_wait(shop):
    served = await shop.comes()
    waits = await shop.comes()
    await shop.dispatch()

    assert await shop.said(served) == []
    (kept,) = await shop.said(waits)
    assert (kept.basis, kept.position, kept.shown, kept.ended_at) == (None, 1, False, None)
    assert (await shop.paces())["arrivals"][kept.pool][str(kept.rank)][0] == 2 / 900
    assert await shop.predicted(served) is None


async def test_a_wait_that_ends_gives_what_was_said_its_outcome(shop):
    first, second, third = [await shop.comes() for _ in range(3)]
    await shop.passes(40)
    await shop.close(first)
    await shop.passes(10)
    async with shop.rt.db.unit() as unit:
        await routing.abandon(
            unit, await conversations.get(unit, third.id), now=shop.rt.clock.now()
        )

    assert [await learn(shop.rt), await learn(shop.rt)] == [2, 0]

    (given,), (left,) = await shop.said(second), await shop.said(third)
    assert (given.outcome, given.waited) == (Ended.GIVEN, 40)
    assert (left.outcome, left.waited) == (Ended.ABANDONED, 50)
    assert (await shop.paces())["patience"][left.pool] == [1, 90]


async def test_a_start_by_hand_counts_when_it_is_learned(shop):
    await shop.comes()
    by_hand = await shop.comes()
    await shop.passes(5)
    await shop.act(routing.take, by_hand.id, agent_id=shop.agent.id)
    assert "starts" not in await shop.paces() or not (await shop.paces())["starts"]

    await learn(shop.rt)

    (known,) = (await shop.paces())["starts"].values()
    assert known["last_at"] == shop.rt.clock.now().isoformat()


async def test_the_dispatcher_measures_the_pace_while_somebody_waits(shop):
    talks = [await shop.comes() for _ in range(FEWEST_STARTS + 5)]
    for talk in talks[: FEWEST_STARTS + 1]:
        await shop.passes(30)
        await shop.close(talk)
    last = talks[-1]

    pool = (await shop.said(last))[0].pool
    assert paces_of.pace_of(await shop.paces(), pool, shop.rt.clock.now()) == pytest.approx(1 / 30)
    found = await shop.predicted(last)
    assert (found.basis, found.position, found.why_not) == (
        Basis.ORDER,
        3,
        NoNumber.UNRELIABLE,
    )
    assert found.wait.mean == pytest.approx(90, rel=0.1)
    async with shop.rt.db.reading() as unit:
        why = await routing.why_waiting(unit, last.id, now=shop.rt.clock.now())
    fact = why.facts[-1]
    assert (fact["code"], fact["values"]["position"]) == ("predicted", 3)
    assert fact["values"]["shown_as"] == [2, 3] or fact["values"]["shown_as"] == [2, 5]


async def test_why_says_when_there_is_no_number(shop):
    await shop.comes()
    talk = await shop.comes()
    await shop.act(routing.set_presence, shop.agent.id, Presence.AWAY)

    async with shop.rt.db.reading() as unit:
        why = await routing.why_waiting(unit, talk.id, now=shop.rt.clock.now())

    assert why.facts[-1] == {"code": "unpredicted_nobody_online", "values": {"position": None}}


async def past(shop, talk, *, within, count=FEWEST_OUTCOMES + 10):
    """So many predictions of the conversation's level, of which a share was kept."""
    (now_said,) = await shop.said(talk)
    now = shop.rt.clock.now()
    async with shop.rt.db.unit() as unit:
        for number in range(count):
            waited = 50.0 if (number * 7) % count < within * count else 500.0
            unit.session.add(
                Foretold(
                    conversation_id=talk.id,
                    pool=now_said.pool,
                    rank=now_said.rank,
                    at=now - timedelta(hours=1),
                    basis=Basis.ORDER,
                    mean=60.0,
                    q90=100.0,
                    shown=False,
                    ended_at=now - timedelta(minutes=count - number),
                    waited=waited,
                    outcome=Ended.GIVEN,
                )
            )
    return now_said.pool


@pytest.mark.parametrize(("within", "told"), [(0.95, True), (0.5, False)])
async def test_what_was_usually_right_may_be_told(shop, within, told):
    first = await shop.comes()
    talk = await shop.comes()
    await shop.passes(60)
    pool = await past(shop, talk, within=within)
    await shop.close(first)
    await learn(shop.rt)
    waits = await shop.comes()
    await shop.passes(600)
    await shop.knows(busy(await shop.paces(), until=shop.rt.clock.now(), pool=pool))

    found = await shop.predicted(waits)

    assert found.calibration.coverage == pytest.approx(within, abs=0.1)
    assert (found.told is not None) is told
    async with shop.rt.db.reading() as unit:
        covered = await routing.covered_predictions(unit, shop.rt.clock.now() - timedelta(days=7))
    assert covered[found.rank][0] == FEWEST_OUTCOMES + 10


async def test_many_are_predicted_in_few_statements(shop):
    for _ in range(12):
        talk = await shop.comes()
    ids = range(1, talk.id + 1)
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    engine = shop.rt.db._reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    async with shop.rt.db.reading() as unit:
        found = await routing.predict_for(unit, ids, shop.rt.clock.now())

    assert len(found) == 11
    assert len([each for each in seen if each.lstrip().startswith("SELECT")]) <= 11


async def test_old_predictions_are_forgotten(shop):
    await shop.comes()
    talk = await shop.comes()
    assert await shop.said(talk)

    shop.rt.clock.forward(days=91)
    await forget_old(shop.rt)

    assert await shop.said() == []


async def test_of_a_crowd_nothing_is_read_and_nothing_said(shop, monkeypatch):
    monkeypatch.setattr("wxdesk.desk.routing.waiting_time.MOST_COUNTED", 2)
    for _ in range(5):
        talk = await shop.comes()

    found = await shop.predicted(talk)

    assert (found.wait, found.position, found.is_free) == (None, None, False)
    assert [each.position for each in await shop.said()] == [1, 2, None, None]
