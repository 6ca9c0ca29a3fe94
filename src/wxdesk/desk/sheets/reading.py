"""A file of strangers as a table: its encoding and its commas are found out. Pure."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wxdesk.desk.sheets.model import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, SheetInvalid

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BY_THEMSELVES = ("utf-8", "gb18030")
_SEPARATORS = ("\t", ",", ";", "，")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, as many as the header has, and the line of the file they begin in."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in a file; lines with nothing in them are left out."""

    header: Sequence[str]
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.rows)

    def rows_of(self, first: int, count: int) -> list[list[str]]:
        """The cells of some rows."""
        return [list(row.cells) for row in self.rows[first : first + count]]


def read_table(content: bytes) -> Table:
    """Read a file.

    Raises:
        SheetInvalid: It is no table, or a larger one than is taken.
    """
    text = _decoded(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    lines = _lines(text, separator)
    header = [each.strip() for each in next(lines, Row(0, ())).cells]
    while header and not header[-1]:
        header.pop()
    _require_header(header)
    rows: list[Row] = []
    for row in lines:
        if len(rows) >= MOST_ROWS:
            raise SheetInvalid("too many rows", problem="rows", most=MOST_ROWS)
        cells = [each.strip() for each in row.cells[: len(header)]]
        rows.append(Row(row.line, cells + [""] * (len(header) - len(cells))))
    if not rows:
        raise SheetInvalid("there is nothing below the header", problem="empty")
    return Table(header, rows)


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else _BY_THEMSELVES:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetInvalid("this is no text", problem="encoding")


def _lines(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetInvalid(str(error), problem="csv", line=reader.line_num) from error
        if any(len(each) > LONGEST_CELL for each in cells):
            raise SheetInvalid("a cell is too long", problem="cell", line=line, most=LONGEST_CELL)
        if any(each.strip() for each in cells):
            yield Row(line, cells)
        line = reader.line_num + 1


def _require_header(header: Sequence[str]) -> None:
    if not header:
        raise SheetInvalid("there is nothing in it", problem="empty")
    if len(header) > MOST_COLUMNS:
        raise SheetInvalid("too many columns", problem="columns", most=MOST_COLUMNS)
