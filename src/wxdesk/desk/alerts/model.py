"""What alerts keep: the alerts, what of them is to be sent, where to, and what agents wish."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.alerts.quiet import Quiet
from wxdesk.store import Base, Id

COMMON = 0
"""Instead of an agent's number: the addresses that operators keep for all who supervise."""

OPEN = text("done_at IS NULL")
HOME = "Asia/Shanghai"


class Kind(StrEnum):
    """What an agent is alerted to; by which ways and when: ``choose.RULES``."""

    OFFER = "offer"  # they are asked to take a conversation
    MESSAGE = "message"  # a customer has written in one of theirs
    WARNING = "warning"  # little time is left in one of theirs
    BREACH = "breach"  # none is
    WINDOW = "window"  # an answer is owed, and WeChat takes none in an hour
    HANDED_OVER = "handed_over"  # a conversation was meant for them
    MENTION = "mention"  # a colleague has named them in a note
    TEAM_BREACH = "team_breach"  # somebody's promise is broken
    TEAM_WAITING = "team_waiting"  # a customer waits, and nobody is free


class Way(StrEnum):
    """How an agent is told beside the page."""

    PUSH = "push"
    ADDRESS = "address"


class Alert(Base):
    """One thing that one agent is to hear of, until it is no longer so.

    Attributes:
        agent_id: To whom; ``COMMON``: to the common addresses.
        key: While it is open the same one is not raised again, but counted.
        count: How often it was raised.
        until: From then on it is worthless.
        newest_at: When it was raised last.
        due_at: When to look at it again.
        ways: By which it was told since it was raised last; ``told_at``: when.
        device_ids: Where it was shown.
        done_at: It is settled, by whatever end; None: it is open.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "ix_alerts_open",
            "agent_id",
            "key",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_alerts_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_alerts_conversation", "conversation_id", sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index(None, "newest_at"),
        Index(None, "key"),
    )

    id: Mapped[Id]
    agent_id: Mapped[int]
    kind: Mapped[Kind]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str]
    count: Mapped[int] = mapped_column(default=1)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
    newest_at: Mapped[datetime]
    until: Mapped[datetime]
    due_at: Mapped[datetime]
    ways: Mapped[list[str]] = mapped_column(JSON, default=list)
    device_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    told_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class What(StrEnum):
    """What a sending does."""

    TELL = "tell"
    CLEAR = "clear"  # what was shown is settled: it is taken away, or says by whom


class Sending(Base):
    """An alert on its way to one place. Gone as soon as it is known what became of it.

    Attributes:
        due_at: When to try it, again; while somebody tries: when they have died.
        tries: How often it was tried.
    """

    __tablename__ = "alert_sendings"
    __table_args__ = (Index(None, "due_at"), Index(None, "alert_id"))

    id: Mapped[Id]
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    device_id: Mapped[int | None] = mapped_column(
        ForeignKey("push_devices.id", ondelete="CASCADE"), index=True
    )
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("alert_addresses.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[What]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class Device(Base):
    """A browser that takes pushes, for as long as the sign-in lasts in which it said so.

    Attributes:
        digest: Of its endpoint: the same browser is one device.
        sealed: Endpoint and keys, as JSON in the vault: who has them could push.
        silent_ok: It may be told to take a notice away without showing another.
        problem: Why the last try failed; "": it did not.
    """

    __tablename__ = "push_devices"

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    session: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    locale: Mapped[str]
    silent_ok: Mapped[bool]
    added_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class Address(Base):
    """Where an agent is reached at another service; see ``wxdesk.ways.address``.

    Attributes:
        agent_id: Whose; None: common to all who supervise.
        sealed: The URL, in the vault.
        shown: The same, masked.
    """

    __tablename__ = "alert_addresses"

    id: Mapped[Id]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    shown: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str]
    added_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class Screen(Base):
    """A page of an agent's that is looked at, until so long after it last said so."""

    __tablename__ = "alert_screens"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id"), primary_key=True, autoincrement=False
    )
    page: Mapped[str] = mapped_column(primary_key=True)
    visible_until: Mapped[datetime] = mapped_column(index=True)


class Wishes(Base):
    """What an agent wants to be alerted to while no page of theirs is looked at.

    Attributes:
        muted: Kinds of which they do not want to be told by any way.
        quiet_from: Quiet hours begin; None: there are none.
    """

    __tablename__ = "alert_wishes"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id"), primary_key=True, autoincrement=False
    )
    muted: Mapped[list[str]] = mapped_column(JSON)
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    timezone: Mapped[str]

    @classmethod
    def usual(cls, agent_id: int) -> "Wishes":
        """Of whoever has not said: that customers wait is told to those who ask for it."""
        muted = [Kind.TEAM_WAITING.value]
        return cls(agent_id=agent_id, muted=muted, quiet_from=None, quiet_to=None, timezone=HOME)

    @property
    def quiet(self) -> Quiet | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return Quiet(self.quiet_from, self.quiet_to, self.timezone)


class PushKey(Base):
    """Who we are to push services; one row."""

    __tablename__ = "push_keys"

    id: Mapped[Id]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
