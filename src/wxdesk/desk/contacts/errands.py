"""What WeChat has still to be told about contacts: asked for, claimed, done or given up."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk.contacts.model import Contact, Errand, ErrandKind
from wxdesk.store import Unit

ERRANDS = "errands"
"""The loop that runs them."""


async def ask(unit: Unit, contact: Contact, kind: ErrandKind, *, now: datetime) -> None:
    """Let WeChat be told how this is now; asking again before it was told is one errand."""
    is_postgres = unit.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    await unit.session.execute(
        insert(Errand)
        .values(contact_id=contact.id, kind=kind, due_at=now)
        .on_conflict_do_update(
            index_elements=[Errand.contact_id, Errand.kind],
            set_={"due_at": now, "asked": Errand.asked + 1, "attempts": 0},
        )
    )
    unit.wake(ERRANDS)


async def pending_of(unit: Unit, ids: Collection[int]) -> set[tuple[int, ErrandKind]]:
    """What WeChat does not know yet: contact and kind."""
    rows = await unit.session.execute(
        select(Errand.contact_id, Errand.kind).where(Errand.contact_id.in_(ids))
    )
    return {(row[0], row[1]) for row in rows}


async def claim_errands(
    unit: Unit, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Errand]:
    """Take due errands for one runner, oldest first; after the lease they come due again."""
    due = (
        select(Errand.id)
        .where(Errand.due_at <= now)
        .order_by(Errand.due_at, Errand.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = await unit.session.scalars(
        update(Errand)
        .where(Errand.id.in_(due))
        .values(due_at=now + lease, attempts=Errand.attempts + 1)
        .returning(Errand),
        execution_options={"populate_existing": True},
    )
    return sorted(claimed, key=lambda errand: errand.id)


async def drop(unit: Unit, errand: Errand) -> bool:
    """Nothing is left to do, unless it was asked for again meanwhile: then False."""
    dropped = await unit.session.execute(
        delete(Errand)
        .where(Errand.id == errand.id, Errand.asked == errand.asked)
        .returning(Errand.id),
        execution_options={"synchronize_session": False},
    )
    return dropped.first() is not None


async def postpone_errand(unit: Unit, errand: Errand, *, until: datetime) -> None:
    await unit.session.execute(
        update(Errand)
        .where(Errand.id == errand.id, Errand.asked == errand.asked)
        .values(due_at=until)
    )
