"""The Official Accounts served, their credentials and their access tokens."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Invalid, NotFound
from wxdesk.store import Base, Id, Unit, Vault
from wxdesk.wechat import AccessToken, Callback, Mode

WECHAT = "https://api.weixin.qq.com"
CHANGED = "accounts"
"""The loop that is woken when an account was added or changed."""


SLUG = re.compile("[a-z0-9-]{1,40}")


class Kind(StrEnum):
    """服务号 or 订阅号: what WeChat lets the account do differs."""

    SERVICE = "service"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What only WeChat and the desk know. Sealed as one before it is stored."""

    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)
    previous_aes_key: str | None = field(default=None, repr=False)

    @property
    def aes_keys(self) -> tuple[str, ...]:
        return tuple(key for key in (self.aes_key, self.previous_aes_key) if key)

    def seal(self, vault: Vault) -> bytes:
        return vault.seal(json.dumps(asdict(self)))

    @classmethod
    def open(cls, sealed: bytes, vault: Vault) -> Self:
        return cls(**json.loads(vault.open(sealed)))


class Account(Base):
    """One Official Account (公众号)."""

    __tablename__ = "accounts"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    app_id: Mapped[str] = mapped_column(unique=True)
    original_id: Mapped[str | None]
    kind: Mapped[Kind]
    mode: Mapped[Mode]
    policy: Mapped[str]
    api_base: Mapped[str]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def simulated(self) -> bool:
        """Whether it is on a simulator: no real customer can be behind it."""
        host = urlsplit(self.api_base).hostname or ""
        return not host.endswith(".weixin.qq.com")

    def credentials(self, vault: Vault) -> Credentials:
        return Credentials.open(self.sealed, vault)

    def callback(self, vault: Vault, *, max_skew: timedelta | None) -> Callback:
        """What may come in at this account's callback URL."""
        secret = self.credentials(vault)
        return Callback(secret.token, self.app_id, self.mode, secret.aes_keys, max_skew)


class KeptToken(Base):
    """An account's access token; whoever moves ``renewing_until`` forward may fetch a new one."""

    __tablename__ = "access_tokens"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    sealed: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    renewing_until: Mapped[datetime | None]


class AccountExists(Conflict):
    """The slug or the AppID is taken."""

    code = "account_exists"


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
    if not SLUG.fullmatch(slug):
        raise Invalid("a slug is 1 to 40 of a-z, 0-9 and -")
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
    new = Credentials(old.app_secret, old.token, aes_key, old.aes_key)
    account.sealed = new.seal(vault)
    _require_callback(account, vault)
    unit.wake(CHANGED)
    return account


def _require_callback(account: Account, vault: Vault) -> None:
    try:
        account.callback(vault, max_skew=None)
    except ValueError as error:
        raise Invalid(str(error)) from None


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


async def list_all(unit: Unit) -> Sequence[Account]:
    """Every account, oldest first: there are a handful."""
    return (await unit.session.scalars(select(Account).order_by(Account.id))).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Account]:
    found = await unit.session.scalars(select(Account).where(Account.id.in_(ids)))
    return {account.id: account for account in found}


async def find_token(unit: Unit, vault: Vault, account_id: int) -> AccessToken | None:
    """The access token kept for an account, stale or not."""
    kept = await unit.session.get(KeptToken, account_id)
    if kept is None or not (kept.sealed and kept.expires_at and kept.asked_at):
        return None
    return AccessToken(vault.open(kept.sealed), kept.expires_at, kept.asked_at)


async def claim_renewal(unit: Unit, account_id: int, *, now: datetime, lease: timedelta) -> bool:
    """Become the one who fetches this account's token until the lease ends."""
    claimed = await unit.session.execute(
        update(KeptToken)
        .where(KeptToken.account_id == account_id)
        .where(or_(KeptToken.renewing_until.is_(None), KeptToken.renewing_until <= now))
        .values(renewing_until=now + lease)
        .returning(KeptToken.account_id)
    )
    return claimed.first() is not None


async def release_renewal(unit: Unit, account_id: int) -> None:
    await unit.session.execute(
        update(KeptToken).where(KeptToken.account_id == account_id).values(renewing_until=None)
    )


async def keep_token(unit: Unit, vault: Vault, account_id: int, token: AccessToken) -> None:
    """Keep a fetched token, unless one that was asked for later is kept already."""
    await unit.session.execute(
        update(KeptToken)
        .where(KeptToken.account_id == account_id)
        .where(or_(KeptToken.asked_at.is_(None), KeptToken.asked_at <= token.asked_at))
        .values(
            sealed=vault.seal(token.value), expires_at=token.expires_at, asked_at=token.asked_at
        )
    )
