"""The schema: upgraded by whoever starts, and the same as the code says."""

import asyncio
import shutil
import sqlite3
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text

from wxdesk.desk import accounts, calendars, outbox
from wxdesk.runtime import running
from wxdesk.settings import Settings
from wxdesk.store import schema
from wxdesk.store.alone import AlreadyServed, alone


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request, tmp_path):
    """The URL of a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/desk.sqlite3"
    postgres = request.getfixturevalue("postgres")
    url = await asyncio.to_thread(postgres.fresh)
    async with running(settings(tmp_path, url)) as rt, rt.db.unit() as unit:
        await unit.session.execute(text("DROP SCHEMA public CASCADE"))
        await unit.session.execute(text("CREATE SCHEMA public"))
    return url


def settings(folder, url):
    return Settings(data_dir=folder, database_url=url, secret_key="a secret for tests only")


async def test_the_schema_is_what_the_code_says(runtime):
    assert await schema.differences(runtime.db) == []
    assert await schema.is_current(runtime.db)


async def test_a_schema_that_differs_is_told(runtime):
    async with runtime.db.unit() as unit:
        await unit.session.execute(text("ALTER TABLE contacts DROP COLUMN remark"))

    (difference,) = await schema.differences(runtime.db)
    assert difference[0] == "add_column"


async def test_an_empty_database_is_not_current_until_it_is_upgraded(empty, tmp_path):
    async with running(settings(tmp_path, empty)) as rt:
        assert not await schema.is_current(rt.db)
        await schema.upgrade(rt.db)
        assert await schema.is_current(rt.db)
        assert await schema.differences(rt.db) == []


async def test_upgrading_again_changes_nothing(empty, tmp_path):
    async with running(settings(tmp_path, empty)) as rt:
        await schema.upgrade(rt.db)
        await schema.upgrade(rt.db)
        assert await schema.differences(rt.db) == []


async def test_many_may_upgrade_at_once(empty, tmp_path):
    async with AsyncExitStack() as stack:
        all_of_them = [
            await stack.enter_async_context(running(settings(tmp_path, empty))) for _ in range(4)
        ]
        await asyncio.gather(*(schema.upgrade(rt.db) for rt in all_of_them))

        assert await schema.differences(all_of_them[0].db) == []


async def test_a_sound_database_has_no_damage(runtime, desk):
    await desk.conversation()

    assert await schema.damage(runtime.db) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_row_that_points_nowhere_is_damage(runtime, desk):
    await desk.conversation()
    with closing(sqlite3.connect(runtime.db.url.database)) as careless:
        careless.execute("DELETE FROM contacts")
        careless.commit()

    damage = await schema.damage(runtime.db)

    assert set(damage) == {
        f"row 1 of {table} points nowhere"
        for table in ("allowance_entries", "conversations", "messages")
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_sqlite_database_is_served_by_one(runtime, clock):
    async with running(runtime.settings, clock=clock) as other:
        with alone(runtime.db), pytest.raises(AlreadyServed), alone(other.db):
            pass
        with alone(other.db):
            pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_two_sqlite_databases_are_served_side_by_side(runtime, tmp_path, clock):
    copy = tmp_path / "other.sqlite3"
    shutil.copy(runtime.db.url.database, copy)
    async with running(settings(tmp_path, f"sqlite:///{copy}"), clock=clock) as other:
        with alone(runtime.db), alone(other.db):
            pass


async def test_deliveries_of_the_first_version_are_texts_of_the_next(empty, tmp_path):
    async with running(settings(tmp_path, empty)) as rt:
        async with rt.db.writing, rt.db.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(schema.config(sync), "0001"))
            for statement in OLD_DELIVERY.split(";")[:-1]:
                await connection.execute(text(statement))

        await schema.upgrade(rt.db)

        async with rt.db.unit() as unit:
            (delivery,) = await outbox.claim_due(
                unit, now=datetime(2026, 3, 3, tzinfo=UTC), lease=timedelta(seconds=30), limit=1
            )
    assert (delivery.kind, delivery.content) == ("text", {"text": 'He said "您好"\n😀'})
    assert delivery.sendable_until.year == 9999


OLD_DELIVERY = """
    INSERT INTO accounts VALUES (1, 'shop', 'Shop', 'wx1', NULL, 'service', 'plain', '2023',
        'http://x', '', '2026-03-02', 1);
    INSERT INTO contacts VALUES (1, 1, 'oAnna', '', true, '2026-03-02', '2026-03-02', 1);
    INSERT INTO conversations (id, account_id, contact_id, state, unread, opened_at, last_at,
        last_text, version) VALUES (1, 1, 1, 'active', 0, '2026-03-02', '2026-03-02', '', 1);
    INSERT INTO messages (id, conversation_id, contact_id, direction, kind, text, content,
        sent_at, received_at, version)
        VALUES (1, 1, 1, 'out', 'text', '', '{}', '2026-03-02', '2026-03-02', 1);
    INSERT INTO deliveries (id, account_id, contact_id, conversation_id, message_id, part, openid,
        text, state, due_at, attempts, via, created_at)
        VALUES (1, 1, 1, 1, 1, 0, 'oAnna', 'He said "您好"\n😀', 'waiting',
        '2026-03-02 00:00:00.000000', 0, 'custom', '2026-03-02');
"""


async def test_office_hours_of_an_account_become_a_calendar(empty, tmp_path):
    async with running(settings(tmp_path, empty)) as rt:
        async with rt.db.writing, rt.db.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(schema.config(sync), "0007"))
            for statement in ACCOUNTS_WITH_HOURS.split(";")[:-1]:
                await connection.exec_driver_sql(statement)

        await schema.upgrade(rt.db)

        async with rt.db.unit() as unit:
            shop, other = await accounts.list_all(unit)
            kept = await calendars.get(unit, shop.calendar_id)
    assert (kept.name, kept.timezone, other.calendar_id) == ("Shop", "Europe/Berlin", None)
    assert kept.weekly == {"0": [["09:00", "12:00"], ["13:00", "24:00"]]}


ACCOUNTS_WITH_HOURS = """
    INSERT INTO accounts (id, slug, name, app_id, kind, mode, policy, api_base, sealed, kf_names,
        sync_tags, sync_remark, blacklist_at_wechat, send_parked, answers, timezone, office_hours,
        created_at, version)
    VALUES (1, 'shop', 'Shop', 'wx1', 'service', 'plain', '2023', 'http://x', '', false, false,
        false, false, false, false, 'Europe/Berlin', '[{"day": 0, "begins": "09:00", "ends":
        "12:00"}, {"day": 0, "begins": "13:00", "ends": "24:00"}]', '2026-03-02', 1),
        (2, 'other', 'Other', 'wx2', 'service', 'plain', '2023', 'http://x', '', false, false,
        false, false, false, false, 'Europe/Berlin', NULL, '2026-03-02', 1);
"""
