"""Webhooks: who is told what happens, what each is told, and how far that got."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict
from wxdesk.store import Base, Id

LOOP = "webhooks"
MOST_ENDPOINTS = 20
LONGEST_EXCERPT = 500
PING = "webhook.test"
"""What is told when somebody tries an endpoint."""

WAITING = text("state = 'waiting'")


class EndpointState(StrEnum):
    """Whether an endpoint is told."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person; what happens is kept for it meanwhile
    DISABLED = "disabled"  # by the desk, as it had not answered well for too long; likewise


class TellingState(StrEnum):
    """How far one telling got."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # tried for long enough, or never to be tried again


class TooManyEndpoints(Conflict):
    """There are as many as there may be."""

    code = "too_many_webhooks"


class NotReplayable(Conflict):
    """It is on its way already."""

    code = "webhook_waiting"


class Endpoint(Base):
    """An address that is told what happens.

    Attributes:
        kinds: Of what it is told, ``Happening`` each.
        sealed: Its secret.
        sealed_before: The one before, by which what is told is signed, too, until ``before_until``.
        since_number: Of the event log, what came after this is told.
        failures: How often in a row it has not answered well; 0: it does.
        failing_since: Since when it has not.
        rest_until: It is left alone until then.
        why: In a word, why it was disabled.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[EndpointState] = mapped_column(default=EndpointState.ACTIVE)
    sealed: Mapped[bytes]
    sealed_before: Mapped[bytes | None]
    before_until: Mapped[datetime | None]
    since_number: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    rest_until: Mapped[datetime | None]
    last_good_at: Mapped[datetime | None]
    why: Mapped[str | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class WebhookEvent(Base):
    """Something that happened, as it is told: the same bytes to all, and each time.

    Attributes:
        uid: By which whoever is told knows a repetition.
        conversation_id: What happens in one conversation is told in order.
        body: JSON.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    conversation_id: Mapped[int | None]
    body: Mapped[str]
    at: Mapped[datetime]


class Telling(Base):
    """One event on its way to one endpoint.

    A claim is only a later ``due_at``: whoever dies with the request under way is followed by
    another, so an endpoint may be told twice, under the same ``uid``.

    Attributes:
        conversation_id: Its event's; of one endpoint and conversation only the oldest is sent.
        status: Of the last answer.
        why: In a word, why there was no answer the last time.
        excerpt: The beginning of the last answer.
        took_ms: How long the last answer took.
    """

    __tablename__ = "webhook_tellings"
    __table_args__ = (
        Index(
            "ix_webhook_tellings_lane",
            *("endpoint_id", "conversation_id", "id"),
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index(
            "ix_webhook_tellings_due",
            *("endpoint_id", "due_at"),
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index(None, "endpoint_id", "state", "id"),
        Index(None, "event_id"),
        Index(None, "created_at"),
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_events.id"))
    conversation_id: Mapped[int | None]
    state: Mapped[TellingState] = mapped_column(default=TellingState.WAITING)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    why: Mapped[str | None]
    excerpt: Mapped[str] = mapped_column(default="")
    took_ms: Mapped[int | None]
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Place(Base):
    """The one row that says up to which event all was written down that is to be told."""

    __tablename__ = "webhook_places"

    id: Mapped[Id]
    number: Mapped[int]
