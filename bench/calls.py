"""What it takes to call WeChat: many sends at once beside httpx, and many files up and down."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from peers import command_with_peers
from servers import serving

APPS = Path(__file__).parent / "apps"
ANSWER_SECONDS = 0.05  # as apps/slow_wechat.py has it
CONNECTIONS, SENDS, TURNS = 40, 1000, 3  # as many at once as the desk has under way
IDEAL = CONNECTIONS / ANSWER_SECONDS
FILES, AT_ONCE, SMALL_BYTES, LARGE_BYTES = 100, 20, 2_000_000, 10_000_000


class Sent(NamedTuple):
    """Sends a second, and the processor's microseconds for one."""

    per_second: float
    cpu_us: float


class Moved(NamedTuple):
    """Megabytes a second, and what the process held before and at most."""

    mb_per_second: float
    before_mb: float
    peak_mb: float


def sending(folder: Path) -> dict[str, Sent]:
    """``wxdesk`` and ``httpx``, by turns in one process."""
    with _wechat(folder) as base:
        said = _run("send_many.py", base, CONNECTIONS, SENDS, TURNS)
    return {name: Sent(*figures) for name, figures in said.items()}


def moving(folder: Path, way: str, size: int) -> Moved:
    """A hundred files of one size, twenty at a time, in a process of their own."""
    with _wechat(folder) as base, tempfile.TemporaryDirectory(dir=folder) as files:
        return Moved(*_run("transfer_files.py", base, way, FILES, AT_ONCE, size, files))


@contextmanager
def _wechat(folder: Path) -> Iterator[str]:
    command = [sys.executable, str(APPS / "slow_wechat.py"), "{port}"]
    with serving(command, {}, folder / "slow_wechat.log") as server:
        yield f"http://127.0.0.1:{server.port}"


def _run(script: str, *arguments: object) -> dict[str, list[float]] | list[float]:
    run = subprocess.run(
        command_with_peers(APPS / script, *arguments),
        env=os.environ | {"PYTHONPATH": str(APPS)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{script}:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)
