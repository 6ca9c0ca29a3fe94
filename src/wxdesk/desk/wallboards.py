"""Wallboards (大屏): screens on a wall that read figures with a token of their own, and no more."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Base, Id, Unit

TOKEN_PREFIX = "wxb_"  # noqa: S105  so that a leaked one is recognised
MOST_WALLBOARDS = 100
NOTE_EVERY = timedelta(minutes=1)
"""So exactly it is known when a screen last asked."""


class TooManyWallboards(Conflict):
    """There are as many as there may be."""

    code = "too_many_wallboards"


class Wallboard(Base):
    """A screen. Only a digest of its token is kept.

    Attributes:
        tiles: What it shows, in order: each a ``kind``, and from which value on it is ``amber`` and
            ``red``.
        shows_names: Whether agents' names are on it.
        timezone: By which its day begins.
    """

    __tablename__ = "device_tokens"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    tiles: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    shows_names: Mapped[bool]
    timezone: Mapped[str]


async def add(
    unit: Unit,
    *,
    name: str,
    tiles: Collection[dict[str, Any]],
    shows_names: bool,
    timezone: str,
    by_id: int,
    now: datetime,
) -> tuple[Wallboard, str]:
    """A new screen, and its token, which cannot be read again.

    Raises:
        TooManyWallboards: Take one away first.
    """
    if len(await list_all(unit)) >= MOST_WALLBOARDS:
        raise TooManyWallboards("there are enough", most=MOST_WALLBOARDS)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    board = Wallboard(
        digest=_digest(token),
        name=name,
        made_by=by_id,
        created_at=now,
        tiles=list(tiles),
        shows_names=shows_names,
        timezone=timezone,
    )
    unit.session.add(board)
    await unit.session.flush()
    return board, token


async def get(unit: Unit, wallboard_id: int) -> Wallboard:
    """One that was not taken away.

    Raises:
        NotFound: There is none.
    """
    query = select(Wallboard).where(Wallboard.id == wallboard_id, Wallboard.revoked_at.is_(None))
    board = await unit.session.scalar(unit.locking(query))
    if board is None:
        raise NotFound(f"there is no wallboard {wallboard_id}")
    return board


async def revoke(unit: Unit, wallboard_id: int, *, now: datetime) -> None:
    """Its token opens nothing any more, from the next time it asks.

    Raises:
        NotFound: There is none.
    """
    (await get(unit, wallboard_id)).revoked_at = now


async def list_all(unit: Unit) -> Sequence[Wallboard]:
    """Those that were not taken away, oldest first."""
    query = select(Wallboard).where(Wallboard.revoked_at.is_(None)).order_by(Wallboard.id)
    return (await unit.session.scalars(query)).all()


async def find_by_token(unit: Unit, token: str) -> Wallboard | None:
    query = select(Wallboard).where(
        Wallboard.digest == _digest(token), Wallboard.revoked_at.is_(None)
    )
    return await unit.session.scalar(query)


async def record_seen(unit: Unit, wallboard_id: int, *, now: datetime) -> None:
    """It has asked."""
    await unit.session.execute(
        update(Wallboard).where(Wallboard.id == wallboard_id).values(last_seen_at=now),
        execution_options={"synchronize_session": False},
    )


def _digest(secret: str) -> str:
    """Secrets of 256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()
