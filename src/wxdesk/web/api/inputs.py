"""What every route demands of ids and words, whatever database stands behind."""

from typing import Annotated, Any

from fastapi import Body, Path
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
RowId = Annotated[RowNumber, Path()]


def blank_is(default: Any) -> BeforeValidator:
    """A parameter that is given but empty (`?state=&limit=`) counts as not given."""
    return BeforeValidator(lambda given: default if given == "" else given)


NO_NUL = StringConstraints(pattern=r"^[^\x00]*$")
"""PostgreSQL's text knows no NUL character."""


class Nothing(BaseModel):
    """A body that says nothing, and may be left out."""


NoBody = Annotated[Nothing | None, Body()]
