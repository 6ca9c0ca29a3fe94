"""A desk after years: five million messages, five thousand open conversations, two hundred agents.

`python bench/years.py [--messages 5000000]` fills it and asks the running desk what a page asks:
its own list, the queue, what is over, one conversation. The aim for a conversation is 500 ms the
first time and 150 ms after that. Each figure is the time of a whole request over HTTP, in ms.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, insert, select, text

from desks import SECRET, Desk, Kind, desks
from servers import serving, stay_off_the_servers_core
from wxdesk.desk.accounts import Account
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState, Direction, Message
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings

AGENTS, OPEN, WAITING, LINES = 200, 5_000, 1_000, 20
BASE = OPEN * LINES
ASKED = 200
WORDS = "订单 退款 快递 发货 尺码 颜色 什么时候 怎么 可以 谢谢 请问 地址 换货 优惠 会员"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--messages", type=int, default=5_000_000)
    options.add_argument("--on", type=Kind, choices=list(Kind), nargs="+", default=list(Kind))
    chosen = options.parse_args()
    stay_off_the_servers_core()
    with tempfile.TemporaryDirectory(prefix="years-") as name:
        Path(name).chmod(0o755)
        with desks(Path(name)) as made:
            for kind in chosen.on:
                desk = made.fresh(kind)
                figures = asyncio.run(_measured(desk, chosen.messages))
                print(json.dumps({"database": kind, "messages": chosen.messages} | figures))
                made.forget(desk)


async def _measured(desk: Desk, messages: int) -> dict[str, Any]:
    settings = Settings(data_dir=desk.folder, database_url=desk.url, secret_key=SECRET)
    began = time.monotonic()
    async with running(settings) as rt:
        await _fill(rt, max(1, messages // BASE))
    filled = time.monotonic() - began
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        headers = {"authorization": f"Bearer {desk.api_token}"}
        url = f"http://127.0.0.1:{server.port}"
        async with aiohttp.ClientSession(url, headers=headers) as http:
            spans = {name: await _asked(http, paths) for name, paths in _questions().items()}
    return {"filled_s": round(filled), "ms": spans}


def _questions() -> dict[str, Iterable[str]]:
    dice = random.Random(1)
    mine = "/api/conversations?state=active&assignee=me&limit=50"
    return {
        "mine": [mine] * ASKED,
        "queue": ["/api/conversations?state=waiting&limit=50"] * ASKED,
        "everybody's": ["/api/conversations?state=active&limit=50"] * ASKED,
        "over": ["/api/conversations?state=closed&limit=50"] * ASKED,
        "urgent": ["/api/conversations?view=urgent&limit=50"] * ASKED,
        "open": [
            f"/api/conversations/{dice.randrange(1, OPEN)}/messages?limit=50" for _ in range(ASKED)
        ],
    }


async def _asked(http: aiohttp.ClientSession, paths: Iterable[str]) -> dict[str, float]:
    """The first one, cold; the middle and the slowest of a hundred of the others."""
    took = []
    for path in paths:
        began = time.perf_counter()
        async with http.get(path) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()
        took.append((time.perf_counter() - began) * 1e3)
    first, others = took[0], sorted(took[1:])
    return {
        "first": round(first, 1),
        "p50": round(statistics.median(others), 1),
        "p99": round(others[int(len(others) * 0.99)], 1),
    }


# Rows: one open desk, then copies of it that are over


async def _fill(rt: Runtime, copies: int) -> None:
    async with rt.db.unit() as unit:
        await _open_desk(unit, rt.clock.now())
    for number in range(1, copies):
        async with rt.db.unit() as unit:
            await _check_no_references(unit)
            await _copy(unit, number)
    async with rt.db.unit() as unit:
        await unit.session.execute(text("ANALYZE"))


async def _check_no_references(unit: Any) -> None:
    """Copies of rows that were right are: PostgreSQL need not look at each."""
    if unit.session.get_bind().dialect.name == "postgresql":
        await unit.session.execute(text("SET LOCAL session_replication_role = replica"))


async def _open_desk(unit: Any, now: Any) -> None:
    dice, words = random.Random(2), WORDS.split()
    account_id = await unit.session.scalar(select(func.min(Account.id)))
    first = (await unit.session.scalar(select(func.max(Agent.id)))) or 0
    people = [
        {
            "id": first + 1 + number,
            "username": f"clerk{number}",
            "name": f"客服{number}",
            "role": Role.AGENT,
            "password_hash": "-",
            "active": True,
            "undo_seconds": 0,
            "created_at": now,
        }
        for number in range(AGENTS)
    ]
    await unit.session.execute(insert(Agent), people)
    seen = [now - timedelta(seconds=number) for number in range(OPEN)]
    contacts = [
        {
            "id": number,
            "account_id": account_id,
            "openid": f"o{number:027}",
            "first_seen_at": seen[number - 1],
            "last_seen_at": seen[number - 1],
            "version": 1,
        }
        for number in range(1, OPEN + 1)
    ]
    await unit.session.execute(insert(Contact), contacts)
    talks = []
    for number in range(1, OPEN + 1):
        waits = number <= WAITING
        owner = None if waits else first + number % (AGENTS + 1)
        talks.append(
            {
                "id": number,
                "account_id": account_id,
                "contact_id": number,
                "state": ConversationState.WAITING if waits else ConversationState.ACTIVE,
                "assignee_id": owner,
                "opened_at": seen[number - 1],
                "waiting_since": seen[number - 1] if waits else None,
                "owed_since": seen[number - 1],
                "due_at": seen[number - 1] + timedelta(hours=1),
                "last_at": seen[number - 1],
                "last_direction": Direction.IN,
                "last_kind": "text",
                "last_text": "在吗",
                "version": 1,
            }
        )
    await unit.session.execute(insert(Conversation), talks)
    for number in range(1, OPEN + 1):
        lines = [
            {
                "id": (number - 1) * LINES + line + 1,
                "conversation_id": number,
                "contact_id": number,
                "direction": Direction.IN if line % 2 == 0 else Direction.OUT,
                "kind": "text",
                "text": "".join(dice.choices(words, k=8)),
                "content": {},
                "sent_at": seen[number - 1] + timedelta(milliseconds=line),
                "received_at": seen[number - 1],
                "version": 1,
            }
            for line in range(LINES)
        ]
        await unit.session.execute(insert(Message), lines)


async def _copy(unit: Any, number: int) -> None:
    """All contacts, conversations and messages of the open desk once more, the latter over."""
    moved = {
        Contact: {"id": OPEN, "openid": None},
        Conversation: {"id": OPEN, "contact_id": OPEN},
        Message: {"id": BASE, "conversation_id": OPEN, "contact_id": OPEN},
    }
    over = {
        "openid": f"openid || '{number}'",
        "state": f"'{ConversationState.CLOSED.value}'",
        "waiting_since": "NULL",
        "owed_since": "NULL",
        "due_at": "NULL",
        "closed_at": "last_at",
    }
    for table, shifts in moved.items():
        names = [column.name for column in table.__table__.columns]
        own = over if table is not Message else {}
        values = [
            f"{name} + {shifts[name] * number}" if shifts.get(name) else own.get(name, name)
            for name in names
        ]
        last = BASE if table is Message else OPEN
        await unit.session.execute(
            text(
                f"INSERT INTO {table.__tablename__} ({', '.join(names)}) "
                f"SELECT {', '.join(values)} FROM {table.__tablename__} WHERE id <= {last}"
            )
        )


if __name__ == "__main__":
    main()
