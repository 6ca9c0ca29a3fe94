"""What every route demands of ids and words, whatever database stands behind."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
RowId = Annotated[RowNumber, Path()]
NO_NUL = StringConstraints(pattern=r"^[^\x00]*$")
"""PostgreSQL's text knows no NUL character."""
