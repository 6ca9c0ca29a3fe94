"""The figures as a table for people and as a document for programs."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Figure:
    """One line: a value for each round, and how it compares inside the same round.

    Attributes:
        values: One a round.
        of: What the ratios compare with.
        ratios: One a round.
        notes: Others worth a word, by name.
    """

    name: str
    unit: str
    of: str = ""
    aim: str = ""
    values: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    notes: dict[str, list[float]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """For a program."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": statistics.median(self.values),
            "values": self.values,
            "of": self.of,
            "ratio": statistics.median(self.ratios) if self.ratios else None,
            "ratios": self.ratios,
            "aim": self.aim,
            "notes": {name: statistics.median(values) for name, values in self.notes.items()},
        }


class Figures:
    """Every figure so far, in the order they were first measured."""

    def __init__(self) -> None:
        self._by_name: dict[str, Figure] = {}

    def add(
        self,
        name: str,
        unit: str,
        value: float,
        *,
        of: tuple[str, float] = ("", 0),
        aim: str = "",
        **notes: float,
    ) -> None:
        """Note a value of this round, and say so.

        Args:
            of: A name and a value of the same round to compare with; 0 when it was not measured.
        """
        figure = self._by_name.setdefault(name, Figure(name, unit, of[0], aim))
        figure.values.append(value)
        if of[1]:
            figure.ratios.append(value / of[1])
        for note, noted in notes.items():
            figure.notes.setdefault(note, []).append(noted)
        ratio = f"  {value / of[1]:.2f} of {of[0]}" if of[1] else ""
        print(f"  {name}: {_short(value)} {unit}{ratio}", flush=True)

    def last(self, name: str) -> float:
        """This round's value; 0 when it was not measured."""
        return self._by_name[name].values[-1] if name in self._by_name else 0

    def document(self) -> list[dict[str, Any]]:
        return [figure.document() for figure in self._by_name.values()]

    def rows(self) -> list[Sequence[str]]:
        return [_cells(figure) for figure in self._by_name.values()]


def table(figures: Figures) -> str:
    """Aligned columns: what, median, lowest to highest, ratio inside the round, and more."""
    heads = ("", "median", "lowest to highest", "in its round", "")
    return "\n".join(_align([heads, *figures.rows()]))


def _cells(figure: Figure) -> Sequence[str]:
    values = figure.values
    several = len(values) > 1
    notes = (f"{name} {_short(statistics.median(at))}" for name, at in figure.notes.items())
    ratio = f"{statistics.median(figure.ratios):.3f} of {figure.of}" if figure.ratios else ""
    return (
        figure.name,
        f"{_short(statistics.median(values))} {figure.unit}",
        f"{_short(min(values))} to {_short(max(values))}" if several else "",
        f"{ratio} {figure.aim and f'({figure.aim})'}".strip(),
        ", ".join(notes).replace("_", " "),
    )


def _align(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
