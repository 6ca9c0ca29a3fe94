"""Levels (等级): what they promise, who has which, and why."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import levels
from wxdesk.desk.agents import Role
from wxdesk.desk.levels import (
    Colour,
    DefaultLevel,
    Earned,
    Level,
    LevelInvalid,
    LevelNameTaken,
    LevelsChanged,
    TooManyLevels,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.fields import FieldCondition
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["levels"])

MONTH = 30 * 24 * 3600

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Scene = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=64)]
Seconds = Annotated[int, Field(ge=1, le=MONTH)]
HeadStart = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
HardFactor = Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)]
ExtraSlots = Annotated[int, Field(ge=0, le=5)]
StickySeconds = Annotated[int, Field(ge=0, le=3600)]


class EarnedBy(BaseModel):
    """Whoever carries one of these tags, or followed by one of these codes, has the level.

    Likewise for whom one of the `conditions` holds.
    """

    tag_ids: Annotated[list[RowNumber], Field(max_length=levels.MOST_EARNED)] = []
    scenes: Annotated[list[Scene], Field(max_length=levels.MOST_EARNED)] = []
    conditions: Annotated[list[FieldCondition], Field(max_length=levels.MOST_EARNED)] = []

    def earned(self) -> Earned:
        return Earned(
            frozenset(self.tag_ids),
            frozenset(self.scenes),
            tuple(each.condition() for each in self.conditions),
        )


class LevelIn(BaseModel):
    """A level.

    `next_seconds` null: twice `first_seconds`. `pause_resolution`: while the customer owes the
    answer, `resolution_seconds` do not pass. `head_start`: so much of a target before its end the
    level begins to count. `hard_factor`: after so many targets a wait is far too long.
    `extra_slots`: conversations beyond an agent's limit that it may use. `sticky_seconds`: at most
    so long a customer waits for the agent they know. `is_default`: what all others have.
    """

    name: Name
    colour: Colour = Colour.BLUE
    first_seconds: Seconds
    next_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None
    left_message_seconds: Seconds = 3600
    pause_resolution: bool = True
    head_start: HeadStart = 0.5
    hard_factor: HardFactor = 4.0
    extra_slots: ExtraSlots = 0
    sticky_seconds: StickySeconds = 60
    is_default: bool = False
    earned: EarnedBy = EarnedBy()


class LevelWish(BaseModel):
    """What is left out stays; null is something else only for the two targets that may be null.

    `version`: of the copy that was looked at; where it is given and old, nothing is changed.
    """

    name: Name | None = None
    colour: Colour | None = None
    first_seconds: Seconds | None = None
    next_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None
    left_message_seconds: Seconds | None = None
    pause_resolution: bool | None = None
    head_start: HeadStart | None = None
    hard_factor: HardFactor | None = None
    extra_slots: ExtraSlots | None = None
    sticky_seconds: StickySeconds | None = None
    is_default: bool | None = None
    earned: EarnedBy | None = None
    version: int | None = None

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"earned", "version"})
        may_be_null = {"next_seconds", "resolution_seconds"}
        return {
            name: value for name, value in given.items() if value is not None or name in may_be_null
        }


class LevelOut(LevelIn):
    """A level as it is kept. `rank` 1 is the best. `contacts`: how many have it; null: not told."""

    id: int
    rank: int
    contacts: int | None
    version: int

    @classmethod
    def of(cls, level: Level, count: int | None) -> Self:
        names = LevelIn.model_fields.keys() | {"id", "rank", "version"}
        return cls.model_validate(
            {name: getattr(level, name) for name in names} | {"contacts": count}
        )


class LevelList(BaseModel):
    """The best first."""

    items: list[LevelOut]


class LevelOrder(BaseModel):
    """All levels, the best first."""

    ids: Annotated[list[RowNumber], Field(max_length=levels.MOST_LEVELS)]


@router.get("/levels", responses=problems())
async def list_levels(agent: AnAgent, unit: ReadUnit) -> LevelList:
    """The levels; supervisors are told how many contacts have each."""
    found = await levels.list_levels(unit)
    return await _shown(unit, found, counted=agent.role.includes(Role.SUPERVISOR))


@router.post(
    "/levels", status_code=201, responses=problems(LevelInvalid, LevelNameTaken, TooManyLevels)
)
async def add_level(wish: LevelIn, _agent: AnAdmin, unit: OpenUnit) -> LevelOut:
    """Add a level just above the default one."""
    level = await levels.add(unit, wish.model_dump(exclude={"earned"}), wish.earned.earned())
    return LevelOut.of(level, 0)


@router.patch(
    "/levels/{level_id}",
    responses=problems(NotFound, LevelInvalid, LevelNameTaken, LevelsChanged, DefaultLevel),
)
async def change_level(
    level_id: RowId, wish: LevelWish, _agent: AnAdmin, unit: OpenUnit
) -> LevelOut:
    """Change a level; nobody who waits is worse off for it."""
    level = await levels.change(
        unit,
        level_id,
        wish.changes(),
        earned=wish.earned.earned() if wish.earned else None,
        version=wish.version,
    )
    return (await _shown(unit, [level], counted=True)).items[0]


@router.delete("/levels/{level_id}", status_code=204, responses=problems(NotFound, DefaultLevel))
async def retire_level(level_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now) -> None:
    """Let a level count no more; its contacts have what else counts for them."""
    await levels.retire(unit, level_id, now=now)


@router.put("/levels/order", responses=problems(LevelsChanged))
async def order_levels(wish: LevelOrder, _agent: AnAdmin, unit: OpenUnit) -> LevelList:
    """Rank the levels in this order."""
    return await _shown(unit, await levels.put_in_order(unit, wish.ids), counted=True)


async def _shown(unit: Unit, found: Iterable[Level], *, counted: bool) -> LevelList:
    if not counted:
        return LevelList(items=[LevelOut.of(each, None) for each in found])
    counts = await levels.counts(unit)
    return LevelList(items=[LevelOut.of(each, counts.get(each.id, 0)) for each in found])
