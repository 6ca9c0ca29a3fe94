"""Every SQL statement that finds accounts."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from wxdesk.desk.accounts.model import Account
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def get_by_slug(unit: Unit, slug: str) -> Account:
    account = await unit.session.scalar(select(Account).where(Account.slug == slug))
    if account is None:
        raise NotFound(f"there is no account {slug}")
    return account


async def get(unit: Unit, account_id: int) -> Account:
    account = await unit.session.get(Account, account_id)
    if account is None:
        raise NotFound(f"there is no account {account_id}")
    return account


async def lock(unit: Unit, account_id: int) -> Account:
    """An account, held until the unit ends."""
    account = await unit.session.scalar(
        unit.locking(select(Account).where(Account.id == account_id))
    )
    if account is None:
        raise NotFound(f"there is no account {account_id}")
    return account


async def list_all(unit: Unit) -> Sequence[Account]:
    """Every account, oldest first: there are a handful."""
    return (await unit.session.scalars(select(Account).order_by(Account.id))).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Account]:
    found = await unit.session.scalars(select(Account).where(Account.id.in_(ids)))
    return {account.id: account for account in found}
