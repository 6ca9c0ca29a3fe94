"""Many sends at once, by wxdesk and by httpx, by turns in one process on one loop.

Both keep as many connections, post the same JSON and read the answer. Prints sends a second and
the processor's microseconds for one, of each.

    send_many.py API_BASE CONNECTIONS SENDS TURNS
"""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import httpx
import uvloop

from wxdesk.wechat import Client, TextMessage

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
SEND = "/cgi-bin/message/custom/send"
TOKEN = "89_" + "x" * 136
PATIENCE = 30
Send = Callable[[str], Awaitable[None]]


class OneToken:
    async def current(self) -> str:
        return TOKEN

    async def renew(self, refused: str) -> str:
        raise AssertionError(refused)


async def main(base: str, connections: int, sends: int, turns: int) -> None:
    pool = aiohttp.TCPConnector(limit=connections)
    most = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with (
        aiohttp.ClientSession(connector=pool) as session,
        httpx.AsyncClient(limits=most, timeout=PATIENCE) as bare,
    ):
        client = Client(session, base, OneToken(), timedelta(seconds=PATIENCE))
        both = {"wxdesk": by_wxdesk(client), "httpx": by_httpx(bare, base)}
        for send in both.values():
            await measured(send, connections, connections)  # connects
        rounds = {name: [] for name in both}
        for _, (name, send) in itertools.product(range(turns), both.items()):
            rounds[name].append(await measured(send, connections, sends))
    print(json.dumps({name: medians(figures) for name, figures in rounds.items()}))


def by_wxdesk(client: Client) -> Send:
    async def send(text: str) -> None:
        await client.send(OPENID, TextMessage(text))

    return send


def by_httpx(client: httpx.AsyncClient, base: str) -> Send:
    """As one would write it by hand, with no more checks than are needed."""

    async def send(text: str) -> None:
        message = {"touser": OPENID, "msgtype": "text", "text": {"content": text}}
        answer = await client.post(
            base + SEND,
            params={"access_token": TOKEN},
            content=json.dumps(message, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        answer.raise_for_status()
        assert answer.json().get("errcode", 0) == 0

    return send


async def measured(send: Send, workers: int, sends: int) -> tuple[float, float]:
    """Sends a second, and processor time for one in microseconds."""
    texts = iter([f"您好，这是第 {number} 条。" for number in range(sends)])

    async def work() -> None:
        for text in texts:
            await send(text)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(workers)))
    took, used = time.perf_counter() - began, time.process_time() - cpu
    return sends / took, used / sends * 1e6


def medians(figures: list[tuple[float, float]]) -> list[float]:
    return [statistics.median(column) for column in zip(*figures, strict=True)]


if __name__ == "__main__":
    base, *numbers = sys.argv[1:]
    uvloop.run(main(base, *map(int, numbers)))
