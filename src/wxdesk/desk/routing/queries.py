"""Every SQL statement about seats, waits, assignments and plans."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    and_,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import QueryableAttribute

from wxdesk.desk.agents import Agent as Person
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.groups import Group
from wxdesk.desk.levels import Level
from wxdesk.desk.routing.model import (
    CAPACITY,
    THE_DESK,
    Assignment,
    Desk,
    Ending,
    PlanVersion,
    RoutingNote,
    Seat,
    Wait,
)
from wxdesk.desk.routing.plan import Plan
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.errors import NotFound
from wxdesk.store import Unit

HERE_WITHIN = timedelta(minutes=2)

MOST_SCANNED = 200
"""So far down a line it is looked for somebody who does not leave an agent out."""

_FREE = and_(Wait.offered_to.is_(None), Wait.held_until.is_(None))
_OPEN = Assignment.ended_at.is_(None)


# The desk


async def lock_desk(unit: Unit) -> Desk:
    """The desk's row, locked: one decision at a time."""
    found = await unit.session.scalars(
        select(Desk).where(Desk.id == THE_DESK).with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found.one()


async def read_desk(unit: Unit) -> Desk:
    return (await unit.session.scalars(select(Desk).where(Desk.id == THE_DESK))).one()


async def repairs(unit: Unit) -> int:
    return await unit.session.scalar(select(Desk.repairs).where(Desk.id == THE_DESK)) or 0


# Seats


async def list_seats(unit: Unit, *, only: Iterable[int] | None = None) -> Sequence[Seat]:
    """Of everybody who works here, as they are by now."""
    query = select(Seat).join(Person, Person.id == Seat.agent_id).where(Person.active)
    if only is not None:
        query = query.where(Seat.agent_id.in_(list(only)))
    found = await unit.session.scalars(
        query.order_by(Seat.agent_id), execution_options={"populate_existing": True}
    )
    return found.all()


async def seats_by_ids(unit: Unit, agent_ids: Collection[int]) -> Sequence[Seat]:
    return (await unit.session.scalars(select(Seat).where(Seat.agent_id.in_(agent_ids)))).all()


async def get_seat(unit: Unit, agent_id: int) -> Seat:
    """An agent's seat, locked if the unit writes; made where there is none yet.

    Whoever holds one seat must not wait for another, unless they hold the desk.
    """
    query = unit.locking(select(Seat).where(Seat.agent_id == agent_id))
    seat = await unit.session.scalar(query, execution_options={"populate_existing": True})
    if seat is not None:
        return seat
    if await unit.session.get(Person, agent_id) is None:
        raise NotFound(f"there is no agent {agent_id}")
    if not unit.writing:
        return new_seat(agent_id)
    await _make_seat(unit, agent_id)
    return (await unit.session.scalars(query)).one()


async def _make_seat(unit: Unit, agent_id: int) -> None:
    """Unless somebody else makes it at the same moment."""
    new = new_seat(agent_id)
    values = {name: getattr(new, name) for name in _OF_NEW_SEAT}
    is_sqlite = unit.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(Seat) if is_sqlite else postgresql.insert(Seat)
    await unit.session.execute(insert.values(values).on_conflict_do_nothing())


_OF_NEW_SEAT = (
    *("agent_id", "presence", "missed", "capacity", "skills", "load", "hungry", "version"),
)


def new_seat(agent_id: int) -> Seat:
    """Of somebody who was never here."""
    return Seat(
        agent_id=agent_id,
        presence=Presence.OFFLINE,
        missed=0,
        capacity=CAPACITY,
        skills={},
        load=0,
        hungry=False,
        version=1,
    )


async def record_seen(
    unit: Unit, agent_ids: Collection[int], now: datetime, *, silence: timedelta
) -> Collection[int]:
    """They are there; that changes nothing that others see. Those whose seats somebody holds.

    Whoever was silent for so long got nothing meanwhile, and looks for work now. Who has no seat
    yet gets one.
    """
    known = set(
        await unit.session.scalars(select(Seat.agent_id).where(Seat.agent_id.in_(agent_ids)))
    )
    for agent_id in sorted(set(agent_ids) - known):
        await get_seat(unit, agent_id)
    free = select(Seat.agent_id).where(Seat.agent_id.in_(agent_ids))
    was_silent = or_(Seat.seen_at.is_(None), Seat.seen_at < now - silence)
    seen = await unit.session.scalars(
        update(Seat)
        .where(Seat.agent_id.in_(free.with_for_update(skip_locked=True, key_share=True)))
        .values(seen_at=now, hungry=or_(Seat.hungry, was_silent))
        .returning(Seat.agent_id),
        execution_options={"synchronize_session": False},
    )
    return set(agent_ids) - set(seen)


async def anybody_here(unit: Unit, now: datetime) -> bool:
    """Whether somebody has the desk's page open."""
    query = select(Seat.agent_id).where(Seat.seen_at >= now - HERE_WITHIN).limit(1)
    return await unit.session.scalar(query) is not None


def _gone_quiet(before: datetime) -> Select[int]:
    return select(Seat.agent_id).where(
        Seat.presence != Presence.OFFLINE, or_(Seat.seen_at.is_(None), Seat.seen_at < before)
    )


async def gone_quiet(unit: Unit, before: datetime) -> Sequence[int]:
    """Agents who count as there and were not seen since then."""
    return (await unit.session.scalars(_gone_quiet(before).order_by(Seat.agent_id))).all()


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


async def count_present(unit: Unit) -> Mapping[Presence, int]:
    """How many are what, of those who work here."""
    query = (
        select(Seat.presence, func.count())
        .join(Person, Person.id == Seat.agent_id)
        .where(Person.active)
        .group_by(Seat.presence)
    )
    rows = await unit.session.execute(query)
    return dict.fromkeys(Presence, 0) | {row[0]: row[1] for row in rows}


async def hungry(unit: Unit) -> Sequence[int]:
    return (await unit.session.scalars(_hungry())).all()


async def let_all_look(unit: Unit) -> None:
    """Everybody who is here is asked what they could take."""
    await unit.session.execute(
        update(Seat).where(Seat.presence == Presence.ONLINE).values(hungry=True),
        execution_options={"synchronize_session": False},
    )


async def sate(unit: Unit) -> Sequence[int]:
    """Those who are hungry, and are asked now what they could take.

    As they were read before they may have had no room: whoever asks reads them again.
    """
    found = await unit.session.scalars(
        update(Seat).where(Seat.hungry).values(hungry=False).returning(Seat.agent_id),
        execution_options={"synchronize_session": False},
    )
    return sorted(found)


async def let_look(unit: Unit, agent_ids: Collection[int]) -> None:
    """They are to be asked again."""
    await unit.session.execute(
        update(Seat).where(Seat.agent_id.in_(agent_ids)).values(hungry=True),
        execution_options={"synchronize_session": False},
    )


async def claim_room(
    unit: Unit, agent_id: int, *, load: int, weight: int, most: int, now: datetime
) -> bool:
    """Take room of an agent who is as a decision saw them; whether they were."""
    done = await unit.session.execute(
        update(Seat)
        .where(Seat.agent_id == agent_id, Seat.load == load, Seat.load + weight <= most)
        .where(Seat.presence == Presence.ONLINE, Seat.paused_since.is_(None))
        .values(load=Seat.load + weight, last_assigned_at=now, version=Seat.version + 1),
        execution_options={"synchronize_session": False},
    )
    return bool(cast(CursorResult[Any], done).rowcount)


async def change_load(unit: Unit, agent_id: int, by: int, *, hungry: bool) -> None:
    """Room was given back, or taken without asking."""
    values = {"load": Seat.load + by, "version": Seat.version + 1}
    if hungry:
        values["hungry"] = True  # type: ignore[assignment]
    await unit.session.execute(
        update(Seat).where(Seat.agent_id == agent_id).values(values),
        execution_options={"synchronize_session": False},
    )


# Waits


async def find_wait(unit: Unit, conversation_id: int) -> Wait | None:
    """A wait, locked if the unit writes. Its conversation is to be locked before it."""
    return await unit.session.scalar(
        unit.locking(select(Wait).where(Wait.conversation_id == conversation_id)),
        execution_options={"populate_existing": True},
    )


async def find_offer(unit: Unit, conversation_id: int) -> int | None:
    """To whom a conversation is offered; read without a lock."""
    query = select(Wait.offered_to).where(Wait.conversation_id == conversation_id)
    return await unit.session.scalar(query)


async def waits_by_ids(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, Wait]:
    query = select(Wait).where(Wait.conversation_id.in_(conversation_ids))
    return {each.conversation_id: each for each in await unit.session.scalars(query)}


async def hold_waiting(unit: Unit, conversation_ids: Collection[int]) -> dict[int, Conversation]:
    """Of those who wait there whose conversations nobody else holds: locked with their waits.

    Both are as they are by now, whatever this unit knew of them. For whoever holds other locks
    already, and must not wait for these.
    """
    query = (
        select(Conversation, Wait)
        .join(Wait, Wait.conversation_id == Conversation.id)
        .where(Conversation.id.in_(conversation_ids))
        .where(Conversation.state == ConversationState.WAITING)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = await unit.session.execute(query, execution_options={"populate_existing": True})
    return {conversation.id: conversation for conversation, _ in rows}


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


_LINES = text("""
    WITH RECURSIVE lines (line) AS (
        SELECT min(line) FROM waits WHERE offered_to IS NULL AND held_until IS NULL
        UNION ALL
        SELECT (SELECT min(waits.line) FROM waits WHERE waits.line > lines.line
                AND offered_to IS NULL AND held_until IS NULL)
        FROM lines WHERE lines.line IS NOT NULL
    )
    SELECT line, (SELECT conversation_id FROM waits WHERE waits.line = lines.line
                  AND offered_to IS NULL AND held_until IS NULL
                  ORDER BY since, conversation_id LIMIT 1) AS head
    FROM lines WHERE line IS NOT NULL
""")
"""From one line to the next, with the first of each, without looking at those behind."""


async def lines(unit: Unit) -> Sequence[str]:
    """The lines in which anybody stands. Cost: grows with the lines, not with those who wait."""
    return [row.line for row in await unit.session.execute(_LINES)]


async def heads(unit: Unit) -> Sequence[Wait]:
    """The first of each line, in two statements. Cost: as ``lines``."""
    first = [row.head for row in await unit.session.execute(_LINES)]
    if not first:
        return []
    query = select(Wait).where(Wait.conversation_id.in_(first)).order_by(Wait.line)
    return (await unit.session.scalars(query)).all()


async def head(
    unit: Unit, line: str, *, but: Collection[int] = (), now: datetime, agent_id: int | None = None
) -> Wait | None:
    """The first in a line that does not leave this agent out."""
    query = (
        select(Wait)
        .where(_FREE, Wait.line == line, Wait.conversation_id.not_in(but))
        .order_by(Wait.since, Wait.conversation_id)
    )
    if agent_id is None:
        return await unit.session.scalar(query.limit(1))
    for each in await unit.session.scalars(query.limit(MOST_SCANNED)):
        if agent_id not in each.waiting(now).excluded:
            return each
    return None


class Place(NamedTuple):
    """What the order of a wait follows from."""

    conversation_id: int
    pool: str
    rank: int
    since: datetime
    warn_at: datetime
    due_at: datetime
    hard_at: datetime


_PLACE = [getattr(Wait, name) for name in Place._fields]


async def places(unit: Unit, line: str, *, limit: int) -> Sequence[Place]:
    """The first of a line."""
    query = (
        select(*_PLACE)
        .where(_FREE, Wait.line == line)
        .order_by(Wait.since, Wait.conversation_id)
        .limit(limit)
    )
    return [Place(*row) for row in await unit.session.execute(query)]


async def places_aside(unit: Unit, *, limit: int) -> Sequence[Place]:
    """Of those who are held or offered, so many of each."""
    found = []
    for aside in (Wait.offered_to.is_not(None), Wait.held_until.is_not(None)):
        rows = await unit.session.execute(select(*_PLACE).where(aside).limit(limit))
        found += [Place(*row) for row in rows]
    return list(dict.fromkeys(found))


async def held_for(unit: Unit, agent_id: int) -> Sequence[Wait]:
    """Those who are held for an agent they know, longest waiting first."""
    query = select(Wait).where(
        Wait.familiar_id == agent_id, Wait.held_until.is_not(None), Wait.offered_to.is_(None)
    )
    return (await unit.session.scalars(query.order_by(Wait.since, Wait.conversation_id))).all()


async def offered_to(unit: Unit, agent_id: int) -> Sequence[Wait]:
    query = select(Wait).where(Wait.offered_to == agent_id)
    return (await unit.session.scalars(query.order_by(Wait.since))).all()


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


_WITHOUT_GROUP = (
    select(Wait)
    .outerjoin(Group, Group.id == Wait.group_id)
    .where(Wait.group_id.is_not(None), Group.id.is_(None))
)


async def anybody_without_group(unit: Unit) -> bool:
    return bool(await unit.session.scalar(select(_WITHOUT_GROUP.exists())))


async def without_group(unit: Unit, *, limit: int) -> Sequence[Wait]:
    """Those who wait for a group that was thrown away."""
    query = _WITHOUT_GROUP.order_by(Wait.since).limit(limit)
    return (await unit.session.scalars(query)).all()


async def without_level(unit: Unit, *, limit: int) -> Sequence[Wait]:
    """Those who wait by a level that was retired."""
    query = select(Wait).join(Level, Level.id == Wait.level_id)
    query = query.where(Level.retired_at.is_not(None)).order_by(Wait.since)
    return (await unit.session.scalars(query.limit(limit))).all()


async def unqueued(unit: Unit, *, limit: int) -> Sequence[int]:
    """Conversations that wait for nobody in particular and stand in no line."""
    query = (
        select(Conversation.id)
        .outerjoin(Wait, Wait.conversation_id == Conversation.id)
        .where(Conversation.state == ConversationState.WAITING, Wait.conversation_id.is_(None))
        .order_by(Conversation.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def underrated(unit: Unit, *, limit: int) -> Mapping[Wait, int]:
    """Those who wait with a worse level than their contact has by now, with that level."""
    query = (
        select(Wait, Level.id)
        .join(Conversation, Conversation.id == Wait.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Level, Level.id == Contact.level_id)
        .where(Level.retired_at.is_(None), Level.rank < Wait.rank)
        .order_by(Wait.since)
        .limit(limit)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def remove_wait(unit: Unit, conversation_id: int) -> bool:
    """Nobody waits there any more; whether somebody did."""
    done = await unit.session.execute(
        delete(Wait).where(Wait.conversation_id == conversation_id),
        execution_options={"synchronize_session": "evaluate"},
    )
    return bool(cast(CursorResult[Any], done).rowcount)


async def count_all_waiting(unit: Unit) -> int:
    return await unit.session.scalar(select(func.count()).select_from(Wait)) or 0


async def count_waiting(unit: Unit, group_ids: Collection[int]) -> Mapping[int, int]:
    query = select(Wait.group_id, func.count()).where(Wait.group_id.in_(group_ids))
    rows = await unit.session.execute(query.group_by(Wait.group_id))
    return {row[0]: row[1] for row in rows if row[0] is not None}


async def count_before(unit: Unit, wait: Wait) -> int:
    """How many of the same level began to wait before, in the same group."""
    query = select(func.count()).where(
        Wait.rank == wait.rank,
        Wait.group_id.is_(None) if wait.group_id is None else Wait.group_id == wait.group_id,
        or_(
            Wait.since < wait.since,
            and_(Wait.since == wait.since, Wait.conversation_id < wait.conversation_id),
        ),
    )
    return await unit.session.scalar(query) or 0


# Assignments


async def find_assignment(unit: Unit, conversation_id: int) -> Assignment | None:
    """Who has a conversation, or is offered it. Its conversation is to be locked before it."""
    return await unit.session.scalar(
        select(Assignment).where(Assignment.conversation_id == conversation_id, _OPEN),
        execution_options={"populate_existing": True},
    )


async def open_of(unit: Unit, agent_id: int) -> Sequence[Assignment]:
    """All that an agent has, oldest first."""
    query = select(Assignment).where(Assignment.agent_id == agent_id, _OPEN)
    return (await unit.session.scalars(query.order_by(Assignment.id))).all()


async def history(unit: Unit, conversation_id: int, *, limit: int) -> Sequence[Assignment]:
    """Newest first."""
    query = select(Assignment).where(Assignment.conversation_id == conversation_id)
    return (await unit.session.scalars(query.order_by(Assignment.id.desc()).limit(limit))).all()


def _woken() -> Select[int]:
    return select(Assignment.conversation_id).where(_OPEN, literal_column("woken"))


async def woken(unit: Unit, *, limit: int) -> Sequence[int]:
    """Conversations in which the customer has written while they rested, the first one first."""
    return (await unit.session.scalars(_woken().order_by(Assignment.id).limit(limit))).all()


async def wake(unit: Unit, conversation_ids: Collection[int]) -> None:
    """The customers have written: they rest no more, as soon as the dispatcher looks."""
    await unit.session.execute(
        update(Assignment)
        .where(Assignment.conversation_id.in_(conversation_ids), _OPEN)
        .where(Assignment.rests_since.is_not(None))
        .values(woken=True),
        execution_options={"synchronize_session": False},
    )


def _overdue_answers(now: datetime) -> Select[int]:
    return select(Assignment.conversation_id).where(_OPEN, Assignment.answer_by <= now)


async def overdue_answers(unit: Unit, now: datetime, *, limit: int) -> Sequence[int]:
    """Conversations whose agent has not answered in time."""
    query = _overdue_answers(now).order_by(Assignment.answer_by).limit(limit)
    return (await unit.session.scalars(query)).all()


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
    )


async def quiet(unit: Unit, before: datetime, *, limit: int) -> Sequence[int]:
    """Conversations that rest, in which nobody has said anything since a moment."""
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
    UNSEEN = "unseen"
    HUNGRY = "hungry"


async def what_is_due(unit: Unit, now: datetime, plan: Plan) -> frozenset[Due]:
    """What a round would find to mind. One statement: a look into an index for each."""

    def before(seconds: int) -> datetime:
        return now - timedelta(seconds=seconds)

    found: dict[Due, ColumnElement[bool]] = {
        Due.LIMITS: _limited_until(now).exists(),
        Due.TIMERS: _first(Wait.next_at, _timed_out(now)),
        Due.GONE: _gone_quiet(before(plan.lost_seconds)).exists(),
        Due.OFFERED: _OFFERED_TO_ABSENT.exists(),
        Due.HELD: _HELD_FOR_ABSENT.exists(),
        Due.LEFT: _left_before(before(plan.return_seconds)).exists(),
        Due.WOKEN: _first(Assignment.id, _woken()),
        Due.UNANSWERED: _first(Assignment.answer_by, _overdue_answers(now)),
        Due.SILENT: _first(Conversation.last_at, _silent(before(plan.rests_after_seconds))),
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


async def was_tried(unit: Unit, conversation_id: int, since: datetime | None) -> bool:
    """Whether somebody had this wait already, and did not answer in time."""
    query = select(Assignment.id).where(
        Assignment.conversation_id == conversation_id,
        Assignment.ending == Ending.UNANSWERED,
        Assignment.waited_since == since,
    )
    return await unit.session.scalar(query.limit(1)) is not None


async def wrong_loads(unit: Unit) -> Mapping[int, int]:
    """By agent, by how much their load is less than what they have. One statement: one moment."""
    counted = (
        select(Assignment.agent_id, func.sum(Assignment.weight).label("units"))
        .where(_OPEN, Assignment.rests_since.is_(None))
        .group_by(Assignment.agent_id)
        .subquery()
    )
    off = func.coalesce(counted.c.units, 0) - Seat.load
    query = select(Seat.agent_id, off).outerjoin(counted, counted.c.agent_id == Seat.agent_id)
    rows = await unit.session.execute(query.where(off != 0).order_by(Seat.agent_id))
    return {row[0]: int(row[1]) for row in rows}


class Work(NamedTuple):
    """What an agent has.

    Attributes:
        owed: In which the customer waits for an answer.
        resting: In which the customer owes it, for a while.
        oldest_owed: Since when the one who waits longest does.
    """

    owed: int = 0
    resting: int = 0
    oldest_owed: datetime | None = None


async def work_of(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, Work]:
    """What these agents have; one statement."""
    query = (
        select(
            Assignment.agent_id,
            func.count(Conversation.owed_since),
            func.count(Assignment.rests_since),
            func.min(Conversation.owed_since),
        )
        .join(Conversation, Conversation.id == Assignment.conversation_id)
        .where(_OPEN, Assignment.accepted_at.is_not(None), Assignment.agent_id.in_(agent_ids))
        .group_by(Assignment.agent_id)
    )
    return {row[0]: Work(*row[1:]) for row in await unit.session.execute(query)}


async def last_agents(
    unit: Unit, conversation_ids: Collection[int], since: datetime
) -> Mapping[int, int]:
    """Who had each of these conversations last, where that ended after a moment."""
    query = (
        select(Conversation.id, Conversation.assignee_id)
        .where(Conversation.id.in_(conversation_ids), Conversation.assignee_id.is_not(None))
        .where(Conversation.closed_at >= since)
    )
    rows = await unit.session.execute(query)
    return {row[0]: row[1] for row in rows if row[1] is not None}


# Plans, the log


async def published(unit: Unit) -> PlanVersion | None:
    """The plan in force."""
    query = select(PlanVersion).where(PlanVersion.published_at.is_not(None))
    return await unit.session.scalar(
        query.order_by(PlanVersion.published_at.desc(), PlanVersion.id.desc()).limit(1)
    )


async def draft(unit: Unit) -> PlanVersion | None:
    return await unit.session.scalar(
        unit.locking(select(PlanVersion).where(PlanVersion.published_at.is_(None)))
    )


async def versions(unit: Unit, *, limit: int) -> Sequence[PlanVersion]:
    query = select(PlanVersion).where(PlanVersion.published_at.is_not(None))
    return (
        await unit.session.scalars(query.order_by(PlanVersion.published_at.desc()).limit(limit))
    ).all()


async def list_notes(
    unit: Unit, *, conversation_id: int | None = None, before: int | None = None, limit: int
) -> Sequence[RoutingNote]:
    query = select(RoutingNote).order_by(RoutingNote.id.desc()).limit(limit)
    if conversation_id is not None:
        query = query.where(RoutingNote.conversation_id == conversation_id)
    if before is not None:
        query = query.where(RoutingNote.id < before)
    return (await unit.session.scalars(query)).all()
