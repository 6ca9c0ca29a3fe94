"""Deliveries: one customer-service message on its way to one follower."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id


class DeliveryState(StrEnum):
    """How far a delivery got."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"  # an earlier part of the same message failed


class Via(StrEnum):
    """Which way it left."""

    CUSTOM = "custom"  # the customer-service message API
    PASSIVE = "passive"  # the answer to a push


WAITING = text("state = 'waiting'")

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class Delivery(Base):
    """One part of a message on its way.

    A claim is a ``lease_until``. Who claims sends at once, so a lease that ends without an
    outcome means that the sender died with the request perhaps under way: uncertain, not again.

    What shows files is sendable only while WeChat holds them: ``sendable_until``. They are
    uploaded before, under a claim that only moves ``due_at`` on, for uploading twice does no harm.

    Attributes:
        part: From 0: a long text leaves in several.
        kind: The message's.
        content: What ``compose`` makes WeChat's message of; of joined texts also the ``lines``.
        spends: Sent through the API, it uses up one of what WeChat allows.
        push_id: The push whose answer may carry it, until it is due.
        passive_only: It leaves that way or not at all.
        anyway: It is sent though the desk thinks that WeChat will refuse it.
        uploaded_again: WeChat had forgotten its files.
        wechat_msg_id: Of a template message; its result comes later.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_lane", "contact_id", "id", sqlite_where=WAITING, postgresql_where=WAITING
        ),
        Index("ix_deliveries_due", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(None, "message_id", "part", "id"),
        Index(None, "wechat_msg_id"),
        Index(  # an answer carries one message
            "ix_deliveries_passive",
            "push_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    part: Mapped[int]
    openid: Mapped[str]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    spends: Mapped[bool] = mapped_column(default=True)
    push_id: Mapped[int | None]
    passive_only: Mapped[bool] = mapped_column(default=False)
    anyway: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sendable_until: Mapped[datetime] = mapped_column(default=FOR_EVER)
    uploaded_again: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    errcode: Mapped[int | None]
    via: Mapped[Via] = mapped_column(default=Via.CUSTOM)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    wechat_msg_id: Mapped[int | None]

    @property
    def is_reserved(self) -> bool:
        """Whether what WeChat allows is kept for it while it waits."""
        return self.spends and not self.passive_only

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has begun to send it."""
        return (
            self.state is DeliveryState.WAITING and self.lease_until is None and not self.attempts
        )

    @property
    def message_ids(self) -> list[int]:
        """The messages that leave with it: more than one where texts were joined."""
        lines = self.content.get("lines")
        return [line["message"] for line in lines] if lines else [self.message_id]

    def is_claim(self, claimed: "Delivery") -> bool:
        """Whether it still waits under the claim that this copy of it was taken by."""
        return self.state is DeliveryState.WAITING and self.attempts == claimed.attempts

    def has_expired(self, now: datetime) -> bool:
        """Whether somebody claimed it and has not come back in time."""
        waits = self.state is DeliveryState.WAITING
        return waits and self.lease_until is not None and self.lease_until <= now


class JobResult(Base):
    """What WeChat told of a message before the sender came to note its number."""

    __tablename__ = "job_results"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    msg_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
