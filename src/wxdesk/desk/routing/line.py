"""Conversations in the order in which they began to wait."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from wxdesk.desk.routing.snapshot import Id, Waiting

_Place: TypeAlias = tuple[datetime, Id]
_MOST_A_PIECE = 512


def place_of(waiting: Waiting) -> tuple[datetime, Id]:
    """Inside a level, whoever began to wait first is first."""
    return (waiting.waiting_since, waiting.id)


class Line:
    """A sorted sequence in pieces, so that a long one costs hardly more than a short one."""

    def __init__(self) -> None:
        self._pieces: list[list[_Place]] = []
        self._ends: list[_Place] = []  # the last of each piece
        self._waiting: dict[Id, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        for piece in self._pieces:
            for _since, each in piece:
                yield self._waiting[each]

    def head(self, agent: Id | None = None) -> Waiting | None:
        """The first that does not leave this agent out."""
        return next((one for one in self if agent not in one.excluded), None)

    def behind(self, waiting: Waiting, agent: Id) -> Waiting | None:
        """The next one after the line's head that does not leave this agent out."""
        fit = (one for one in self if agent not in one.excluded and one is not waiting)
        return next(fit, None)

    def add(self, waiting: Waiting) -> None:
        place = place_of(waiting)
        self._waiting[waiting.id] = waiting
        if not self._pieces:
            self._pieces, self._ends = [[place]], [place]
            return
        number = min(bisect_left(self._ends, place), len(self._ends) - 1)
        piece = self._pieces[number]
        piece.insert(bisect_left(piece, place), place)
        self._ends[number] = piece[-1]
        if len(piece) > _MOST_A_PIECE:
            half = len(piece) // 2
            self._pieces[number : number + 1] = [piece[:half], piece[half:]]
            self._ends[number : number + 1] = [piece[half - 1], piece[-1]]

    def remove(self, waiting: Waiting) -> None:
        place = place_of(waiting)
        del self._waiting[waiting.id]
        number = bisect_left(self._ends, place)
        piece = self._pieces[number]
        del piece[bisect_left(piece, place)]
        if piece:
            self._ends[number] = piece[-1]
        else:
            del self._pieces[number], self._ends[number]

    def count_before(self, waiting: Waiting) -> int:
        """How many are before it."""
        place = place_of(waiting)
        number = bisect_left(self._ends, place)
        before = sum(map(len, self._pieces[:number]))
        if number == len(self._pieces):
            return before
        return before + bisect_left(self._pieces[number], place)
