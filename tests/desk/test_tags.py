"""Tags, as several processes hear of them."""

import asyncio

import pytest

from wxdesk.desk import contacts
from wxdesk.wechat import Tag

TOLD = [Tag(id=2, name="星标组", count=0), Tag(id=100, name="VIP", count=3)]


async def record(runtime, shop):
    async with runtime.db.unit() as unit:
        await contacts.record_tags(unit, shop.id, TOLD)


async def add(runtime, shop):
    async with runtime.db.unit() as unit:
        await contacts.add_tag(unit, shop.id, TOLD[1])


@pytest.mark.parametrize("also", [record, add])
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_who_hears_of_the_same_tags_at_the_same_time_waits(
    runtime, desk, until_somebody_waits, also
):
    shop = await desk.account()
    async with runtime.db.unit() as unit:
        await contacts.record_tags(unit, shop.id, TOLD)
        other = asyncio.create_task(also(runtime, shop))
        await until_somebody_waits()
    await other

    async with runtime.db.reading() as unit:
        kept = await contacts.list_tags(unit, shop.id)
    assert [(tag.wechat_id, tag.name, tag.count) for tag in kept] == [
        (2, "星标组", 0),
        (100, "VIP", 3),
    ]
