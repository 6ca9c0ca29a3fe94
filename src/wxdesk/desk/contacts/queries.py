"""Every SQL statement about contacts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, String, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import get_history

from wxdesk.desk.contacts.model import Contact, Follower, Place
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.store.bulk import update_all

LEARNT = (
    "remark",
    "following",
    "unionid",
    "language",
    "subscribed_at",
    "subscribe_scene",
    "qr_scene",
    "platform_remark",
    "tag_ids",
    "refreshed_at",
    "refresh_at",
)

SEEN = (
    "last_seen_at",
    "following",
    "refresh_at",
    "grants",
    "settled_at",
    "window_closes_at",
    "lasting_sends",
)


async def get(unit: Unit, contact_id: int) -> Contact:
    contact = await unit.session.scalar(
        unit.locking(select(Contact).where(Contact.id == contact_id))
    )
    if contact is None:
        raise NotFound(f"there is no contact {contact_id}")
    return contact


async def get_families(unit: Unit, ids: Collection[int]) -> dict[int, Sequence[Contact]]:
    """These contacts, each with all contacts of the same person and itself first, locked at once.

    Whoever is not there is left out.
    """
    own = select(Contact.person_id).where(Contact.id.in_(ids), Contact.person_id.is_not(None))
    query = select(Contact).where(or_(Contact.id.in_(ids), Contact.person_id.in_(own)))
    found = (await unit.session.scalars(unit.locking(query.order_by(Contact.id)))).all()
    known = {each.id: each for each in found}
    return {
        contact_id: [known[contact_id], *_others(known[contact_id], found)]
        for contact_id in ids
        if contact_id in known
    }


def _others(contact: Contact, among: Sequence[Contact]) -> list[Contact]:
    if contact.person_id is None:
        return []
    return [each for each in among if each.person_id == contact.person_id and each is not contact]


async def get_family(unit: Unit, contact_id: int) -> Sequence[Contact]:
    """A contact, and behind it the other contacts of the same person, locked.

    Raises:
        NotFound: There is no such contact.
    """
    found = await get_families(unit, [contact_id])
    if contact_id not in found:
        raise NotFound(f"there is no contact {contact_id}")
    return found[contact_id]


async def find_named(
    unit: Unit, account_id: int, openids: Collection[str], unionids: Collection[str]
) -> Collection[Sequence[Contact]]:
    """Followers of one account by either of WeChat's names, locked, as ``get_families`` gives."""
    query = select(Contact.id).where(
        Contact.account_id == account_id,
        or_(Contact.openid.in_(openids), Contact.unionid.in_(unionids)),
    )
    return (await get_families(unit, (await unit.session.scalars(query)).all())).values()


async def same_unionid(unit: Unit, contact: Contact, *, limit: int) -> Sequence[Contact]:
    """Followers of other accounts whom WeChat tells to be the same; not those joined already."""
    if contact.unionid is None:
        return ()
    apart = or_(Contact.person_id.is_(None), Contact.person_id != contact.person_id)
    if contact.person_id is None:
        apart = Contact.id != contact.id
    query = select(Contact).where(Contact.unionid == contact.unionid, apart)
    return (await unit.session.scalars(query.order_by(Contact.id).limit(limit))).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Contact]:
    found = await unit.session.scalars(select(Contact).where(Contact.id.in_(ids)))
    return {contact.id: contact for contact in found}


async def find(unit: Unit, followers: Collection[Follower]) -> dict[Follower, Contact]:
    """Those of the followers that the desk has met, locked."""
    found = await unit.session.scalars(
        select(Contact)
        .where(tuple_(Contact.account_id, Contact.openid).in_(_pairs(unit, followers)))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )
    return {contact.follower: contact for contact in found}


def _pairs(unit: Unit, followers: Collection[Follower]) -> Any:
    """As two arrays on PostgreSQL, which takes long over a list of many pairs."""
    if not _is_postgres(unit):
        return followers
    account_ids = literal([each for each, _ in followers], ARRAY(BigInteger))
    openids = literal([each for _, each in followers], ARRAY(String))
    pairs = func.unnest(account_ids, openids).table_valued("account_id", "openid").render_derived()
    return select(pairs.c.account_id, pairs.c.openid)


async def hold(unit: Unit, followers: Collection[Follower], *, beside: Collection[int]) -> None:
    """Lock followers and some others at once, in the order in which everybody does."""
    query = select(Contact.id).where(
        or_(
            tuple_(Contact.account_id, Contact.openid).in_(followers),
            Contact.id.in_(beside),
        )
    )
    await unit.session.execute(unit.locking(query.order_by(Contact.id)))


async def find_of_account(
    unit: Unit, account_id: int, openids: Collection[str]
) -> dict[str, Contact]:
    """Those followers of one account that the desk has met, locked."""
    found = await unit.session.scalars(
        select(Contact)
        .where(Contact.account_id == account_id, Contact.openid.in_(openids))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )
    return {contact.openid: contact for contact in found}


async def add(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> list[Contact]:
    """Add contacts; who was added by somebody else meanwhile is left as they are and left out."""
    if not rows:
        return []
    insert = postgresql.insert if _is_postgres(unit) else sqlite.insert
    added = await unit.session.scalars(
        insert(Contact).on_conflict_do_nothing().returning(Contact), [dict(row) for row in rows]
    )
    return sorted(added, key=lambda contact: contact.id)


def row_of(contact: Contact) -> dict[str, Any]:
    """A contact that is in no session, as ``add`` takes it."""
    names = ("account_id", "openid", "first_seen_at", "last_seen_at", *LEARNT)
    return {"version": 1} | {name: getattr(contact, name) for name in names}


async def record_seen(unit: Unit, seen: Sequence[Contact]) -> None:
    """Write when these contacts were last seen, whether they follow, and what that allows.

    Whoever came back is asked about again.
    """
    for contact in seen:
        if contact.following and get_history(contact, "following").has_changes():
            contact.refresh_at = contact.last_seen_at
    await update_all(unit, seen, SEEN)


async def record_places(unit: Unit, places: Iterable[tuple[Contact, Place]]) -> None:
    """Write where contacts were last, whatever else this unit does with them."""
    for contact_id, place in {contact.id: place for contact, place in places}.items():
        await unit.session.execute(
            update(Contact)
            .where(Contact.id == contact_id)
            .values(location=place.as_json(), version=Contact.version + 1),
            execution_options={"synchronize_session": False},
        )
        unit.tell("contact", contact_id)


async def record_learnt(unit: Unit, learnt: Sequence[Contact]) -> None:
    await update_all(unit, learnt, LEARNT)


async def claim_stale(
    unit: Unit, account_id: int, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[str]:
    """Openids of whom WeChat is to be asked about now; the others leave them alone for a lease."""
    due = (
        select(Contact.id)
        .where(Contact.account_id == account_id, Contact.refresh_at <= now)
        .order_by(Contact.refresh_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    claimed = await unit.session.scalars(
        update(Contact)
        .where(Contact.id.in_(due))
        .values(refresh_at=now + lease)
        .returning(Contact.openid),
        execution_options={"synchronize_session": False},
    )
    return claimed.all()


async def postpone(
    unit: Unit, account_id: int, openids: Collection[str], *, until: datetime | None
) -> None:
    """Ask about these contacts later, or never by itself."""
    await unit.session.execute(
        update(Contact)
        .where(Contact.account_id == account_id, Contact.openid.in_(openids))
        .values(refresh_at=until),
        execution_options={"synchronize_session": False},
    )


def _is_postgres(unit: Unit) -> bool:
    return unit.session.get_bind().dialect.name == "postgresql"
