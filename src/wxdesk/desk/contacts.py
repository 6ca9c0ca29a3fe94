"""Contacts: the followers of an account, as the desk knows them.

Since 2021 WeChat tells neither name nor picture of a follower: what a contact is called comes
from the agents.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import NotFound
from wxdesk.store import Base, Id, Unit
from wxdesk.store.bulk import update_all

Follower = tuple[int, str]
"""An account's id and an openid: who a push is from."""


class Contact(Base):
    """One follower of one account."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("account_id", "openid"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")
    following: Mapped[bool] = mapped_column(default=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def follower(self) -> Follower:
        return self.account_id, self.openid


async def get(unit: Unit, contact_id: int) -> Contact:
    contact = await unit.session.scalar(
        unit.locking(select(Contact).where(Contact.id == contact_id))
    )
    if contact is None:
        raise NotFound(f"there is no contact {contact_id}")
    return contact


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Contact]:
    found = await unit.session.scalars(select(Contact).where(Contact.id.in_(ids)))
    return {contact.id: contact for contact in found}


async def find(unit: Unit, followers: Collection[Follower]) -> dict[Follower, Contact]:
    """Those of the followers that the desk has met, locked."""
    found = await unit.session.scalars(
        select(Contact)
        .where(tuple_(Contact.account_id, Contact.openid).in_(followers))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )
    return {contact.follower: contact for contact in found}


async def meet(unit: Unit, followers: Iterable[tuple[Follower, datetime]]) -> list[Contact]:
    """Add followers that were not known, each with the moment they were first seen."""
    met = [
        Contact(account_id=account_id, openid=openid, first_seen_at=seen_at, last_seen_at=seen_at)
        for (account_id, openid), seen_at in followers
    ]
    unit.session.add_all(met)
    await unit.session.flush()
    for contact in met:
        unit.tell("contact", contact.id)
    return met


async def record_seen(unit: Unit, seen: Sequence[Contact]) -> None:
    """Write when these contacts were last seen, and whether they follow; see ``update_all``."""
    await update_all(unit, seen, ("last_seen_at", "following"))


async def set_remark(unit: Unit, contact_id: int, remark: str) -> Contact:
    """Note what the desk calls a contact.

    Raises:
        NotFound: There is no such contact.
    """
    contact = await get(unit, contact_id)
    contact.remark = remark.strip()
    await unit.session.flush()
    unit.tell("contact", contact.id)
    return contact
