"""The index: what is said in pieces, who people are, and how far it is."""

from typing import Any

from sqlalchemy import Dialect, ForeignKey, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from wxdesk.store import Base, Id


class Words(TypeDecorator[str]):
    """Pieces and marks, with blanks between; on PostgreSQL with their places.

    Written and compared, never read.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        return " ".join(f"'{piece}':{at}" for at, piece in enumerate(value.split(" "), 1) if piece)


class Entry(Base):
    """A message in the index; it goes with its message."""

    __tablename__ = "search_entries"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Words)


class PersonEntry(Base):
    """A contact in the index; it goes with its contact."""

    __tablename__ = "search_people"

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Words)


class Progress(Base):
    """How far the index is; one row.

    Attributes:
        rules: By which rules texts were cut (``pieces.RULES``).
        followed: The newest event that was looked at.
        messages_left: Of what was there when it began, this message and those before it are still
            to be indexed; 0: none. ``contacts_left``: the same of contacts.
    """

    __tablename__ = "search_progress"

    id: Mapped[Id]
    rules: Mapped[int]
    followed: Mapped[int]
    messages_left: Mapped[int]
    contacts_left: Mapped[int]

    @property
    def left(self) -> int:
        """At most so many rows are still to be indexed."""
        return self.messages_left + self.contacts_left
