"""What every route demands of ids and words, whatever database stands behind."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Body, Path, Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
)

RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
RowId = Annotated[RowNumber, Path()]


def blank_is(default: Any) -> BeforeValidator:
    """A parameter that is given but empty (`?state=&limit=`) counts as not given."""
    return BeforeValidator(lambda given: default if given == "" else given)


def _given(listed: Any) -> Any:
    return [each for each in listed if each != ""] if isinstance(listed, list) else listed


MOST_CHOSEN = 50
Chosen = Annotated[Sequence[RowNumber], BeforeValidator(_given), Query(max_length=MOST_CHOSEN)]
"""Any of these, as a parameter that is repeated (`?group=1&group=2`); none: it does not matter."""


NO_NUL = StringConstraints(pattern=r"^[^\x00]*$")
"""PostgreSQL's text knows no NUL character."""

ClientId = Annotated[str, NO_NUL, StringConstraints(min_length=8, max_length=64)]
"""Chosen by whoever asks: under the same one nothing is done twice."""


Reckoned = TypeVar("Reckoned", date, datetime)


def _reckonable(moment: Reckoned) -> Reckoned:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError("not a moment that any desk has seen, or will")
    return moment


EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
ADay = Annotated[date, AfterValidator(_reckonable)]
AMoment = Annotated[AwareDatetime, AfterValidator(_reckonable)]
"""Far enough from the ends of time to be turned into any time zone."""


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return ZoneInfo(name)


TimeZone = Annotated[
    str, StringConstraints(max_length=60), AfterValidator(lambda name: _zone(name).key)
]
"""IANA's name of one."""

HOME = "Asia/Shanghai"
"""The time zone of whoever says none."""


class Nothing(BaseModel):
    """A body that says nothing, and may be left out."""


NoBody = Annotated[Nothing | None, Body()]
