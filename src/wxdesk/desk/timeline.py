"""What happened with a customer (时间线): of all parts, newest first, over all their contacts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from wxdesk.desk.contacts import ContactChange
from wxdesk.desk.conversations import ON_TIMELINE, Conversation, Direction, Message
from wxdesk.desk.fields import FieldChange
from wxdesk.desk.levels import LevelChange
from wxdesk.store import Unit


class TimelineKind(StrEnum):
    """What happened."""

    FOLLOW = "follow"
    SCAN = "scan"
    MENU = "menu"
    PAYMENT = "payment"
    COMPLAINT = "complaint"
    SESSION = "session"
    NOTE = "note"
    TEMPLATE = "template"
    FIELD = "field"
    LEVEL = "level"
    CHANGE = "change"  # remark, tags, joined, parted, what was shown to whom


HAPPENINGS: Mapping[TimelineKind, frozenset[str]] = {
    TimelineKind.FOLLOW: frozenset({"subscribe", "unsubscribe"}),
    TimelineKind.SCAN: frozenset({"scan"}),
    TimelineKind.MENU: frozenset(
        {
            "menu_click",
            "menu_view",
            "menu_miniprogram",
            "menu_scan",
            "menu_pictures",
            "menu_location",
        }
    ),
    TimelineKind.PAYMENT: frozenset({"payment", "card"}),
    TimelineKind.COMPLAINT: frozenset({"complaint"}),
}
"""Which lines of threads are of which kind."""

_KINDS = {name: kind for kind, names in HAPPENINGS.items() for name in names}


class Place(NamedTuple):
    """Where an entry stands: those behind it are earlier, or of a source or number below."""

    at: datetime
    source: int
    id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened.

    Attributes:
        row: The message, conversation or change that tells it.
        conversation_id: In which, or during which, it did; None: before the first.
    """

    kind: TimelineKind
    place: Place
    contact_id: int
    conversation_id: int | None
    row: Any


@dataclass(frozen=True, slots=True)
class _Asked:
    contact_ids: Collection[int]
    kinds: frozenset[TimelineKind]
    after: Place | None
    limit: int

    def behind(self, at: Any, number: Any, source: int) -> list[ColumnElement[bool]]:
        """Rows of a source that come after the page before."""
        if self.after is None:
            return []
        if source < self.after.source:
            return [at <= self.after.at]
        if source > self.after.source:
            return [at < self.after.at]
        return [tuple_(at, number) < (self.after.at, self.after.id)]


async def list_entries(
    unit: Unit,
    contact_ids: Collection[int],
    *,
    kinds: Collection[TimelineKind] = frozenset(TimelineKind),
    after: Place | None = None,
    limit: int,
) -> Sequence[Entry]:
    """What happened with these contacts, newest first. Five statements at most.

    Args:
        unit: Reads are enough.
        contact_ids: Of one person.
        kinds: Only of these.
        after: Where the page before ended.
        limit: At most so many.
    """
    asked = _Asked(contact_ids, frozenset(kinds), after, limit)
    found = await _lines(unit, asked, 0) + await _sessions(unit, asked, 1)
    for source, kind in enumerate(_LOGS, start=2):
        if kind in asked.kinds:
            found += await _logged(unit, asked, source, kind)
    return sorted(found, key=lambda entry: entry.place, reverse=True)[:limit]


async def _lines(unit: Unit, asked: _Asked, source: int) -> list[Entry]:
    names = [name for kind in asked.kinds for name in HAPPENINGS.get(kind, ())]
    wanted: list[ColumnElement[bool]] = []
    if names:
        wanted.append(and_(Message.direction == Direction.SYSTEM, Message.kind.in_(names)))
    if TimelineKind.NOTE in asked.kinds:
        wanted.append(Message.direction == Direction.NOTE)
    if TimelineKind.TEMPLATE in asked.kinds:
        wanted.append(and_(Message.direction == Direction.OUT, Message.kind == "template"))
    if not wanted:
        return []
    query = select(Message).where(
        ON_TIMELINE,
        Message.contact_id.in_(asked.contact_ids),
        Message.told_agent_id.is_(None),
        or_(*wanted),
        *asked.behind(Message.sent_at, Message.id, source),
    )
    query = query.order_by(Message.sent_at.desc(), Message.id.desc()).limit(asked.limit)
    return [
        Entry(
            _kind_of(each),
            Place(each.sent_at, source, each.id),
            each.contact_id,
            each.conversation_id,
            each,
        )
        for each in await unit.session.scalars(query)
    ]


def _kind_of(line: Message) -> TimelineKind:
    if line.direction is Direction.NOTE:
        return TimelineKind.NOTE
    return TimelineKind.TEMPLATE if line.direction is Direction.OUT else _KINDS[line.kind]


async def _sessions(unit: Unit, asked: _Asked, source: int) -> list[Entry]:
    if TimelineKind.SESSION not in asked.kinds:
        return []
    query = (
        select(Conversation)
        .where(
            Conversation.contact_id.in_(asked.contact_ids),
            *asked.behind(Conversation.opened_at, Conversation.id, source),
        )
        .order_by(Conversation.opened_at.desc(), Conversation.id.desc())
        .limit(asked.limit)
    )
    return [
        Entry(
            TimelineKind.SESSION,
            Place(each.opened_at, source, each.id),
            each.contact_id,
            each.id,
            each,
        )
        for each in await unit.session.scalars(query)
    ]


_Log = type[FieldChange] | type[LevelChange] | type[ContactChange]
_LOGS: Mapping[TimelineKind, _Log] = {
    TimelineKind.FIELD: FieldChange,
    TimelineKind.LEVEL: LevelChange,
    TimelineKind.CHANGE: ContactChange,
}


async def _logged(unit: Unit, asked: _Asked, source: int, kind: TimelineKind) -> list[Entry]:
    """Changes, with the conversation during which each was made."""
    log = _LOGS[kind]
    during = (
        select(func.max(Conversation.id))
        .where(Conversation.contact_id == log.contact_id, Conversation.opened_at <= log.at)
        .scalar_subquery()
    )
    query = (
        select(log, during)
        .where(log.contact_id.in_(asked.contact_ids), *asked.behind(log.at, log.id, source))
        .order_by(log.at.desc(), log.id.desc())
        .limit(asked.limit)
    )
    return [
        Entry(kind, Place(row.at, source, row.id), row.contact_id, talk_id, row)
        for row, talk_id in await unit.session.execute(query)
    ]
