"""What is odd about groups, so that somebody looks at them. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from wxdesk.desk.calendars import Calendar
from wxdesk.desk.groups.model import Group

SOON = timedelta(days=14)


class Oddity(StrEnum):
    """What is odd."""

    NO_MEMBERS = "no_members"
    NO_HOURS = "no_hours"  # its calendar is closed for two weeks
    CIRCLE = "circle"  # it is helped by one that is helped, at last, by itself


def oddities_of(
    group: Group,
    known: Mapping[int, Group],
    members: Collection[int],
    calendar: Calendar | None,
    *,
    now: datetime,
) -> list[Oddity]:
    """What is odd about a group.

    Args:
        group: Which.
        known: All groups.
        members: Who of its members may sign in.
        calendar: When it is there; None: always.
        now: When.
    """
    found = [] if members else [Oddity.NO_MEMBERS]
    if calendar is not None:
        opens = calendar.next_open(now)
        if opens is None or opens > now + SOON:
            found.append(Oddity.NO_HOURS)
    if _is_in_circle(group, known):
        found.append(Oddity.CIRCLE)
    return found


def _is_in_circle(group: Group, known: Mapping[int, Group]) -> bool:
    """Whether what overflows from it comes back; one that only leads into a circle is not odd."""
    seen: set[int] = set()
    at = group.overflow_group_id
    while at is not None and at in known and at not in seen:
        if at == group.id:
            return True
        seen.add(at)
        at = known[at].overflow_group_id
    return False
