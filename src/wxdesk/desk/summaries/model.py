"""Summaries of conversations (小结), and the tree of what they may be about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Forbidden, Invalid
from wxdesk.store import Base, Id

MOST_POSTPONED = 5
LONGEST_NOTE = 500
LONGEST_NAME = 40
MOST_CATEGORIES = 500
DEEPEST = 3

_OWED = text("owed_since IS NOT NULL")


class Result(StrEnum):
    """How it ended for the customer."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    PASSED_ON = "passed_on"  # somebody outside the desk goes on with it (转工单)


class SummaryRequired(Conflict):
    """A summary is to be given now: as many are owed as may be."""

    code = "summary_required"


class SummaryInvalid(Invalid):
    """A summary cannot be right; ``problem`` says why."""

    code = "summary_invalid"


class SummaryForbidden(Forbidden):
    """Whoever had the conversation sums it up, and supervisors."""

    code = "summary_forbidden"


class NotEnded(Conflict):
    """The conversation goes on: it is summed up when it ends."""

    code = "conversation_open"


class CategoryInvalid(Invalid):
    """A category cannot be right; ``problem`` says why."""

    code = "category_invalid"


class CategoryNameTaken(Conflict):
    """Another one beside it is called so."""

    code = "category_name_taken"


class TooManyCategories(Conflict):
    """There are as many as there may be."""

    code = "too_many_categories"


class CategoriesChanged(Conflict):
    """Somebody has changed them meanwhile: read them again."""

    code = "categories_changed"


class Category(Base):
    """What conversations may be about; those below it say it more exactly.

    Attributes:
        parent_id: Below which it is; None: at the top.
        find: Its name in pinyin and the initials, by which it is found.
        place: Among those beside it.
        retired_at: Since then nobody can choose it; what was summed up by it keeps it.
    """

    __tablename__ = "summary_categories"

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("summary_categories.id"), index=True)
    name: Mapped[str]
    find: Mapped[str]
    place: Mapped[int]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Summary(Base):
    """What a conversation was about, or that its agent owes this.

    Attributes:
        agent_id: Whose conversation it was.
        owed_since: It ended then, and the summary was put off; None: nobody owes it.
        by_id: Who gave it last; None: nobody yet.
    """

    __tablename__ = "summaries"
    __table_args__ = (
        Index("ix_summaries_owed", "agent_id", sqlite_where=_OWED, postgresql_where=_OWED),
        Index(None, "by_id", "given_at"),
        Index(None, "category_id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("summary_categories.id"))
    result: Mapped[Result | None]
    note: Mapped[str] = mapped_column(default="")
    owed_since: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    given_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody sums up."""

    category_id: int
    result: Result
    note: str = ""
