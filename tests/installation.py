"""``wxdesk`` as operators run it: a process, an environment, a folder.

Commands run in processes forked from one that has imported the desk already, which saves a second
of importing each; ``start`` runs the installed script itself.
"""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import forked_command
from desk_builder import DeskBuilder
from patient import PATIENCE_SECONDS
from wxdesk.runtime import running
from wxdesk.settings import Settings

BIN = Path(sys.executable).parent
SECRET_KEY = "a secret for tests only"

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["pytest", "wxdesk.cli"])


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(slots=True)
class Installation:
    """A desk's folder and the settings its commands run with."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments, said="", **environment) -> Ended:
        streams = [self.folder / f".{name}" for name in ("in", "out", "err")]
        streams[0].write_text(said)
        words = ["wxdesk", *map(str, arguments)]
        process = _forks.Process(
            target=forked_command.run,
            args=(words, self.folder, self._environment(environment), streams),
        )
        process.start()
        process.join(PATIENCE_SECONDS)
        assert process.exitcode is not None, f"{words} does not end"
        return Ended(process.exitcode, streams[1].read_text(), streams[2].read_text())

    def start(self, *arguments, **environment) -> subprocess.Popen:
        return subprocess.Popen(
            [BIN / "wxdesk", *map(str, arguments)],
            cwd=self.folder,
            env=self._environment(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, build):
        """Fill its database, from here: ``build(runtime, desk)``."""

        async def fill():
            settings = Settings(
                data_dir=self.folder,
                database_url=self.environment.get("WXDESK_DATABASE_URL"),
                secret_key=SECRET_KEY,
            )
            async with running(settings, clock=_Today()) as runtime:
                return await build(runtime, DeskBuilder(runtime, "http://127.0.0.1:9"))

        return asyncio.run(fill())

    def _environment(self, more):
        others = {
            name: value for name, value in os.environ.items() if not name.startswith("WXDESK_")
        }
        settings = {
            "WXDESK_DATA_DIR": str(self.folder),
            "WXDESK_SECRET_KEY": SECRET_KEY,
            "WXDESK_PORT": "9471",
        }
        return others | settings | self.environment | more


class _Today:
    """The time of day, on the second."""

    def now(self):
        return datetime.now(UTC).replace(microsecond=0)
