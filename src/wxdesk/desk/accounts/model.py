"""The Official Accounts served, their credentials, settings and kept access tokens."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict
from wxdesk.store import Base, Id, Vault
from wxdesk.wechat import POLICIES, Callback, Mode, Policy

WECHAT = "https://api.weixin.qq.com"
CHANGED = "accounts"
"""The loop that is woken when an account was added or changed."""

RECOUNT = "recount"
"""The loop that works out anew what is granted when the rules of an account have changed."""


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
    pay_sign_key: str | None = field(default=None, repr=False)  # of WeChat Pay, for complaints

    @property
    def aes_keys(self) -> tuple[str, ...]:
        return tuple(key for key in (self.aes_key, self.previous_aes_key) if key)

    def seal(self, vault: Vault) -> bytes:
        return vault.seal(json.dumps(asdict(self)))

    @classmethod
    def open(cls, sealed: bytes, vault: Vault) -> Self:
        return cls(**json.loads(vault.open(sealed)))


class Account(Base):
    """One Official Account (公众号).

    Attributes:
        wechat_id: Its 微信号, which stands behind the @ of its customer-service accounts.
        kf_names: Agents appear under their customer-service accounts.
        sync_tags: Tags that agents give are given at WeChat.
        sync_remark: The desk's name of a contact and WeChat's remark follow each other.
        blacklist_at_wechat: Who is blacklisted in the desk is blacklisted at WeChat as well.
        policy: By name, what WeChat lets the account send; ``policy_table`` where it was edited.
        recount_after: The rules have changed: up to which contact that was taken in; else None.
        send_parked: Parked answers leave by themselves as soon as the customer acts.
        timezone: In which quiet hours of the account are meant.
        calendar_id: When somebody is there, where no group says otherwise; None: always.
        answers: It has a rule that is switched on: see ``answers``.
    """

    __tablename__ = "accounts"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    app_id: Mapped[str] = mapped_column(unique=True)
    original_id: Mapped[str | None]
    kind: Mapped[Kind]
    mode: Mapped[Mode]
    policy: Mapped[str]
    policy_table: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    recount_after: Mapped[int | None]
    api_base: Mapped[str]
    sealed: Mapped[bytes]
    wechat_id: Mapped[str | None]
    kf_names: Mapped[bool] = mapped_column(default=False)
    sync_tags: Mapped[bool] = mapped_column(default=False)
    sync_remark: Mapped[bool] = mapped_column(default=False)
    blacklist_at_wechat: Mapped[bool] = mapped_column(default=False)
    send_parked: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"))
    answers: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def simulated(self) -> bool:
        """Whether it is on a simulator: no real customer can be behind it."""
        host = urlsplit(self.api_base).hostname or ""
        return not host.endswith(".weixin.qq.com")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def speaks_by_itself(self) -> bool:
        """Whether the answer to a push may have something to carry."""
        return self.send_parked or self.answers

    @property
    def rules(self) -> Policy:
        """What WeChat lets it send."""
        return (
            Policy.from_document(self.policy_table) if self.policy_table else POLICIES[self.policy]
        )

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
