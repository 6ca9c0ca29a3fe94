"""What it costs to know what may be sent: a decision, a million followers, a list of five thousand.

A decision takes what is kept of a contact, as JSON gives it, and ends with what is kept afterwards.
"""

import asyncio
import resource
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import event, insert, select, update

from wxdesk.desk import allowance, conversations
from wxdesk.desk.accounts import Account
from wxdesk.desk.allowance import Grant, Happening, Turn, after, forecast
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.store import schema
from wxdesk.web.api import conversations as conversations_api
from wxdesk.wechat import POLICIES, Mode, Trigger

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = POLICIES["2023"]
ACTED = Happening(Turn.ACT, NOW, Trigger.MESSAGE)
TAPPED = Happening(Turn.ACT, NOW, Trigger.MENU)
SENT = Happening(Turn.SENT, NOW)
TIMES = 20_000
MILLION = 1_000_000
ROWS, PAGE = 5_000, 100


class Million(NamedTuple):
    """A million followers who each hold one grant."""

    opened_us: float
    sent_us: float
    mb: float


class Listed(NamedTuple):
    """Five thousand conversations, in pages."""

    with_ms: float
    without_ms: float
    statements_a_page: float


def decision_us() -> float:
    """May one be sent, and what is left then: of a contact who wrote and tapped a menu."""
    kept = [grant.as_json() for grant in _opened(ACTED, TAPPED)]
    took = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(TIMES):
            grants = tuple(Grant.of_json(each) for each in kept)
            assert forecast(grants, 1, NOW, allowance.MARGIN).takes(1)
            [each.as_json() for each in after(grants, SENT, POLICY).grants]
        took.append((time.process_time() - began) / TIMES * 1e6)
    return statistics.median(took)


def million() -> Million:
    """Growth is linear: what one costs is what one of a million costs."""
    before = _mb()
    began = time.process_time()
    all_of_them = [_opened(ACTED) for _ in range(MILLION)]
    opened = time.process_time() - began
    mb = _mb() - before
    began = time.process_time()
    all_of_them = [after(grants, SENT, POLICY).grants for grants in all_of_them]
    return Million(opened, time.process_time() - began, mb)


def listed(folder: Path) -> Listed:
    """All of a long list, as browsers get it, with grants and without any."""
    return asyncio.run(_listed(folder))


async def _listed(folder: Path) -> Listed:
    settings = Settings(data_dir=folder / "listed", secret_key="for the benchmark only")
    async with running(settings) as rt:
        await schema.upgrade(rt.db)
        await _seed(rt)
        with_ms, statements = await _read_all(rt)
        async with rt.db.unit() as unit:
            await unit.session.execute(update(Contact).values(grants=[]))
        without_ms, _ = await _read_all(rt)
    return Listed(with_ms, without_ms, statements / (ROWS / PAGE))


async def _read_all(rt: Runtime) -> tuple[float, int]:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    engine = rt.db._reader.sync_engine  # noqa: SLF001
    event.listen(engine, "before_cursor_execute", count)
    cursor, began = None, time.process_time()
    for _ in range(ROWS // PAGE):
        async with rt.db.reading() as unit:
            found = await conversations.list_conversations(
                unit,
                state=ConversationState.ACTIVE,
                assignee_id=None,
                words="",
                after=cursor,
                limit=PAGE,
            )
            shown = await conversations_api.shown(unit, found)
            [each.model_dump_json() for each in shown]
            cursor = (found[-1].last_at, found[-1].id)
    took = (time.process_time() - began) * 1e3
    event.remove(engine, "before_cursor_execute", count)
    return took, statements


async def _seed(rt: Runtime) -> None:
    grants = [grant.as_json() for grant in _opened(ACTED, TAPPED)]
    async with rt.db.unit() as unit:
        unit.session.add(
            Account(
                slug="shop",
                name="shop",
                app_id="wx1",
                kind="service",
                mode=Mode.PLAIN,
                policy="2023",
                api_base="http://127.0.0.1",
                sealed=b"",
                created_at=NOW,
            )
        )
        await unit.session.flush()
        account_id = await unit.session.scalar(select(Account.id))
        people = [
            {
                "account_id": account_id,
                "openid": f"o{number:027}",
                "first_seen_at": NOW,
                "last_seen_at": NOW,
                "grants": grants,
                "version": 1,
            }
            for number in range(ROWS)
        ]
        ids = (await unit.session.scalars(insert(Contact).returning(Contact.id), people)).all()
        talks = [
            {
                "account_id": account_id,
                "contact_id": contact_id,
                "state": ConversationState.ACTIVE,
                "opened_at": NOW,
                "last_at": NOW + timedelta(seconds=number),
                "version": 1,
            }
            for number, contact_id in enumerate(ids)
        ]
        await unit.session.execute(insert(Conversation), talks)


def _opened(*happened: Happening) -> tuple[Grant, ...]:
    grants: tuple[Grant, ...] = ()
    for each in happened:
        grants = after(grants, each, POLICY).grants
    return grants


def _mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
