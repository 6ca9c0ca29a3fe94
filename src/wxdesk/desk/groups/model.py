"""Groups of agents (技能组), and who is in them."""

from sqlalchemy import ForeignKey
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


class Group(Base):
    """Agents to whom some conversations go.

    Attributes:
        calendar_id: When they are there; None: always.
        overflow_group_id: Who helps with what has waited for ``overflow_seconds``; None: nobody.
        queue_cap: No more than so many wait; None: however many.
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
    place: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Membership(Base):
    """An agent is in a group."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, index=True)
