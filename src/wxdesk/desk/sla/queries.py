"""Every SQL statement about clocks, but for those that only count them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select

from wxdesk.desk.conversations import ANSWERS, Conversation, ConversationState, Message
from wxdesk.desk.sla.model import COURSE, Clock
from wxdesk.desk.sla.terms import Key, Kind
from wxdesk.store import Unit
from wxdesk.store.bulk import add_all, update_all

_CHANGING = (
    *COURSE,
    "next_at",
    "level_id",
    "group_id",
    "account_id",
    "calendar_id",
    "agent_id",
    "reply_id",
    "mark",
)

_LOST = exists().where(Message.id == Clock.reply_id, Message.state.not_in(ANSWERS))
"""Whether the reply that stopped a clock is one no more."""

_RESPONDS = Clock.kind != Kind.RESOLUTION


async def concerned(
    unit: Unit, conversation_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[Clock, bool]]]:
    """The clocks that may have something to do, locked, each with whether its reply was lost.

    Those that run, the first one of each conversation, and those whose reply was lost: if a debt
    has come back, it is no younger than what is owed.
    """
    returned = or_(Conversation.owed_since.is_(None), Clock.started_at >= Conversation.owed_since)
    query = (
        select(Clock, _LOST.label("lost"))
        .join(Conversation, Conversation.id == Clock.conversation_id)
        .where(Clock.conversation_id.in_(conversation_ids))
        .where(or_(Clock.stopped_at.is_(None), Clock.kind == Kind.FIRST, and_(returned, _LOST)))
        .order_by(Clock.id)
    )
    if unit.writing:
        query = query.with_for_update(key_share=True, of=Clock)
    rows = await unit.session.execute(query, execution_options={"populate_existing": True})
    found: dict[int, list[tuple[Clock, bool]]] = defaultdict(list)
    for clock, lost in rows:
        found[clock.conversation_id].append((clock, bool(lost)))
    return found


async def closed_before(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, datetime]:
    """When each of these conversations was closed."""
    query = select(Conversation.id, Conversation.closed_at).where(
        Conversation.id.in_(conversation_ids), Conversation.closed_at.is_not(None)
    )
    rows = await unit.session.execute(query)
    return {row[0]: row[1] for row in rows if row[1]}


async def write(
    unit: Unit, *, begun: Sequence[Clock], changed: Sequence[Clock], forgotten: Collection[int]
) -> None:
    """A statement for each kind of change, if there is any; the rows leave the session."""
    if forgotten:
        await unit.session.execute(
            delete(Clock).where(Clock.id.in_(forgotten)),
            execution_options={"synchronize_session": False},
        )
    await update_all(unit, changed, _CHANGING)
    await add_all(unit, begun)


async def claim_next(unit: Unit, *, now: datetime, limit: int) -> Sequence[Clock]:
    """Clocks of which there is something to notice, for this unit alone."""
    query = (
        select(Clock)
        .where(Clock.next_at < now)
        .order_by(Clock.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await unit.session.scalars(query)).all()


async def running(unit: Unit, conversation_ids: Collection[int]) -> dict[int, Clock]:
    """The response that is waited for in each of these conversations. One statement."""
    query = select(Clock).where(
        Clock.conversation_id.in_(conversation_ids), Clock.stopped_at.is_(None), _RESPONDS
    )
    return {clock.conversation_id: clock for clock in await unit.session.scalars(query)}


async def list_clocks(unit: Unit, conversation_id: int, *, limit: int) -> Sequence[Clock]:
    """The newest clocks of a conversation, oldest first."""
    query = (
        select(Clock)
        .where(Clock.conversation_id == conversation_id)
        .order_by(Clock.started_at.desc(), Clock.id.desc())
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()[::-1]


async def all_running(unit: Unit, conversation_ids: Collection[int]) -> Sequence[Clock]:
    """Every clock that runs in these conversations, locked."""
    query = select(Clock).where(
        Clock.conversation_id.in_(conversation_ids), Clock.stopped_at.is_(None)
    )
    return (await unit.session.scalars(unit.locking(query.order_by(Clock.id)))).all()


async def marks(unit: Unit) -> Sequence[tuple[Key, str, int]]:
    """By which terms clocks run, and how many by each."""
    terms = (Clock.level_id, Clock.group_id, Clock.account_id, Clock.mark)
    query = select(*terms, func.count()).where(Clock.stopped_at.is_(None)).group_by(*terms)
    return [(Key(*row[:3]), row[3], row[4]) for row in await unit.session.execute(query)]


async def of_mark(unit: Unit, key: Key, mark: str, *, limit: int) -> Sequence[Clock]:
    """Running clocks that were reckoned by these terms, in the order in which they came."""
    query = (
        select(Clock)
        .where(Clock.level_id.is_not_distinct_from(key.level_id))
        .where(Clock.group_id.is_not_distinct_from(key.group_id))
        .where(Clock.account_id.is_not_distinct_from(key.account_id))
        .where(Clock.mark == mark, Clock.stopped_at.is_(None))
        .order_by(Clock.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def unclocked(unit: Unit, *, limit: int) -> Sequence[int]:
    """Open conversations in which an answer is owed and no clock runs."""
    runs = exists().where(
        Clock.conversation_id == Conversation.id, Clock.stopped_at.is_(None), _RESPONDS
    )
    query = (
        select(Conversation.id)
        .where(Conversation.state != ConversationState.CLOSED)
        .where(Conversation.owed_since.is_not(None), Conversation.due_at.is_(None), ~runs)
        .order_by(Conversation.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()
