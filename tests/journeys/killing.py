"""One run of the flood while the desk is killed at random instants and started again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import aiohttp

from journeys.flood import Flood, verdict
from journeys.processes import Installation, Process, free_port, simulator

LONGEST_LIFE_SECONDS = 0.9
KILLED_WHILE_STARTING = 0.2  # the share of kills that do not wait until the desk answers
SETTINGS = {"delivery_lease_seconds": 3, "send_timeout_seconds": 0.4}
SEND = "/cgi-bin/message/custom/send"
FAULTS = (
    {},
    {"lose_answer": 3},
    {"hang": 2},
    {"slow_ms": 150},
    {"token_invalid_now": True},
    {"fail_next": [{"path": SEND, "errcode": -1, "times": 2}]},
    {"fail_next": [{"path": SEND, "errcode": 40001, "times": 1}]},
)


async def kill_one(folder: Path, database_url: str, *, kills: int, seed: int) -> Counter[str]:
    """A desk in one process is killed; what there was of everything, once it came to rest."""
    installation = Installation(folder, database_url, **SETTINGS)
    return await _run(installation, [installation.serve()], folder, kills=kills, seed=seed)


async def kill_several(
    folder: Path, database_url: str, redis_url: str, *, kills: int, seed: int
) -> Counter[str]:
    """Of two web and two worker processes one at a time is killed."""
    installation = Installation(folder, database_url, redis_url=redis_url, **SETTINGS)
    processes = [installation.web(), installation.web()]
    workers = [installation.worker(), installation.worker()]
    return await _run(installation, [*processes, *workers], folder, kills=kills, seed=seed)


async def _run(
    installation: Installation, processes: Sequence[Process], folder: Path, *, kills: int, seed: int
) -> Counter[str]:
    sim = simulator(folder, free_port(), policy="2013")
    webs = [process for process in processes if hasattr(process, "ready")]
    try:
        async with aiohttp.ClientSession() as http, installation.builder(sim.url) as desk:
            await desk.account()
            token = await desk.token(await desk.agent())
            await sim.start().ready(http)
            for process in processes:
                process.start()
            flood = Flood(http, [web.url for web in webs], sim.url, token, seed)
            await flood.begin()
            await _kill_again_and_again(flood, processes, http, kills, Random(seed))
            for web in webs:
                await web.ready(http)
            await flood.faults()
            await flood.come_far()
            await flood.stop()
            await flood.drained()
            return await verdict(flood, installation)
    finally:
        installation.stop()
        sim.stop()


async def _kill_again_and_again(
    flood: Flood,
    processes: Sequence[Process],
    http: aiohttp.ClientSession,
    kills: int,
    dice: Random,
) -> None:
    """Sleeping is the matter here: the instant of each death is what is rolled."""
    for _ in range(kills):
        victim = dice.choice(processes)
        await flood.faults(**dice.choice(FAULTS))
        if hasattr(victim, "ready") and dice.random() > KILLED_WHILE_STARTING:
            await victim.ready(http)
        await asyncio.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
        victim.kill()
        victim.start()
