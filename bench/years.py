"""A desk after years: five million messages, five thousand open conversations, two hundred agents.

`python bench/years.py [--messages 5000000]` fills it, and asks the running desk what a page asks:
its own list, the queue, what is over, one conversation, and the search. The aim for a conversation
is 500 ms the first time and 150 ms after that, for the first page of a search a second. Each
figure is the time of a whole request over HTTP, in ms. Then the page itself is opened in a
Chromium, if there is one (``page.py``).
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from sqlalchemy import func, insert, select, text, update

from desks import SECRET, Desk, Kind, desks
from page import look_at
from search import RARE, WORDS
from servers import serving, stay_off_the_servers_core
from wxdesk.desk import search
from wxdesk.desk.accounts import Account
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.agents.passwords import hash_password
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.desk.search.model import Progress
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.store import Unit

AGENTS, OPEN, WAITING, LINES = 200, 5_000, 1_000, 20
BASE = OPEN * LINES
ASKED, SEARCHED = 200, 30
INDEXED_AT_ONCE = 5_000
USERNAME, PASSWORD = "lihua", "the password of a benchmark"
OK, UNAVAILABLE = 200, 503


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
                figures = asyncio.run(_measured(desk, max(1, chosen.messages // BASE)))
                print(json.dumps({"database": kind} | figures, ensure_ascii=False, indent=1))
                made.forget(desk)


async def _measured(desk: Desk, weeks: int) -> dict[str, Any]:
    settings = Settings(data_dir=desk.folder, database_url=desk.url, secret_key=SECRET)
    async with running(settings) as rt:
        filled = await Filling(rt, weeks).fill()
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        headers = {"authorization": f"Bearer {desk.api_token}"}
        url = f"http://127.0.0.1:{server.port}"
        async with aiohttp.ClientSession(url, headers=headers) as http:
            asked = {name: await _asked(http, paths) for name, paths in _questions(weeks).items()}
        seen = await look_at(url, USERNAME, PASSWORD)
    return {"messages": weeks * BASE, "filled_s": filled, "asked_ms": asked, "page": seen}


def _questions(weeks: int) -> dict[str, Iterable[str]]:
    dice, first_open = random.Random(1), (weeks - 1) * OPEN
    lists = {
        "mine": "state=active&assignee=me",
        "queue": "state=waiting",
        "everybody's": "state=active",
        "over": "state=closed",
        "urgent": "view=urgent",
    }
    last_month = (datetime.now().astimezone() - timedelta(days=30)).strftime("%Y-%m")
    somebody = f"客户{first_open + 777}"
    searches = {
        "in few messages": RARE,
        "in many": "退款",
        "in many, 4 characters": "退款订单",
        "in none": "鹦鹉螺",
        "a number": "6031500",
        "a person": somebody,
        "of a customer": f"退款 客户:{somebody}",
        "of an agent": "退款 客服:客服7",
        "of a month": f"退款 日期:{last_month}",
        "of a type": "退款 类型:图片",
    }
    talks = (first_open + dice.randrange(1, OPEN) for _ in range(ASKED))
    return {
        **{name: [f"/api/conversations?{q}&limit=50"] * ASKED for name, q in lists.items()},
        "open": (f"/api/conversations/{talk}/messages?limit=50" for talk in talks),
        **{
            f"search, {name}": [f"/api/search?q={quote(typed)}"] * SEARCHED
            for name, typed in searches.items()
        },
    }


async def _asked(http: aiohttp.ClientSession, paths: Iterable[str]) -> dict[str, float]:
    """The first one, cold; the middle and the slowest of a hundred of the others.

    ``given_up``: how many the desk ended, because they took too long.
    """
    took, given_up = [], 0
    for path in paths:
        began = time.perf_counter()
        async with http.get(path) as answer:
            assert answer.status in (OK, UNAVAILABLE), await answer.text()
            await answer.read()
        took.append((time.perf_counter() - began) * 1e3)
        given_up += answer.status == UNAVAILABLE
    first, others = took[0], sorted(took[1:])
    return {
        "first": round(first, 1),
        "p50": round(statistics.median(others), 1),
        "p99": round(others[int(len(others) * 0.99)], 1),
    } | ({"given_up": given_up} if given_up else {})


class Filling:
    """Rows: one open desk, and a copy of it for each week before, in which all is over.

    What is newer has the higher number, as if it had come in one after the other.
    """

    def __init__(self, rt: Runtime, weeks: int) -> None:
        self._rt, self._weeks = rt, weeks
        self._now = rt.clock.now()
        self._before = {Contact: OPEN, Conversation: OPEN, Message: BASE}
        """How many rows of each a week has."""

    async def fill(self) -> dict[str, int]:
        """How long each part took, in seconds."""
        began = time.monotonic()
        async with self._rt.db.unit() as unit:
            await self._open_desk(unit)
        await self._index()
        opened = time.monotonic()
        without_index = await self._drop_index()
        for back in range(self._weeks - 1, 0, -1):
            async with self._rt.db.unit() as unit:
                await _check_no_references(unit)
                await self._copy(unit, back)
                await self._copy_index(unit, back)
        copied = time.monotonic()
        async with self._rt.db.unit() as unit:
            for each in without_index:
                await unit.session.execute(text(each))
            await unit.session.execute(
                update(Progress).values(contacts_left=(self._weeks - 1) * OPEN)
            )
        await self._index()
        async with self._rt.db.unit() as unit:
            await unit.session.execute(text("ANALYZE"))
        ended = time.monotonic()
        spans = {"open": opened - began, "past": copied - opened, "indexed": ended - copied}
        return {name: round(span) for name, span in spans.items()}

    async def _index(self) -> None:
        """As the worker does it, in larger steps."""
        left = 1
        while left:
            async with self._rt.db.unit() as unit:
                await search.catch_up(unit, limit=INDEXED_AT_ONCE)
                left = await search.left(unit) or 0

    async def _open_desk(self, unit: Unit) -> None:
        insert_ = unit.session.execute
        account_id = await unit.session.scalar(select(func.min(Account.id)))
        first = await unit.session.scalar(select(func.max(Agent.id)))
        team = [first + number for number in range(AGENTS + 1)]
        known = {"password_hash": await asyncio.to_thread(hash_password, PASSWORD)}
        await insert_(update(Agent).values(known))
        await insert_(
            insert(Agent), [self._agent(number, first) for number in range(1, AGENTS + 1)]
        )
        people = range(1, OPEN + 1)
        seen = [self._now - timedelta(seconds=number) for number in people]
        talks = list(zip(people, seen, strict=True))
        await insert_(insert(Contact), [self._contact(account_id, *each) for each in talks])
        await insert_(insert(Conversation), [self._talk(account_id, team, *each) for each in talks])
        lines = self._lines(talks, team)
        for _ in range(LINES):
            await insert_(insert(Message), [next(lines) for _ in range(OPEN)])

    def _agent(self, number: int, first: int) -> dict[str, Any]:
        return {
            "id": first + number,
            "username": f"clerk{number}",
            "name": f"客服{number}",
            "role": Role.AGENT,
            "password_hash": "-",
            "active": True,
            "undo_seconds": 0,
            "created_at": self._now,
        }

    def _contact(self, account_id: int, number: int, seen: datetime) -> dict[str, Any]:
        contact_id = self._before_the_open(Contact) + number
        return {
            "id": contact_id,
            "account_id": account_id,
            "openid": f"o{number:027}",
            "remark": f"客户{contact_id}",
            "first_seen_at": seen,
            "last_seen_at": seen,
            "version": 1,
        }

    def _talk(
        self, account_id: int, team: list[int], number: int, seen: datetime
    ) -> dict[str, Any]:
        waits = number <= WAITING
        return {
            "id": self._before_the_open(Conversation) + number,
            "account_id": account_id,
            "contact_id": self._before_the_open(Contact) + number,
            "state": ConversationState.WAITING if waits else ConversationState.ACTIVE,
            "assignee_id": None if waits else team[number % len(team)],
            "opened_at": seen,
            "waiting_since": seen if waits else None,
            "owed_since": seen,
            "due_at": seen + timedelta(hours=1),
            "last_at": seen,
            "last_direction": Direction.IN,
            "last_kind": "text",
            "last_text": "在吗",
            "version": 1,
        }

    def _lines(
        self, talks: list[tuple[int, datetime]], team: list[int]
    ) -> Iterator[dict[str, Any]]:
        dice, number = random.Random(2), 0
        for talk, seen in talks:
            for line in range(LINES):
                number += 1
                said = "".join(dice.choices(WORDS, k=dice.randint(3, 9)))
                said += f"，单号 2026031500{number:06}" if number % 7 == 0 else ""
                said += RARE if number % 10_000 == 0 else ""
                ours = line % 2 == 1
                yield {
                    "id": self._before_the_open(Message) + number,
                    "conversation_id": self._before_the_open(Conversation) + talk,
                    "contact_id": self._before_the_open(Contact) + talk,
                    "direction": Direction.OUT if ours else Direction.IN,
                    "kind": "text",
                    "text": said,
                    "content": {},
                    "author_id": team[talk % len(team)] if ours else None,
                    "state": MessageState.SENT if ours else None,
                    "sent_at": seen + timedelta(milliseconds=line),
                    "received_at": seen,
                    "version": 1,
                }

    def _before_the_open(self, kind: type) -> int:
        return (self._weeks - 1) * self._before[kind]

    async def _copy(self, unit: Unit, back: int) -> None:
        """All contacts, conversations and messages of the open desk once more, weeks ago."""
        moved = {
            Contact: {"id": Contact},
            Conversation: {"id": Conversation, "contact_id": Contact},
            Message: {"id": Message, "conversation_id": Conversation, "contact_id": Contact},
        }
        nothing = dict.fromkeys(("waiting_since", "owed_since", "due_at"), "NULL")
        over = {
            Contact: {"openid": f"openid || '{back}'", "remark": f"'客户' || (id - {OPEN * back})"},
            Conversation: nothing
            | {"state": f"'{ConversationState.CLOSED}'", "closed_at": _ago(unit, "last_at", back)},
            Message: {},
        }
        for kind, numbers in moved.items():
            values = {column.name: column.name for column in kind.__table__.columns}
            for name in values.keys() & {"first_seen_at", "last_seen_at", "opened_at", "last_at"}:
                values[name] = _ago(unit, name, back)
            for name in values.keys() & {"sent_at", "received_at"}:
                values[name] = _ago(unit, name, back)
            for name, of in numbers.items():
                values[name] = f"{name} - {back * self._before[of]}"
            values |= over[kind]
            await unit.session.execute(
                text(
                    f"INSERT INTO {kind.__tablename__} ({', '.join(values)}) "
                    f"SELECT {', '.join(values.values())} FROM {kind.__tablename__} "
                    f"WHERE id > {self._before_the_open(kind)} ORDER BY id"
                )
            )

    async def _copy_index(self, unit: Unit, back: int) -> None:
        """What the index holds of the messages, with the marks of whom they are of and when."""
        begin, end, cast = ("", " ", "") if _is_sqlite(unit) else ("''", "''", "::tsvector")
        words = "words" if _is_sqlite(unit) else "words::text"
        for mark, name, less in (
            ("c", "conversation_id", back * OPEN),
            ("p", "contact_id", back * OPEN),
        ):
            old, new = (
                f"'{begin}§{mark}' || ({number}) || '{end}'"
                for number in (name, f"{name} - {less}")
            )
            words = f"replace({words}, {old}, {new})"
        old, new = (f"{self._now - timedelta(weeks=each):%Y%m}" for each in (0, back))
        words = f"replace({words}, '§m{old}', '§m{new}')"
        await unit.session.execute(
            text(
                "INSERT INTO search_entries (message_id, words) "
                f"SELECT message_id - {back * BASE}, ({words}){cast} "
                "FROM search_entries JOIN messages ON messages.id = message_id "
                f"WHERE message_id > {self._before_the_open(Message)} ORDER BY message_id"
            )
        )

    async def _drop_index(self) -> list[str]:
        """PostgreSQL makes an index of all much faster than of each; how to make it again."""
        async with self._rt.db.unit() as unit:
            if _is_sqlite(unit):
                return []
            made = await unit.session.scalar(
                text("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_index_messages'")
            )
            await unit.session.execute(text("DROP INDEX search_index_messages"))
            return [made]


def _is_sqlite(unit: Unit) -> bool:
    return unit.session.get_bind().dialect.name == "sqlite"


def _ago(unit: Unit, column: str, weeks: int) -> str:
    if _is_sqlite(unit):
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-{weeks * 7} days') || '000'"
    return f"{column} - interval '{weeks} weeks'"


async def _check_no_references(unit: Unit) -> None:
    """Copies of rows that were right are: PostgreSQL need not look at each."""
    if not _is_sqlite(unit):
        await unit.session.execute(text("SET LOCAL session_replication_role = replica"))


if __name__ == "__main__":
    main()
