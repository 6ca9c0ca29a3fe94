"""Who waits, in the order in which they would be served now, and what each waits for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk.routing import order, terms, who_is_first, who_waits
from wxdesk.desk.routing.explain import Fact, why_waiting
from wxdesk.desk.routing.model import Wait
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.promise import Promise
from wxdesk.desk.routing.snapshot import ANYBODY, Agent, Moment, Waiting
from wxdesk.desk.routing.who_is_here import read_agents
from wxdesk.desk.routing.why import moment_of
from wxdesk.store import Unit

FEWEST_OF_A_LINE = 8

TELLING = (
    "held",
    "nobody_in_group",
    "nobody_with_skill",
    "nobody_for_level",
    "free",
    "agents_full",
    "agents_excluded",
    "agents_held",
    "agents_paused",
    "agents_busy",
    "agents_away",
    "agents_offline",
)
"""Of all that stands in the way, what says most; the first that is there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who waits; ``why`` is the one fact that says most, None where there is none."""

    wait: Wait
    band: Band
    why: Fact | None


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who waits, and for whom.

    Attributes:
        first: The first of those who wait.
        far_too_late: How many at least wait beyond the hard bound of their level.
        agents: As decisions see them: who has been silent for a while is gone.
    """

    first: Sequence[Standing]
    far_too_late: int
    agents: Mapping[int, Agent]


async def standing(unit: Unit, *, now: datetime, limit: int) -> Lineup:
    """The first of those who wait, the one to be served now first.

    Cost: a statement for each line in which anybody stands, of few rows, not of those who wait;
    what each waits for: grows with the agents times the different needs among those returned.
    """
    known = await terms.read(unit)
    moment = await moment_of(unit, known, now)
    found = await _first(unit, moment, limit)
    first = [int(each.id) for each in found[:limit]]
    waits = await who_waits.waits_by_ids(unit, first)
    agents = await read_agents(unit, known, now)
    late = sum(order.band(each, moment) is Band.A for each in found)
    shown = [waits[each] for each in first if each in waits]
    return Lineup(told(shown, agents.values(), moment), late, agents)


async def _first(unit: Unit, moment: Moment, limit: int) -> list[Waiting]:
    """In order: so many at least, as there are. A line of which all are among them is read on."""
    lines = await who_is_first.lines(unit)
    few = max(FEWEST_OF_A_LINE, 2 * limit // max(len(lines), 1))
    found = {line: await who_is_first.places(unit, line, limit=few) for line in lines}
    aside = await who_is_first.places_aside(unit, limit=limit)
    while True:
        everybody = [*aside, *(place for places in found.values() for place in places)]
        ordered = order.in_order(map(_ordered, everybody), moment)
        among = {each.id for each in ordered[:limit]}
        read_on = [
            line
            for line, places in found.items()
            if few <= len(places) < limit and places[-1].conversation_id in among
        ]
        if not read_on:
            return ordered
        for line in read_on:
            found[line] = await who_is_first.places(unit, line, limit=limit)


def told(waits: Iterable[Wait], agents: Iterable[Agent], moment: Moment) -> list[Standing]:
    """What each waits for; those who wait for the same are looked at once."""
    everybody = list(agents)
    known: dict[object, Fact | None] = {}
    found = []
    for wait in waits:
        waiting = wait.waiting(moment.now)
        key = (wait.line, wait.weight, wait.extra_slots, waiting.excluded)
        if wait.offered_to is not None and wait.offer_until is not None:
            until = wait.offer_until.isoformat()
            why: Fact | None = Fact("offered", {"agent": wait.offered_to, "until": until})
        elif waiting.is_held(moment.now):
            why = _telling(waiting, everybody, moment)
        else:
            if key not in known:
                known[key] = _telling(waiting, everybody, moment)
            why = known[key]
        found.append(Standing(wait, order.band(waiting, moment), why))
    return found


def _telling(waiting: Waiting, agents: Iterable[Agent], moment: Moment) -> Fact | None:
    facts: Mapping[str, Fact] = {
        each.code: each for each in why_waiting(waiting, agents, 0, moment)
    }
    return next((facts[code] for code in TELLING if code in facts), None)


def _ordered(place: who_is_first.Place) -> Waiting:
    return Waiting(
        id=place.conversation_id,
        pool=place.pool,
        rank=place.rank,
        waiting_since=place.since,
        promise=Promise(place.warn_at, place.due_at, place.hard_at),
        need=ANYBODY,
        wanted=ANYBODY,
    )
