"""What is due: marks and timers that a round of the dispatcher minds, found by their indexes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, or_, select, update
from sqlalchemy.orm import QueryableAttribute

from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import who_is_here
from wxdesk.desk.routing.model import Assignment, Seat, Wait
from wxdesk.desk.routing.plan import Plan
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.store import Unit

_OPEN = Assignment.ended_at.is_(None)


def _gone_quiet(before: datetime, now: datetime) -> Select[int]:
    return (
        select(Seat.agent_id)
        .where(Seat.presence != Presence.OFFLINE)
        .where(or_(Seat.seen_at.is_(None), Seat.seen_at < before))
        .where(or_(Seat.reachable_until.is_(None), Seat.reachable_until < before))
        .where(~who_is_here.within_reach(now))
    )


async def gone_quiet(unit: Unit, before: datetime, now: datetime) -> Sequence[int]:
    """Agents who count as there, were not seen since then, and are not within reach otherwise."""
    return (await unit.session.scalars(_gone_quiet(before, now).order_by(Seat.agent_id))).all()


def _left_before(before: datetime) -> Select[int]:
    return (
        select(Seat.agent_id)
        .where(Seat.presence == Presence.OFFLINE, Seat.since <= before)
        .where(
            select(Assignment.id)
            .where(Assignment.agent_id == Seat.agent_id, _OPEN)
            .where(Assignment.rests_since.is_(None))
            .exists()
        )
    )


async def left_before(unit: Unit, before: datetime) -> Sequence[int]:
    """Agents who left before a moment and still have conversations that take room."""
    return (await unit.session.scalars(_left_before(before).order_by(Seat.agent_id))).all()


def _limited_until(now: datetime) -> Select[int]:
    return select(Seat.agent_id).where(Seat.limit_until <= now)


async def end_limits(unit: Unit, now: datetime) -> Sequence[int]:
    """Agents whose limit of a day is over: they take as usual again, and look for work."""
    found = (await unit.session.scalars(_limited_until(now))).all()
    if found:
        await unit.session.execute(
            update(Seat)
            .where(Seat.agent_id.in_(found), Seat.limit_until <= now)
            .values(limit=None, limit_until=None, hungry=True, version=Seat.version + 1),
            execution_options={"synchronize_session": False},
        )
    return found


def _hungry() -> Select[int]:
    return select(Seat.agent_id).where(Seat.hungry)


async def hungry(unit: Unit) -> Sequence[int]:
    return (await unit.session.scalars(_hungry())).all()


def _unseen() -> Select[Wait]:
    return select(Wait).where(literal_column("NOT looked"))


async def unseen(
    unit: Unit, *, meant: bool, limit: int, but: Collection[int] = ()
) -> Sequence[Wait]:
    """Those for whom no agent was looked for since something changed, longest waiting first.

    Args:
        unit: Of the dispatcher.
        meant: Those that are meant for an agent (handed over, or known to it), or the others.
        limit: The most to return.
        but: Not these.
    """
    for_one = or_(Wait.direct_to.is_not(None), Wait.familiar_id.is_not(None))
    query = _unseen().where(for_one if meant else ~for_one, Wait.conversation_id.not_in(but))
    return (await unit.session.scalars(query.order_by(Wait.since).limit(limit))).all()


def _timed_out(now: datetime) -> Select[Wait]:
    return select(Wait).where(Wait.next_at <= now)


async def timed_out(unit: Unit, now: datetime, *, limit: int) -> Sequence[Wait]:
    return (await unit.session.scalars(_timed_out(now).order_by(Wait.next_at).limit(limit))).all()


_GONE = (
    select(Seat.agent_id)
    .where(Seat.agent_id == Wait.offered_to)
    .where(Seat.presence.in_((Presence.AWAY, Presence.OFFLINE)))
)


_TAKES_NONE = (
    select(Seat.agent_id)
    .where(Seat.agent_id == Wait.familiar_id)
    .where(or_(Seat.presence != Presence.ONLINE, Seat.paused_since.is_not(None)))
)


_OFFERED_TO_ABSENT = select(Wait).where(Wait.offered_to.is_not(None), _GONE.exists())


_HELD_FOR_ABSENT = select(Wait).where(Wait.held_until.is_not(None), _TAKES_NONE.exists())


async def with_absent(unit: Unit, *, limit: int) -> Sequence[Wait]:
    """Those who are offered to agents who are not here, or held for some who take nothing now."""
    offered = await unit.session.scalars(_OFFERED_TO_ABSENT.limit(limit))
    held = await unit.session.scalars(_HELD_FOR_ABSENT.limit(limit))
    return sorted([*offered, *held], key=lambda each: (each.since, each.conversation_id))


def _woken() -> Select[int]:
    return select(Assignment.conversation_id).where(_OPEN, literal_column("woken"))


async def woken(unit: Unit, *, limit: int) -> Sequence[int]:
    """Conversations in which the customer has written while they rested, the first one first."""
    return (await unit.session.scalars(_woken().order_by(Assignment.id).limit(limit))).all()


def _overdue_answers(now: datetime) -> Select[int]:
    return select(Assignment.conversation_id).where(_OPEN, Assignment.answer_by <= now)


async def overdue_answers(unit: Unit, now: datetime, *, limit: int) -> Sequence[int]:
    """Conversations whose agent has not answered in time."""
    query = _overdue_answers(now).order_by(Assignment.answer_by).limit(limit)
    return (await unit.session.scalars(query)).all()


def _wrapped_until(now: datetime) -> Select[int]:
    return select(Assignment.id).where(Assignment.wrap_until <= now)


async def wrapped_until(unit: Unit, now: datetime, *, limit: int) -> Sequence[Assignment]:
    """Whose wrap-up is over, the first ones first, locked."""
    query = select(Assignment).where(Assignment.wrap_until <= now).order_by(Assignment.wrap_until)
    return (await unit.session.scalars(unit.locking(query.limit(limit)))).all()


def _silent(before: datetime) -> Select[int]:
    return (
        select(Conversation.id)
        .join(Assignment, Assignment.conversation_id == Conversation.id)
        .where(_OPEN, Assignment.rests_since.is_(None), Assignment.accepted_at.is_not(None))
        .where(literal_column("state = 'active'"), Conversation.rests_since.is_(None))
        .where(Conversation.owed_since.is_(None), Conversation.last_at <= before)
    )


async def silent(unit: Unit, before: datetime, *, limit: int) -> Sequence[int]:
    """Conversations that take room although the customer owes the answer, and has since then."""
    query = _silent(before).order_by(Conversation.last_at).limit(limit)
    return (await unit.session.scalars(query)).all()


def _quiet(before: datetime) -> Select[int]:
    return (
        select(Conversation.id)
        .join(Assignment, Assignment.conversation_id == Conversation.id)
        .where(_OPEN, Assignment.rests_since.is_not(None))
        .where(Conversation.state == ConversationState.ACTIVE)
        .where(Conversation.owed_since.is_(None), Conversation.last_at <= before)
        .where(Conversation.snoozed_until.is_(None))
    )


async def quiet(unit: Unit, before: datetime, *, limit: int) -> Sequence[int]:
    """Conversations that rest, in which nobody has said anything since a moment.

    What was put off is to be seen again, and does not end before.
    """
    query = _quiet(before).order_by(Conversation.last_at).limit(limit)
    return (await unit.session.scalars(query)).all()


class Due(StrEnum):
    """What there may be to mind."""

    LIMITS = "limits"
    TIMERS = "timers"
    GONE = "gone"
    OFFERED = "offered"
    HELD = "held"
    LEFT = "left"
    WOKEN = "woken"
    UNANSWERED = "unanswered"
    SILENT = "silent"
    QUIET = "quiet"
    WRAPPED = "wrapped"
    UNSEEN = "unseen"
    HUNGRY = "hungry"


async def what_is_due(unit: Unit, now: datetime, plan: Plan) -> frozenset[Due]:
    """What a round would find to mind. One statement: a look into an index for each."""

    def before(seconds: int) -> datetime:
        return now - timedelta(seconds=seconds)

    found: dict[Due, ColumnElement[bool]] = {
        Due.LIMITS: _limited_until(now).exists(),
        Due.TIMERS: _first(Wait.next_at, _timed_out(now)),
        Due.GONE: _gone_quiet(before(plan.lost_seconds), now).exists(),
        Due.OFFERED: _OFFERED_TO_ABSENT.exists(),
        Due.HELD: _HELD_FOR_ABSENT.exists(),
        Due.LEFT: _left_before(before(plan.return_seconds)).exists(),
        Due.WOKEN: _first(Assignment.id, _woken()),
        Due.UNANSWERED: _first(Assignment.answer_by, _overdue_answers(now)),
        Due.SILENT: _first(Conversation.last_at, _silent(before(plan.rests_after_seconds))),
        Due.WRAPPED: _first(Assignment.wrap_until, _wrapped_until(now)),
        Due.UNSEEN: _first(Wait.since, _unseen()),
        Due.HUNGRY: _hungry().exists(),
    }
    if plan.close_after_seconds is not None:
        found[Due.QUIET] = _quiet(before(plan.close_after_seconds)).exists()
    answers = (await unit.session.execute(select(*found.values()))).one()
    return frozenset(due for due, is_due in zip(found, answers, strict=True) if is_due)


def _first(by: QueryableAttribute[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Whether there is any, by the index on this column, whatever a planner thinks of the rest."""
    return query.with_only_columns(by).order_by(by).limit(1).scalar_subquery().is_not(None)
