"""What somebody has to look at now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wxdesk.desk.reports.figures import People, Slice


class AlarmKind(StrEnum):
    """What is wrong, the worst first."""

    NOBODY_ONLINE = "nobody_online"  # somebody waits, and nobody takes anything
    FAR_TOO_LATE = "far_too_late"  # somebody waits for several times what was promised
    OVER_CAP = "over_cap"  # more wait than a group lets wait


@dataclass(frozen=True, slots=True)
class Alarm:
    """``count`` who wait; ``most`` and the group of a cap."""

    kind: AlarmKind
    count: int
    group_id: int | None = None
    most: int | None = None


def alarms(
    slices: Iterable[Slice], people: People, caps: Mapping[int, int], far_too_late: int
) -> list[Alarm]:
    """All that is wrong now, the worst first.

    Args:
        slices: The figures.
        people: Who is there.
        caps: By group, where more than so many are not to wait.
        far_too_late: How many wait beyond the hard bound of their level.
    """
    by_group: dict[int | None, int] = {}
    for each in slices:
        group_id = each.key.group_id
        by_group[group_id] = by_group.get(group_id, 0) + each.figures.waiting
    waiting = sum(by_group.values())
    found = []
    if waiting and not people.online:
        found.append(Alarm(AlarmKind.NOBODY_ONLINE, waiting))
    if far_too_late:
        found.append(Alarm(AlarmKind.FAR_TOO_LATE, far_too_late))
    found += [
        Alarm(AlarmKind.OVER_CAP, by_group[group_id], group_id, most)
        for group_id, most in sorted(caps.items())
        if by_group.get(group_id, 0) > most
    ]
    return found
