"""The dispatcher on rows: how long a round takes, and how many are given to agents in a second.

`python bench/dispatch.py [--waiting 1000 10000 100000]` measures it alone, on both databases. The
rows of who waits, who is there and what they have are written at once; what is measured are the
very rounds that the desk runs.
"""

import argparse
import asyncio
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, text, update

from desks import SECRET, Desk, Desks, Kind, desks
from wxdesk.desk import levels, routing
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import Assignment, Need, Presence, Rule, Seat, Target, Wait
from wxdesk.desk.routing.model import line_of, need_as_json
from wxdesk.desk.routing.round import Round
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.worker.dispatch import dispatch, sweep

SIZES = (1_000, 10_000, 100_000)
AGENTS, CAPACITY = 1_000, 4
SKILLS = (None, "refund", "english")
ROUNDS, CLOSINGS = 100, 150
GIVEN = 3_000
PAGE = 2_000


class Spread(NamedTuple):
    """Of many times, in milliseconds; of this process's own time the median."""

    p50: float
    p99: float
    cpu: float

    @classmethod
    def of(cls, seconds: list[tuple[float, float]]) -> "Spread":
        ordered = sorted(each * 1e3 for each, _ in seconds)
        cpu = statistics.median(each * 1e3 for _, each in seconds)
        return cls(statistics.median(ordered), ordered[int(len(ordered) * 0.99)], cpu)

    def notes(self) -> dict[str, float]:
        return {"p99_ms": self.p99, "CPU_ms": self.cpu}


class Rounds(NamedTuple):
    """What rounds took where so many wait, and everybody is full.

    Attributes:
        idle: With nothing to do.
        fed: An agent has got room: whoever is first is found and given to them, in all.
        claim: Of that, what it takes to give it to them once that is decided.
        swept: The sweeper looks, and finds nothing.
        mb: Of the process, at most.
    """

    idle: Spread
    fed: Spread
    claim: Spread
    swept: Spread
    mb: float


def rounds(made: Desks, kind: Kind, waiting: int) -> Rounds:
    """Each size in a process of its own: memory is measured, too."""
    with _fresh(made, kind) as desk, ProcessPoolExecutor(1) as pool:
        return pool.submit(_in_process, _rounds, desk, waiting).result()


def per_second(made: Desks, kind: Kind, processes: int) -> float:
    """Assignments a second, by so many processes at once, until all who waited are served."""
    with _fresh(made, kind) as desk, ProcessPoolExecutor(processes) as pool:
        pool.submit(_in_process, _seed, desk, GIVEN, 0).result()
        spans = list(pool.map(_serve_all, [desk] * processes))
    return GIVEN / (max(end for _, end in spans) - min(begin for begin, _ in spans))


@contextmanager
def _fresh(made: Desks, kind: Kind) -> Iterator[Desk]:
    desk = made.fresh(kind)
    yield desk
    made.forget(desk)


def _in_process(what: Callable[..., Awaitable[Any]], desk: Desk, *args: Any) -> Any:
    return asyncio.run(_with_runtime(what, desk, *args))


async def _with_runtime(what: Callable[..., Awaitable[Any]], desk: Desk, *args: Any) -> Any:
    settings = Settings(data_dir=desk.folder, database_url=desk.url, secret_key=SECRET)
    async with running(settings) as rt:
        return await what(rt, *args)


# What is measured


async def _rounds(rt: Runtime, waiting: int) -> Rounds:
    await _seed(rt, waiting, CAPACITY)
    idle = [await _timed(dispatch(rt)) for _ in range(ROUNDS)]
    swept = [await _timed(sweep(rt)) for _ in range(ROUNDS // 10)]
    fed = []
    claims = _watch_claims()
    for number in range(CLOSINGS):
        await _close_one(rt, number)
        fed.append(await _timed(dispatch(rt)))
    async with rt.db.reading() as unit:
        given = await unit.session.scalar(
            select(func.count()).where(Assignment.rule == Rule.ORDER, Assignment.band.is_not(None))
        )
        assert given == CLOSINGS, f"{given} were given to agents"
        assert await routing.repairs(unit) == 0
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Rounds(
        Spread.of(idle[1:]), Spread.of(fed[1:]), Spread.of(claims[1:]), Spread.of(swept), mb
    )


def _watch_claims() -> list[tuple[float, float]]:
    """What each claim takes from now on."""
    claim, took = Round.claim, []

    async def timed(*args: Any, **kwargs: Any) -> bool:
        began, used = time.perf_counter(), time.process_time()
        try:
            return await claim(*args, **kwargs)
        finally:
            took.append((time.perf_counter() - began, time.process_time() - used))

    Round.claim = timed  # type: ignore[method-assign]
    return took


async def _timed(work: Awaitable[Any]) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    await work
    return time.perf_counter() - began, time.process_time() - used


async def _close_one(rt: Runtime, number: int) -> None:
    async with rt.db.unit() as unit:
        query = select(Assignment).where(
            Assignment.rule == Rule.TAKEN, Assignment.ended_at.is_(None)
        )
        taken = (await unit.session.scalars(query.offset(number % 7).limit(1))).one()
        await routing.close(
            unit,
            taken.conversation_id,
            agent_id=taken.agent_id,
            may_close_any=False,
            now=rt.clock.now(),
        )


def _serve_all(desk: Desk) -> tuple[float, float]:
    return _in_process(_until_none_waits, desk)


async def _until_none_waits(rt: Runtime) -> tuple[float, float]:
    began = time.time()
    ended = began
    while True:
        if await dispatch(rt):
            ended = time.time()
            continue
        async with rt.db.reading() as unit:
            if not await unit.session.scalar(select(func.count()).select_from(Wait)):
                return began, ended
        await asyncio.sleep(0.002)


# Rows, many at once


async def _seed(rt: Runtime, waiting: int, load: int) -> None:
    """A desk on which so many wait in a dozen lines, and everybody has so much."""
    now = rt.clock.now()
    async with rt.db.unit() as unit:
        agent_ids = await _people(unit, now)
        await unit.session.execute(insert(Seat), [_seat(each, load, now) for each in agent_ids])
        talks = await _talks(unit, waiting + AGENTS * load, now)
        known = await levels.list_levels(unit)
        for at in range(0, waiting, PAGE):
            page = talks[at : min(at + PAGE, waiting)]
            rows = [_wait(talk, at + place, known, now) for place, talk in enumerate(page)]
            await unit.session.execute(insert(Wait), rows)
        owned = talks[waiting:]
        for at in range(0, len(owned), PAGE):
            rows = [
                _assignment(talk, agent_ids[(at + place) % AGENTS], now)
                for place, talk in enumerate(owned[at : at + PAGE])
            ]
            await unit.session.execute(insert(Assignment), rows)
        await unit.session.execute(
            update(Conversation)
            .where(Conversation.id.in_(select(Assignment.conversation_id)))
            .values(
                state=ConversationState.ACTIVE,
                waiting_since=None,
                assignee_id=select(Assignment.agent_id)
                .where(Assignment.conversation_id == Conversation.id)
                .scalar_subquery(),
            ),
            execution_options={"synchronize_session": False},
        )
        await unit.session.execute(text("ANALYZE"))


async def _people(unit: Any, now: Any) -> list[int]:
    rows = [
        {
            "username": f"clerk{number}",
            "name": f"clerk {number}",
            "role": Role.AGENT,
            "password_hash": "-",
            "active": True,
            "undo_seconds": 0,
            "created_at": now,
        }
        for number in range(AGENTS)
    ]
    return sorted(await unit.session.scalars(insert(Agent).returning(Agent.id), rows))


async def _talks(unit: Any, count: int, now: Any) -> list[tuple[int, int]]:
    account_id = await unit.session.scalar(
        select(func.min(text("id"))).select_from(text("accounts"))
    )
    found: list[tuple[int, int]] = []
    for at in range(0, count, PAGE):
        people = [
            {
                "account_id": account_id,
                "openid": f"o{number:027}",
                "first_seen_at": now,
                "last_seen_at": now,
                "version": 1,
            }
            for number in range(at, min(at + PAGE, count))
        ]
        ids = await unit.session.scalars(insert(Contact).returning(Contact.id), people)
        rows = [
            {
                "account_id": account_id,
                "contact_id": contact_id,
                "state": ConversationState.WAITING,
                "opened_at": now,
                "waiting_since": now,
                "owed_since": now,
                "last_at": now,
                "version": 1,
            }
            for contact_id in ids
        ]
        made = await unit.session.scalars(insert(Conversation).returning(Conversation.id), rows)
        found += [(account_id, each) for each in made]
    return found


def _seat(agent_id: int, load: int, now: Any) -> dict[str, Any]:
    skills = {name: 3 for at, name in enumerate(SKILLS) if name and agent_id % (at + 2) == 0}
    return {
        "agent_id": agent_id,
        "presence": Presence.ONLINE,
        "since": now,
        "seen_at": now + timedelta(days=1),
        "capacity": CAPACITY,
        "skills": skills,
        "load": load,
        "hungry": load < CAPACITY,
        "version": 1,
    }


def _wait(talk: tuple[int, int], place: int, known: Any, now: Any) -> dict[str, Any]:
    """In turn of each level and skill; the longest-waiting one half a minute ago."""
    level, skill = known[place % len(known)], SKILLS[place // len(known) % len(SKILLS)]
    need = Need.of(skill) if skill else Need()
    since = now - timedelta(seconds=30) + timedelta(microseconds=place)
    target = timedelta(days=1)
    promise = {
        "account_id": talk[0],
        "level_id": level.id,
        "rank": level.rank,
        "target": Target.FIRST,
        "wanted": need_as_json(need),
    }
    return promise | {
        "conversation_id": talk[1],
        "line": line_of(Wait(**promise), need),
        "pool": f"{talk[0]}|*",
        "since": since,
        "warn_at": since + target / 2,
        "due_at": since + target,
        "hard_at": since + 4 * target,
        "need": need_as_json(need),
        "rings": [],
        "all_rings": [],
        "looked": True,
        "first_looked_at": now,
        "version": 1,
    }


def _assignment(talk: tuple[int, int], agent_id: int, now: Any) -> dict[str, Any]:
    return {
        "conversation_id": talk[1],
        "agent_id": agent_id,
        "weight": 1,
        "rule": Rule.TAKEN,
        "since_a": 0,
        "offered_at": now,
        "accepted_at": now,
        "first_reply_at": now,
    }


# By itself


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--waiting", type=int, nargs="+", default=SIZES)
    parser.add_argument("--kinds", nargs="+", choices=list(Kind), default=list(Kind))
    parser.add_argument("--no-rate", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dispatch-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with desks(folder) as made:
            for kind in map(Kind, chosen.kinds):
                for waiting in chosen.waiting:
                    found = rounds(made, kind, waiting)
                    print(kind, waiting, json.dumps(found._asdict()), flush=True)
                if not chosen.no_rate:
                    count = 4 if kind is Kind.POSTGRES else 1
                    rate = per_second(made, kind, count)
                    print(f"{kind}, {count} at once: {rate:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
