"""Who is measured taking pushes: the bare server, the desk, and what people use today."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desks import Desks, Kind
from peers import PYTHON
from pushes import AES_KEY, APP_ID, TOKEN, Wire
from servers import Server, serving

APPS = Path(__file__).parent / "apps"
BARE = "bare server"
PEERS = {
    "wechatpy + Flask + gunicorn": (
        *(str(PYTHON), "-m", "gunicorn", "--chdir", str(APPS), "--workers", "3"),
        *("--bind", "127.0.0.1:{port}", "--log-level", "error", "peer_flask:app"),
    ),
    "WeRoBot": (str(PYTHON), str(APPS / "peer_werobot.py"), "{port}"),
    "wechatpy + FastAPI + aiosqlite": (
        *(str(PYTHON), "-m", "uvicorn", "--app-dir", str(APPS), "--port", "{port}"),
        *("--no-access-log", "--log-level", "warning", "peer_fastapi:app"),
    ),
}


@dataclass(eq=False, slots=True)
class Tally:
    """How many pushes were kept, counted after the server has stopped; None: not its work."""

    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server that answers pushes with `success`, on storage that is fresh every time."""

    name: str
    wire: Wire

    @property
    def path(self) -> str:
        if self.name in PEERS:
            return "/" if self.name == "WeRoBot" else "/push"
        return f"/wechat/{self.wire}"

    @contextmanager
    def running(self, desks: Desks, folder: Path) -> Iterator[tuple[Server, Tally]]:
        if self.name == BARE:
            run = _bare(folder)
        elif self.name in PEERS:
            run = _peer(self.name, folder)
        else:
            run = _desk(desks, Kind(self.name.removeprefix("wxdesk ")), folder)
        with run as (server, tally):
            yield server, tally


def candidates() -> list[Candidate]:
    """In the order of the table, the bare server of a wire before those compared with it."""
    names = (BARE, *(f"wxdesk {kind}" for kind in Kind), *PEERS)
    secure = (BARE, *(f"wxdesk {kind}" for kind in Kind))
    return [Candidate(name, Wire.PLAIN) for name in names] + [
        Candidate(name, Wire.SECURE) for name in secure
    ]


@contextmanager
def _bare(folder: Path) -> Iterator[tuple[Server, Tally]]:
    command = (sys.executable, str(APPS / "bare.py"), "{port}")
    with serving(command, {}, folder / "bare.log") as server:
        yield server, Tally()


@contextmanager
def _desk(desks: Desks, kind: Kind, folder: Path) -> Iterator[tuple[Server, Tally]]:
    desk, tally = desks.fresh(kind), Tally()
    with serving(desk.ingest_alone, desk.environment, folder / "desk.log") as server:
        yield server, tally
    tally.kept = asyncio.run(desk.count_kept())
    desks.forget(desk)


@contextmanager
def _peer(name: str, folder: Path) -> Iterator[tuple[Server, Tally]]:
    path, tally = folder / "peer.sqlite3", Tally()
    environment = {
        "BENCH_DATABASE": str(path),
        "BENCH_TOKEN": TOKEN,
        "BENCH_AES_KEY": AES_KEY,
        "BENCH_APP_ID": APP_ID,
    }
    with serving(PEERS[name], environment, folder / "peer.log") as server:
        yield server, tally
    with sqlite3.connect(path) as connection:
        tally.kept = connection.execute("SELECT count(*) FROM pushes").fetchone()[0]
    connection.close()
    for left in folder.glob("peer.sqlite3*"):
        left.unlink()
