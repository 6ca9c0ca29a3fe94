"""Deliveries: one customer-service message on its way to one follower."""

from datetime import datetime
from enum import StrEnum

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


class Delivery(Base):
    """One part of a message on its way.

    A claim is a ``lease_until``. Who claims sends at once, so a lease that ends without an
    outcome means that the sender died with the request perhaps under way: uncertain, not again.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_lane", "contact_id", "id", sqlite_where=WAITING, postgresql_where=WAITING
        ),
        Index("ix_deliveries_due", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(None, "message_id", "part", "id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    part: Mapped[int]  # from 0: a long text leaves in several
    openid: Mapped[str]
    text: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    errcode: Mapped[int | None]
    via: Mapped[Via] = mapped_column(default=Via.CUSTOM)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    def has_expired(self, now: datetime) -> bool:
        """Whether somebody claimed it and has not come back in time."""
        waits = self.state is DeliveryState.WAITING
        return waits and self.lease_until is not None and self.lease_until <= now
