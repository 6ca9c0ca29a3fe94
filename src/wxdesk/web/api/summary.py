"""A summary of a conversation, as it comes in and as it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, StringConstraints

from wxdesk.desk import summaries
from wxdesk.desk.agents import Agent
from wxdesk.desk.summaries import Given, Result, Summary
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, RowNumber

Note = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=summaries.LONGEST_NOTE)
]


class SummaryIn(BaseModel):
    """What it was about, as exactly as the categories go, and how it ended."""

    category_id: RowNumber
    result: Result
    note: Note = ""

    @property
    def given(self) -> Given:
        return Given(self.category_id, self.result, self.note)


class SummaryOut(BaseModel):
    """A summary. `category`: the names from the top down."""

    category_id: int
    category: list[str]
    result: Result
    note: str
    by: AgentRef | None
    given_at: datetime

    @classmethod
    def of(
        cls,
        kept: Summary | None,
        paths: Mapping[int, Sequence[str]],
        people: Mapping[int, Agent],
    ) -> Self | None:
        """None where it is owed, or was never wanted."""
        if kept is None or kept.category_id is None or kept.result is None or not kept.given_at:
            return None
        by = people.get(kept.by_id or 0)
        return cls(
            category_id=kept.category_id,
            category=list(paths[kept.category_id]),
            result=kept.result,
            note=kept.note,
            by=AgentRef.of(by) if by else None,
            given_at=kept.given_at,
        )
