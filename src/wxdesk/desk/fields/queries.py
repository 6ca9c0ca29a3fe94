"""Every SQL statement about fields of contacts, and what became of their values."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from wxdesk.desk.fields.model import SECRET, Field, FieldChange
from wxdesk.store import Unit
from wxdesk.store.database import take_turn

_NOT_RETIRED = select(Field).where(Field.retired_at.is_(None)).order_by(Field.place, Field.id)


async def list_fields(unit: Unit) -> Sequence[Field]:
    """The fields that are not retired, in the operator's order."""
    return (await unit.session.scalars(_NOT_RETIRED)).all()


async def lock_fields(unit: Unit) -> dict[int, Field]:
    """Likewise; nobody else changes or adds any until the unit ends."""
    await take_turn(unit, "fields")
    found = await unit.session.scalars(_NOT_RETIRED.execution_options(populate_existing=True))
    return {field.id: field for field in found}


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Field]:
    """Those of them that are not retired."""
    query = select(Field).where(Field.id.in_(ids), Field.retired_at.is_(None))
    return {field.id: field for field in await unit.session.scalars(query)} if ids else {}


async def secret_ids(unit: Unit) -> frozenset[int]:
    """The fields whose values are shown covered, the retired ones as well."""
    return frozenset(await unit.session.scalars(select(Field.id).where(Field.kind.in_(SECRET))))


async def named(unit: Unit, ids: Collection[int]) -> dict[int, Field]:
    """These fields, the retired ones as well."""
    query = select(Field).where(Field.id.in_(ids))
    return {field.id: field for field in await unit.session.scalars(query)} if ids else {}


async def list_changes(
    unit: Unit, contact_id: int, *, before: int | None, limit: int
) -> Sequence[FieldChange]:
    """What became of the values of a contact, newest first."""
    query = select(FieldChange).where(FieldChange.contact_id == contact_id)
    if before is not None:
        query = query.where(FieldChange.id < before)
    return (await unit.session.scalars(query.order_by(FieldChange.id.desc()).limit(limit))).all()
