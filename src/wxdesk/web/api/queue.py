"""How many wait: the number that lists, which are read in pages, cannot tell."""

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import routing
from wxdesk.web.deps import AnAgent, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["routing"])


class QueueOut(BaseModel):
    """`waiting`: customers whom nobody has, whether or not somebody is just asked."""

    waiting: int


@router.get("/queue", responses=problems())
async def read_queue(_agent: AnAgent, unit: ReadUnit) -> QueueOut:
    """How many customers wait."""
    return QueueOut(waiting=await routing.count_all_waiting(unit))
