"""Many followers write and agents answer, whatever happens to the desk; what must be true after.

Followers are WeChat's side: a push that is not answered ``success`` is posted again, three times
altogether, as WeChat does. Agents are browsers: a reply is posted under its ``client_id`` until
the desk says that it has it.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

import aiohttp

from desk_builder import TOKEN
from journeys.processes import Installation, until

FOLLOWERS = 12
TRIES = 3
PUSH_PATIENCE = aiohttp.ClientTimeout(5)  # WeChat's own
BETWEEN_TRIES_SECONDS = 0.25
BETWEEN_LINES_SECONDS = 0.02
BETWEEN_REPLIES_SECONDS = 0.12
DRAIN_SECONDS = 60
ENOUGH_PUSHES, ENOUGH_REPLIES = 300, 200


@dataclass
class Follower:
    """What one follower did, and what an agent answered."""

    openid: str
    written: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    replied: list[str] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    conversation_id: int = 0


class Flood:
    """Writes and answers until told to stop.

    Args:
        http: Without a time limit of its own.
        addresses: The desk's web processes.
        simulator: The simulator's address; its account pushes nowhere, as we do that here.
        api_token: An agent's.
        seed: Makes the ids of this run differ from another's.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        addresses: Sequence[str],
        simulator: str,
        api_token: str,
        seed: int,
    ):
        self._http, self._addresses, self._simulator = http, addresses, simulator
        self._headers = {"authorization": f"Bearer {api_token}"}
        self._next_msg_id = 24_000_000_000_000_000 + seed * 10_000_000
        self._turn = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._over = False
        self.followers: list[Follower] = []

    async def begin(self) -> None:
        for number in range(FOLLOWERS):
            self.followers.append(Follower(await self._follow(f"follower {number}")))
        self._tasks = [
            asyncio.create_task(each)
            for follower in self.followers
            for each in (self._write(follower), self._answer(follower))
        ]

    async def come_far(self) -> None:
        """Wait until there was so much that something could have gone wrong."""

        async def is_enough() -> bool:
            acknowledged = sum(len(each.acknowledged) for each in self.followers)
            accepted = sum(len(each.accepted) for each in self.followers)
            return acknowledged >= ENOUGH_PUSHES and accepted >= ENOUGH_REPLIES

        await until(is_enough, within=DRAIN_SECONDS, glance=0.1)

    async def stop(self) -> None:
        """Let everybody finish what they are at; all replies posted are accepted then."""
        self._over = True
        async with asyncio.timeout(DRAIN_SECONDS):
            await asyncio.gather(*self._tasks)

    async def drained(self) -> None:
        """Wait until every push is understood and every reply has an outcome."""

        async def nothing_waits() -> bool:
            counts = await self._counts()
            kept = counts['wxdesk_pushes_kept{state="kept"}']
            return kept + counts["wxdesk_deliveries_waiting"] == 0

        await until(nothing_waits, within=DRAIN_SECONDS, glance=0.1)

    async def faults(self, **switches: Any) -> None:
        """Make the simulator misbehave so; nothing: let it be good."""
        async with self._http.delete(f"{self._simulator}/sim/faults") as answer:
            assert answer.ok
        async with self._http.post(f"{self._simulator}/sim/faults", json=switches) as answer:
            assert answer.ok, await answer.text()

    async def conversation(self, follower: Follower) -> list[dict[str, Any]]:
        """Every message as the API shows it, oldest first."""
        messages: list[dict[str, Any]] = []
        path = f"/api/conversations/{follower.conversation_id}/messages?limit=100"
        before = ""
        while True:
            page = await self._get(path + before)
            messages = page["items"] + messages
            if page["next"] is None:
                return messages
            before = f"&before={page['next']}"

    async def phone(self, follower: Follower) -> list[str]:
        """The texts of the account that the follower's phone shows, oldest first."""
        url = f"{self._simulator}/sim/followers/{follower.openid}/chat"
        async with self._http.get(url) as answer:
            items = (await answer.json())["items"]
        return [item["content"] for item in items if item["from"] == "account"]

    async def _follow(self, name: str) -> str:
        """A new follower, whose first line opens the reply window."""
        async with self._http.post(
            f"{self._simulator}/sim/followers", json={"name": name}
        ) as answer:
            openid = (await answer.json())["openid"]
        line = {"type": "text", "content": "你好"}
        async with self._http.post(
            f"{self._simulator}/sim/followers/{openid}/send", json=line
        ) as answer:
            assert answer.ok
        return openid

    async def _write(self, follower: Follower) -> None:
        while not self._over:
            text = f"line {len(follower.written)}"
            follower.written.append(text)
            if await self._push(follower.openid, text):
                follower.acknowledged.add(text)
            await asyncio.sleep(BETWEEN_LINES_SECONDS)

    async def _push(self, openid: str, text: str) -> bool:
        """Whether the desk said that it has it."""
        self._next_msg_id += 1
        xml = text_xml(openid, text, self._next_msg_id)
        for _ in range(TRIES):
            url = f"{self._address()}/wechat/shop?{signed_query(openid)}"
            try:
                async with self._http.post(url, data=xml, timeout=PUSH_PATIENCE) as answer:
                    if answer.status == 200 and await answer.text() == "success":
                        return True
                    assert answer.status == 503, await answer.text()
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)
        return False

    async def _answer(self, follower: Follower) -> None:
        while not follower.conversation_id and not self._over:
            found = await self._get(f"/api/conversations?q={follower.openid}")
            follower.conversation_id = found["items"][0]["id"] if found["items"] else 0
            await asyncio.sleep(BETWEEN_REPLIES_SECONDS)
        await self._post(f"/api/conversations/{follower.conversation_id}/take", {})
        while not self._over:
            number = len(follower.replied)
            text = f"reply {number}"
            follower.replied.append(text)
            reply = {"kind": "text", "text": text, "client_id": f"draft-{number:06}"}
            await self._post(f"/api/conversations/{follower.conversation_id}/replies", reply)
            follower.accepted.add(text)
            await asyncio.sleep(BETWEEN_REPLIES_SECONDS)

    async def _get(self, path: str) -> dict[str, Any]:
        return await self._call("GET", path, None)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._call("POST", path, body)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """Ask until the desk answers: it may be dead, or die meanwhile."""
        while True:
            try:
                async with self._http.request(
                    method, self._address() + path, json=body, headers=self._headers
                ) as answer:
                    said = await answer.json()
                    if answer.ok:
                        return said
                    assert answer.status == 503, said
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)

    async def _counts(self) -> dict[str, float]:
        async with self._http.get(f"{self._address()}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def _address(self) -> str:
        self._turn += 1
        return self._addresses[self._turn % len(self._addresses)]


async def verdict(flood: Flood, installation: Installation) -> Counter[str]:
    """Assert all that must be true once the desk has come to rest; what there was of each."""
    seen = Counter(await _pushes_are_kept_once(flood, installation))
    for follower in flood.followers:
        messages = await flood.conversation(follower)
        seen["lines"] += _lines_are_shown_once(follower, messages)
        seen += _replies_left_once(follower, messages, await flood.phone(follower))
    assert seen["lines"] == seen["rows"], "a kept push has become no message, or two"
    assert installation.failed_rounds == []
    return seen


async def _pushes_are_kept_once(flood: Flood, installation: Installation) -> dict[str, int]:
    rows = await installation.lines("pushes")
    assert not [row for row in rows if row["state"] != "done"]
    assert max(Counter((row["openid"], row["msg_id"]) for row in rows).values()) == 1
    kept = Counter(row["openid"] for row in rows)
    acknowledged = {each.openid: len(each.acknowledged) for each in flood.followers}
    assert all(kept[openid] >= count for openid, count in acknowledged.items())
    return {"rows": len(rows), "acknowledged": sum(acknowledged.values())}


def _lines_are_shown_once(follower: Follower, messages: list[dict[str, Any]]) -> int:
    shown = [message["text"] for message in messages if message["direction"] == "in"]
    assert _each_once(shown)
    assert follower.acknowledged <= set(shown), "an acknowledged push is lost"
    assert _in_order_of(follower.written, shown)
    return len(shown)


def _replies_left_once(
    follower: Follower, messages: list[dict[str, Any]], phone: list[str]
) -> Counter[str]:
    own = [message for message in messages if message["direction"] == "out"]
    by_state: defaultdict[str, set[str]] = defaultdict(set)
    for message in own:
        by_state[message["state"]].add(message["text"])
    assert _each_once([message["text"] for message in own])
    assert follower.accepted <= {message["text"] for message in own}, "an accepted reply is lost"
    assert _each_once(phone), "a customer read a reply twice"
    assert _in_order_of(follower.replied, phone)
    assert by_state["sent"] <= set(phone) <= by_state["sent"] | by_state["uncertain"]
    assert set(by_state) <= {"sent", "uncertain", "failed"}
    return Counter({state: len(texts) for state, texts in by_state.items()})


def _each_once(texts: Sequence[str]) -> bool:
    return len(texts) == len(set(texts))


def _in_order_of(written: Sequence[str], shown: Sequence[str]) -> bool:
    place: Callable[[str], int] = {text: at for at, text in enumerate(written)}.__getitem__
    return sorted(shown, key=place) == list(shown)


def text_xml(openid: str, text: str, msg_id: int) -> bytes:
    return (
        "<xml><ToUserName>gh_9a3c51e7b2d4</ToUserName>"
        f"<FromUserName>{openid}</FromUserName><CreateTime>{time.time():.0f}</CreateTime>"
        f"<MsgType>text</MsgType><Content>{text}</Content><MsgId>{msg_id}</MsgId></xml>"
    ).encode()


def signed_query(openid: str) -> str:
    timestamp, nonce = f"{time.time():.0f}", f"{time.monotonic_ns()}"
    signature = sha1("".join(sorted((TOKEN, timestamp, nonce))).encode()).hexdigest()
    return f"signature={signature}&timestamp={timestamp}&nonce={nonce}&openid={openid}"
