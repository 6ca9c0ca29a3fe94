"""A plan: which conversations go to whom, and how the queue is run; as people write it. Pure.

It is one document, kept in versions: a draft becomes the plan in force when it is published, and
an older one can be published again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from wxdesk.desk.calendars import Calendar
from wxdesk.desk.routing.relax import Wish
from wxdesk.desk.words import Match, matches


class Pull(StrEnum):
    """What agents may take by themselves."""

    ANY = "any"
    TOP = "top"  # only whoever is first
    NONE = "none"


class Hours(StrEnum):
    ANY = "any"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a conversation began with, as far as rules ask.

    Attributes:
        text: What was written.
        key: Of the menu button or line.
        scene: Of the QR code.
    """

    account_id: int
    level_id: int | None = None
    tag_ids: Collection[int] = frozenset()
    text: str = ""
    key: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule: what is left empty is not asked for.

    Attributes:
        words: Keywords, looked for as ``match`` says; one of them is enough.
        hours: By the calendar ``calendar_id``.
        group_id: Whose conversation it becomes; None: the whole desk's.
        required: Skills with the least proficiency, 1 to 5, that are never done without.
        optional: Skills that would be good.
    """

    name: str
    enabled: bool = True
    account_ids: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()
    scenes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    match: Match = Match.CONTAINS
    level_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    hours: Hours = Hours.ANY
    calendar_id: int | None = None
    group_id: int | None = None
    required: Mapping[str, int] = field(default_factory=dict)
    optional: Mapping[str, int] = field(default_factory=dict)

    def fits(self, arrival: Arrival, calendars: Mapping[int, Calendar], now: datetime) -> bool:
        return (
            self.enabled
            and _asks(self.account_ids, {arrival.account_id})
            and _asks(self.level_ids, {arrival.level_id})
            and _asks(self.tag_ids, arrival.tag_ids)
            and _asks(self.keys, {arrival.key})
            and _asks(self.scenes, {arrival.scene})
            and (not self.words or matches(self.match, self.words, arrival.text))
            and self._is_time(calendars, now)
        )

    def _is_time(self, calendars: Mapping[int, Calendar], now: datetime) -> bool:
        calendar = calendars.get(self.calendar_id or 0)
        if self.hours is Hours.ANY or calendar is None:
            return self.hours is Hours.ANY
        return calendar.is_open(now) == (self.hours is Hours.OPEN)


def _asks(wanted: Collection[Any], given: Collection[Any]) -> bool:
    return not wanted or not frozenset(wanted).isdisjoint(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the queue is run. Defaults and their reasons: routing study, section 15.

    Attributes:
        routes: Asked in order; the first that fits decides.
        accept_seconds: So long an agent has to accept an offer; None: they have it at once.
        exclude_seconds: So long whoever let a conversation pass is not asked for it.
        ration: Of so many assignments one is for those who wait far too long.
        familiar_days: So long an agent counts as known to a customer; 0: never.
        whole_desk: In the end everybody with the skills is asked.
        pull: What agents may take by themselves.
        blind: Who waits is not shown to agents, only how many.
        rests_after_seconds: Silence of a customer who owes the answer, until it rests.
        answer_seconds: An assignment not answered by then, or when the wait gets late, if that is
            later, is tried elsewhere, once; None: never.
        suspect_seconds: Silence of a page until its agent gets nothing new.
        lost_seconds: Until they count as gone.
        return_seconds: From then until their unanswered conversations are given to others.
        close_after_seconds: Silence of both sides until a conversation is closed; None: never.
        wrap_up_seconds: So long a conversation that its agent has ended keeps its place; None: it
            does not.
    """

    routes: tuple[Route, ...] = ()
    accept_seconds: int | None = None
    exclude_seconds: int = 300
    ration: int = 10
    familiar_days: int = 7
    whole_desk: bool = True
    pull: Pull = Pull.ANY
    blind: bool = False
    rests_after_seconds: int = 300
    answer_seconds: int | None = 60
    suspect_seconds: int = 30
    lost_seconds: int = 120
    return_seconds: int = 180
    close_after_seconds: int | None = None
    wrap_up_seconds: int | None = None

    def route(
        self, arrival: Arrival, calendars: Mapping[int, Calendar], now: datetime
    ) -> Route | None:
        """The rule that decides; None: nobody's conversation in particular."""
        return next((each for each in self.routes if each.fits(arrival, calendars, now)), None)

    @property
    def silence(self) -> timedelta:
        return timedelta(seconds=self.suspect_seconds)

    def as_json(self) -> dict[str, Any]:
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return kept | {"pull": self.pull.value, "routes": [_route_as_json(r) for r in self.routes]}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """What an older desk kept has the defaults for what is new."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        values["routes"] = tuple(_route_of_json(each) for each in kept.get("routes", ()))
        values["pull"] = Pull(kept.get("pull", Pull.ANY))
        return cls(**values)


_SETS = ("account_ids", "keys", "scenes", "level_ids", "tag_ids")


def _route_as_json(route: Route) -> dict[str, Any]:
    kept = {each.name: getattr(route, each.name) for each in fields(route)}
    kept |= {name: sorted(kept[name]) for name in _SETS}
    return kept | {
        "words": list(route.words),
        "match": route.match.value,
        "hours": route.hours.value,
        "required": dict(route.required),
        "optional": dict(route.optional),
    }


def _route_of_json(kept: Mapping[str, Any]) -> Route:
    known = {each.name for each in fields(Route)}
    values = {name: value for name, value in kept.items() if name in known}
    values |= {name: frozenset(kept.get(name, ())) for name in _SETS}
    values["words"] = tuple(kept.get("words", ()))
    values["match"] = Match(kept.get("match", Match.CONTAINS))
    values["hours"] = Hours(kept.get("hours", Hours.ANY))
    return Route(**values)


def wish_of(route: Route | None, helpers: tuple[int, ...] = (), *, whole_desk: bool = True) -> Wish:
    """Whom a conversation that came by a rule takes.

    Args:
        route: The rule; None: anybody.
        helpers: The groups its group's conversations go over to.
        whole_desk: As the plan says.
    """
    if route is None:
        return Wish()
    return Wish(
        required=frozenset(route.required.items()),
        optional=frozenset(route.optional.items()),
        groups=frozenset() if route.group_id is None else frozenset({route.group_id}),
        helpers=helpers,
        whole_desk=whole_desk,
    )
