"""Clocks as they are kept. They stay when levels, groups and calendars go: they tell what was."""

from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.sla import decide
from wxdesk.desk.sla.course import Course
from wxdesk.desk.sla.terms import Key, Kind, Terms
from wxdesk.store import Base, Id

RUNS = text("stopped_at IS NULL")
TO_NOTICE = text("next_at IS NOT NULL")
LATE = text("breached_at IS NOT NULL")


class ClockState(StrEnum):
    """How a clock is, or how it ended."""

    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    LATE = "late"
    UNANSWERED = "unanswered"  # the conversation ended first


class Clock(Base):
    """A promise to the customer of a conversation, and what became of it; see ``Course``.

    Attributes:
        level_id: Whose targets it has; None: the usual ones.
        agent_id: Whose conversation it was when it ended.
        is_reentry: The customer came back soon after the conversation before had been closed.
        reply_id: The message that stopped it; None: it runs, or was ended unanswered.
        next_at: After which moment there is something to notice.
        mark: Of the terms by which it was reckoned.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        Index(
            "ix_clocks_running",
            "conversation_id",
            "kind",
            unique=True,
            sqlite_where=RUNS,
            postgresql_where=RUNS,
        ),
        Index(
            "ix_clocks_terms",
            "level_id",
            "group_id",
            "account_id",
            "mark",
            "id",
            sqlite_where=RUNS,
            postgresql_where=RUNS,
        ),
        Index("ix_clocks_next_at", "next_at", sqlite_where=TO_NOTICE, postgresql_where=TO_NOTICE),
        Index("ix_clocks_breached_at", "breached_at", sqlite_where=LATE, postgresql_where=LATE),
        Index(None, "conversation_id", "started_at"),
        Index(None, "stopped_at"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[Kind]
    level_id: Mapped[int | None]
    group_id: Mapped[int | None]
    account_id: Mapped[int | None]
    calendar_id: Mapped[int | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    is_reentry: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    runs_from: Mapped[datetime]
    left_seconds: Mapped[float]
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    reply_id: Mapped[int | None]
    next_at: Mapped[datetime | None]
    mark: Mapped[str] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def key(self) -> Key:
        return Key(self.level_id, self.group_id, self.account_id)

    @property
    def state(self) -> ClockState:
        if self.stopped_at is None:
            return ClockState.RUNNING if self.paused_at is None else ClockState.PAUSED
        if self.reply_id is None and self.kind is not Kind.RESOLUTION:
            return ClockState.UNANSWERED
        return ClockState.KEPT if self.breached_at is None else ClockState.LATE

    @property
    def course(self) -> Course:
        return Course(**dict(zip(COURSE, _values(self), strict=True)))

    def keep(self, course: Course) -> bool:
        """Note how far it is; whether anything has changed."""
        if _values(course) == _values(self):
            return False
        self.begin(course)
        return True

    def begin(self, course: Course) -> None:
        """Note how far it is, whatever it was."""
        for name in COURSE:
            setattr(self, name, getattr(course, name))
        self.next_at = course.next_at

    def take_terms(self, terms: Terms) -> None:
        """Note by which terms it is reckoned."""
        self.level_id, self.group_id, self.account_id = terms.key
        self.calendar_id, self.mark = terms.calendar_id, terms.mark

    def known(self, terms: Terms, *, lost: bool) -> decide.Clock:
        """What a decision sees of it."""
        return decide.Clock(
            id=self.id,
            kind=self.kind,
            course=self.course,
            terms=terms,
            reply_id=self.reply_id,
            lost=lost,
        )


COURSE = tuple(Course.__dataclass_fields__)
_values = attrgetter(*COURSE)
