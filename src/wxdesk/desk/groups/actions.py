"""Operators make groups, say who is in them, put them in order, and throw them away."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wxdesk.desk import agents, calendars
from wxdesk.desk.groups import queries
from wxdesk.desk.groups.model import (
    CHANGED,
    Group,
    GroupInvalid,
    GroupNameTaken,
    GroupsChanged,
    Targets,
    TooManyGroups,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit

MOST_GROUPS = 100
MOST_MEMBERS = 1000
LONGEST_NAME = 40
OVERFLOW_SECONDS = range(24 * 3600 + 1)
QUEUE_CAP = range(1, 100_001)
TARGET_SECONDS = range(1, 30 * 24 * 3600 + 1)
MOST_TARGETS = 100

AS_DEFAULT: Mapping[str, Any] = {
    "calendar_id": None,
    "overflow_group_id": None,
    "overflow_seconds": 300,
    "queue_cap": None,
    "targets": {},
    "needs_summary": False,
}


async def add(unit: Unit, values: Mapping[str, Any], agent_ids: Collection[int] = ()) -> Group:
    """Add a group behind all others.

    Args:
        unit: Of the request.
        values: ``name``, and what differs from ``AS_DEFAULT``.
        agent_ids: Who is in it.

    Raises:
        GroupInvalid: It cannot be right.
        GroupNameTaken: Another is called so.
        TooManyGroups: There are as many as there may be.
    """
    known = await queries.lock_groups(unit)
    if len(known) >= MOST_GROUPS:
        raise TooManyGroups("there are enough groups", most=MOST_GROUPS)
    last = max((group.place for group in known.values()), default=0)
    group = Group(**{**AS_DEFAULT, **values, "place": last + 1})
    await _require_sound(unit, group, known)
    await _require_agents(unit, agent_ids)
    unit.session.add(group)
    await unit.session.flush()
    await queries.write_members(unit, group.id, agent_ids)
    unit.wake(CHANGED)
    return group


async def change(
    unit: Unit, group_id: int, changes: Mapping[str, Any], *, version: int | None = None
) -> Group:
    """Change fields of a group, where it stands.

    Args:
        unit: Of the request.
        group_id: Which.
        changes: What is left out stays.
        version: The one that was looked at; None: whatever it is.

    Raises:
        NotFound: There is no such group.
        GroupInvalid: It cannot be right.
        GroupNameTaken: Another is called so.
        GroupsChanged: Somebody was faster.
    """
    known = await queries.lock_groups(unit)
    group = _of(known, group_id)
    if version not in (None, group.version):
        raise GroupsChanged("somebody has changed it", version=group.version)
    await _require_sound(unit, group, known, changes)
    for name, value in changes.items():
        setattr(group, name, value)
    await unit.session.flush()
    unit.wake(CHANGED)
    return group


async def set_members(unit: Unit, group_id: int, agent_ids: Collection[int]) -> Group:
    """Let these agents, and no others, be in a group. It counts as a change of the group.

    Raises:
        NotFound: There is no such group.
        GroupInvalid: There is no such agent.
    """
    group = _of(await queries.lock_groups(unit), group_id)
    await _require_agents(unit, agent_ids)
    await queries.write_members(unit, group.id, agent_ids)
    await queries.count_change(unit, group)
    unit.wake(CHANGED)
    return group


async def put_in_order(unit: Unit, ids: Sequence[int]) -> Sequence[Group]:
    """Show the groups in this order, and look for a place in this order where several fit.

    Raises:
        GroupsChanged: These are not all groups.
    """
    known = await queries.lock_groups(unit)
    if sorted(known) != sorted(ids):
        raise GroupsChanged("these are not all groups")
    for place, group_id in enumerate(ids, start=1):
        known[group_id].place = place
    await unit.session.flush()
    unit.wake(CHANGED)
    return [known[group_id] for group_id in ids]


async def remove(unit: Unit, group_id: int) -> None:
    """Throw a group away: what waits for it waits for the whole desk from now on.

    Raises:
        NotFound: There is no such group.
    """
    group = _of(await queries.lock_groups(unit), group_id)
    await queries.remove_members(unit, group.id)
    await queries.forget_overflow_to(unit, group.id)
    await unit.session.delete(group)
    await unit.session.flush()
    unit.wake(CHANGED)


async def _require_sound(
    unit: Unit, group: Group, known: Mapping[int, Group], changes: Mapping[str, Any] | None = None
) -> None:
    """Raise unless a group can be right; ``problem`` says why not."""
    wished = {name: getattr(group, name) for name in ("name", *AS_DEFAULT)} | dict(changes or {})
    if not 1 <= len(wished["name"].strip()) <= LONGEST_NAME:
        raise GroupInvalid("it needs a name", problem="name")
    if any(each.name == wished["name"] for each in known.values() if each is not group):
        raise GroupNameTaken("another group is called so")
    if wished["overflow_seconds"] not in OVERFLOW_SECONDS:
        raise GroupInvalid("out of bounds", problem="overflow_seconds")
    if wished["queue_cap"] is not None and wished["queue_cap"] not in QUEUE_CAP:
        raise GroupInvalid("out of bounds", problem="queue_cap")
    _require_targets(wished["targets"])
    helper = wished["overflow_group_id"]
    if helper is not None and (helper not in known or known[helper] is group):
        raise GroupInvalid("no other group has this number", problem="overflow")
    if wished["calendar_id"] is not None:
        await _require_calendar(unit, wished["calendar_id"])


def _require_targets(targets: Mapping[str, Targets]) -> None:
    promised = [each for of_level in targets.values() for each in of_level.values()]
    if len(targets) > MOST_TARGETS or any(each not in TARGET_SECONDS for each in promised if each):
        raise GroupInvalid("out of bounds", problem="targets")


async def _require_calendar(unit: Unit, calendar_id: int) -> None:
    """It is there, and nobody throws it away meanwhile."""
    try:
        await calendars.get(unit, calendar_id)
    except NotFound:
        raise GroupInvalid("there is no such calendar", problem="calendar") from None


async def _require_agents(unit: Unit, agent_ids: Collection[int]) -> None:
    if len(agent_ids) > MOST_MEMBERS:
        raise GroupInvalid("too many members", problem="members", most=MOST_MEMBERS)
    if set(await agents.by_ids(unit, list(agent_ids))) != set(agent_ids):
        raise GroupInvalid("there is no such agent", problem="members")


def _of(known: Mapping[int, Group], group_id: int) -> Group:
    if group_id not in known:
        raise NotFound(f"there is no group {group_id}")
    return known[group_id]
