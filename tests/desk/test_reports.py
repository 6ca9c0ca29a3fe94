"""Figures of the monitor and of the staffing page, on rows of both databases; and pure parts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from wxdesk.desk import conversations, groups, reports, routing
from wxdesk.desk.calendars import AsWeekday
from wxdesk.desk.conversations import Conversation, View
from wxdesk.desk.reports import AgentNow, AlarmKind, Figures, Key, People, Slice, queries
from wxdesk.desk.reports.figures import counted
from wxdesk.desk.reports.forecast import (
    Demand,
    Stay,
    by_clock,
    forecast,
    half_hours_of,
    sample_days,
    were_there,
)
from wxdesk.desk.routing import Presence, PresenceChange

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


@pytest.fixture
def rt(runtime):
    return runtime


async def present(rt, agent, presence=Presence.ONLINE, *, capacity=4):
    async with rt.db.unit() as unit:
        await routing.set_up(unit, agent.id, capacity=capacity)
        await routing.set_presence(unit, agent.id, presence, now=rt.clock.now())


async def dispatch(rt):
    while True:
        async with rt.db.unit() as unit:
            if not await routing.run(unit, now=rt.clock.now()):
                return


async def now_of(rt, **more):
    async with rt.db.reading() as unit:
        return await reports.read_now(unit, now=rt.clock.now(), **more)


async def today_of(rt):
    now = rt.clock.now()
    async with rt.db.reading() as unit:
        return await reports.read_today(unit, since=now - timedelta(hours=12), now=now)


async def total_of(rt):
    return reports.total(reports.slices(await now_of(rt), await today_of(rt)))


async def view_of(rt, view, **more):
    asked = {"assignee_id": None, "after": None, "limit": 50} | more
    async with rt.db.reading() as unit:
        found = await conversations.list_view(
            unit, view, now=rt.clock.now(), closing=timedelta(hours=2), **asked
        )
    return [each.id for each in found]


async def test_an_empty_desk_has_figures_too(rt, desk):
    await desk.account()

    assert await total_of(rt) == Figures()
    assert (await now_of(rt)).queue == []
    assert (await today_of(rt)).arrivals == [0] * 24


async def test_every_figure_counts_what_its_list_shows(rt, desk, clock):
    agent = await desk.agent()
    waits = await desk.conversation()
    owed = await desk.conversation(assignee=agent)
    answered = await desk.conversation(assignee=agent)
    await desk.reply(answered, agent)
    clock.forward(minutes=10)
    fresh = await desk.conversation()

    found = await total_of(rt)

    assert (found.waiting, found.active, found.owed, found.opened) == (2, 2, 1, 4)
    assert found.oldest == clock.now() - timedelta(minutes=10)
    assert found.overdue == 2
    assert await view_of(rt, View.OVERDUE) == [waits.id, owed.id]
    assert await view_of(rt, View.OWED) == [owed.id]
    assert await view_of(rt, View.URGENT) == [waits.id, owed.id, fresh.id]
    assert await view_of(rt, View.UNOWNED) == [waits.id, fresh.id]
    assert await view_of(rt, View.TODAY) == [fresh.id, answered.id, owed.id, waits.id]
    assert (found.kept, found.late, found.attainment) == (1, 0, 1.0)


async def test_figures_are_by_level_and_group(rt, desk):
    vip, usual = await desk.conversation(), await desk.conversation()
    async with rt.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后"})
        for talk, level_id in ((vip, 1), (usual, 4)):
            await unit.session.execute(
                update(Conversation)
                .where(Conversation.id == talk.id)
                .values(level_id=level_id, group_id=group.id if talk is vip else None)
            )

    found = {
        each.key: each.figures.waiting
        for each in reports.slices(await now_of(rt), await today_of(rt))
    }

    assert found == {Key(4, None): 1, Key(1, group.id): 1}
    assert await view_of(rt, View.UNOWNED, group_ids=[group.id]) == [vip.id]
    assert await view_of(rt, View.UNOWNED, level_ids=[4]) == [usual.id]


async def test_a_view_is_read_page_by_page_without_a_gap(rt, desk, clock):
    talks = []
    for _ in range(5):
        talks.append((await desk.conversation()).id)
        clock.forward(seconds=1)
    clock.forward(hours=1)

    for view in (View.URGENT, View.OVERDUE, View.UNOWNED, View.TODAY):
        after, seen = None, []
        while page := await view_of(rt, view, after=after, limit=2):
            seen += page
            async with rt.db.reading() as unit:
                last = await conversations.get(unit, page[-1])
                after = conversations.place_in(view, last, None)
        assert seen == (talks[::-1] if view is View.TODAY else talks), view


async def test_the_queue_stands_in_the_order_of_service_with_what_each_waits_for(rt, desk, clock):
    first, second = await desk.conversation(), await desk.conversation()
    nobody = (await now_of(rt)).queue
    assert [each.why.code for each in nobody] == ["nobody_in_group"] * 2

    away = await desk.agent()
    await present(rt, away, Presence.OFFLINE)
    assert {each.why.code for each in (await now_of(rt)).queue} == {"agents_offline"}

    full = await desk.agent()
    await present(rt, full, capacity=0)
    found = await now_of(rt)
    assert [each.wait.conversation_id for each in found.queue] == [first.id, second.id]
    assert {(each.why.code, each.why.values["count"]) for each in found.queue} == {
        ("agents_full", 1)
    }

    boss = await desk.agent()
    async with rt.db.unit() as unit:
        await routing.move_up(unit, second.id, by_id=boss.id, reason="老客户", now=clock.now())
    assert [each.wait.conversation_id for each in (await now_of(rt)).queue] == [second.id, first.id]


async def test_the_queue_is_cut_where_it_is_long_and_no_line_is_cut_short(rt, desk, clock):
    talks = [(await desk.conversation()).id for _ in range(30)]

    shown = await now_of(rt, limit=25)

    assert [each.wait.conversation_id for each in shown.queue] == talks[:25]


async def test_alarms_say_what_is_wrong(rt, desk, clock):
    await desk.conversation()
    async with rt.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后"})
    assert [each.kind for each in (await now_of(rt)).alarms] == [AlarmKind.NOBODY_ONLINE]

    clock.forward(hours=2)
    agent = await desk.agent()
    await present(rt, agent, capacity=0)
    assert [each.kind for each in (await now_of(rt)).alarms] == [AlarmKind.FAR_TOO_LATE]
    assert group.queue_cap is None


async def test_who_is_silent_is_not_counted_as_there(rt, desk, clock):
    await present(rt, await desk.agent())
    assert (await now_of(rt)).people.online == 1

    clock.forward(minutes=10)

    assert (await now_of(rt)).people == People(offline=1)


def test_more_than_a_groups_cap_is_an_alarm():
    slices = [Slice(Key(1, 7), Figures(waiting=3)), Slice(Key(2, 7), Figures(waiting=2))]

    (found,) = reports.alarms(slices, People(online=1), {7: 4, 8: 0}, 0)

    assert (found.kind, found.count, found.group_id, found.most) == (AlarmKind.OVER_CAP, 5, 7, 4)


def test_those_who_take_are_counted_apart_from_those_who_missed_an_offer():
    def one(presence, *, paused=False, load=0):
        return AgentNow(
            agent_id=1,
            name="a",
            presence=presence,
            paused=paused,
            load=load,
            capacity=2,
            since=None,
        )

    people = counted(
        [one(Presence.ONLINE, load=2), one(Presence.ONLINE, paused=True), one(Presence.AWAY)]
    )

    assert people == People(online=1, paused=1, away=1, full=1, load=2, capacity=2)


async def test_what_agents_did_today_is_counted(rt, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    await desk.reply(talk, agent)

    (day,) = (await today_of(rt)).agents

    assert (day.agent_id, day.taken, day.missed, day.kept, day.late) == (agent.id, 1, 0, 1, 0)


async def test_the_trend_counts_by_five_minutes(rt, desk, clock):
    await desk.conversation()
    clock.forward(minutes=7)
    await desk.conversation()

    arrivals = (await today_of(rt)).arrivals

    assert (len(arrivals), sum(arrivals), arrivals[-1], arrivals[-2]) == (24, 2, 1, 1)


async def test_who_was_there_is_kept_when_it_changes_and_only_then(rt, desk, clock):
    agent = await desk.agent()
    await present(rt, agent)
    await present(rt, agent)
    clock.forward(minutes=5)
    await present(rt, agent, Presence.AWAY)
    await present(rt, agent)
    clock.forward(hours=2)
    await dispatch(rt)  # silent for long: counted as gone

    async with rt.db.reading() as unit:
        rows = (
            await unit.session.scalars(select(PresenceChange).order_by(PresenceChange.id))
        ).all()

    assert [(each.presence.value, each.takes) for each in rows] == [
        ("online", True),
        ("away", False),
        ("online", True),
        ("offline", False),
    ]


# Staffing


def test_the_days_like_a_monday_are_mondays_and_working_saturdays_but_no_holidays():
    monday, today = date(2026, 3, 2), date(2026, 3, 2)
    overrides = {date(2026, 2, 28): AsWeekday(0), date(2026, 2, 16): ()}

    found = sample_days(monday, today, overrides, date(2025, 1, 1))

    assert found == [
        date(2026, 2, 28),
        date(2026, 2, 23),
        date(2026, 2, 9),
        date(2026, 2, 2),
        date(2026, 1, 26),
        date(2026, 1, 19),
        date(2026, 1, 12),
        date(2026, 1, 5),
    ]
    assert sample_days(monday, today, overrides, date(2026, 2, 10)) == found[:2]
    assert sample_days(monday, today, overrides, None) == []


@pytest.mark.parametrize(
    ("day", "zone", "count"),
    [
        (date(2026, 3, 2), SHANGHAI, 48),
        (date(2026, 3, 29), BERLIN, 46),  # the clocks skip an hour
        (date(2026, 10, 25), BERLIN, 50),  # and show one twice
    ],
)
def test_a_day_has_as_many_half_hours_as_its_clocks_give_it(day, zone, count):
    assert len(half_hours_of(day, zone)) == count


def test_agents_are_reckoned_from_the_average_and_shown_with_its_spread():
    begins = half_hours_of(MONDAY, SHANGHAI)
    ten = int(begins[20].timestamp())
    counted_ = by_clock({ten - 7 * 86400: 20, ten - 14 * 86400: 40}, SHANGHAI)
    demand = Demand(
        handle_seconds=600, within_seconds=60, goal=0.8, patience_seconds=None, slots=4, shrinkage=0
    )
    samples = [MONDAY - timedelta(days=7), MONDAY - timedelta(days=14)]

    found = forecast(MONDAY, SHANGHAI, samples, counted_, demand, {}, like_weekday=0, now=begins[0])

    half = found.half_hours[20]
    assert (half.clock, half.arrivals, half.least, half.most) == (600, 30, 20, 40)
    assert half.needed.agents == 4  # 10 slots are busy on average, and 13 are enough
    assert (found.half_hours[0].needed.agents, half.there, half.arrived) == (0, None, None)


def test_nonsense_that_no_team_could_serve_is_not_reckoned():
    begins = half_hours_of(MONDAY, SHANGHAI)
    huge = by_clock({int(begins[0].timestamp()) - 7 * 86400: 10_000_000}, SHANGHAI)
    demand = Demand(
        handle_seconds=86400,
        within_seconds=1,
        goal=0.999,
        patience_seconds=None,
        slots=1,
        shrinkage=0.9,
    )

    found = forecast(
        MONDAY,
        SHANGHAI,
        [MONDAY - timedelta(days=7)],
        huge,
        demand,
        {},
        like_weekday=0,
        now=begins[0],
    )

    assert found.half_hours[0].needed is None


def test_who_was_there_is_averaged_over_each_half_hour():
    first, second, third = half_hours_of(MONDAY, SHANGHAI)[:3]
    stays = [
        Stay(1, True, first - timedelta(hours=3)),
        Stay(2, True, first + timedelta(minutes=15)),
        Stay(1, False, second),
        Stay(2, False, second + timedelta(minutes=15)),
        Stay(2, True, second + timedelta(minutes=20)),
    ]

    found = were_there(stays, [first, second, third], third + timedelta(minutes=10))

    assert found == {
        first: 1.5,
        second: pytest.approx(25 / 30),
        third: 1.0,
    }
    assert were_there([], [], first) == {}


async def test_arrivals_are_counted_by_the_quarter_in_both_databases(rt, desk, clock):
    await desk.conversation()
    clock.forward(minutes=14, seconds=59)
    await desk.conversation()
    clock.forward(seconds=1)
    await desk.conversation()

    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    async with rt.db.reading() as unit:
        found = await queries.arrivals(unit, start, start + timedelta(hours=1), every=900)

    assert found == {int(start.timestamp()): 2, int(start.timestamp()) + 900: 1}


async def test_a_day_is_reckoned_from_the_weeks_before_it(rt, desk, clock):
    agent = await desk.agent()
    await present(rt, agent)
    for _ in range(3):
        await desk.conversation()
    clock.forward(days=7)
    wish = reports.Assumptions(within_seconds=60, goal=0.8, shrinkage=0.0)

    async with rt.db.reading() as unit:
        found = await reports.read_staffing(
            unit, MONDAY + timedelta(days=7), SHANGHAI, wish, group_id=None, now=clock.now()
        )

    half = next(each for each in found.forecast.half_hours if each.clock == 20 * 60)
    assert found.forecast.sample_days == [MONDAY]
    assert (half.arrivals, half.needed.agents, found.basis) == (3, 1, "assumed")
    assert found.demand.slots == 4
