"""Many rows in one statement: what was given is what is there, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from wxdesk.desk.contacts import Contact
from wxdesk.store.bulk import add_all, insert_all, update_all

MANY = 300


@pytest.fixture
async def account(desk):
    return await desk.account()


def people(account, now, *, many=MANY):
    return [
        Contact(
            account_id=account.id,
            openid=f"oFollower{number:03}",
            first_seen_at=now,
            last_seen_at=now + timedelta(microseconds=number),
            tag_ids=[number, 7],
            location={"latitude": number} if number % 2 else None,
        )
        for number in range(many)
    ]


async def kept(runtime):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(Contact).order_by(Contact.id))).all()


async def test_rows_get_their_ids_in_the_order_in_which_they_are_given(runtime, account):
    given = people(account, runtime.clock.now())
    async with runtime.db.unit() as unit:
        await insert_all(unit, Contact, given, key="openid")

    found = await kept(runtime)
    assert [(each.id, each.openid) for each in found] == [(each.id, each.openid) for each in given]
    assert {each.version for each in [*found, *given]} == {1}


async def test_lists_objects_nothing_and_moments_come_back_as_they_were(runtime, account):
    given = people(account, runtime.clock.now())
    async with runtime.db.unit() as unit:
        await add_all(unit, given)

    found = await kept(runtime)
    for name in ("tag_ids", "location", "last_seen_at"):
        assert [getattr(each, name) for each in found] == [getattr(each, name) for each in given]
    assert all(each.following and each.remark == "" and each.grants == [] for each in found)


async def test_columns_are_written_row_by_row_and_the_others_left_alone(runtime, account):
    async with runtime.db.unit() as unit:
        await add_all(unit, people(account, runtime.clock.now()))
    async with runtime.db.unit() as unit:
        rows = (await unit.session.scalars(select(Contact).order_by(Contact.id))).all()
        for each in rows[:-1]:
            each.grants = [{"left": each.id}]
            each.level_id = each.id if each.id % 2 else None
            each.remark = "left alone"
        await update_all(unit, rows[:-1], ("grants", "level_id"))

    *found, last = await kept(runtime)
    assert [each.grants for each in found] == [[{"left": each.id}] for each in found]
    assert [each.level_id for each in found] == [each.id if each.id % 2 else None for each in found]
    assert {(each.remark, each.version) for each in found} == {("", 2)}
    assert (last.grants, last.version) == ([], 1)
