"""Operators make levels, change them, put them in order, and retire them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk import contacts, fields
from wxdesk.desk.fields import Condition, Kind, Test
from wxdesk.desk.levels import queries
from wxdesk.desk.levels.earned import Earned
from wxdesk.desk.levels.model import (
    CHANGED,
    OVER,
    DefaultLevel,
    Level,
    LevelInvalid,
    LevelNameTaken,
    LevelsChanged,
    TooManyLevels,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit

MOST_LEVELS = 20
MOST_EARNED = 100
LONGEST_NAME, LONGEST_SCENE = 20, 64
SECONDS = range(1, 30 * 24 * 3600 + 1)
STICKY_SECONDS = range(3601)
EXTRA_SLOTS = range(6)
HARDEST = 100.0

AS_DEFAULT: Mapping[str, Any] = {
    "colour": "blue",
    "next_seconds": None,
    "resolution_seconds": None,
    "left_message_seconds": 3600,
    "pause_resolution": True,
    "head_start": 0.5,
    "hard_factor": 4.0,
    "extra_slots": 0,
    "sticky_seconds": 60,
    "is_default": False,
    "retired_at": None,
}


async def add(unit: Unit, values: Mapping[str, Any], earned: Earned) -> Level:
    """Add a level just above the default one.

    Args:
        unit: Of the request.
        values: ``name``, ``first_seconds``, and what differs from ``AS_DEFAULT``.
        earned: How it is earned beside by hand and API.

    Raises:
        LevelInvalid: It cannot be right.
        LevelNameTaken: Another is called so.
        TooManyLevels: There are as many as there may be.
    """
    known = await queries.lock_levels(unit)
    if len(known) >= MOST_LEVELS:
        raise TooManyLevels("there are enough levels", most=MOST_LEVELS)
    last = max(level.rank for level in known.values())
    level = Level(**{**AS_DEFAULT, **values, "rank": last + 1, "earned": earned.as_json()})
    require_sound(level)
    _require_free(level, known.values())
    await _require_known(unit, earned)
    unit.session.add(level)
    await unit.session.flush()
    if level.is_default:
        _make_default(level, known.values())
        await unit.session.flush()
    order = [each.id for each in known.values()]
    below = next((at for at, each in enumerate(known.values()) if each.is_default), len(order))
    order.insert(below, level.id)
    await _rank(unit, order, known | {level.id: level})
    return level


async def change(
    unit: Unit,
    level_id: int,
    changes: Mapping[str, Any],
    *,
    earned: Earned | None = None,
    version: int | None = None,
) -> Level:
    """Change fields of a level; who waits by it is promised what is the better for them.

    Args:
        unit: Of the request.
        level_id: Which.
        changes: What is left out stays.
        earned: How it is earned from now on; it counts for each contact when their level is
            worked out next, which is when they write, or when their tags change.
        version: The one that was looked at; None: whatever it is.

    Raises:
        NotFound: There is no such level, or it was retired.
        LevelInvalid: It cannot be right.
        LevelNameTaken: Another is called so.
        LevelsChanged: Somebody was faster.
        DefaultLevel: One has to be the default.
    """
    known = await queries.lock_levels(unit)
    level = _of(known, level_id)
    _require_version(level, version)
    if changes.get("is_default") is False and level.is_default:
        raise DefaultLevel("make another level the default instead")
    for name, value in changes.items():
        setattr(level, name, value)
    require_sound(level)
    _require_free(level, known.values())
    if earned is not None:
        await _require_known(unit, earned, before=Earned.of_json(level.earned))
        level.earned = earned.as_json()
    if level.is_default:
        _make_default(level, known.values())
    await unit.session.flush()
    unit.wake(CHANGED)
    return level


async def put_in_order(unit: Unit, ids: Sequence[int]) -> Sequence[Level]:
    """Rank the levels in this order, the best first.

    Raises:
        LevelsChanged: These are not all levels.
    """
    known = await queries.lock_levels(unit)
    if sorted(known) != sorted(ids):
        raise LevelsChanged("these are not all levels")
    return await _rank(unit, ids, known)


async def retire(unit: Unit, level_id: int, *, now: datetime) -> None:
    """Let a level count for nobody any more.

    It is kept, for what was: its name is free again. From now on its contacts have what counts for
    them beside it, or the default, as ``expire`` gets to them. Who waits keeps their place.

    Raises:
        NotFound: There is no such level, or it was retired before.
        DefaultLevel: Everybody else has it.
    """
    level = _of(await queries.lock_levels(unit), level_id)
    if level.is_default:
        raise DefaultLevel("make another level the default first")
    level.retired_at = now
    await unit.session.flush()
    unit.wake(OVER)
    unit.wake(CHANGED)


def require_sound(level: Level) -> None:
    """Raise LevelInvalid unless a level can be right; ``problem`` says why not."""
    if not 1 <= len(level.name.strip()) <= LONGEST_NAME:
        raise LevelInvalid("it needs a name", problem="name")
    optional = (level.next_seconds, level.resolution_seconds)
    needed = (level.first_seconds, level.left_message_seconds)
    if not all(each in SECONDS for each in (*needed, *(it for it in optional if it is not None))):
        raise LevelInvalid("no target is so short or long", problem="targets")
    if not (0 <= level.head_start <= 1 and 1 <= level.hard_factor <= HARDEST):
        raise LevelInvalid("out of bounds", problem="bounds")
    if level.extra_slots not in EXTRA_SLOTS or level.sticky_seconds not in STICKY_SECONDS:
        raise LevelInvalid("out of bounds", problem="bounds")


def _require_free(level: Level, known: Collection[Level]) -> None:
    if any(each.name == level.name for each in known if each is not level):
        raise LevelNameTaken("another level is called so")


async def _require_known(unit: Unit, earned: Earned, *, before: Earned | None = None) -> None:
    """Tags that are new to it have to be there; those that were deleted since are left alone."""
    ways = (earned.tag_ids, earned.scenes, earned.conditions)
    if any(len(each) > MOST_EARNED for each in ways):
        raise LevelInvalid("too many ways to earn it", problem="earned", most=MOST_EARNED)
    if not all(1 <= len(scene) <= LONGEST_SCENE for scene in earned.scenes):
        raise LevelInvalid("no code has such a scene", problem="earned")
    new = earned.tag_ids - (before or Earned()).tag_ids
    if new and {tag.id for tag in await contacts.tags_by_ids(unit, new)} != new:
        raise LevelInvalid("there is no such tag", problem="tags")
    await _require_fields(unit, [each for each in earned.conditions if not _had(before, each)])


def _had(before: Earned | None, condition: Condition) -> bool:
    return before is not None and condition in before.conditions


async def _require_fields(unit: Unit, conditions: Collection[Condition]) -> None:
    known = await fields.by_ids(unit, {each.field_id for each in conditions})
    for each in conditions:
        field = known.get(each.field_id)
        if field is None or field.read(each.value) is None:
            raise LevelInvalid("there is no such field", problem="fields")
        if each.test is not Test.IS and field.kind not in (Kind.NUMBER, Kind.DATE):
            raise LevelInvalid("such values have no size", problem="fields")


def _make_default(level: Level, known: Collection[Level]) -> None:
    for each in known:
        if each is not level:
            each.is_default = False


def _of(known: Mapping[int, Level], level_id: int) -> Level:
    if level_id not in known:
        raise NotFound(f"there is no level {level_id}")
    return known[level_id]


def _require_version(level: Level, version: int | None) -> None:
    if version not in (None, level.version):
        raise LevelsChanged("somebody has changed it", version=level.version)


async def _rank(unit: Unit, ids: Sequence[int], known: Mapping[int, Level]) -> Sequence[Level]:
    moved = {
        level_id: rank for rank, level_id in enumerate(ids, start=1) if known[level_id].rank != rank
    }
    if moved:
        await queries.set_ranks(unit, moved)
        unit.wake(CHANGED)
    return await queries.read_levels(unit)
