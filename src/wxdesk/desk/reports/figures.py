"""The figures of the live monitor, as values. Pure.

What each counts, and the list of ``GET /api/conversations`` that shows those it counts:

* ``waiting``     nobody has it yet                                          ``state=waiting``
* ``oldest``      since when the one of them who waits longest does          its first row
* ``active``      somebody has it and it has not ended                       ``state=active``
* ``resting``     of these: the customer owes the answer, and has for a while
* ``owed``        of the active: the customer waits for an answer            ``view=owed``
* ``overdue``     waiting or active, and the answer is due no more           ``view=overdue``
* ``closing``     an answer is owed and the window closes within two hours   ``view=closing``
* ``last_send``   one message is left                                        ``view=last_send``
* ``opened``      began today                                                ``view=today``
* ``rated``       customers told today how it was                            ``GET /api/ratings``
* ``satisfied``   of these: they were content (满意)
* ``kept`` …      first responses that ended today; see ``sla.Outcomes``
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from wxdesk.desk.routing import Presence


class Key(NamedTuple):
    """Whose figures: of a level and a group; None: of none."""

    level_id: int | None
    group_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """See above."""

    waiting: int = 0
    oldest: datetime | None = None
    active: int = 0
    resting: int = 0
    owed: int = 0
    overdue: int = 0
    closing: int = 0
    last_send: int = 0
    opened: int = 0
    rated: int = 0
    satisfied: int = 0
    kept: int = 0
    late: int = 0
    gone: int = 0
    gone_late: int = 0

    @property
    def attainment(self) -> float | None:
        """The share of today's first responses that were in time; None where none came due."""
        of = self.kept + self.late + self.gone_late
        return self.kept / of if of else None

    @property
    def satisfaction(self) -> float | None:
        """The share of today's ratings that were content; None where nobody rated."""
        return self.satisfied / self.rated if self.rated else None

    def __add__(self, other: "Figures") -> "Figures":
        counts = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name != "oldest"
        }
        moments = [each for each in (self.oldest, other.oldest) if each]
        return Figures(oldest=min(moments, default=None), **counts)


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of one level and group."""

    key: Key
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    """Somebody who works here, and has been at the desk at least once.

    Attributes:
        presence: As decisions see them: who has been silent for a while is gone.
        paused: They missed an offer.
        capacity: Of conversations at once, today.
        since: When they became what they are.
    """

    agent_id: int
    name: str
    presence: Presence
    paused: bool
    load: int
    capacity: int
    since: datetime | None

    @property
    def takes(self) -> bool:
        return self.presence is Presence.ONLINE and not self.paused


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is at the desk. ``paused`` are not among ``online``; ``load`` of those who are."""

    online: int = 0
    busy: int = 0
    away: int = 0
    paused: int = 0
    offline: int = 0
    full: int = 0
    load: int = 0
    capacity: int = 0


def counted(agents: Collection[AgentNow]) -> People:
    """How many are what."""

    def are(presence: Presence) -> int:
        return sum(each.presence is presence for each in agents)

    taking = [each for each in agents if each.takes]
    return People(
        online=len(taking),
        paused=sum(each.paused and each.presence is Presence.ONLINE for each in agents),
        busy=are(Presence.BUSY),
        away=are(Presence.AWAY),
        offline=are(Presence.OFFLINE),
        full=sum(each.load >= each.capacity for each in taking),
        load=sum(each.load for each in taking),
        capacity=sum(each.capacity for each in taking),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsDay:
    """What an agent did today.

    Attributes:
        taken: Conversations they were given and accepted.
        missed: Offers they did not answer.
        kept: Their first responses that were in time.
        late: Those that were not.
    """

    agent_id: int
    taken: int = 0
    missed: int = 0
    kept: int = 0
    late: int = 0


def merged(*parts: Mapping[Key, Figures]) -> list[Slice]:
    """What several statements found, put together by level and group."""
    found: dict[Key, Figures] = {}
    for part in parts:
        for key, figures in part.items():
            found[key] = found.get(key, Figures()) + figures
    order = sorted(found, key=lambda key: (key.group_id or 0, key.level_id or 0))
    return [Slice(key, found[key]) for key in order]


def total(slices: Iterable[Slice]) -> Figures:
    """Of all levels and groups."""
    whole = Figures()
    for each in slices:
        whole = whole + each.figures
    return whole
