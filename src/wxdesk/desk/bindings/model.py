"""Bindings, the codes that make them, and the log of both."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.agents import Agent
from wxdesk.desk.contacts import Follower
from wxdesk.errors import Conflict
from wxdesk.store import Base, Id

IN_FORCE = text("revoked_at IS NULL")


class Binding(Base):
    """A follower is an agent, from ``bound_at`` until ``revoked_at``.

    Attributes:
        revoked_by: Who ended it; None: the follower left, or the agent works here no more.
    """

    __tablename__ = "agent_bindings"
    __table_args__ = (
        Index(
            "ix_agent_bindings_agent",
            "agent_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index(
            "ix_agent_bindings_contact",
            "contact_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    bound_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))


class Bound(NamedTuple):
    """A binding in force, and whom it binds.

    The contact is not read with it: whoever changes one locks it before they read it.
    """

    binding: Binding
    agent: Agent
    openid: str

    @property
    def follower(self) -> Follower:
        return self.binding.account_id, self.openid


class CodeState(StrEnum):
    """What became of a code."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class BindingCode(Base):
    """A code that binds whoever scans it first to the agent who asked for it.

    Attributes:
        scene: What WeChat tells when it is scanned; nobody guesses it.
        url: What the picture says.
    """

    __tablename__ = "binding_codes"
    __table_args__ = (Index(None, "agent_id", "id"),)

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    scene: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    withdrawn_at: Mapped[datetime | None]

    def state(self, at: datetime) -> CodeState:
        if self.used_at is not None:
            return CodeState.USED
        if self.withdrawn_at is not None:
            return CodeState.WITHDRAWN
        return CodeState.OPEN if at < self.expires_at else CodeState.EXPIRED


class What(StrEnum):
    """What the log tells."""

    ASKED = "asked"  # a code was made
    BOUND = "bound"
    REFUSED = "refused"  # somebody scanned a code that was no good, or not for them
    REVOKED = "revoked"
    SIGNED_IN = "signed_in"  # within WeChat


class BindingNote(Base):
    """One line of the log: what, of which agent, by whom."""

    __tablename__ = "binding_log"
    __table_args__ = (Index(None, "agent_id", "id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    what: Mapped[What]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    reason: Mapped[str] = mapped_column(default="")


class UsedLogin(Base):
    """A ``state`` of web authorization that somebody has come back with: none does twice."""

    __tablename__ = "used_logins"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Redeemed(StrEnum):
    """What came of scanning a code."""

    BOUND = "bound"
    AGAIN = "again"  # it has bound this very follower before
    EXPIRED = "expired"
    USED = "used"
    TAKEN = "taken"  # this follower is another agent
    UNKNOWN = "unknown"


class LoginUsed(Conflict):
    """Somebody has come back with this ``state`` already."""

    code = "login_used"
