"""Drafts: what one has written and not sent, the same on all of one's screens."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from wxdesk.desk import drafts
from wxdesk.desk.drafts import LONGEST_TEXT, Draft, Mode
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NO_NUL, AMoment, RowId
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["drafts"])

MOST_DRAFTS = 500


class DraftIn(BaseModel):
    """`written_at`: when, by the desk's time; now, where it is left out. Of two the newer wins."""

    mode: Mode = Mode.REPLY
    text: Annotated[str, NO_NUL, StringConstraints(max_length=LONGEST_TEXT)]
    written_at: AMoment | None = None


class DraftOut(BaseModel):
    """A draft; an empty one was sent, or thrown away. In events only its agent is shown it."""

    id: int
    agent_id: int
    conversation_id: int
    mode: Mode
    text: str
    written_at: datetime
    version: int

    @classmethod
    def of(cls, kept: Draft) -> Self:
        return cls.model_validate(kept, from_attributes=True)


class DraftList(BaseModel):
    items: list[DraftOut]
    next: None = None


@router.get("/drafts", responses=problems())
async def list_drafts(agent: AnAgent, unit: ReadUnit) -> DraftList:
    """One's own, the newest first, with those that were sent within the last days."""
    found = await drafts.list_drafts(unit, agent.id, limit=MOST_DRAFTS)
    return DraftList(items=[DraftOut.of(each) for each in found])


@router.put(
    "/conversations/{conversation_id}/draft",
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def keep_draft(
    conversation_id: RowId, wish: DraftIn, agent: AnAgent, unit: OpenUnit, now: Now
) -> DraftOut:
    """Keep what one is writing; where a newer one is kept already, that one is answered."""
    kept = await drafts.keep(
        unit,
        agent_id=agent.id,
        conversation_id=conversation_id,
        mode=wish.mode,
        text=wish.text,
        written_at=wish.written_at or now,
        now=now,
    )
    return DraftOut.of(kept)
