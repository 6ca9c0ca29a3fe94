"""Many customers, many agents, several processes: who got whom, whatever happens to the desk.

Customers are WeChat's side: pushes that are posted until the desk has them. Agents are programs
that say again and again that they are here, answer what they are given, and close it.
"""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from sqlalchemy import func, select

from desk_builder import DeskBuilder
from journeys.flood import signed_query, text_xml
from journeys.processes import Installation, Process, Served, free_port, simulator, until
from wxdesk.desk import routing
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import Assignment, Rule, Seat
from wxdesk.desk.routing.predictions import Foretold
from wxdesk.runtime import Runtime

CAPACITY = 3
HERE_EVERY_SECONDS = 5
PUSHES_AT_ONCE = 8
AGAIN_SECONDS = 0.25
LOOKS_A_SECOND = 40
"""Of all agents together: looks alone must not keep the desk busy."""

PATIENCE = aiohttp.ClientTimeout(5)
MINE = "/api/conversations?state=active&assignee=me&limit=20"
SKEW = timedelta(seconds=2)
"""An act is as old as its request: what waited for a lock meanwhile may be younger."""


class Queue:
    """So many customers write, so many agents serve them, until all are served."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        webs: Sequence[Served],
        tokens: Sequence[str],
        *,
        customers: int,
        seed: int,
    ):
        self._http, self._webs, self._tokens = http, webs, tokens
        self.customers, self._dice = customers, Random(seed)
        self._turn = 0
        self._glance = len(tokens) / LOOKS_A_SECOND
        self.served: set[int] = set()

    async def write_all(self) -> None:
        """Every customer writes once, some at a time."""
        numbers = iter(range(self.customers))

        async def write() -> None:
            for number in numbers:
                await self._push(number)

        await asyncio.gather(*(write() for _ in range(PUSHES_AT_ONCE)))

    async def serve(self, token: str) -> None:
        """One agent, until cancelled: here, answering, closing."""
        said = 0.0
        while True:
            now = asyncio.get_running_loop().time()
            if now - said > HERE_EVERY_SECONDS:
                await self._call(token, "PUT", "/api/presence", {"presence": "online"})
                said = now
            mine = await self._call(token, "GET", MINE)
            for talk in mine["items"]:
                await self._answer(token, talk["id"])
            await asyncio.sleep(self._glance * (0.5 + self._dice.random()))

    async def _answer(self, token: str, talk: int) -> None:
        path = f"/api/conversations/{talk}"
        reply = {"kind": "text", "text": "您好", "client_id": f"answer-{talk:06}"}
        await self._call(token, "POST", f"{path}/replies", reply)
        closed = await self._call(token, "POST", f"{path}/close", {})
        if closed.get("state") == "closed" or closed.get("code") == "conversation_closed":
            self.served.add(talk)  # else somebody else has it by now

    async def _push(self, number: int) -> None:
        openid = f"oQueue{number:022}"
        xml = text_xml(openid, "在吗", 24_100_000_000_000_000 + number)
        while True:
            try:
                url = f"{self._address()}/wechat/shop?{signed_query(openid)}"
                async with self._http.post(url, data=xml, timeout=PATIENCE) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(AGAIN_SECONDS)

    async def _call(self, token: str, method: str, path: str, body: Any = None) -> Any:
        """Ask until the desk answers; a refusal is an answer: it is over, or somebody else's."""
        headers = {"authorization": f"Bearer {token}"}
        while True:
            try:
                async with self._http.request(
                    method, self._address() + path, json=body, headers=headers, timeout=PATIENCE
                ) as answer:
                    if answer.status < 500:
                        assert answer.status in (200, 201, 204, 403, 409), await answer.text()
                        return await answer.json() if answer.status != 204 else None
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(AGAIN_SECONDS)

    def _address(self) -> str:
        self._turn += 1
        return self._webs[self._turn % len(self._webs)].url


async def serve_all(
    installation: Installation,
    folder: Path,
    *,
    agents: int,
    customers: int,
    seed: int,
    within: float,
) -> Counter[str]:
    """Two web and two worker processes, one of each killed in the middle; what there was."""
    sim = simulator(folder, free_port(), policy="2013")
    webs = [installation.web(), installation.web()]
    workers: list[Process] = [installation.worker(), installation.worker()]
    try:
        async with aiohttp.ClientSession() as http, installation.builder(sim.url) as desk:
            tokens = await _people(desk, agents)
            for process in (sim, *webs, *workers):
                process.start()
            for served in (sim, *webs):
                await served.ready(http)
            queue = Queue(http, webs, tokens, customers=customers, seed=seed)
            await _all_served(queue, tokens, [webs[0], workers[0]], desk.runtime, within)
            return await verdict(desk.runtime, customers, installation)
    finally:
        installation.stop()
        sim.stop()


async def _people(desk: DeskBuilder, count: int) -> list[str]:
    await desk.account()
    tokens = []
    for _ in range(count):
        agent = await desk.agent()
        async with desk.runtime.db.unit() as unit:
            await routing.set_up(unit, agent.id, capacity=CAPACITY)
        tokens.append(await desk.token(agent))
    return tokens


async def _all_served(
    queue: Queue, tokens: Sequence[str], victims: Sequence[Process], rt: Runtime, within: float
) -> None:
    working = [asyncio.create_task(queue.serve(token)) for token in tokens]
    working.append(asyncio.create_task(_watch(rt)))
    writing = asyncio.create_task(queue.write_all())
    try:
        for share, victim in zip((0.2, 0.5), victims, strict=True):
            await _served_so_many(queue, share, working, within)
            victim.kill()
            victim.start()
        await writing
        await _served_so_many(queue, 1.0, working, within)
    finally:
        for task in (*working, writing):
            task.cancel()
        await asyncio.gather(*working, writing, return_exceptions=True)


async def _served_so_many(
    queue: Queue, share: float, working: Sequence[asyncio.Task[None]], within: float
) -> None:
    async def are_served() -> bool:
        for task in working:
            if task.done():
                task.result()
        return len(queue.served) >= share * queue.customers

    await until(are_served, within=within, glance=0.1)


async def verdict(rt: Runtime, customers: int, installation: Installation) -> Counter[str]:
    """From the table of assignments: nobody twice, never too much, nobody lost."""
    async with rt.db.reading() as unit:
        given = list(await unit.session.scalars(select(Assignment).order_by(Assignment.id)))
        talks = list(await unit.session.scalars(select(Conversation)))
        seats = list(await unit.session.scalars(select(Seat)))
        in_vain = list(await unit.session.scalars(select(Foretold)))
        assert await routing.repairs(unit) == 0
    assert len(talks) == customers, "a customer was lost, or came twice"
    assert {each.state for each in talks} == {ConversationState.CLOSED}
    assert {each.conversation_id for each in given} == {each.id for each in talks}
    assert all(seat.load == 0 for seat in seats)
    _never_two_at_once(given)
    _never_too_much(given)
    _in_turn(given, in_vain)
    assert installation.failed_rounds == []
    return Counter(str(each.rule) for each in given)


def _never_two_at_once(given: Sequence[Assignment]) -> None:
    by_talk: defaultdict[int, list[Assignment]] = defaultdict(list)
    for each in given:
        by_talk[each.conversation_id].append(each)
    for one in by_talk.values():
        for before, after in itertools.pairwise(one):
            assert before.ended_at is not None
            assert before.ended_at - after.offered_at < SKEW, "two had it at once"


def _never_too_much(given: Sequence[Assignment]) -> None:
    for each in given:
        assert each.ended_at is not None
        assert each.rule in (Rule.FREE, Rule.ORDER, Rule.STICKY)
        room = each.decision["room"]
        assert room["load"] <= room["capacity"] == CAPACITY


def _in_turn(given: Sequence[Assignment], in_vain: Sequence[Foretold]) -> None:
    """I4: of those for whom an agent was looked for before, nobody who waited longer got one later.

    All are of one level and one group: there is one line.
    """
    first: dict[int, Assignment] = {}
    for each in given:
        first.setdefault(each.conversation_id, each)
    stood = [(each.at, first[each.conversation_id]) for each in in_vain]
    assert stood, "nobody had to wait"
    for each in given:
        if each.rule is Rule.ORDER:
            passed = [
                (before.conversation_id, each.conversation_id)
                for at, before in stood
                if at < each.offered_at
                and before.waited_since < each.waited_since
                and before.id > each.id
            ]
            assert not passed, f"I4: {passed[:5]}"


async def _watch(rt: Runtime) -> None:
    """Nobody ever has more than they take, until cancelled."""
    open_ones = (
        select(Assignment.agent_id, func.count().label("many"))
        .where(Assignment.ended_at.is_(None))
        .group_by(Assignment.agent_id)
        .subquery()
    )
    while True:
        async with rt.db.reading() as unit:
            most = await unit.session.scalar(select(func.max(open_ones.c.many)))
            assert (most or 0) <= CAPACITY, "too much at once"
        await asyncio.sleep(AGAIN_SECONDS / 2)
