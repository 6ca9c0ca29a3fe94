"""How many wait: the numbers that lists, which are read in pages, cannot tell."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import groups, routing
from wxdesk.web.api.conversation import GroupRef
from wxdesk.web.deps import AnAgent, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["routing"])


class QueueOut(BaseModel):
    """`waiting`: customers whom nobody has, whether or not somebody is just asked."""

    waiting: int


class GroupQueue(BaseModel):
    """Those who wait in a group, or in none; `oldest`: since when the first of them does."""

    group: GroupRef | None
    waiting: int
    oldest: datetime


class GroupQueues(BaseModel):
    """Groups in which somebody waits, the one with the longest wait first."""

    items: list[GroupQueue]


@router.get("/queue", responses=problems())
async def read_queue(_agent: AnAgent, unit: ReadUnit) -> QueueOut:
    """How many customers wait."""
    return QueueOut(waiting=await routing.count_all_waiting(unit))


@router.get("/queue/groups", responses=problems())
async def read_queue_by_group(_agent: AnAgent, unit: ReadUnit) -> GroupQueues:
    """How many customers wait in which group, and how long."""
    names = {each.id: each.name for each in await groups.list_groups(unit)}
    return GroupQueues(
        items=[
            GroupQueue(
                group=None
                if each.group_id is None
                else GroupRef(id=each.group_id, name=names[each.group_id]),
                waiting=each.waiting,
                oldest=each.oldest,
            )
            for each in await routing.waits_by_group(unit)
        ]
    )
