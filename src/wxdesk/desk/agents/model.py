"""Agents, their sessions and API tokens, and who mistyped a password how often."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id


class Role(StrEnum):
    """What somebody may do; each may do all that the ones before it may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class Agent(Base):
    """Somebody who works at the desk.

    Attributes:
        alias: What customers call them (对外昵称), where texts name them; "": by their name.
        picture_sha256: A small JPEG in the store, by which colleagues know them.
        undo_seconds: So long what they send can be taken back; 0: it leaves at once.
        join_lines: What they write meanwhile leaves as further lines of the same message.
        hotkeys: The shortcuts that they have set otherwise, by action: ``Ctrl+Alt+KeyE``; empty:
            it has none.
    """

    __tablename__ = "agents"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)  # as `normal_username` gives it
    name: Mapped[str]
    alias: Mapped[str] = mapped_column(default="")
    picture_sha256: Mapped[str | None]
    role: Mapped[Role]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    undo_seconds: Mapped[int] = mapped_column(default=3)
    join_lines: Mapped[bool] = mapped_column(default=True)
    hotkeys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Session(Base):
    """One sign-in. Only a digest of its secret is kept.

    Attributes:
        contact_id: The follower as whom somebody signed in within WeChat; None: by password.
        browser: Of what kind; see ``Whence``, as of system and address.
        address: From where it was used last.
        seen_at: When that was, to ``SEEN_EVERY``.
    """

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(default="")
    system: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime]


class ApiToken(Base):
    """Lets a program act as an agent. Only a digest of its secret is kept.

    Attributes:
        read_only: It may look, and change nothing.
        last_used_at: To ``NOTE_EVERY``.
    """

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    name: Mapped[str]
    read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SignInTries(Base):
    """Wrong passwords in a row, by username, whether or not there is such an agent."""

    __tablename__ = "sign_in_tries"

    username: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    next_try_at: Mapped[datetime]


def normal_username(username: str) -> str:
    """Usernames differ in more than their case and the blanks around them."""
    return username.strip().casefold()
