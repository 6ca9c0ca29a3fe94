"""Pushes as they were kept."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id


class PushState(StrEnum):
    """How far a push got."""

    KEPT = "kept"
    DONE = "done"
    PARKED = "parked"  # it could not be understood; `error` says why


KEPT_FOR = timedelta(days=30)
"""So long a push is there to be looked at, once it was understood."""

KEPT = text("state = 'kept'")
PARKED = text("state = 'parked'")


PushKey = tuple[int, str, str]
"""By which a push is known before it has a number: account, openid, its own key."""


class Claimed(NamedTuple):
    """A kept push as the intake reads it: many at once, and each of them often."""

    id: int
    account_id: int
    openid: str
    kind: str
    body: bytes
    received_at: datetime


class KeptPush(Base):
    """One push, unique by account, follower and its own key (reference 1.6)."""

    __tablename__ = "pushes"
    __table_args__ = (
        UniqueConstraint("key", "openid", "account_id"),  # MsgIds grow: new ones stand together
        Index("ix_pushes_kept", "id", sqlite_where=KEPT, postgresql_where=KEPT),
        Index("ix_pushes_parked", "id", sqlite_where=PARKED, postgresql_where=PARKED),
        Index(None, "received_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    key: Mapped[str]
    msg_id: Mapped[str | None]  # up to 20 digits: text, as some exceed a signed 64-bit integer
    kind: Mapped[str]
    body: Mapped[bytes]  # the XML, decrypted
    received_at: Mapped[datetime]
    state: Mapped[PushState] = mapped_column(server_default="kept")
    error: Mapped[str | None]
