"""The desk as `wxdesk serve` runs it, without the workers beside: pushes are kept, and stay so.

On PostgreSQL this is `--role web`; on SQLite, which serves one process, there is no such role.
"""

import uvloop

from wxdesk import logs
from wxdesk.cli.run import require_database
from wxdesk.cli.serve import DeskServer, spare_what_stays
from wxdesk.runtime import running
from wxdesk.settings import Settings, read_settings


async def run(settings: Settings) -> None:
    async with running(settings) as rt:
        await require_database(rt)
        spare_what_stays()
        await DeskServer(rt).serve()


logs.configure("warning", json=False)
uvloop.run(run(read_settings()))
