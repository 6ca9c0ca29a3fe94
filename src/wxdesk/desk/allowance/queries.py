"""Every SQL statement about the ledger of allowances."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, exists, select

from wxdesk.desk.allowance.model import Act, Entry
from wxdesk.desk.contacts import Contact
from wxdesk.store import Unit
from wxdesk.store.bulk import insert_values


async def insert_acts(unit: Unit, acts: Sequence[Act]) -> None:
    await insert_values(
        unit.session,
        cast(Table, Entry.__table__),
        [
            {
                "contact_id": act.contact_id,
                "at": act.at,
                "turn": act.happening.turn,
                "trigger": act.trigger,
                "push_id": act.push_id,
            }
            for act in acts
        ],
    )


async def entries_of(unit: Unit, contact_ids: Collection[int]) -> dict[int, list[Entry]]:
    """All that is known to have happened to each of these contacts."""
    found = await unit.session.scalars(select(Entry).where(Entry.contact_id.in_(contact_ids)))
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in found:
        entries[entry.contact_id].append(entry)
    return entries


async def newest_entries(unit: Unit, contact_id: int, *, limit: int) -> Sequence[Entry]:
    query = (
        select(Entry)
        .where(Entry.contact_id == contact_id)
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def with_entries(unit: Unit, account_id: int, *, after: int, limit: int) -> Sequence[Contact]:
    """Contacts of an account to whom anything happened, locked, by their numbers."""
    query = (
        select(Contact)
        .where(Contact.account_id == account_id, Contact.id > after)
        .where(exists().where(Entry.contact_id == Contact.id))
        .order_by(Contact.id)
        .limit(limit)
    )
    return (await unit.session.scalars(unit.locking(query))).all()


async def forget_before(unit: Unit, moment: datetime) -> None:
    await unit.session.execute(
        delete(Entry).where(Entry.at < moment),
        execution_options={"synchronize_session": False},
    )
