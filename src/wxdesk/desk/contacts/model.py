"""Contacts, their tags, and what WeChat has still to be told about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id

Follower = tuple[int, str]
"""An account's id and an openid: who a push is from."""


_LAST_SEND = text("lasting_sends - reserved = 1")
_HAS_LEVEL, _LEVEL_ENDS = text("level_id IS NOT NULL"), text("level_until IS NOT NULL")
_HAS_UNIONID, _OF_PERSON = text("unionid IS NOT NULL"), text("person_id IS NOT NULL")


class LevelSource(StrEnum):
    """Why a level counts for a contact; see ``levels``."""

    HAND = "hand"
    API = "api"
    IMPORT = "import"
    TAG = "tag"
    SCENE = "scene"
    FIELD = "field"
    DEFAULT = "default"


class Contact(Base):
    """One follower of one account.

    Attributes:
        remark: What the desk calls them.
        platform_remark: What they are called at WeChat (备注), as it was last told.
        tag_ids: WeChat's ids of the tags they carry.
        qr_scene: The scene of the code they followed by.
        location: Where they last said they were: latitude, longitude, precision (m), at.
        refreshed_at: When WeChat last told about them.
        refresh_at: When WeChat is to be asked about them next; never, when None.
        blacklisted_at_wechat: Whether WeChat holds their messages back, too.
        grants: What WeChat lets us send, as acts and sends up to ``settled_at`` left it; see
            ``allowance``.
        reserved: Messages to them that wait to be sent, each of which will use up one.
        window_closes_at: When the last grant with something left ends; None where there is none.
        lasting_sends: What is left of that one; None: no count.
        reminded_for: The end of the last window before which they were asked to write.
        fields: What the company keeps of them, by the number of the field (``fields``) as text.
        level_id: The level that counts, as it was last worked out (``levels``); None: the default.
        level_source: Why it does.
        level_until: When it is to be worked out anew; None: only when something happens.
        person_id: Whose contact it is, beside others of theirs (``persons``); None: nobody joined
            it to any.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("account_id", "openid"),
        Index(None, "account_id", "refresh_at"),
        Index(None, "window_closes_at"),
        Index(None, "last_seen_at", "id"),
        Index(
            "ix_contacts_last_send",
            "window_closes_at",
            sqlite_where=_LAST_SEND,
            postgresql_where=_LAST_SEND,
        ),
        Index(None, "level_id", sqlite_where=_HAS_LEVEL, postgresql_where=_HAS_LEVEL),
        Index(None, "level_until", sqlite_where=_LEVEL_ENDS, postgresql_where=_LEVEL_ENDS),
        Index(None, "unionid", sqlite_where=_HAS_UNIONID, postgresql_where=_HAS_UNIONID),
        Index(None, "person_id", sqlite_where=_OF_PERSON, postgresql_where=_OF_PERSON),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")
    following: Mapped[bool] = mapped_column(default=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    unionid: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="")
    subscribed_at: Mapped[datetime | None]
    subscribe_scene: Mapped[str] = mapped_column(default="")
    qr_scene: Mapped[str] = mapped_column(default="")
    platform_remark: Mapped[str] = mapped_column(default="")
    tag_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    location: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    refreshed_at: Mapped[datetime | None]
    refresh_at: Mapped[datetime | None]
    blacklisted_at: Mapped[datetime | None]
    blacklisted_by: Mapped[int | None]
    blacklist_reason: Mapped[str] = mapped_column(default="")
    blacklisted_at_wechat: Mapped[bool] = mapped_column(default=False)
    grants: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    settled_at: Mapped[datetime | None]
    reserved: Mapped[int] = mapped_column(default=0)
    window_closes_at: Mapped[datetime | None]
    lasting_sends: Mapped[int | None]
    reminded_for: Mapped[datetime | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    level_id: Mapped[int | None]
    level_source: Mapped[LevelSource | None]
    level_until: Mapped[datetime | None]
    person_id: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def follower(self) -> Follower:
        return self.account_id, self.openid


class ChangeKind(StrEnum):
    """What was done to a contact by hand; values of fields and levels have logs of their own."""

    REMARK = "remark"
    TAGS = "tags"
    JOINED = "joined"
    PARTED = "parted"
    REVEALED = "revealed"  # somebody was shown a number that is covered otherwise
    PUSH_SHOWN = "push_shown"  # somebody was shown what WeChat had posted


class ContactChange(Base):
    """Something was done to a contact.

    Attributes:
        before: A remark, names of tags, or what the kind asks for; ``after`` likewise.
        by_id: Who did it; None: a file or a program.
    """

    __tablename__ = "contact_changes"
    __table_args__ = (Index(None, "contact_id", "at", "id"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[ChangeKind]
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]


class Tag(Base):
    """A tag (标签) of an account, as WeChat last told of it."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("account_id", "wechat_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    wechat_id: Mapped[int]
    name: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)


class ErrandKind(StrEnum):
    """What WeChat has to be told about a contact."""

    REMARK = "remark"
    TAGS = "tags"
    BLACKLIST = "blacklist"


class Errand(Base):
    """WeChat has still to be told how something of a contact is now.

    What is told is read when it is told: however often it changed meanwhile, the last is right,
    and telling it twice does no harm. A claim is a later ``due_at``.

    Attributes:
        asked: Counts the wishes, so that one who was under way does not take a newer one off.
    """

    __tablename__ = "errands"
    __table_args__ = (UniqueConstraint("contact_id", "kind"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[ErrandKind]
    due_at: Mapped[datetime] = mapped_column(index=True)
    asked: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a follower was, as their phone told.

    Attributes:
        precision: In metres.
    """

    latitude: float
    longitude: float
    precision: float
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "precision": self.precision,
            "at": self.at.isoformat(),
        }
