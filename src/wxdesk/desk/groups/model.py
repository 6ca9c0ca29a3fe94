"""Groups of agents (技能组), and who is in them."""

from collections.abc import Mapping
from typing import Any, TypedDict

from sqlalchemy import JSON, ForeignKey, false, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Invalid
from wxdesk.store import Base, Id

CHANGED = "groups"
"""The loop that is woken when a group, or who is in it, is another."""


class GroupInvalid(Invalid):
    """A group cannot be right; ``problem`` says why."""

    code = "group_invalid"


class GroupNameTaken(Conflict):
    """Another group is called so."""

    code = "group_name_taken"


class TooManyGroups(Conflict):
    """There are as many as there may be."""

    code = "too_many_groups"


class GroupsChanged(Conflict):
    """Somebody has changed the groups meanwhile: read them again."""

    code = "groups_changed"


class Targets(TypedDict):
    """What a group promises a level instead of what the level does; see ``levels.Level``."""

    first_seconds: int
    next_seconds: int | None
    resolution_seconds: int | None


class Group(Base):
    """Agents to whom some conversations go.

    Attributes:
        calendar_id: When they are there; None: when the conversation's account says.
        overflow_group_id: Who helps with what has waited for ``overflow_seconds``; None: nobody.
        queue_cap: No more than so many wait; None: however many.
        targets: ``Targets`` by the level's number as text; of the others the level's own hold.
        needs_summary: Whoever ends a conversation of it owes a summary (小结).
        place: In the operator's order.
    """

    __tablename__ = "groups"
    __table_args__ = ({"sqlite_autoincrement": True},)  # what refers to a removed one finds none

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"))
    overflow_group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    overflow_seconds: Mapped[int]
    queue_cap: Mapped[int | None]
    targets: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    needs_summary: Mapped[bool] = mapped_column(default=False, server_default=false())
    place: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def targets_of(self, level_id: int) -> Targets | None:
        kept: Mapping[str, Targets] = self.targets
        return kept.get(str(level_id))


class Membership(Base):
    """An agent is in a group."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, index=True)
