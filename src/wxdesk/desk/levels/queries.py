"""Every SQL statement about levels, grants of them, and which one counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from wxdesk.desk.contacts import Contact, LevelSource
from wxdesk.desk.levels.earned import Claim
from wxdesk.desk.levels.model import Grant, Level, LevelChange
from wxdesk.store import Unit


async def list_levels(unit: Unit) -> Sequence[Level]:
    """The levels that are not retired, the best first."""
    query = select(Level).where(Level.retired_at.is_(None)).order_by(Level.rank)
    return (await unit.session.scalars(query)).all()


async def read_levels(unit: Unit) -> Sequence[Level]:
    """Likewise, as they are by now, whatever this unit knew of them."""
    query = select(Level).where(Level.retired_at.is_(None)).order_by(Level.rank)
    return (await unit.session.scalars(query.execution_options(populate_existing=True))).all()


async def lock_levels(unit: Unit) -> dict[int, Level]:
    """The levels that are not retired, the best first; nobody else changes any until the unit ends.

    Whoever waited for the lock reads what the other has changed.
    """
    await unit.session.execute(unit.locking(select(Level.id).order_by(Level.id)))
    return {level.id: level for level in await read_levels(unit)}


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Level]:
    """These levels, the retired ones as well."""
    if not ids:
        return {}
    found = await unit.session.scalars(select(Level).where(Level.id.in_(ids)))
    return {level.id: level for level in found}


async def default(unit: Unit) -> Level:
    """What everybody has for whom nothing else counts."""
    return (await unit.session.scalars(select(Level).where(Level.is_default))).one()


async def effective(unit: Unit, people: Iterable[Contact]) -> dict[int, Level]:
    """The level that counts for each contact, by the contact's id. One statement for all.

    A level that was retired counts no more, although the contacts are looked through only later.
    """
    people = list(people)
    if not people:
        return {}
    ids = {each.level_id for each in people if each.level_id is not None}
    query = select(Level).where(or_(Level.id.in_(ids), Level.is_default))
    found = {level.id: level for level in await unit.session.scalars(query)}
    default = next(level for level in found.values() if level.is_default)
    known = {each.id: each for each in found.values() if each.retired_at is None}
    return {each.id: known.get(each.level_id or default.id, default) for each in people}


async def counts(unit: Unit) -> dict[int, int]:
    """How many contacts have each level; those that have no other have the default."""
    query = (
        select(Level.id, Level.is_default, func.count(Contact.id))
        .outerjoin(Contact, Contact.level_id == Level.id)
        .where(Level.retired_at.is_(None))
        .group_by(Level.id, Level.is_default)
    )
    rows = (await unit.session.execute(query)).all()
    everybody = await unit.session.scalar(select(func.count()).select_from(Contact)) or 0
    others = everybody - sum(row[2] for row in rows)
    return {row[0]: row[2] + (others if row[1] else 0) for row in rows}


async def set_ranks(unit: Unit, ranks: Mapping[int, int]) -> None:
    """Two levels never have one rank, not for a moment: so first they have none of these."""
    table = cast(Table, Level.__table__)
    await unit.session.execute(
        update(table).where(table.c.id.in_(ranks)).values(rank=-table.c.rank)
    )
    await unit.session.execute(
        update(table)
        .where(table.c.id == bindparam("level"))
        .values(rank=bindparam("place"), version=table.c.version + 1),
        [{"level": level_id, "place": rank} for level_id, rank in ranks.items()],
    )


async def grants_of(unit: Unit, ids: Collection[int]) -> Mapping[int, Sequence[Claim]]:
    """What these contacts were given and nobody took back."""
    rows = await unit.session.scalars(
        select(Grant).where(Grant.contact_id.in_(ids), Grant.ended_at.is_(None))
    )
    claims: dict[int, list[Claim]] = defaultdict(list)
    for each in rows:
        claim = Claim(each.level_id, each.source, each.until, each.note, each.by_id)
        claims[each.contact_id].append(claim)
    return claims


async def others_of_persons(unit: Unit, people: Collection[Contact]) -> Sequence[Contact]:
    """The other contacts of those who have several, locked; those that somebody holds are left.

    Nobody waits for them here: whoever holds one may be waiting for these.
    """
    persons = {each.person_id for each in people if each.person_id is not None}
    if not persons:
        return ()
    query = (
        select(Contact)
        .where(Contact.person_id.in_(persons), Contact.id.not_in([each.id for each in people]))
        .order_by(Contact.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return (await unit.session.scalars(query)).all()


async def end_grants(
    unit: Unit, ids: Collection[int], source: LevelSource, *, now: datetime
) -> None:
    await unit.session.execute(
        update(Grant)
        .where(Grant.contact_id.in_(ids), Grant.source == source, Grant.ended_at.is_(None))
        .values(ended_at=now),
        execution_options={"synchronize_session": False},
    )


async def add_grant(unit: Unit, contact_id: int, claim: Claim, *, now: datetime) -> None:
    unit.session.add(
        Grant(
            contact_id=contact_id,
            level_id=claim.level_id,
            source=claim.source,
            until=claim.until,
            note=claim.note,
            by_id=claim.by_id,
            at=now,
        )
    )
    await unit.session.flush()


async def list_grants(unit: Unit, contact_id: int) -> Sequence[Grant]:
    """What a contact was given and nobody took back, oldest first; one by each source at most."""
    query = (
        select(Grant)
        .where(Grant.contact_id == contact_id, Grant.ended_at.is_(None))
        .order_by(Grant.id)
    )
    return (await unit.session.scalars(query)).all()


async def record_levels(
    unit: Unit, found: Collection[tuple[Contact, Claim]], *, now: datetime
) -> None:
    """Write which level counts for these contacts from now on, and that it does. Two statements.

    They need not be in the session, and what it knows of them is not touched.
    """
    table = cast(Table, Contact.__table__)
    await unit.session.execute(
        update(table)
        .where(table.c.id == bindparam("of_contact"))
        .values(
            level_id=bindparam("level"),
            level_source=bindparam("why", type_=table.c.level_source.type),
            level_until=bindparam("ends", type_=table.c.level_until.type),
            version=table.c.version + 1,
        ),
        [
            dict(zip(("of_contact", "level", "why", "ends"), (each.id, *claim.kept), strict=True))
            for each, claim in found
        ],
    )
    await unit.session.execute(
        insert(cast(Table, LevelChange.__table__)),
        [
            {
                "contact_id": contact.id,
                "level_id": claim.level_id,
                "source": claim.source,
                "until": claim.until,
                "note": claim.note,
                "by_id": claim.by_id,
                "at": now,
            }
            for contact, claim in found
        ],
    )


async def list_changes(
    unit: Unit, contact_id: int, *, before: int | None, limit: int
) -> Sequence[LevelChange]:
    """How the level of a contact came to be another, newest first."""
    query = (
        select(LevelChange)
        .where(LevelChange.contact_id == contact_id)
        .order_by(LevelChange.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(LevelChange.id < before)
    return (await unit.session.scalars(query)).all()


async def list_over(unit: Unit, *, now: datetime, limit: int) -> Sequence[Contact]:
    """Contacts whose level is over or was retired, locked; those that somebody holds wait."""
    found = await _locked(unit, Contact.level_until <= now, limit)
    retired = (
        await unit.session.scalars(select(Level.id).where(Level.retired_at.is_not(None)))
    ).all()
    if retired and len(found) < limit:
        others = Contact.level_id.in_(retired), Contact.id.not_in([each.id for each in found])
        found = [*found, *await _locked(unit, and_(*others), limit - len(found))]
    return found


async def _locked(unit: Unit, which: ColumnElement[bool], limit: int) -> Sequence[Contact]:
    query = (
        select(Contact).where(which).limit(limit).with_for_update(skip_locked=True, key_share=True)
    )
    return (await unit.session.scalars(query)).all()
