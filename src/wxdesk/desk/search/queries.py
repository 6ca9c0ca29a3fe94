"""Every SQL statement about the index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import TSQUERY

from wxdesk.desk import contacts, conversations
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.search.expression import Expression
from wxdesk.desk.search.model import Entry, PersonEntry, Progress
from wxdesk.desk.search.wording import is_found, words_of, words_of_contact
from wxdesk.store import Unit

Rules = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of each kind, at most; ``more``: there are more than were counted."""

    kinds: Mapping[str, int]
    more: bool

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


async def find_messages(
    unit: Unit, wanted: Expression, rules: Rules, *, before: int | None, limit: int
) -> Sequence[Message]:
    """Those that answer, the newest first, before one of them."""
    number, matching = _matching(unit, Entry, wanted)
    query = _those(select(Message), number, matching, rules)
    if before is not None:
        query = query.where(number < before)
    return (await unit.session.scalars(query.order_by(number.desc()).limit(limit))).all()


async def count_messages(unit: Unit, wanted: Expression, rules: Rules, *, most: int) -> Counted:
    """Of the newest that answer, how many are of each kind."""
    number, matching = _matching(unit, Entry, wanted)
    query = _those(select(Message.kind), number, matching, rules)
    newest = query.order_by(number.desc()).limit(most + 1).subquery()
    rows = await unit.session.execute(
        select(newest.c.kind, func.count()).group_by(newest.c.kind).order_by(func.count().desc())
    )
    kinds = {row[0]: row[1] for row in rows}
    return Counted(kinds, sum(kinds.values()) > most)


def _those(
    query: Select[Any], number: ColumnElement[int], matching: ColumnElement[bool], rules: Rules
) -> Select[Any]:
    """Messages as the index finds them, narrowed down by what only their rows tell."""
    return (
        query.select_from(number.table)
        .join(Message, Message.id == number)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Contact, Contact.id == Message.contact_id)
        .where(matching, conversations.SHOWN, *rules)
    )


async def find_people(
    unit: Unit, wanted: Expression, rules: Rules, *, after: int | None, limit: int
) -> Sequence[Contact]:
    """Those who answer, the last seen first, after one of them."""
    query = _those_people(unit, select(Contact), wanted, rules)
    if after is not None:
        last = (await contacts.get(unit, after)).last_seen_at
        query = query.where(tuple_(Contact.last_seen_at, Contact.id) < (last, after))
    query = query.order_by(Contact.last_seen_at.desc(), Contact.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


async def count_people(unit: Unit, wanted: Expression, rules: Rules, *, most: int) -> int:
    """How many answer; nobody counts beyond ``most``."""
    some = _those_people(unit, select(Contact.id), wanted, rules).limit(most).subquery()
    return await unit.session.scalar(select(func.count()).select_from(some)) or 0


def _those_people(unit: Unit, query: Select[Any], wanted: Expression, rules: Rules) -> Select[Any]:
    if not wanted:
        return query.where(*rules)
    number, matching = _matching(unit, PersonEntry, wanted)
    query = query.select_from(number.table)
    return query.join(Contact, Contact.id == number).where(matching, *rules)


def _matching(
    unit: Unit, entry: type[Entry | PersonEntry], wanted: Expression
) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """The numbers of what the index holds, and the rule by which they answer."""
    if _is_postgres(unit):
        matching = entry.words.bool_op("@@")(sql_cast(wanted.on_postgres, TSQUERY))
        return _number(entry), matching
    name = "search_index_messages" if entry is Entry else "search_index_contacts"
    found = table(name, column("rowid"))
    return found.c.rowid, literal_column(name).bool_op("MATCH")(wanted.on_sqlite)


def _number(entry: type[Entry | PersonEntry]) -> Column[int]:
    """Of a message or a contact: the key."""
    return cast(Table, entry.__table__).primary_key.columns[0]


async def index_messages(unit: Unit, ids: Collection[int]) -> None:
    """Keep of these messages what is to be found of them now; of what is gone, nothing."""
    found = await conversations.messages_by_ids(unit, ids)
    rows = [{"message_id": each.id, "words": words_of(each)} for each in found if is_found(each)]
    await _write(unit, Entry, ids, rows)


async def index_contacts(unit: Unit, ids: Collection[int]) -> None:
    """The same of contacts."""
    found = await contacts.by_ids(unit, ids)
    rows = [{"contact_id": each.id, "words": words_of_contact(each)} for each in found.values()]
    await _write(unit, PersonEntry, ids, rows)


async def _write(
    unit: Unit,
    entry: type[Entry | PersonEntry],
    ids: Collection[int],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """What says the same as before is not written: few events change the words of anything."""
    number = _number(entry)
    if gone := set(ids) - {row[number.name] for row in rows}:
        await unit.session.execute(delete(entry).where(number.in_(gone)))
    if not rows:
        return
    dialect: Any = postgresql if _is_postgres(unit) else sqlite
    query = dialect.insert(entry)
    query = query.on_conflict_do_update(
        index_elements=[number],
        set_={"words": query.excluded.words},
        where=entry.words != query.excluded.words,
    )
    await unit.session.execute(query, list(rows))


async def find_progress(unit: Unit) -> Progress | None:
    return await unit.session.get(Progress, 1)


async def newest_ids(unit: Unit) -> tuple[int, int]:
    """Of the newest message and the newest contact; 0 where there is none."""
    newest_message = select(func.max(Message.id)).scalar_subquery()
    newest_contact = select(func.max(Contact.id)).scalar_subquery()
    row = (await unit.session.execute(select(newest_message, newest_contact))).one()
    return row[0] or 0, row[1] or 0


async def ids_up_to(
    unit: Unit, kind: type[Message | Contact], last: int, *, limit: int
) -> Sequence[int]:
    """The newest numbers up to one, the highest first."""
    query = select(kind.id).where(kind.id <= last).order_by(kind.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


def _is_postgres(unit: Unit) -> bool:
    return unit.session.get_bind().dialect.name == "postgresql"
