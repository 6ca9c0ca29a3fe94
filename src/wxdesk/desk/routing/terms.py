"""What people have set up that a wait depends on: plan, levels, groups, calendars; read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk import calendars, groups, levels
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.groups import Group
from wxdesk.desk.routing import queries
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
    """

    plan: Plan
    levels: Mapping[int, Level]
    default_id: int
    groups: Mapping[int, Group]
    calendars: Mapping[int, Calendar]

    def calendar_of(self, group_id: int | None) -> Calendar | None:
        """By which a group's targets count; None: every second does."""
        group = self.groups.get(group_id or 0)
        return self.calendars.get(group.calendar_id or 0) if group else None

    def due(self, group_id: int | None) -> Due:
        calendar = self.calendar_of(group_id)
        return calendar.due if calendar else wall_time

    def is_open(self, group_id: int | None, now: datetime) -> bool:
        calendar = self.calendar_of(group_id)
        return calendar is None or calendar.is_open(now)

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
    """In four statements.

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
    )


async def plan_in_force(unit: Unit) -> Plan:
    kept = await queries.published(unit)
    return Plan.of_json(kept.doc) if kept else Plan()
