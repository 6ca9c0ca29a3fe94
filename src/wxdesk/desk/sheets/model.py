"""Files of customers on their way out or in, and where they are kept."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.errors import Conflict, Invalid
from wxdesk.store import Base, Id

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
MOST_PROBLEMS = 10_000
"""So many are kept of one file; all are counted."""

MOST_UNDER_WAY = 5
KEEP_FILES = timedelta(days=7)

_AT_WORK = text("due_at IS NOT NULL")


class SheetInvalid(Invalid):
    """A file, or what is to be done with its columns, cannot be right; ``problem`` says why."""

    code = "sheet_invalid"


class WrongState(Conflict):
    """It is past that, or not there yet."""

    code = "sheet_state"


class TooManySheets(Conflict):
    """They have as many under way as they may."""

    code = "too_many_sheets"


class SheetKind(StrEnum):
    """Which way it goes."""

    EXPORT = "export"
    IMPORT = "import"


class SheetState(StrEnum):
    """Where a file stands."""

    UPLOADED = "uploaded"  # nobody has said yet what its columns are
    CHECKING = "checking"  # gone through, and nothing is changed
    CHECKED = "checked"
    RUNNING = "running"  # an export is written, an import is applied
    DONE = "done"
    CANCELLED = "cancelled"  # what was applied stays applied
    FAILED = "failed"


AT_WORK = frozenset({SheetState.CHECKING, SheetState.RUNNING})


class FileRole(StrEnum):
    """What a kept file is to a sheet."""

    SOURCE = "source"  # what was brought
    RESULT = "result"  # the customers


class Part(NamedTuple):
    """A piece of a file, as the store keeps it."""

    sha256: str
    size_bytes: int


class Sheet(Base):
    """A file of customers. A claim is a later ``due_at``; it stays as the log of who did what.

    Attributes:
        wish: Of an export who is wanted (``wanted``, or ``ids``), ``uncovered``, ``language`` and
            ``timezone``; of an import its ``header``, what the columns are and whose followers
            they name.
        tally: How many rows came to what.
        cursor: Of an export the last contact written, of an import the last row gone through.
        total: How many there were when it began.
        due_at: Somebody is to go on with it then; None: nobody is.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        Index(None, "by_id", "id"),
        Index(None, "due_at", sqlite_where=_AT_WORK, postgresql_where=_AT_WORK),
    )

    id: Mapped[Id]
    kind: Mapped[SheetKind]
    state: Mapped[SheetState]
    by_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    name: Mapped[str]
    wish: Mapped[dict[str, Any]]
    tally: Mapped[dict[str, Any]]
    cursor: Mapped[int]
    done: Mapped[int]
    total: Mapped[int]
    error: Mapped[str | None]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def begin(self, state: SheetState, now: datetime) -> None:
        """Have it gone through from its beginning."""
        self.state, self.due_at, self.finished_at = state, now, None
        self.cursor = self.done = 0
        self.tally, self.error = {}, None

    def end(self, state: SheetState, now: datetime) -> None:
        self.state, self.due_at = state, None
        self.finished_at = now


class SheetFile(Base):
    """A piece of a file of a sheet's; the file is its pieces in the order of their places."""

    __tablename__ = "sheet_files"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    role: Mapped[FileRole] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]


class SheetProblem(Base):
    """A cell of a row that was not taken.

    Attributes:
        line: Where the row begins in the file.
        place: Which column, from 0.
        code: A stable word for why.
    """

    __tablename__ = "sheet_problems"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
