"""Groups of agents on both databases: members, hours, overflow; what is odd about them."""

import asyncio
from datetime import date, timedelta

import pytest

from wxdesk.desk import calendars, groups
from wxdesk.desk.calendars import Calendar, CalendarInUse, CalendarInvalid, Span
from wxdesk.desk.groups import (
    Group,
    GroupInvalid,
    GroupNameTaken,
    GroupsChanged,
    Oddity,
    TooManyGroups,
    oddities_of,
)
from wxdesk.errors import NotFound

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLOSED = Calendar("Asia/Shanghai", ((),) * 7)
OFFICE_DAY = date(2026, 3, 2)
OFFICE = Calendar("Asia/Shanghai", ((Span(540, 1080),),) * 5 + ((), ()))


async def add(runtime, name, *agent_ids, **values):
    async with runtime.db.unit() as unit:
        return await groups.add(unit, {"name": name, **values}, agent_ids)


async def change(runtime, group, version=None, **changes):
    async with runtime.db.unit() as unit:
        return await groups.change(unit, group.id, changes, version=version)


async def every(runtime):
    async with runtime.db.reading() as unit:
        return list(await groups.list_groups(unit))


async def hours(runtime, calendar=OFFICE, name="office"):
    async with runtime.db.unit() as unit:
        return await calendars.add(unit, name, calendar)


async def test_a_group_has_members_and_an_agent_groups(runtime, desk):
    one, two = await desk.agent(), await desk.agent()
    sales, care = await add(runtime, "销售", one.id), await add(runtime, "售后", one.id, two.id)
    alone = await desk.agent()

    async with runtime.db.reading() as unit:
        assert await groups.groups_of(unit, [one.id, two.id, alone.id]) == {
            one.id: [sales.id, care.id],
            two.id: [care.id],
            alone.id: [],
        }
        assert await groups.members_of(unit, [sales.id, care.id]) == {
            sales.id: [one.id],
            care.id: [one.id, two.id],
        }
        assert await groups.groups_of(unit, []) == await groups.members_of(unit, []) == {}
    assert [group.name for group in await every(runtime)] == ["销售", "售后"]


async def test_members_are_replaced_and_it_counts_as_a_change(runtime, desk):
    one, two = await desk.agent(), await desk.agent()
    group = await add(runtime, "销售", one.id)
    async with runtime.db.unit() as unit:
        changed = await groups.set_members(unit, group.id, [two.id, two.id])
    async with runtime.db.reading() as unit:
        assert await groups.members_of(unit, [group.id]) == {group.id: [two.id]}
    assert changed.version == group.version + 1

    with pytest.raises(GroupInvalid):
        async with runtime.db.unit() as unit:
            await groups.set_members(unit, group.id, [99])
    with pytest.raises(NotFound):
        async with runtime.db.unit() as unit:
            await groups.set_members(unit, 99, [])


async def test_groups_are_put_in_order(runtime):
    ids = [(await add(runtime, name)).id for name in "abc"]
    async with runtime.db.unit() as unit:
        await groups.put_in_order(unit, ids[::-1])
        with pytest.raises(GroupsChanged):
            await groups.put_in_order(unit, ids[:2])

    assert [group.id for group in await every(runtime)] == ids[::-1]


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 41},
        {"overflow_seconds": -1},
        {"overflow_seconds": 86401},
        {"queue_cap": 0},
        {"queue_cap": 100_001},
        {"calendar_id": 99},
        {"overflow_group_id": 99},
        {"overflow_group_id": 1},
    ],
)
async def test_a_group_that_cannot_be_right_is_refused(runtime, wrong):
    group = await add(runtime, "销售")
    with pytest.raises(GroupInvalid):
        await change(runtime, group, **wrong)
    assert (await every(runtime))[0].version == group.version


async def test_names_are_once_and_groups_are_few(runtime):
    group = await add(runtime, "销售")
    await change(runtime, group, name="销售")
    with pytest.raises(GroupNameTaken):
        await add(runtime, "销售")
    for number in range(groups.MOST_GROUPS - 1):
        await add(runtime, f"group {number}")
    with pytest.raises(TooManyGroups):
        await add(runtime, "one more")


async def test_an_old_copy_changes_nothing(runtime):
    group = await add(runtime, "销售")
    await change(runtime, group, version=group.version, queue_cap=9)
    with pytest.raises(GroupsChanged):
        await change(runtime, group, version=group.version, queue_cap=10)


async def test_a_removed_group_helps_nobody_and_its_number_is_not_used_again(runtime, desk):
    agent = await desk.agent()
    helped = await add(runtime, "销售")
    helper = await add(runtime, "售后", agent.id)
    await change(runtime, helped, overflow_group_id=helper.id)

    async with runtime.db.unit() as unit:
        await groups.remove(unit, helper.id)

    (left,) = await every(runtime)
    assert (left.id, left.overflow_group_id) == (helped.id, None)
    async with runtime.db.reading() as unit:
        assert await groups.groups_of(unit, [agent.id]) == {agent.id: []}
    assert (await add(runtime, "新的")).id > helper.id
    with pytest.raises(NotFound):
        async with runtime.db.unit() as unit:
            await groups.remove(unit, helper.id)


async def test_many_who_add_the_same_name_at_once_add_one(runtime):
    async def try_to(name):
        try:
            return await add(runtime, name)
        except GroupNameTaken:
            return None

    added = await asyncio.gather(*(try_to("销售") for _ in range(5)), try_to("售后"))

    assert sum(each is not None for each in added[:5]) == 1
    assert sorted(group.place for group in await every(runtime)) == [1, 2]


async def test_two_that_choose_each_other_at_once_are_a_circle_that_is_told(runtime, clock):
    one, two = await add(runtime, "a"), await add(runtime, "b")
    await asyncio.gather(
        change(runtime, one, overflow_group_id=two.id),
        change(runtime, two, overflow_group_id=one.id),
    )

    known = {group.id: group for group in await every(runtime)}
    for group in known.values():
        assert oddities_of(group, known, [1], None, now=clock.now()) == [Oddity.CIRCLE]


# --- what is odd


def group(number, overflow=None):
    return Group(id=number, name=str(number), overflow_group_id=overflow)


def odd(clock, which, others=(), members=(1,), calendar=None):
    known = {each.id: each for each in (which, *others)}
    return oddities_of(which, known, members, calendar, now=clock.now())


def test_a_group_without_members_is_odd(clock):
    assert odd(clock, group(1), members=()) == ["no_members"]
    assert odd(clock, group(1)) == []


def test_a_group_that_is_closed_for_two_weeks_is_odd(clock):
    today = clock.now().date()
    soon = {today + timedelta(days=13): (Span(540, 1080),)}
    late = {today + timedelta(days=15): (Span(540, 1080),)}

    assert odd(clock, group(1), calendar=OFFICE) == []
    assert odd(clock, group(1), calendar=CLOSED) == ["no_hours"]
    assert odd(clock, group(1), calendar=Calendar(CLOSED.tz, CLOSED.weekly, soon)) == []
    assert odd(clock, group(1), calendar=Calendar(CLOSED.tz, CLOSED.weekly, late)) == ["no_hours"]


def test_overflow_in_a_circle_is_odd_for_those_in_it(clock):
    one, two, three, outside = group(1, 2), group(2, 3), group(3, 1), group(4, 1)

    assert odd(clock, one, [two, three, outside]) == ["circle"]
    assert odd(clock, outside, [one, two, three]) == []
    assert odd(clock, group(1, 99)) == []


# --- calendars


async def test_a_calendar_is_kept_as_it_was_given(runtime):
    kept = await hours(runtime)

    async with runtime.db.reading() as unit:
        assert (await calendars.by_ids(unit, [kept.id, 99]))[kept.id].calendar == OFFICE
        assert [each.name for each in await calendars.list_all(unit)] == ["office"]


async def test_a_calendar_that_a_group_goes_by_is_not_removed(runtime):
    kept = await hours(runtime)
    group = await add(runtime, "销售", calendar_id=kept.id)

    with pytest.raises(CalendarInUse):
        async with runtime.db.unit() as unit:
            await calendars.remove(unit, kept.id)
    await change(runtime, group, calendar_id=None)
    async with runtime.db.unit() as unit:
        await calendars.remove(unit, kept.id)

    async with runtime.db.reading() as unit:
        assert not await calendars.list_all(unit)
        with pytest.raises(NotFound):
            await calendars.get(unit, kept.id)


async def test_a_calendar_is_not_removed_while_a_group_is_given_it(runtime):
    """Whoever comes first: never is there a group whose calendar is gone."""
    kept = await hours(runtime)
    group = await add(runtime, "销售")

    async def remove():
        async with runtime.db.unit() as unit:
            await calendars.remove(unit, kept.id)

    given, removed = await asyncio.gather(
        change(runtime, group, calendar_id=kept.id), remove(), return_exceptions=True
    )

    assert isinstance(removed, CalendarInUse) != isinstance(given, GroupInvalid)
    assert isinstance(removed, CalendarInUse | None)
    assert isinstance(given, GroupInvalid | Group)


@on_sqlite
async def test_spans_that_overlap_are_refused(runtime):
    for spans in ([(540, 720), (700, 800)], [(1320, 360), (1380, 1440)], [(0, 0), (60, 120)]):
        day = tuple(Span(*span) for span in spans)
        for calendar in (
            Calendar("UTC", (day, *CLOSED.weekly[1:])),
            Calendar("UTC", CLOSED.weekly, {OFFICE_DAY: day}),
        ):
            with pytest.raises(CalendarInvalid) as refused:
                await hours(runtime, calendar)
            assert refused.value.facts["problem"] == "overlap"
    touching = (Span(540, 720), Span(720, 800))
    await hours(runtime, Calendar("UTC", (touching, *CLOSED.weekly[1:])))
