"""Operators add fields, rename them, put them in order and retire them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from wxdesk.desk.fields import queries
from wxdesk.desk.fields.model import (
    Field,
    FieldChange,
    FieldInvalid,
    FieldNameTaken,
    FieldsChanged,
    Kind,
    TooManyFields,
    Value,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit

MOST_FIELDS = 50
MOST_CHOICES = 50
LONGEST_NAME = LONGEST_CHOICE = 40


async def add(unit: Unit, *, name: str, kind: Kind, choices: Sequence[str] = ()) -> Field:
    """Add a field behind all others.

    Raises:
        FieldInvalid: It cannot be right.
        FieldNameTaken: Another is called so.
        TooManyFields: There are as many as there may be.
    """
    known = await queries.lock_fields(unit)
    if len(known) >= MOST_FIELDS:
        raise TooManyFields("there are enough fields", most=MOST_FIELDS)
    place = max((each.place for each in known.values()), default=0) + 1
    field = Field(name=name.strip(), kind=kind, choices=list(choices), place=place)
    _require_sound(field, known.values())
    unit.session.add(field)
    await unit.session.flush()
    return field


async def change(
    unit: Unit, field_id: int, *, name: str, choices: Sequence[str], version: int | None = None
) -> Field:
    """Call a field otherwise, or let others be chosen; what was chosen before stays with contacts.

    Raises:
        NotFound: There is no such field, or it was retired.
        FieldInvalid: It cannot be right.
        FieldNameTaken: Another is called so.
        FieldsChanged: Somebody was faster.
    """
    known = await queries.lock_fields(unit)
    field = _of(known, field_id)
    if version not in (None, field.version):
        raise FieldsChanged("somebody has changed it", version=field.version)
    field.name, field.choices = name.strip(), list(choices)
    _require_sound(field, known.values())
    await unit.session.flush()
    return field


async def put_in_order(unit: Unit, ids: Sequence[int]) -> Sequence[Field]:
    """Show the fields in this order.

    Raises:
        FieldsChanged: These are not all fields.
    """
    known = await queries.lock_fields(unit)
    if sorted(known) != sorted(ids):
        raise FieldsChanged("these are not all fields")
    for place, field_id in enumerate(ids, start=1):
        known[field_id].place = place
    await unit.session.flush()
    return [known[field_id] for field_id in ids]


async def retire(unit: Unit, field_id: int, *, now: datetime) -> None:
    """Show a field no more; its name is free again, and what was kept in it stays.

    Raises:
        NotFound: There is no such field, or it was retired before.
    """
    _of(await queries.lock_fields(unit), field_id).retired_at = now
    await unit.session.flush()


def record_changes(
    unit: Unit,
    contact_id: int,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """Note which values of a contact have become others."""
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            unit.session.add(
                FieldChange(
                    contact_id=contact_id,
                    field_id=int(key),
                    before=before.get(key),
                    after=after.get(key),
                    by_id=by_id,
                    at=now,
                )
            )


def _require_sound(field: Field, known: Collection[Field]) -> None:
    if not 1 <= len(field.name) <= LONGEST_NAME:
        raise FieldInvalid("it needs a name", problem="name")
    if any(each.name == field.name for each in known if each is not field):
        raise FieldNameTaken("another field is called so")
    if (field.kind is Kind.CHOICE) != bool(field.choices):
        raise FieldInvalid("a choice, and nothing else, has choices", problem="choices")
    sound = all(1 <= len(each) <= LONGEST_CHOICE for each in field.choices)
    if not sound or len(set(field.choices)) < len(field.choices):
        raise FieldInvalid("each choice has a name of its own", problem="choices")
    if len(field.choices) > MOST_CHOICES:
        raise FieldInvalid("too many choices", problem="choices", most=MOST_CHOICES)


def _of(known: Mapping[int, Field], field_id: int) -> Field:
    if field_id not in known:
        raise NotFound(f"there is no field {field_id}")
    return known[field_id]
