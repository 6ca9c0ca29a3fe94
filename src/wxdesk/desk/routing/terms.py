"""What people have set up that a wait depends on: plan, levels, groups, calendars; read once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wxdesk.desk import accounts, calendars, groups, levels
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.groups import Group
from wxdesk.desk.routing import plans
from wxdesk.desk.routing.plan import Plan
from wxdesk.desk.routing.promise import Due, Level, wall_time
from wxdesk.desk.routing.relax import helpers_of
from wxdesk.desk.routing.snapshot import Id
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Plan, levels, groups and calendars as they are in one unit.

    Attributes:
        levels: Those that are not retired.
        default_id: Of the level of whoever has no other.
        of_accounts: The calendar of each account that has one.
    """

    plan: Plan
    levels: Mapping[int, Level]
    default_id: int
    groups: Mapping[int, Group]
    calendars: Mapping[int, Calendar]
    of_accounts: Mapping[int, int]

    def calendar_of(self, group_id: int | None, account_id: int) -> Calendar | None:
        """By which targets count: the group's, else the account's; None: every second does."""
        group = self.groups.get(group_id or 0)
        own = group.calendar_id if group else None
        return self.calendars.get(own or self.of_accounts.get(account_id, 0))

    def due(self, group_id: int | None, account_id: int) -> Due:
        calendar = self.calendar_of(group_id, account_id)
        return calendar.due if calendar else wall_time

    def is_open(self, group_id: int | None, account_id: int, now: datetime) -> bool:
        calendar = self.calendar_of(group_id, account_id)
        return calendar is None or calendar.is_open(now)

    def level(self, level_id: int, group_id: int | None) -> Level:
        """What a level promises in a group, which may have targets of its own for it."""
        level, group = self.levels[level_id], self.groups.get(group_id or 0)
        own = group.targets_of(level_id) if group else None
        if own is None:
            return level
        later = own["next_seconds"]
        return replace(
            level,
            first=timedelta(seconds=own["first_seconds"]),
            next=None if later is None else timedelta(seconds=later),
        )

    def level_or_default(self, level_id: int | None) -> int:
        """A level that was retired counts no more."""
        return level_id if level_id in self.levels and level_id else self.default_id

    def helpers(self, group_id: int | None) -> tuple[int, ...]:
        """The groups that a group's conversations go over to, nearest first."""
        if group_id is None:
            return ()
        over: dict[Id, tuple[Id, ...]] = {
            each.id: (each.overflow_group_id,)
            for each in self.groups.values()
            if each.overflow_group_id
        }
        return tuple(int(each) for each in helpers_of(group_id, over))


async def read(unit: Unit, *, plan: Plan | None = None) -> Terms:
    """In five statements.

    Args:
        unit: Reads are enough.
        plan: Instead of the one in force.
    """
    known = await levels.list_levels(unit)
    return Terms(
        plan=plan or await plan_in_force(unit),
        levels={each.id: Level(**each.facts) for each in known},
        default_id=next(each.id for each in known if each.is_default),
        groups={each.id: each for each in await groups.list_groups(unit)},
        calendars={each.id: each.calendar for each in await calendars.list_all(unit)},
        of_accounts={
            each.id: each.calendar_id
            for each in await accounts.list_all(unit)
            if each.calendar_id is not None
        },
    )


async def plan_in_force(unit: Unit) -> Plan:
    kept = await plans.published(unit)
    return Plan.of_json(kept.doc) if kept else Plan()
