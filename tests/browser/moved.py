"""A desk and its WeChat in this process, by a clock that a test moves forward."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from browser.shop import Shop
from desk_builder import DeskBuilder
from journeys.processes import until
from patient import settings_of
from serving import serving
from simulated import simulating
from wxdesk.desk import routing
from wxdesk.desk.agents import Agent
from wxdesk.runtime import running
from wxdesk.store import schema
from wxdesk.worker.run import working
from wxsim.clock import Clock

STEP_SECONDS = 20
"""No further at once where somebody is here: pages say so once a second, by a clock of ours."""


@dataclass(frozen=True)
class Place:
    """Where something is served."""

    url: str


class MovedShop(Shop):
    """A shop whose desk and WeChat go by the clock of the test."""

    def __init__(self, desk: Place, sim: Place, http: aiohttp.ClientSession, rows: DeskBuilder):
        super().__init__(desk, sim, http, rows)
        self._clock: Clock = rows.runtime.clock

    async def forward(self, *here: Agent, **by: float) -> None:
        """Time goes by; the pages of these agents are open all the while."""
        left = timedelta(**by)
        step = timedelta(seconds=STEP_SECONDS) if here else left
        while left > timedelta():
            self._clock.advance(min(step, left))
            await self.sim_post("/sim/clock", advance_seconds=min(step, left).total_seconds())
            left -= step
            await until(lambda: self._seen(here))

    async def _seen(self, here: tuple[Agent, ...]) -> bool:
        """Whether they were, since the clock was moved last."""
        lately = self._clock.now() - timedelta(seconds=STEP_SECONDS / 2)
        async with self._rows.runtime.db.reading() as unit:
            seats = await routing.seats_by_ids(unit, [each.id for each in here])
        return all(seat.seen_at and seat.seen_at > lately for seat in seats)


@asynccontextmanager
async def moved_shop_open(folder: Path, **settings: Any) -> AsyncIterator[MovedShop]:
    """Nothing of it is older than the block; the rules are those of 2023."""
    own = settings_of(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/desk.sqlite3",
        stream_heartbeat_seconds=1,
        push_skew_seconds=0,  # the simulator signs by the real clock
        **settings,
    )
    async with (
        running(own, clock=Clock()) as rt,
        simulating() as sim,
        aiohttp.ClientSession() as http,
    ):
        await schema.upgrade(rt.db)
        rows = DeskBuilder(rt, sim.url)
        await rows.account(policy="2023")
        async with serving(rt) as url, working(rt):
            await sim.post("/sim/account", callback=f"{url}/wechat/shop", policy="2023")
            yield MovedShop(Place(url), Place(sim.url), http, rows)
