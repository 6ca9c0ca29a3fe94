"""Who waits for the children that decode, and ends those that take too long."""

import asyncio
import contextlib
import json
import secrets
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wxdesk.codec.kinds import FILE, is_shown, recognise
from wxdesk.errors import Invalid

LOOK_SECONDS = 20.0
CONVERT_SECONDS = 90.0
MOST_CHILDREN = 2
MOST_JOBS = 200
"""Then a child is replaced: what leaks in a decoder does not add up."""


class CannotConvert(Invalid):
    """Nothing that WeChat takes can be made of this file; ``problem`` says why."""

    code = "media_unusable"


@dataclass(frozen=True, slots=True)
class Look:
    """What is in a file.

    Attributes:
        content_type: By what is in it; ``FILE`` where it cannot be decoded.
        width: Of a picture or video, upright, in pixels.
        height: Likewise.
        seconds: How long it plays.
        playable: Whether browsers play it as it is.
        thumb: A small JPEG of it, for as long as the look lasts.
        play: An MP3 of it, likewise, where browsers do not play it as it is.
    """

    content_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    playable: bool = False
    thumb: Path | None = None
    play: Path | None = None


class _Child:
    def __init__(self, process: Process) -> None:
        self.process = process
        self.jobs = 0

    async def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.jobs += 1
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        await self.process.stdin.drain()
        line = await self.process.stdout.readline()
        if not line:
            raise ConnectionResetError("the child has died")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class Sandbox:
    """Decodes in children of this process; they begin when they are needed.

    Paths are absolute: a child is in no folder of ours.
    """

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._room = asyncio.Semaphore(MOST_CHILDREN)
        self._converting = asyncio.Semaphore(MOST_CHILDREN - 1)  # a film keeps no picture waiting

    @asynccontextmanager
    async def look(self, path: Path) -> AsyncIterator[Look]:
        """What is in a file; what was made of it lies beside it until the block ends."""
        content_type = await asyncio.to_thread(recognise, path)
        if not is_shown(content_type):
            yield Look(FILE)
            return
        async with self._beside(path) as out:
            answer = await self._ask("look", path, content_type, out, LOOK_SECONDS)
            if "problem" in answer:
                yield Look(FILE)
                return
            for made in answer.keys() & {"thumb", "play"}:
                answer[made] = Path(answer[made])
            yield Look(**answer)

    @asynccontextmanager
    async def convert(
        self, do: str, path: Path, **bounds: float
    ) -> AsyncIterator[tuple[Path, float | None]]:
        """A file that WeChat takes, for as long as the block lasts, and how long it plays.

        Args:
            do: ``voice``, ``video`` or ``picture``.
            path: The file; it is given back where WeChat takes it as it is.
            **bounds: See ``child``.

        Raises:
            CannotConvert: The file is something else, is broken, or plays too long.
        """
        content_type = await asyncio.to_thread(recognise, path)
        async with self._beside(path) as out:
            async with self._converting:
                answer = await self._ask(do, path, content_type, out, CONVERT_SECONDS, **bounds)
            if "problem" in answer:
                problem = str(answer["problem"])
                raise CannotConvert(f"no {do} can be made of it: {problem}", problem=problem)
            yield Path(answer.get("made", path)), answer.get("seconds")

    async def close(self) -> None:
        """End the children."""
        while self._idle:
            await self._idle.pop().end()

    @asynccontextmanager
    async def _beside(self, path: Path) -> AsyncIterator[Path]:
        """Where something is made of a file; nothing of it stays."""
        out = path.with_name(f"{secrets.token_hex(12)}.made")
        try:
            yield out
        finally:
            for made in (out, out.with_suffix(".thumb"), out.with_suffix(".play")):
                made.unlink(missing_ok=True)

    async def _ask(
        self, do: str, path: Path, content_type: str, out: Path, seconds: float, **bounds: float
    ) -> dict[str, Any]:
        job = {
            "do": do,
            "path": str(path),
            "content_type": content_type,
            "out": str(out),
            "seconds": seconds,
            "bounds": bounds,
        }
        async with self._room:
            child = self._idle.pop() if self._idle else _Child(await _start())
            try:
                async with asyncio.timeout(seconds):
                    answer = await child.ask(job)
            except (TimeoutError, OSError):
                await child.end()
                return {"problem": "undecodable"}
            except BaseException:
                await child.end()  # whoever asked went away; its answer is nobody's
                raise
            if child.jobs < MOST_JOBS:
                self._idle.append(child)
            else:
                await child.end()
            return answer


async def _start() -> Process:
    """Apart from the terminal, and with nothing of ours but its input and output."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "wxdesk.codec.child"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
