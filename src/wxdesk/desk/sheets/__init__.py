"""Customers as files (CSV): exports of those who fit, and imports of what is known of them.

Both are gone through in batches by a worker: what a batch did and how far it came are one unit, so
whoever goes on after a death does nothing twice and leaves nothing out.
"""

from wxdesk.desk.sheets.actions import (
    LOOP,
    add_import,
    apply,
    cancel,
    check,
    forget_files,
    record_failure,
    release,
    start_export,
)
from wxdesk.desk.sheets.exporting import Page, export_page, record_page
from wxdesk.desk.sheets.importing import import_rows
from wxdesk.desk.sheets.model import (
    MOST_BYTES,
    MOST_PROBLEMS,
    MOST_ROWS,
    FileRole,
    Part,
    Sheet,
    SheetInvalid,
    SheetKind,
    SheetProblem,
    SheetState,
    TooManySheets,
    WrongState,
)
from wxdesk.desk.sheets.queries import (
    by_ids,
    claim,
    files_of,
    get,
    have_files,
    list_own,
    list_problems,
    still_named,
)
from wxdesk.desk.sheets.reading import Table, read_table
from wxdesk.desk.sheets.targets import suggested
from wxdesk.desk.sheets.words import REASONS
from wxdesk.desk.sheets.writing import problem_header, safe, written

__all__ = [
    "LOOP",
    "MOST_BYTES",
    "MOST_PROBLEMS",
    "MOST_ROWS",
    "REASONS",
    "FileRole",
    "Page",
    "Part",
    "Sheet",
    "SheetInvalid",
    "SheetKind",
    "SheetProblem",
    "SheetState",
    "Table",
    "TooManySheets",
    "WrongState",
    "add_import",
    "apply",
    "by_ids",
    "cancel",
    "check",
    "claim",
    "export_page",
    "files_of",
    "forget_files",
    "get",
    "have_files",
    "import_rows",
    "list_own",
    "list_problems",
    "problem_header",
    "read_table",
    "record_failure",
    "record_page",
    "release",
    "safe",
    "start_export",
    "still_named",
    "suggested",
    "written",
]
