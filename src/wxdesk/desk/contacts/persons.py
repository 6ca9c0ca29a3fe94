"""Persons: contacts that are one human being, joined by hand and parted again (ADR 30).

A contact stays a follower of its account, with its own openid, tags and allowance. What the desk
itself keeps, remark and values of fields, is the same on all contacts of a person from the moment
they are joined; what each of them had before is kept, and comes back when they are parted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.contacts import actions, queries
from wxdesk.desk.contacts.model import ChangeKind, Contact
from wxdesk.errors import Conflict, Invalid, NotFound
from wxdesk.store import Base, Id, Unit

MOST_JOINED = 20


class JoinInvalid(Invalid):
    """These contacts cannot be joined; ``problem`` says why."""

    code = "join_invalid"


class NotJoined(Conflict):
    """It is joined to nothing."""

    code = "not_joined"


class Person(Base):
    """Somebody with several contacts.

    Attributes:
        level_from: What speaks for a level of this contact counts for all; None: the best of what
            speaks for any of them.
    """

    __tablename__ = "persons"

    id: Mapped[Id]
    level_from: Mapped[int | None]


class Joining(Base):
    """Contacts became one person's.

    Attributes:
        before: Of each contact, by its number as text: ``person_id``, ``remark``, ``fields``.
        remark: What they were called from then on; ``fields``: what was kept of them.
        level_from: The person's, before.
    """

    __tablename__ = "joinings"
    __table_args__ = (Index(None, "person_id", "id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    before: Mapped[dict[str, Any]]
    remark: Mapped[str]
    fields: Mapped[dict[str, Any]]
    level_from: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]
    parted_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    parted_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Wins:
    """Whose is kept where contacts that are joined differ, by the contact's number.

    Attributes:
        remark: None: the first that there is, by the order in which they are named.
        fields: By the field's number as text; of one that is not named likewise.
        level: None: the best.
    """

    remark: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    level: int | None = None


async def join(
    unit: Unit, ids: Sequence[int], wins: Wins, *, by_id: int, now: datetime
) -> Sequence[Contact]:
    """Make contacts, and those joined to them before, one person's.

    Args:
        unit: Of the request.
        ids: At least two.
        wins: Whose is kept.
        by_id: Who says so.
        now: When.

    Returns:
        All of them.

    Raises:
        NotFound: There is no such contact.
        JoinInvalid: They are one person's already, are too many, or somebody wins who is none of
            them.
    """
    found = await queries.get_families(unit, ids)
    if missing := set(ids) - found.keys():
        raise NotFound(f"there is no contact {min(missing)}")
    family = list({each.id: each for first in ids for each in found[first]}.values())
    _require_sound(family, wins)
    person = await _person_of(unit, family)
    joining = Joining(
        person_id=person.id,
        before={str(each.id): _kept(each) for each in family},
        remark=_remark(family, wins),
        fields=_fields(family, wins),
        level_from=person.level_from,
        by_id=by_id,
        at=now,
    )
    unit.session.add(joining)
    person.level_from = wins.level
    for contact in family:
        others = [each.id for each in family if each is not contact]
        actions.note(unit, contact, ChangeKind.JOINED, None, others, by_id=by_id, now=now)
        contact.person_id = person.id
    await actions.call(unit, family, joining.remark, by_id=by_id, now=now)
    gone = {key: None for each in family for key in each.fields}
    await actions.keep_values(unit, family, gone | joining.fields, by_id=by_id, now=now)
    return family


async def part(unit: Unit, contact_id: int, *, by_id: int, now: datetime) -> Sequence[Contact]:
    """Undo the last joining of a contact's person.

    Each contact has again what it had before; what somebody has changed since stays on all.

    Raises:
        NotFound: There is no such contact.
        NotJoined: It is joined to nothing.
    """
    family = await queries.get_family(unit, contact_id)
    joining = await _last_joining(unit, family[0].person_id)
    if joining is None:
        raise NotJoined(f"contact {contact_id} is joined to nothing")
    person = await unit.session.get_one(Person, joining.person_id)
    person.level_from = joining.level_from
    joining.parted_by, joining.parted_at = by_id, now
    for contact in family:
        before = joining.before[str(contact.id)]
        contact.person_id = before["person_id"]
        others = [each.id for each in family if each is not contact]
        actions.note(unit, contact, ChangeKind.PARTED, others, None, by_id=by_id, now=now)
        if contact.remark == joining.remark:
            await actions.call(unit, [contact], before["remark"], by_id=by_id, now=now)
        back = _back(contact.fields, joining.fields, before["fields"])
        await actions.keep_values(unit, [contact], back, by_id=by_id, now=now)
    return family


async def levels_from(unit: Unit, ids: Collection[int]) -> dict[int, int | None]:
    """Whose level counts for each person; see ``Person``."""
    if not ids:
        return {}
    rows = await unit.session.execute(
        select(Person.id, Person.level_from).where(Person.id.in_(ids))
    )
    return {row[0]: row[1] for row in rows}


async def _person_of(unit: Unit, family: Sequence[Contact]) -> Person:
    known = next((each.person_id for each in family if each.person_id is not None), None)
    if known is not None:
        return await unit.session.get_one(Person, known)
    person = Person(level_from=None)
    unit.session.add(person)
    await unit.session.flush()
    return person


async def _last_joining(unit: Unit, person_id: int | None) -> Joining | None:
    query = (
        select(Joining)
        .where(Joining.person_id == person_id, Joining.parted_at.is_(None))
        .order_by(Joining.id.desc())
        .limit(1)
    )
    return None if person_id is None else await unit.session.scalar(query)


def _require_sound(family: Sequence[Contact], wins: Wins) -> None:
    if len({each.person_id or -each.id for each in family}) == 1:
        raise JoinInvalid("they are one already", problem="same")
    if len(family) > MOST_JOINED:
        raise JoinInvalid("nobody has so many", problem="many", most=MOST_JOINED)
    named = {wins.remark, wins.level, *wins.fields.values()} - {None}
    if not named <= {each.id for each in family}:
        raise JoinInvalid("somebody wins who is none of them", problem="wins")


def _kept(contact: Contact) -> dict[str, Any]:
    return {
        "person_id": contact.person_id,
        "remark": contact.remark,
        "fields": dict(contact.fields),
    }


def _remark(family: Sequence[Contact], wins: Wins) -> str:
    if wins.remark is not None:
        return next(each.remark for each in family if each.id == wins.remark)
    return next((each.remark for each in family if each.remark), "")


def _fields(family: Sequence[Contact], wins: Wins) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for contact in reversed(family):
        found |= contact.fields
    for key, winner in wins.fields.items():
        kept = next(each.fields for each in family if each.id == winner)
        found[key] = kept.get(key)
    return {key: value for key, value in found.items() if value is not None}


def _back(
    now: Mapping[str, Any], joined: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """What was the same ever since they were joined is as it was before."""
    keys = {*joined, *before}
    return {key: before.get(key) for key in keys if now.get(key) == joined.get(key)}
