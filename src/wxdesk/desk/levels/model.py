"""Levels, who was granted one, and how the one that counts for a contact came to be another."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypedDict

from sqlalchemy import JSON, ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.contacts import LevelSource
from wxdesk.errors import Conflict, Invalid
from wxdesk.store import Base, Id

CHANGED = "levels"
"""The loop that is woken when contacts have other levels, or levels promise something else."""

OVER = "levels_over"
"""The loop that works out anew the levels that are over or were retired."""

_NOT_RETIRED, _NOT_ENDED = text("retired_at IS NULL"), text("ended_at IS NULL")


class LevelInvalid(Invalid):
    """A level cannot be right; ``problem`` says why."""

    code = "level_invalid"


class TooManyLevels(Conflict):
    """There are as many as there may be."""

    code = "too_many_levels"


class LevelNameTaken(Conflict):
    """Another level is called so."""

    code = "level_name_taken"


class LevelsChanged(Conflict):
    """Somebody has changed the levels meanwhile: read them again."""

    code = "levels_changed"


class DefaultLevel(Conflict):
    """It is what everybody else has: make another the default first."""

    code = "default_level"


class Colour(StrEnum):
    """What a level is shown in; the pages know how each looks, by day and in the dark."""

    GREY = "grey"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    GOLD = "gold"
    ORANGE = "orange"
    RED = "red"
    PURPLE = "purple"


class LevelFacts(TypedDict):
    """What a level promises, as routing reckons with it."""

    name: str
    rank: int
    first: timedelta
    next: timedelta | None
    left_message: timedelta
    hard_factor: float
    head_start: float
    extra_slots: int
    sticky: timedelta


class Level(Base):
    """A level (等级).

    Attributes:
        rank: 1 is the best.
        first_seconds: Within so long a person is to answer first; whoever gives another, later.
        next_seconds: Likewise from then on; None: twice the first.
        resolution_seconds: Within so long it is to be done; None: no promise.
        left_message_seconds: For what was left outside hours.
        pause_resolution: Time in which the customer owes the answer counts not for the end.
        head_start: So much of a target before its end the level begins to count; 0 to 1.
        hard_factor: So many targets after the beginning a wait is far too long.
        extra_slots: Conversations beyond an agent's limit that it may use.
        sticky_seconds: At most so long a customer waits for the agent they know.
        is_default: What everybody has for whom nothing else counts. Exactly one is.
        earned: How it is earned beside by hand and API: ``tag_ids``, ``scenes``, ``conditions``.
    """

    __tablename__ = "levels"
    __table_args__ = (
        Index(None, "rank", unique=True, sqlite_where=_NOT_RETIRED, postgresql_where=_NOT_RETIRED),
    )

    id: Mapped[Id]
    name: Mapped[str]
    rank: Mapped[int]
    colour: Mapped[Colour]
    first_seconds: Mapped[int]
    next_seconds: Mapped[int | None]
    resolution_seconds: Mapped[int | None]
    left_message_seconds: Mapped[int]
    pause_resolution: Mapped[bool] = mapped_column(server_default=true())
    head_start: Mapped[float]
    hard_factor: Mapped[float]
    extra_slots: Mapped[int]
    sticky_seconds: Mapped[int]
    is_default: Mapped[bool]
    retired_at: Mapped[datetime | None]
    earned: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def facts(self) -> LevelFacts:
        following = None if self.next_seconds is None else timedelta(seconds=self.next_seconds)
        return LevelFacts(
            name=self.name,
            rank=self.rank,
            first=timedelta(seconds=self.first_seconds),
            next=following,
            left_message=timedelta(seconds=self.left_message_seconds),
            hard_factor=self.hard_factor,
            head_start=self.head_start,
            extra_slots=self.extra_slots,
            sticky=timedelta(seconds=self.sticky_seconds),
        )


class Grant(Base):
    """A contact was given a level; one by each source counts at a time.

    Attributes:
        source: By hand it overrides all else; otherwise the best of all sources counts.
        until: None: for good.
        ended_at: When it was taken back or another took its place.
    """

    __tablename__ = "level_grants"
    __table_args__ = (
        Index(
            None,
            "contact_id",
            "source",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"))
    source: Mapped[LevelSource]
    until: Mapped[datetime | None]
    note: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LevelChange(Base):
    """From now on this level counts for a contact, for this reason.

    Attributes:
        note: What was noted when it was granted.
        by_id: Who granted it.
    """

    __tablename__ = "level_changes"
    __table_args__ = (Index(None, "contact_id", "id"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id"))
    source: Mapped[LevelSource]
    until: Mapped[datetime | None]
    note: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]
