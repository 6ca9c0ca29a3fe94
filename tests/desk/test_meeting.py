"""Followers are met by two: by what they push, and by an import."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from wxdesk.desk import contacts
from wxdesk.desk.contacts import Contact, Lesson
from wxdesk.wechat import UserInfo

OPENID = "oFollower1"
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
async def account(desk):
    return await desk.account()


@pytest.fixture
def lesson(clock):
    return Lesson(asked_at=clock.now(), now=clock.now(), lasting=timedelta(days=7))


async def count(unit):
    return await unit.session.scalar(select(func.count()).select_from(Contact))


@on_postgres
async def test_who_is_imported_while_a_push_is_understood_is_met_once(
    runtime, account, lesson, clock, until_somebody_waits
):
    follower = account.id, OPENID
    async with runtime.db.unit() as importing:
        told = UserInfo(OPENID, subscribed=True, subscribed_at=clock.now())
        await contacts.record_followers(importing, account.id, [told], lesson)

        async def understand():
            async with runtime.db.unit() as unit:
                assert await contacts.find(unit, {follower}) == {}
                return await contacts.meet(unit, [(follower, clock.now())])

        intake = asyncio.create_task(understand())
        await until_somebody_waits()

    (met,) = await intake
    async with runtime.db.reading() as unit:
        assert await count(unit) == 1
        assert (await contacts.get(unit, met.id)).subscribed_at == clock.now()


async def test_who_has_written_before_keeps_what_the_desk_knows(runtime, account, lesson, clock):
    earlier = clock.now() - timedelta(days=90)
    async with runtime.db.unit() as unit:
        (met,) = await contacts.meet(unit, [((account.id, OPENID), clock.now())])
        await contacts.set_remark(unit, met.id, "王姐", now=clock.now())

    async with runtime.db.unit() as unit:
        told = UserInfo(
            OPENID, subscribed=True, subscribed_at=earlier, tag_ids=(134,), remark="vip"
        )
        stranger = UserInfo("oFollower2", subscribed=True, subscribed_at=earlier)
        await contacts.record_followers(unit, account.id, [told, stranger], lesson)

    async with runtime.db.reading() as unit:
        known = await contacts.get(unit, met.id)
        assert await count(unit) == 2
    assert (known.remark, known.platform_remark, known.tag_ids) == ("王姐", "vip", [134])
    assert known.last_seen_at == clock.now()
    assert known.subscribed_at == earlier


async def test_whoever_comes_back_is_asked_about_again(runtime, account, lesson, clock):
    async with runtime.db.unit() as unit:
        await contacts.meet(unit, [((account.id, OPENID), clock.now())])
        gone = UserInfo(OPENID, subscribed=False)
        await contacts.record_facts(unit, account.id, [gone], lesson)
    clock.forward(days=400)
    async with runtime.db.unit() as unit:
        assert not await stale(unit, account, clock)

    async with runtime.db.unit() as unit:
        back = (await contacts.find(unit, {(account.id, OPENID)}))[account.id, OPENID]
        assert not back.following
        back.following, back.last_seen_at = True, clock.now()
        await contacts.record_seen(unit, [back])

    async with runtime.db.unit() as unit:
        assert await stale(unit, account, clock) == [OPENID]


async def test_who_acts_after_wechat_was_asked_is_believed_before_wechat(
    runtime, account, lesson, clock
):
    clock.forward(seconds=1)
    async with runtime.db.unit() as unit:
        (met,) = await contacts.meet(unit, [((account.id, OPENID), clock.now())])

        await contacts.record_facts(unit, account.id, [UserInfo(OPENID, subscribed=False)], lesson)

    async with runtime.db.reading() as unit:
        assert (await contacts.get(unit, met.id)).following


async def stale(unit, account, clock):
    lease = timedelta(minutes=2)
    return await contacts.claim_stale(unit, account.id, now=clock.now(), lease=lease, limit=100)
