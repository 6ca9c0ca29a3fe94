"""How a clock runs: begun, paused, gone on with, stopped, re-opened; warned of, and late. Pure.

Only time in which the calendar is open counts. A pause keeps what is left of the target; whoever
goes on has that much from then on. Late is a fact: nothing that happens afterwards undoes it.

Source: docs of the discipline, "SLA clock and business hours".
"""

from dataclasses import dataclass, replace
from datetime import datetime

from wxdesk.desk.calendars import Calendar

WARN_SHARE = 0.25
"""Somebody is warned when so much of the target is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a clock is.

    Attributes:
        started_at: When it began to run.
        seconds: Its target.
        runs_from: Since when it runs without a pause: its start, or the end of the last pause.
        left_seconds: Of its target, at ``runs_from``; while it is paused, when it goes on.
        warn_at: When little is left. None, as of ``due_at``: never, or it is paused.
        due_at: When its target is used up. It is late after that, not at that very moment.
        paused_at: Since when it stands still.
        stopped_at: When it came to its end.
        warned_at: When it was noticed that little is left.
        breached_at: When it was due, once it is late, whenever that was noticed.
    """

    started_at: datetime
    seconds: float
    runs_from: datetime
    left_seconds: float
    warn_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None

    @classmethod
    def begin(cls, at: datetime, seconds: float, calendar: Calendar) -> "Course":
        """A target, from a moment on."""
        return cls(
            started_at=at,
            seconds=seconds,
            runs_from=at,
            left_seconds=seconds,
            warn_at=calendar.due(at, seconds * (1 - WARN_SHARE)),
            due_at=calendar.due(at, seconds),
        )

    @property
    def is_over(self) -> bool:
        return self.stopped_at is not None

    @property
    def next_at(self) -> datetime | None:
        """After which moment there is something to notice; None: there will be nothing."""
        if self.is_over or self.paused_at is not None or self.breached_at is not None:
            return None
        return self.due_at if self.warned_at is not None else self.warn_at

    def pause(self, at: datetime, calendar: Calendar) -> "Course":
        """Let it stand still; one that stands or has ended stays as it is."""
        if self.is_over or self.paused_at is not None:
            return self
        left = max(0.0, self.left_seconds - calendar.elapsed(self.runs_from, at))
        late = self._late(at)
        due_at = late.due_at if late.breached_at else None
        return replace(late, paused_at=at, left_seconds=left, warn_at=None, due_at=due_at)

    def go_on(self, at: datetime, calendar: Calendar) -> "Course":
        """End its pause; one that is late stays due when it was."""
        if self.is_over or self.paused_at is None:
            return self
        return _reckoned(replace(self, paused_at=None, runs_from=at), calendar)

    def stop(self, at: datetime) -> "Course":
        """It has come to its end; one that had, had."""
        return self if self.is_over else replace(self._late(at), stopped_at=at)

    def reopen(self) -> "Course":
        """What stopped it was nothing: it runs as if it had never been stopped."""
        return replace(self, stopped_at=None)

    def notice(self, now: datetime) -> "Course":
        """What is to be said by now: that little is left, that it is late; each of it once."""
        if self.next_at is None:
            return self
        warned = self.warn_at is not None and self.warn_at < now and self.warned_at is None
        return replace(self._late(now), warned_at=now if warned else self.warned_at)

    def recount(self, seconds: float, calendar: Calendar) -> "Course":
        """What it is by another target or calendar; one that has ended or is late stays.

        What had run when it was last paused was counted then, and stays counted.
        """
        if self.is_over or self.breached_at is not None:
            return self
        left = max(0.0, self.left_seconds + seconds - self.seconds)
        return _reckoned(replace(self, seconds=seconds, left_seconds=left), calendar)

    def improve(self, seconds: float, calendar: Calendar) -> "Course":
        """The same, unless it would come due later: a promise is only ever made better."""
        better = self.recount(seconds, calendar)
        if self.paused_at is not None:
            return better if better.left_seconds < self.left_seconds else self
        sooner = better.due_at and (self.due_at is None or better.due_at < self.due_at)
        return better if sooner else self

    def _late(self, at: datetime) -> "Course":
        if self.breached_at is None and self.due_at is not None and self.due_at < at:
            return replace(self, breached_at=self.due_at)
        return self


def _reckoned(course: Course, calendar: Calendar) -> Course:
    """With what follows from what is left of it."""
    if course.breached_at is not None or course.paused_at is not None:
        return course
    until_warned = max(0.0, course.left_seconds - course.seconds * WARN_SHARE)
    return replace(
        course,
        warn_at=calendar.due(course.runs_from, until_warned),
        due_at=calendar.due(course.runs_from, course.left_seconds),
    )
