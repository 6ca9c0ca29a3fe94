"""What cases are written in: seconds from a beginning, and levels as rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from wxdesk.desk.routing import Level

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Second 0. Which day it is matters to nothing: every second counts as open."""


def moment(seconds: float) -> datetime:
    """To the microsecond."""
    return BEGINNING + timedelta(seconds=seconds)


def seconds(at: datetime) -> float:
    """The other way; whole ones as whole numbers, as they were written."""
    since = (at - BEGINNING).total_seconds()
    return int(since) if since.is_integer() else since


def levels(rows: Sequence[Sequence[Any]], **shared: Any) -> dict[str, Level]:
    """By name: rows of name, rank, target, hard limit, head start, and extra slots if any."""
    return {row[0]: _level(row, shared) for row in rows}


def _level(row: Sequence[Any], shared: Mapping[str, Any]) -> Level:
    name, rank, target, hard, head_start, *extra = row
    return Level(
        name=name,
        rank=rank,
        first=timedelta(seconds=target),
        hard_factor=hard / target,
        head_start=head_start,
        extra_slots=extra[0] if extra else 0,
        **shared,
    )
