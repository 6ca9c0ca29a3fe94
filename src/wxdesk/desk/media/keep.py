"""A file comes to stay: looked at, made small and playable, stored. No unit is open meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from wxdesk.codec import PICTURES, SOUNDS, VIDEOS, Look, Sandbox
from wxdesk.desk.media.fit import As
from wxdesk.errors import Invalid
from wxdesk.store.files import Draft, FileStore, drafting_copy
from wxdesk.wechat import limits

MOST_MADE_BYTES = 64 * 1024 * 1024
THUMB_SIDE = 640
SMALLER_SIDE = 2560


class NotAPicture(Invalid):
    """It is something else, or cannot be opened."""

    code = "not_a_picture"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the store, and has no row yet."""

    sha256: str
    size_bytes: int
    look: Look
    thumb_sha256: str | None
    play_sha256: str | None


async def keep(files: FileStore, sandbox: Sandbox, draft: Draft) -> Kept:
    """Store a finished draft and what is made of it for those who look at it.

    On return all of it outlives a power cut. Without a row it is swept up a day later.
    """
    async with sandbox.look(draft.path) as look:
        thumb = await _put(files, look.thumb)
        play = await _put(files, look.play)
    await files.put(draft)
    return Kept(draft.sha256, draft.size_bytes, look, thumb, play)


async def keep_small(files: FileStore, sandbox: Sandbox, draft: Draft) -> str:
    """Store a small JPEG of a picture, and nothing else of it; its SHA-256.

    Raises:
        NotAPicture: It is something else, or cannot be opened.
    """
    async with sandbox.look(draft.path) as look:
        small = await _put(files, look.thumb) if look.content_type in PICTURES else None
    if small is None:
        raise NotAPicture("it is something else, or cannot be opened")
    return small


@asynccontextmanager
async def fitted(sandbox: Sandbox, as_: As, draft: Draft) -> AsyncIterator[Draft]:
    """What an agent brought, made into what WeChat takes where that needs no asking.

    A voice becomes an MP3, a video an MP4, a thumb a small JPEG. A picture stays as it is: whether
    it is made smaller the agent decides.

    Raises:
        CannotConvert: It is something else, is broken, or plays too long.
    """
    if as_ is As.IMAGE:
        yield draft
        return
    async with sandbox.convert(_JOBS[as_], draft.path, **_BOUNDS[as_]) as (made, _):
        if made == draft.path:
            yield draft
            return
        async with drafting_copy(made, most_bytes=MOST_MADE_BYTES) as copy:
            yield copy


@asynccontextmanager
async def smaller(sandbox: Sandbox, draft: Draft) -> AsyncIterator[Draft]:
    """A JPEG of a picture, as large as WeChat surely takes it.

    Raises:
        CannotConvert: It is no picture.
    """
    bounds = {"side": SMALLER_SIDE, "most_bytes": limits.SAFE_IMAGE_BYTES}
    async with (
        sandbox.convert("picture", draft.path, **bounds) as (made, _),
        drafting_copy(made, most_bytes=MOST_MADE_BYTES) as copy,
    ):
        yield copy


MADE_OF = {
    As.IMAGE: frozenset(PICTURES),
    As.VOICE: frozenset(SOUNDS) | frozenset(VIDEOS),
    As.VIDEO: frozenset(VIDEOS),
    As.THUMB: frozenset(PICTURES),
}
"""The types of which the desk makes something that WeChat takes: see ``fitted`` and ``smaller``."""

_JOBS = {As.VOICE: "voice", As.VIDEO: "video", As.THUMB: "picture"}
_BOUNDS: dict[As, dict[str, float]] = {
    As.VOICE: {"longest_seconds": limits.VOICE_LENGTH.total_seconds()},
    As.VIDEO: {},
    As.THUMB: {"side": THUMB_SIDE, "most_bytes": limits.THUMB_BYTES},
}


async def _put(files: FileStore, made: Path | None) -> str | None:
    if made is None:
        return None
    async with drafting_copy(made, most_bytes=MOST_MADE_BYTES) as draft:
        await files.put(draft)
        return draft.sha256
