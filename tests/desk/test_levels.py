"""Levels on both databases: which one counts for whom, why, until when; what happens to them."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from wxdesk.desk import contacts, conversations, levels
from wxdesk.desk.contacts import Contact, LevelSource, Tag
from wxdesk.desk.levels import (
    Claim,
    DefaultLevel,
    Earned,
    Ladder,
    LevelInvalid,
    LevelNameTaken,
    LevelsChanged,
    Rung,
    TooManyLevels,
    choose,
)
from wxdesk.desk.levels.model import LevelChange
from wxdesk.desk.routing.promise import Level as Promised
from wxdesk.errors import NotFound
from wxdesk.worker.levels import settle_levels

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOLD, SILVER, NORMAL = 1, 2, 3
HAND, API, TAG, SCENE = LevelSource.HAND, LevelSource.API, LevelSource.TAG, LevelSource.SCENE
LADDER = Ladder.of(
    [
        Rung(GOLD, 1, Earned(frozenset({7}), frozenset({"gold"}))),
        Rung(SILVER, 2, Earned(frozenset({8}))),
        Rung(NORMAL, 3),
    ],
    NORMAL,
)


def chosen(clock, *granted, **facts):
    return choose(LADDER, granted, now=clock.now(), **facts)


def test_where_nothing_speaks_for_a_level_the_default_counts(clock):
    assert chosen(clock) == Claim(NORMAL, LevelSource.DEFAULT)


def test_the_best_of_all_sources_counts(clock):
    assert chosen(clock, Claim(SILVER, API), tag_ids={7}) == Claim(GOLD, TAG)
    assert chosen(clock, Claim(SILVER, API), tag_ids={8, 9}) == Claim(SILVER, API)
    assert chosen(clock, scene="gold") == Claim(GOLD, SCENE)


def test_by_hand_overrides_what_is_better(clock):
    assert chosen(clock, Claim(NORMAL, HAND), Claim(GOLD, API), tag_ids={7}).source is HAND


def test_what_is_over_or_retired_counts_no_more(clock):
    over = clock.now()
    assert chosen(clock, Claim(GOLD, HAND, until=over)).level_id == NORMAL
    assert chosen(clock, Claim(99, HAND), Claim(SILVER, API)).level_id == SILVER


def test_of_two_claims_to_one_level_the_longer_counts(clock):
    soon, late = clock.now() + timedelta(days=1), clock.now() + timedelta(days=2)
    imported = Claim(GOLD, LevelSource.IMPORT, until=late)

    assert chosen(clock, Claim(GOLD, API, until=soon), imported) == imported
    assert chosen(clock, imported, tag_ids={7}).source is TAG


# --- on a database


@pytest.fixture
async def known(runtime):
    """The levels by name, as the desk is born with them."""
    async with runtime.db.reading() as unit:
        return {level.name: level for level in await levels.list_levels(unit)}


@pytest.fixture
async def anna(desk):
    return (await desk.conversation(openid="oFollowerAnna")).contact_id


async def grant(runtime, contact_id, level, source=HAND, **facts):
    async with runtime.db.unit() as unit:
        return await levels.grant(
            unit, contact_id, level.id, source=source, now=runtime.clock.now(), **facts
        )


async def standing(runtime, contact_id):
    """Name of the level that counts, why, and the contact's version."""
    async with runtime.db.reading() as unit:
        contact = await contacts.get(unit, contact_id)
        level = (await levels.effective(unit, [contact]))[contact_id]
        return level.name, contact.level_source


async def history(runtime, contact_id):
    """Levels and sources, oldest first."""
    async with runtime.db.reading() as unit:
        found = await levels.list_changes(unit, contact_id, before=None, limit=100)
        named = await levels.by_ids(unit, {each.level_id for each in found})
        return [(named[each.level_id].name, each.source) for each in reversed(found)]


async def make_tag(runtime, desk, wechat_id=100):
    account = await desk.account()
    async with runtime.db.unit() as unit:
        tag = Tag(account_id=account.id, wechat_id=wechat_id, name=f"tag {wechat_id}")
        unit.session.add(tag)
    return tag


async def carries(runtime, contact_id, *wechat_ids):
    async with runtime.db.unit() as unit:
        (await contacts.get(unit, contact_id)).tag_ids = list(wechat_ids)


async def evaluated(runtime, *contact_ids):
    async with runtime.db.unit() as unit:
        people = [await contacts.get(unit, each) for each in contact_ids]
        return await levels.evaluate(unit, people, now=runtime.clock.now())


async def earn(runtime, level, **earned):
    async with runtime.db.unit() as unit:
        wish = Earned(**{name: frozenset(values) for name, values in earned.items()})
        await levels.change(unit, level.id, {}, earned=wish)


async def test_the_desk_is_born_with_four_levels(known):
    facts = [
        (each.name, each.rank, each.first_seconds, each.extra_slots, each.is_default)
        for each in known.values()
    ]

    assert facts == [
        ("VIP3", 1, 60, 1, False),
        ("VIP2", 2, 90, 1, False),
        ("VIP1", 3, 120, 0, False),
        ("普通", 4, 300, 0, True),
    ]


async def test_routing_reckons_with_what_a_level_tells(known):
    promised = Promised(**known["VIP2"].facts)

    assert (promised.rank, promised.first, promised.hold) == (
        2,
        timedelta(seconds=90),
        timedelta(seconds=45),
    )


async def test_whoever_was_given_nothing_has_the_default(runtime, anna):
    assert await standing(runtime, anna) == ("普通", None)
    assert await history(runtime, anna) == []


async def test_a_level_by_hand_counts_at_once_and_is_told(runtime, anna, known):
    async with runtime.db.unit() as unit:
        contact = await levels.grant(
            unit, anna, known["VIP2"].id, source=HAND, note=" 老客户 ", now=runtime.clock.now()
        )
        assert ("contact", anna) in unit.told
        assert contact.level_id == known["VIP2"].id

    assert await standing(runtime, anna) == ("VIP2", HAND)
    assert await history(runtime, anna) == [("VIP2", HAND)]
    async with runtime.db.reading() as unit:
        (given,) = await levels.list_grants(unit, anna)
        assert (given.note, (await contacts.get(unit, anna)).version) == ("老客户", contact.version)


async def test_by_hand_overrides_a_program_until_it_is_taken_back(runtime, anna, known):
    await grant(runtime, anna, known["VIP3"], API)
    await grant(runtime, anna, known["VIP1"])
    assert await standing(runtime, anna) == ("VIP1", HAND)

    async with runtime.db.unit() as unit:
        await levels.revoke(unit, anna, HAND, now=runtime.clock.now())

    assert await standing(runtime, anna) == ("VIP3", API)
    assert await history(runtime, anna) == [("VIP3", API), ("VIP1", HAND), ("VIP3", API)]


async def test_taking_back_what_was_never_given_changes_nothing(runtime, anna):
    async with runtime.db.unit() as unit:
        await levels.revoke(unit, anna, HAND, now=runtime.clock.now())
        assert not unit.told

    assert await history(runtime, anna) == []


async def test_what_a_source_gives_takes_the_place_of_what_it_gave(runtime, anna, known):
    for name in ("VIP3", "VIP1", "VIP2"):
        await grant(runtime, anna, known[name], API)

    assert await standing(runtime, anna) == ("VIP2", API)
    async with runtime.db.reading() as unit:
        assert len(await levels.list_grants(unit, anna)) == 1


async def test_a_level_ends_at_its_time(runtime, anna, known, clock):
    await grant(runtime, anna, known["VIP2"], until=clock.now() + timedelta(days=1))
    clock.forward(days=1, seconds=-1)
    assert await settle_levels(runtime) == 0

    clock.forward(seconds=1)

    assert await settle_levels(runtime) == 1
    assert await settle_levels(runtime) == 0
    assert await standing(runtime, anna) == ("普通", None)
    assert await history(runtime, anna) == [("VIP2", HAND), ("普通", LevelSource.DEFAULT)]


async def test_a_level_in_the_past_or_for_a_hundred_years_is_refused(runtime, anna, known, clock):
    for away in (timedelta(0), timedelta(days=-1), timedelta(days=100 * 366)):
        with pytest.raises(LevelInvalid):
            await grant(runtime, anna, known["VIP2"], until=clock.now() + away)


async def test_tags_and_scenes_earn_a_level(runtime, desk, anna, known):
    tag = await make_tag(runtime, desk)
    await earn(runtime, known["VIP1"], tag_ids=[tag.id], scenes=["hall"])
    await earn(runtime, known["VIP3"], scenes=["suite"])
    await carries(runtime, anna, 100, 555)
    assert await standing(runtime, anna) == ("普通", None)

    assert [each.id for each in await evaluated(runtime, anna)] == [anna]
    assert await standing(runtime, anna) == ("VIP1", TAG)

    async with runtime.db.unit() as unit:
        (await contacts.get(unit, anna)).qr_scene = "suite"
    await evaluated(runtime, anna)
    assert await standing(runtime, anna) == ("VIP3", SCENE)
    assert await evaluated(runtime, anna) == []


async def test_a_level_is_worked_out_when_a_conversation_begins(runtime, desk, anna, known):
    bert = await desk.agent()
    talk = await desk.conversation(openid="oFollowerAnna", assignee=bert)
    tag = await make_tag(runtime, desk)
    await earn(runtime, known["VIP1"], tag_ids=[tag.id])
    await carries(runtime, anna, 100)
    async with runtime.db.unit() as unit:
        await conversations.close(
            unit, talk.id, agent_id=bert.id, may_close_any=True, now=runtime.clock.now()
        )

    await desk.conversation(openid="oFollowerAnna")

    assert await standing(runtime, anna) == ("VIP1", TAG)


async def test_changing_tags_changes_the_level(runtime, desk, anna, known):
    account = await desk.account()
    tag = await make_tag(runtime, desk)
    await earn(runtime, known["VIP2"], tag_ids=[tag.id])
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(type(account)).values(sync_tags=True))
    for wanted, expected in (([tag.id], "VIP2"), ([], "普通")):
        async with runtime.db.unit() as unit:
            await levels.set_tags(unit, anna, wanted, now=runtime.clock.now())
        assert (await standing(runtime, anna))[0] == expected


async def test_a_retired_level_counts_for_nobody_and_the_next_does(runtime, anna, known):
    await grant(runtime, anna, known["VIP1"], API)
    await grant(runtime, anna, known["VIP3"])
    async with runtime.db.unit() as unit:
        await levels.retire(unit, known["VIP3"].id, now=runtime.clock.now())

    assert (await standing(runtime, anna))[0] == "普通"  # at once, whoever gets to it later
    assert await settle_levels(runtime) == 1
    assert await settle_levels(runtime) == 0
    assert await standing(runtime, anna) == ("VIP1", API)

    async with runtime.db.unit() as unit:
        assert [each.name for each in await levels.list_levels(unit)] == ["VIP2", "VIP1", "普通"]
        with pytest.raises(NotFound):
            await levels.retire(unit, known["VIP3"].id, now=runtime.clock.now())
    with pytest.raises(NotFound):
        await grant(runtime, anna, known["VIP3"])


async def test_the_default_is_kept_until_another_is(runtime, known, anna):
    async with runtime.db.unit() as unit:
        with pytest.raises(DefaultLevel):
            await levels.retire(unit, known["普通"].id, now=runtime.clock.now())
        with pytest.raises(DefaultLevel):
            await levels.change(unit, known["普通"].id, {"is_default": False})

        await levels.change(unit, known["VIP1"].id, {"is_default": True})
        await levels.retire(unit, known["普通"].id, now=runtime.clock.now())

        assert (await levels.default(unit)).name == "VIP1"
    assert (await standing(runtime, anna))[0] == "VIP1"


async def test_a_new_level_stands_just_above_the_default(runtime):
    async with runtime.db.unit() as unit:
        added = await levels.add(unit, {"name": "会员", "first_seconds": 200}, Earned())
        found = await levels.list_levels(unit)

    assert [(each.name, each.rank) for each in found][3:] == [("会员", 4), ("普通", 5)]
    assert (added.rank, added.version > 0) == (4, True)


async def test_levels_are_put_in_order(runtime, known):
    ids = [each.id for each in known.values()]
    async with runtime.db.unit() as unit:
        ordered = await levels.put_in_order(unit, ids[::-1])
        assert [(each.id, each.rank) for each in ordered] == list(
            zip(ids[::-1], (1, 2, 3, 4), strict=True)
        )
        for wrong in ([], ids[:3], [*ids, 99], [*ids[:3], ids[0]]):
            with pytest.raises(LevelsChanged):
                await levels.put_in_order(unit, wrong)


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 21},
        {"first_seconds": 0},
        {"first_seconds": 2**70},
        {"next_seconds": -1},
        {"resolution_seconds": 31 * 86400},
        {"left_message_seconds": 0},
        {"head_start": 1.01},
        {"head_start": float("nan")},
        {"hard_factor": 0.5},
        {"hard_factor": float("inf")},
        {"extra_slots": 6},
        {"sticky_seconds": 3601},
    ],
)
async def test_a_level_that_cannot_be_right_is_refused(runtime, known, wrong):
    async with runtime.db.reading() as unit:
        before = (await levels.list_levels(unit))[0].version
    with pytest.raises(LevelInvalid):
        async with runtime.db.unit() as unit:
            await levels.change(unit, known["VIP3"].id, wrong)
    with pytest.raises(LevelInvalid):
        async with runtime.db.unit() as unit:
            await levels.add(unit, {"name": "x", "first_seconds": 60} | wrong, Earned())
    async with runtime.db.reading() as unit:
        assert (await levels.list_levels(unit))[0].version == before


async def test_names_are_once_tags_exist_and_levels_are_few(runtime, desk, known):
    tag = await make_tag(runtime, desk)
    await earn(runtime, known["VIP1"], tag_ids=[tag.id])
    async with runtime.db.unit() as unit:
        with pytest.raises(LevelNameTaken):
            await levels.add(unit, {"name": "VIP1", "first_seconds": 1}, Earned())
        with pytest.raises(LevelInvalid):
            await levels.add(unit, {"name": "a", "first_seconds": 1}, Earned(frozenset({99})))
        await contacts.delete_tag(unit, tag.id)
        kept = Earned(frozenset({tag.id}), frozenset({"hall"}))
        await levels.change(unit, known["VIP1"].id, {}, earned=kept)  # a deleted tag is let be
        for number in range(levels.MOST_LEVELS - len(known)):
            await levels.add(unit, {"name": f"level {number}", "first_seconds": 1}, Earned())
        with pytest.raises(TooManyLevels):
            await levels.add(unit, {"name": "one more", "first_seconds": 1}, Earned())


async def test_an_old_copy_changes_nothing(runtime, known):
    level = known["VIP1"]
    async with runtime.db.unit() as unit:
        await levels.change(unit, level.id, {"first_seconds": 100}, version=level.version)
    with pytest.raises(LevelsChanged):
        async with runtime.db.unit() as unit:
            await levels.change(unit, level.id, {"first_seconds": 200}, version=level.version)


async def test_two_admins_add_and_order_one_after_the_other(runtime, known):
    ids = [each.id for each in known.values()]

    async def add(number):
        async with runtime.db.unit() as unit:
            await levels.add(unit, {"name": f"level {number}", "first_seconds": 60}, Earned())

    async def order():
        try:
            async with runtime.db.unit() as unit:
                await levels.put_in_order(unit, ids[::-1])
        except LevelsChanged:
            return

    await asyncio.gather(*(add(number) for number in range(4)), order(), order())

    async with runtime.db.reading() as unit:
        found = await levels.list_levels(unit)
    assert [each.rank for each in found] == list(range(1, 9))
    assert sum(each.is_default for each in found) == 1


async def test_two_who_make_another_the_default_leave_one(runtime, known):
    async def make(name):
        async with runtime.db.unit() as unit:
            await levels.change(unit, known[name].id, {"is_default": True})

    await asyncio.gather(*(make(name) for name in ("VIP1", "VIP2", "VIP3")))

    async with runtime.db.reading() as unit:
        assert sum(each.is_default for each in await levels.list_levels(unit)) == 1


async def test_two_who_give_one_contact_a_level_leave_one_grant(runtime, anna, known):
    await asyncio.gather(
        *(grant(runtime, anna, known[name]) for name in ("VIP1", "VIP2", "VIP3", "VIP1"))
    )

    async with runtime.db.reading() as unit:
        (given,) = await levels.list_grants(unit, anna)
        contact = await contacts.get(unit, anna)
    assert contact.level_id == given.level_id


async def test_many_are_worked_out_in_few_statements(runtime, desk, known):
    account, tag = await desk.account(), await make_tag(runtime, desk)
    await earn(runtime, known["VIP1"], tag_ids=[tag.id])
    async with runtime.db.unit() as unit:
        now = runtime.clock.now()
        met = await contacts.meet(unit, [((account.id, f"o{n}"), now) for n in range(1000)])
        for contact in met[::2]:
            contact.tag_ids = [100]
    sent = []
    async with runtime.db.unit() as unit:
        people = (await contacts.by_ids(unit, {each.id for each in met})).values()
        engine = runtime.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", counting := counter(sent))
        changed = await levels.evaluate(unit, people, now=now)
        evaluating = len(sent)
        found = await levels.effective(unit, people)
        event.remove(engine, "before_cursor_execute", counting)
        assert len(sent) == evaluating + 1

    assert evaluating == 5
    assert len(changed) == 500
    assert sum(level.name == "VIP1" for level in found.values()) == 500
    async with runtime.db.reading() as unit:
        assert await levels.counts(unit) == {
            level.id: {"VIP1": 500, "普通": 500}.get(level.name, 0) for level in known.values()
        }


def counter(sent):
    def count(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    return count


async def test_who_left_the_session_is_written_all_the_same(runtime, anna, known):
    """The intake writes contacts in bulk, and they leave the session."""
    await earn(runtime, known["VIP2"], scenes=["hall"])
    async with runtime.db.unit() as unit:
        contact = await contacts.get(unit, anna)
        contact.qr_scene = "hall"
        await contacts.record_seen(unit, [contact])
        assert contact not in unit.session

        await levels.evaluate(unit, [contact], now=runtime.clock.now())

    assert await standing(runtime, anna) == ("VIP2", SCENE)


async def test_a_contact_may_be_changed_further_in_the_same_unit(runtime, anna, known):
    async with runtime.db.unit() as unit:
        contact = await contacts.set_remark(unit, anna, "安娜", now=runtime.clock.now())
        contact.last_seen_at = runtime.clock.now()
        await levels.grant(unit, anna, known["VIP2"].id, source=API, now=runtime.clock.now())
        contact.remark = "安娜 王"

    async with runtime.db.reading() as unit:
        contact = await contacts.get(unit, anna)
        (change,) = await unit.session.scalars(select(LevelChange))
    assert (contact.remark, contact.level_id, change.source) == ("安娜 王", known["VIP2"].id, API)


async def test_whom_somebody_holds_is_left_to_the_next_round(runtime, anna, known, clock, desk):
    await grant(runtime, anna, known["VIP2"], until=clock.now() + timedelta(seconds=1))
    clock.forward(seconds=1)
    if runtime.db.is_sqlite:
        return  # one writer: nobody holds anything meanwhile
    async with runtime.db.unit() as unit:
        await unit.session.execute(select(Contact.id).with_for_update(key_share=True))
        assert await settle_levels(runtime) == 0
    assert await settle_levels(runtime) == 1
