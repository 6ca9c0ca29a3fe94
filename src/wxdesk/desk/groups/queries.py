"""Every SQL statement about groups and who is in them."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, insert, select, update

from wxdesk.desk.groups.model import Group, Membership
from wxdesk.store import Unit
from wxdesk.store.database import take_turn


async def list_groups(unit: Unit) -> Sequence[Group]:
    """The groups, in the operator's order."""
    return (await unit.session.scalars(select(Group).order_by(Group.place, Group.id))).all()


async def lock_groups(unit: Unit) -> dict[int, Group]:
    """The groups, in order; nobody else changes or adds any until the unit ends."""
    await take_turn(unit, "groups")
    query = select(Group).order_by(Group.place, Group.id)
    found = await unit.session.scalars(query.execution_options(populate_existing=True))
    return {group.id: group for group in found}


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Group]:
    if not ids:
        return {}
    found = await unit.session.scalars(select(Group).where(Group.id.in_(ids)))
    return {group.id: group for group in found}


async def groups_of(unit: Unit, agent_ids: Collection[int]) -> dict[int, list[int]]:
    """The ids of the groups that each of these agents is in; an empty list where in none."""
    found: dict[int, list[int]] = {agent_id: [] for agent_id in agent_ids}
    query = (
        select(Membership.agent_id, Membership.group_id)
        .where(Membership.agent_id.in_(found))
        .order_by(Membership.group_id)
    )
    for row in await unit.session.execute(query) if found else ():
        found[row[0]].append(row[1])
    return found


async def members_of(unit: Unit, group_ids: Collection[int]) -> dict[int, list[int]]:
    """The ids of the agents in each of these groups; an empty list where nobody is."""
    found: dict[int, list[int]] = {group_id: [] for group_id in group_ids}
    query = (
        select(Membership.group_id, Membership.agent_id)
        .where(Membership.group_id.in_(found))
        .order_by(Membership.agent_id)
    )
    for row in await unit.session.execute(query) if found else ():
        found[row[0]].append(row[1])
    return found


async def write_members(unit: Unit, group_id: int, agent_ids: Iterable[int]) -> None:
    """Let these agents, and no others, be in a group."""
    await remove_members(unit, group_id)
    rows = [{"group_id": group_id, "agent_id": agent_id} for agent_id in sorted(set(agent_ids))]
    if rows:
        await unit.session.execute(insert(Membership), rows)


async def remove_members(unit: Unit, group_id: int) -> None:
    await unit.session.execute(
        delete(Membership).where(Membership.group_id == group_id),
        execution_options={"synchronize_session": False},
    )


async def forget_overflow_to(unit: Unit, group_id: int) -> None:
    """Nobody is helped by this group any more."""
    await unit.session.execute(
        update(Group)
        .where(Group.overflow_group_id == group_id)
        .values(overflow_group_id=None, version=Group.version + 1),
        execution_options={"synchronize_session": False},
    )


async def count_change(unit: Unit, group: Group) -> None:
    """Who is in it belongs to a group, though it does not stand in its row."""
    await unit.session.execute(
        update(Group).where(Group.id == group.id).values(version=Group.version + 1),
        execution_options={"synchronize_session": False},
    )
    await unit.session.refresh(group)
