"""Seeing that one unit waits for another."""

import asyncio

import pytest
from sqlalchemy import text

from patient import PATIENCE_SECONDS

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def until_somebody_waits(runtime):
    """On PostgreSQL: returns when a unit waits for a lock that another holds."""

    async def look():
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                async with runtime.db.reading() as unit:
                    if await unit.session.scalar(WAITING):
                        return

    return look
