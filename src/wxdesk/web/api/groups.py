"""Groups of agents (技能组)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import agents, calendars, groups, words
from wxdesk.desk.groups import (
    Group,
    GroupInvalid,
    GroupNameTaken,
    GroupsChanged,
    Oddity,
    TooManyGroups,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["groups"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
OverflowSeconds = Annotated[int, Field(ge=0, le=86400)]
TargetSeconds = Annotated[int, Field(ge=1, le=30 * 24 * 3600)]
QueueCap = Annotated[int, Field(ge=1, le=100_000)]
AgentIds = Annotated[list[RowNumber], Field(max_length=groups.MOST_MEMBERS)]


class TargetsIn(BaseModel):
    """Seconds; `next_seconds` null: twice the first. `resolution_seconds` null: no promise."""

    first_seconds: TargetSeconds
    next_seconds: TargetSeconds | None = None
    resolution_seconds: TargetSeconds | None = None


GroupTargets = Annotated[
    dict[Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,18}$")], TargetsIn],
    Field(max_length=groups.MOST_TARGETS),
]


class GroupFields(BaseModel):
    """A group.

    `calendar_id` null: they are there when the conversation's account says. After
    `overflow_seconds` `overflow_group_id` helps; null: nobody. `queue_cap` null: however many
    wait. `targets`: what is promised here instead of what the level says, by the level's number.
    `needs_summary`: whoever ends a conversation of it owes a summary.
    """

    name: Name
    calendar_id: RowNumber | None = None
    overflow_group_id: RowNumber | None = None
    overflow_seconds: OverflowSeconds = 300
    queue_cap: QueueCap | None = None
    targets: GroupTargets = {}
    needs_summary: bool = False


class GroupIn(GroupFields):
    agent_ids: AgentIds = []


class GroupWish(BaseModel):
    """What is left out stays.

    `version`: of the copy that was looked at; where it is given and old, nothing is changed.
    """

    name: Name | None = None
    calendar_id: RowNumber | None = None
    overflow_group_id: RowNumber | None = None
    overflow_seconds: OverflowSeconds | None = None
    queue_cap: QueueCap | None = None
    targets: GroupTargets | None = None
    needs_summary: bool | None = None
    version: int | None = None

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"version"})
        needed = {"name", "overflow_seconds", "targets", "needs_summary"}
        return {
            name: value for name, value in given.items() if value is not None or name not in needed
        }


class GroupOut(GroupIn):
    """A group as it is kept, with what is odd about it.

    `find`: pinyin of the name, and its initials.
    """

    id: int
    find: str
    place: int
    warnings: list[Oddity]
    version: int


class GroupList(BaseModel):
    """In the operator's order."""

    items: list[GroupOut]


class GroupOrder(BaseModel):
    """All groups."""

    ids: Annotated[list[RowNumber], Field(max_length=groups.MOST_GROUPS)]


class Members(BaseModel):
    agent_ids: AgentIds


@router.get("/groups", responses=problems())
async def list_groups(_agent: AnAgent, unit: ReadUnit, now: Now) -> GroupList:
    """The groups."""
    return GroupList(items=await shown(unit, await groups.list_groups(unit), now=now))


@router.post(
    "/groups", status_code=201, responses=problems(GroupInvalid, GroupNameTaken, TooManyGroups)
)
async def add_group(wish: GroupIn, _agent: AnAdmin, unit: OpenUnit, now: Now) -> GroupOut:
    """Add a group behind all others."""
    values = wish.model_dump(exclude={"agent_ids"})
    return await _one(unit, await groups.add(unit, values, wish.agent_ids), now=now)


@router.patch(
    "/groups/{group_id}",
    responses=problems(NotFound, GroupInvalid, GroupNameTaken, GroupsChanged),
)
async def change_group(
    group_id: RowId, wish: GroupWish, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> GroupOut:
    """Change a group where it stands."""
    changed = await groups.change(unit, group_id, wish.changes(), version=wish.version)
    return await _one(unit, changed, now=now)


@router.put("/groups/{group_id}/members", responses=problems(NotFound, GroupInvalid))
async def set_members(
    group_id: RowId, wish: Members, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> GroupOut:
    """Let these agents, and no others, be in a group."""
    return await _one(unit, await groups.set_members(unit, group_id, wish.agent_ids), now=now)


@router.delete("/groups/{group_id}", status_code=204, responses=problems(NotFound))
async def remove_group(group_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """Throw a group away; what waits for it waits for the whole desk."""
    await groups.remove(unit, group_id)


@router.put("/groups/order", responses=problems(GroupsChanged))
async def order_groups(wish: GroupOrder, _agent: AnAdmin, unit: OpenUnit, now: Now) -> GroupList:
    """Put the groups in this order."""
    ordered = await groups.put_in_order(unit, wish.ids)
    return GroupList(items=await shown(unit, ordered, now=now))


async def shown(unit: Unit, found: Iterable[Group], *, now: datetime) -> list[GroupOut]:
    """Groups as browsers see them, in four statements for all."""
    found = list(found)
    known = {each.id: each for each in await groups.list_groups(unit)}
    members = await groups.members_of(unit, [each.id for each in found])
    people = await agents.by_ids(unit, {each for ids in members.values() for each in ids})
    there = {each.id for each in people.values() if each.active}
    hours = await calendars.by_ids(unit, {each.calendar_id for each in found if each.calendar_id})
    return [
        GroupOut(
            **{name: getattr(each, name) for name in (*GroupFields.model_fields, *_KEPT)},
            find=words.found_by(each.name),
            agent_ids=members[each.id],
            warnings=groups.oddities_of(
                each,
                known,
                there.intersection(members[each.id]),
                hours[each.calendar_id].calendar if each.calendar_id else None,
                now=now,
            ),
        )
        for each in found
    ]


_KEPT = ("id", "place", "version")


async def _one(unit: Unit, group: Group, *, now: datetime) -> GroupOut:
    (only,) = await shown(unit, [group], now=now)
    return only
