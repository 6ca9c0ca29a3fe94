"""What the clocks of a conversation do when something has happened to it. Pure.

A response clock stands for one debt: it runs from when the customer began to wait until a person
replies. The first of a conversation runs from when it was opened, each later one from the oldest
message without an answer. If the reply that stopped it comes to nothing, it runs as if it had
never been stopped, and what was begun for a later debt meanwhile is forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from wxdesk.desk.sla.course import Course
from wxdesk.desk.sla.terms import Kind, Terms


class Reply(NamedTuple):
    """A person's reply that is on its way or has arrived; ``sent_at`` in whole seconds."""

    sent_at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A conversation, as far as its clocks ask.

    Attributes:
        opened_at: When it began to wait for a person.
        owed_since: When the customer wrote the oldest message without an answer.
        rests: Somebody has laid it aside until the customer writes.
        closed_at: When it ended.
        replies: In order; empty as well where ``asks_for_replies`` does not ask for them.
    """

    opened_at: datetime
    owed_since: datetime | None
    closed_at: datetime | None = None
    rests: bool = False
    replies: Sequence[Reply] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock of the conversation: all that run, its first one, those whose reply was lost.

    Attributes:
        id: None where it begins now.
        reply_id: The message that stopped it; a clock without one was ended unanswered.
        lost: That reply was refused, withdrawn or parked.
        terms: What it runs by.
    """

    id: int | None = None
    kind: Kind
    course: Course
    terms: Terms
    reply_id: int | None = None
    lost: bool = False

    @property
    def is_unanswered(self) -> bool:
        return self.lost or not self.course.is_over

    def ended(self, at: datetime, reply_id: int | None = None) -> "Clock":
        """Stopped then, and by nothing before."""
        course = self.course.reopen() if self.lost else self.course
        return replace(self, course=course.stop(at), reply_id=reply_id, lost=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """The clocks as they are from now on: those that were there, and those that begin."""

    clocks: Sequence[Clock]
    forgotten: Sequence[Clock] = ()

    @property
    def promised(self) -> Clock | None:
        """The response that is waited for."""
        return next((each for each in self.clocks if _responds(each) and _runs(each)), None)


def asks_for_replies(clocks: Sequence[Clock], now: Situation, *, taken: bool) -> bool:
    """Whether what is to be done depends on what people have replied.

    Args:
        clocks: Of the conversation.
        now: As it is, without its replies.
        taken: Somebody has, or had, the conversation; before, nobody can have replied.
    """
    if now.closed_at is not None:
        return False
    if any(each.lost for each in clocks):
        return True
    if now.owed_since is None:
        return any(_responds(each) and _runs(each) for each in clocks)
    return taken and not any(each.kind is Kind.FIRST for each in clocks)


def decide(clocks: Sequence[Clock], it: Situation, terms: Terms, now: datetime) -> Decision:
    """What the clocks do; the same again changes nothing.

    Args:
        clocks: That the conversation has; see ``Clock``.
        it: The conversation.
        terms: For those that begin.
        now: When.
    """
    responses = sorted(filter(_responds, clocks), key=lambda each: each.course.started_at)
    resolutions = [each for each in clocks if each.kind is Kind.RESOLUTION]
    begun: list[Clock] = []
    forgotten: list[Clock] = []
    if it.closed_at is not None:
        ended = it.closed_at
        responses = [each.ended(ended) if each.is_unanswered else each for each in responses]
    elif it.owed_since is None:
        responses = [_answered(each, it, now) if each.is_unanswered else each for each in responses]
    else:
        responses = [_answered_by_another(each, it) for each in responses]
        responses, forgotten = _owed(responses, it.owed_since, now)
        if not any(map(_runs, responses)):
            begun = _begin(responses, it, it.owed_since, terms)
    resolutions = [_resolve(each, it, now) for each in [*resolutions, *begun[1:]]]
    return Decision([*responses, *begun[:1], *resolutions], forgotten)


def _begin(known: Sequence[Clock], it: Situation, owed: datetime, terms: Terms) -> list[Clock]:
    """The clock of a new debt; with the first of a conversation begins that of its end."""
    if known or it.replies:
        return [_clock(Kind.NEXT, owed, terms.seconds(Kind.NEXT, owed) or 0, terms)]
    at = it.opened_at
    first = _clock(Kind.FIRST, at, terms.seconds(Kind.FIRST, at) or 0, terms)
    until_closed = terms.seconds(Kind.RESOLUTION, at)
    if until_closed is None:
        return [first]
    return [first, _clock(Kind.RESOLUTION, at, until_closed, terms)]


def _clock(kind: Kind, at: datetime, seconds: float, terms: Terms) -> Clock:
    return Clock(kind=kind, course=Course.begin(at, seconds, terms.calendar), terms=terms)


def _answered(clock: Clock, it: Situation, now: datetime) -> Clock:
    """Nothing is owed: one that runs stops now, by the newest reply there is."""
    if clock.lost and (known := _reply_to(clock, it)):
        return clock.ended(max(known.sent_at, clock.course.started_at), known.id)
    return clock.ended(now, it.replies[-1].id if it.replies else None)


def _answered_by_another(clock: Clock, it: Situation) -> Clock:
    """Where one reply was lost, the next may have been an answer to the same."""
    if clock.lost and (known := _reply_to(clock, it)):
        return clock.ended(max(known.sent_at, clock.course.started_at), known.id)
    return clock


def _reply_to(clock: Clock, it: Situation) -> Reply | None:
    since = clock.course.started_at.replace(microsecond=0)
    return next((each for each in it.replies if each.sent_at >= since), None)


def _owed(
    responses: Sequence[Clock], owed: datetime, now: datetime
) -> tuple[list[Clock], list[Clock]]:
    """The oldest debt is the one that runs; whatever was begun after it never was, unless late."""
    after: list[Clock] = []
    forgotten: list[Clock] = []
    runs = False
    for each in responses:
        if not each.is_unanswered:
            after.append(each)
        elif not runs and (each.kind is Kind.FIRST or each.course.started_at <= owed):
            runs = True
            again = each.course.reopen() if each.lost else each.course
            after.append(replace(each, course=again, reply_id=None, lost=False))
        elif each.course.notice(now).breached_at is not None:
            after.append(each.ended(now))
        else:
            forgotten.append(each)
    return after, forgotten


def _resolve(clock: Clock, it: Situation, now: datetime) -> Clock:
    hours = clock.terms.calendar
    if it.closed_at is not None:
        return clock.ended(it.closed_at)
    waits = it.rests or it.owed_since is None
    if waits and clock.terms.pause_while_waiting:
        return replace(clock, course=clock.course.pause(now, hours))
    return replace(clock, course=clock.course.go_on(now, hours))


def _responds(clock: Clock) -> bool:
    return clock.kind is not Kind.RESOLUTION


def _runs(clock: Clock) -> bool:
    return not clock.course.is_over
