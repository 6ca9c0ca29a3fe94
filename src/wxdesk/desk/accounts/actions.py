"""What happens to accounts: they are added, moved, set up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from wxdesk.desk import calendars
from wxdesk.desk.accounts.hours import require_zone
from wxdesk.desk.accounts.model import (
    CHANGED,
    RECOUNT,
    SLUG,
    WECHAT,
    Account,
    AccountExists,
    Credentials,
    KeptToken,
    Kind,
)
from wxdesk.desk.accounts.queries import get, get_by_slug
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit, Vault
from wxdesk.store.database import take_turn
from wxdesk.wechat import POLICIES, Mode, Policy

CHANGEABLE = frozenset(
    {
        "name",
        "wechat_id",
        "kf_names",
        "sync_tags",
        "sync_remark",
        "blacklist_at_wechat",
        "send_parked",
    }
)


async def add(
    unit: Unit,
    vault: Vault,
    *,
    slug: str,
    name: str,
    app_id: str,
    credentials: Credentials,
    mode: Mode,
    now: datetime,
    kind: Kind = Kind.SERVICE,
    policy: str = "2023",
    original_id: str | None = None,
    api_base: str = WECHAT,
) -> Account:
    """Serve another Official Account.

    Raises:
        Invalid: The slug is none, or the keys do not fit the mode.
        AccountExists: The slug or the AppID is taken.
    """
    _require_policy(policy)
    if not SLUG.fullmatch(slug):
        raise Invalid("a slug is 1 to 40 of a-z, 0-9 and -")
    await take_turn(unit, "accounts")
    taken = select(Account.id).where(or_(Account.slug == slug, Account.app_id == app_id))
    if await unit.session.scalar(taken.limit(1)):
        raise AccountExists(f"there is an account with slug {slug} or AppID {app_id}")
    account = Account(
        slug=slug,
        name=name,
        app_id=app_id,
        original_id=original_id,
        kind=kind,
        mode=mode,
        policy=policy,
        api_base=api_base.rstrip("/"),
        sealed=credentials.seal(vault),
        created_at=now,
    )
    _require_callback(account, vault)
    unit.session.add(account)
    await unit.session.flush()
    unit.session.add(KeptToken(account_id=account.id))
    unit.wake(CHANGED)
    return account


async def change(unit: Unit, account_id: int, changes: Mapping[str, str | bool | None]) -> Account:
    """Change what an operator may: see ``CHANGEABLE``.

    Raises:
        NotFound: There is no such account.
    """
    account = await get(unit, account_id)
    for name in CHANGEABLE & changes.keys():
        setattr(account, name, changes[name])
    await unit.session.flush()
    unit.wake(CHANGED)
    return account


async def set_policy(
    unit: Unit, account_id: int, *, policy: str, table: Mapping[str, Any] | None
) -> Account:
    """Let other rules hold; what was granted under the old ones is worked out anew.

    Args:
        unit: Of the request.
        account_id: Which.
        policy: A name of ``POLICIES``.
        table: The rules, where they differ from those of that name.

    Raises:
        NotFound: There is no such account.
        Invalid: There are no such rules, or the table is none.
    """
    account = await get(unit, account_id)
    _require_policy(policy)
    try:
        edited = Policy.from_document(table) if table is not None else None
    except ValueError as error:
        raise Invalid(str(error)) from None
    account.policy_table = edited.as_document() if edited else None
    account.policy, account.recount_after = policy, 0
    await unit.session.flush()
    unit.wake(RECOUNT)
    return account


async def set_hours(
    unit: Unit, account_id: int, *, timezone: str, calendar_id: int | None
) -> Account:
    """Say when somebody is there; None: always. What is promised by it is reckoned anew.

    Raises:
        NotFound: There is no such account.
        Invalid: There is no such time zone or calendar.
    """
    account = await get(unit, account_id)
    account.timezone = require_zone(timezone)
    if calendar_id is not None:
        await _require_calendar(unit, calendar_id)
    account.calendar_id = calendar_id
    await unit.session.flush()
    unit.wake(calendars.CHANGED)
    return account


async def _require_calendar(unit: Unit, calendar_id: int) -> None:
    """It is there, and nobody throws it away meanwhile."""
    try:
        await calendars.get(unit, calendar_id)
    except NotFound:
        raise Invalid("there is no such calendar", calendar_id=calendar_id) from None


async def move(unit: Unit, *, slug: str, api_base: str) -> None:
    """Call another address for an account from now on."""
    account = await get_by_slug(unit, slug)
    if account.api_base != api_base:
        account.api_base = api_base
        unit.wake(CHANGED)


async def rotate_aes_key(unit: Unit, vault: Vault, *, slug: str, aes_key: str) -> Account:
    """Take a new EncodingAESKey; the one before it is still accepted.

    Raises:
        NotFound: There is no such account.
        Invalid: It is not a key.
    """
    account = await get_by_slug(unit, slug)
    old = account.credentials(vault)
    new = replace(old, aes_key=aes_key, previous_aes_key=old.aes_key)
    account.sealed = new.seal(vault)
    _require_callback(account, vault)
    unit.wake(CHANGED)
    return account


async def set_pay_sign_key(unit: Unit, vault: Vault, *, slug: str, key: str | None) -> None:
    """Believe only complaints that are signed with this key of WeChat Pay's; None: any.

    Raises:
        NotFound: There is no such account.
    """
    account = await get_by_slug(unit, slug)
    account.sealed = replace(account.credentials(vault), pay_sign_key=key or None).seal(vault)
    unit.wake(CHANGED)


def _require_policy(policy: str) -> None:
    if policy not in POLICIES:
        raise Invalid(f"there is no policy {policy}; there are {', '.join(POLICIES)}")


def _require_callback(account: Account, vault: Vault) -> None:
    try:
        account.callback(vault, max_skew=None)
    except ValueError as error:
        raise Invalid(str(error)) from None
