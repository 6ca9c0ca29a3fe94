"""Rows as a file that spreadsheets open and find nothing in to run. Pure."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from wxdesk.desk.sheets.words import HEADINGS

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTE = "'"

Cell = str | float


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula is given a quote; numbers are none."""
    return _QUOTE + cell if isinstance(cell, str) and cell.startswith(_RUN) else cell


def plain(cell: str) -> str:
    """A text without the quote that ``safe`` gave it."""
    return cell[1:] if cell.startswith(_QUOTE) and cell[1:].startswith(_RUN) else cell


def written(rows: Iterable[Sequence[Cell]], *, first: bool) -> bytes:
    """Rows as a piece of a file; the first piece begins with the mark."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return (codecs.BOM_UTF8 if first else b"") + text.getvalue().encode()


def problem_header(language: str) -> list[str]:
    """What stands above rows that were not taken."""
    words = HEADINGS[language]
    return [words["line"], words["column"], words["why"]]
