"""What the index is asked, in the words of each database. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wxdesk.desk.search.pieces import Phrase


@dataclass(frozen=True, slots=True)
class Expression:
    """All of the phrases, and of each group of marks one.

    A piece is made of letters and figures, a mark begins with a ``§``: none of them can mean
    anything to a database.
    """

    phrases: Sequence[Phrase] = ()
    marks: Sequence[Sequence[str]] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases or self.marks)

    @property
    def on_sqlite(self) -> str:
        """For FTS5's MATCH."""
        phrases = (
            f'"{" ".join(each.pieces)}"' + (" *" if each.begins else "") for each in self.phrases
        )
        marks = (_any(f'"{mark}"' for mark in group) for group in self.marks)
        return " AND ".join([*marks, *phrases])

    @property
    def on_postgres(self) -> str:
        """For a tsquery."""
        phrases = (
            "(" + " <-> ".join(f"'{piece}'" for piece in each.pieces) + ")"
            if not each.begins
            else f"'{each.pieces[0]}':*"
            for each in self.phrases
        )
        marks = (_any((f"'{mark}'" for mark in group), " | ") for group in self.marks)
        return " & ".join([*marks, *phrases])


def _any(parts: Iterable[str], or_: str = " OR ") -> str:
    return f"({or_.join(parts)})"
