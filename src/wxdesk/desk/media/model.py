"""Files, what messages wait for or show of them, and the copies of them that WeChat holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id


class AttachmentState(StrEnum):
    """What became of something that came with a message."""

    WAITING = "waiting"  # WeChat has it, the desk not yet
    READY = "ready"
    LOST = "lost"  # WeChat has forgotten it, or it is nothing the desk can keep
    DELETED = "deleted"  # the desk had it, until retention


WAITING = text("state = 'waiting'")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be fetched from WeChat for a message.

    Attributes:
        role: What it is called in the message's content: ``media`` or ``thumb``.
        media_ids: WeChat's ids of it, the best first.
        kind: What it is said to be: image, voice, video.
        url: Where a picture is shown without a token, if anywhere.
    """

    role: str
    media_ids: tuple[str, ...]
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Something wanted, and the message that it came with at ``sent_at``, WeChat's time."""

    message_id: int
    account_id: int
    wanted: Wanted
    sent_at: datetime


class File(Base):
    """A file that is kept, once however often it came.

    It stands in the store under its SHA-256, as do the small picture and the playable sound that
    were made of it. A number is never given again: browsers keep for ever what they saw under it.
    """

    __tablename__ = "files"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(unique=True)
    size_bytes: Mapped[int]
    content_type: Mapped[str]  # by what is in it, whatever it was declared as
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[float | None]
    name: Mapped[str | None]  # as whoever brought it first called it
    thumb_sha256: Mapped[str | None] = mapped_column(index=True)
    play_sha256: Mapped[str | None] = mapped_column(index=True)
    playable: Mapped[bool]  # browsers play it as it is
    created_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)  # when it was last brought or sent

    @property
    def facts(self) -> dict[str, Any]:
        """The file as messages and answers show it."""
        return {
            "id": self.id,
            "state": AttachmentState.READY.value,
            "content_type": self.content_type,
            "size_bytes": self.size_bytes,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "thumb": self.thumb_sha256 is not None,
            "play": self.playable or self.play_sha256 is not None,
            "name": self.name,
        }

    @property
    def stored_names(self) -> tuple[str, ...]:
        """Everything that stands in the store because of it."""
        names = (self.sha256, self.thumb_sha256, self.play_sha256)
        return tuple(name for name in names if name)


class Attachment(Base):
    """A picture, voice or video of one message: waited for, there, or lost.

    A claim moves ``due_at`` on: fetching twice does no harm, so one whose fetcher has died simply
    comes due again.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("message_id", "role"),
        Index("ix_attachments_due", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(None, "file_id"),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str]
    kind: Mapped[str]
    media_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    url: Mapped[str | None]
    state: Mapped[AttachmentState]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    expires_at: Mapped[datetime]  # WeChat forgets it then


class CopyKey(NamedTuple):
    """Which file WeChat holds, for which account, as what."""

    file_id: int
    account_id: int
    kind: str


class PlatformCopy(Base):
    """A file as WeChat holds it for one account; whoever moves ``uploading_until`` may upload."""

    __tablename__ = "platform_copies"

    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # WeChat's: image, voice, video, thumb
    media_id: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    uploading_until: Mapped[datetime | None]


def waiting_content(wanted: Wanted) -> dict[str, Any]:
    """What a message's content says of something that is not there yet."""
    return {wanted.role: {"id": None, "state": AttachmentState.WAITING.value}}
