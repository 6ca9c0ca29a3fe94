"""The control API under ``/sim/``: what tests and the phone page do with the simulator."""

from collections.abc import Iterable

from aiohttp import web

from wxsim.control import followers, native, records, sending, world

ROUTES: Iterable[web.AbstractRouteDef] = [
    *followers.routes,
    *native.routes,
    *records.routes,
    *sending.routes,
    *world.routes,
]
