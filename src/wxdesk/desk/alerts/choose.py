"""By which ways an agent is told of something, now or later. Pure: no clock, no tables.

The table is ux.md's: what is pushed follows whether a page is looked at, what is said elsewhere
follows whether one is there at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from wxdesk.desk.alerts.model import Kind, Way

LOOK_EVERY = timedelta(seconds=15)
"""While a page is looked at: it says when it is hidden, unless it dies."""

ALIVE = timedelta(seconds=45)
"""A page that was not heard of for so long is not looked at, whatever it said last."""

AGAIN_AFTER = timedelta(seconds=30)
AGAIN_AFTER_FOR_TEAM = timedelta(minutes=5)
"""What was said is said again no sooner, however much comes."""

TEAM = frozenset({Kind.TEAM_BREACH, Kind.TEAM_WAITING})


class When(NamedTuple):
    """On what a way waits, and how long that has to have lasted."""

    what: str
    lasts: timedelta = timedelta()


NEVER, ALWAYS = When("never"), When("always")
UNSEEN, UNSEEN_A_WHILE = When("unseen"), When("unseen", timedelta(seconds=5))
"""No page is looked at."""
AWAY = When("away", timedelta(seconds=60))
"""No page is open."""

RULES: Mapping[Kind, Mapping[Way, When]] = {
    Kind.OFFER: {Way.PUSH: UNSEEN, Way.ADDRESS: UNSEEN},
    Kind.MESSAGE: {Way.PUSH: UNSEEN_A_WHILE, Way.ADDRESS: AWAY},
    Kind.WARNING: {Way.PUSH: UNSEEN, Way.ADDRESS: ALWAYS},
    Kind.BREACH: {Way.PUSH: ALWAYS, Way.ADDRESS: ALWAYS},
    Kind.WINDOW: {Way.PUSH: ALWAYS, Way.ADDRESS: ALWAYS},
    Kind.HANDED_OVER: {Way.PUSH: UNSEEN, Way.ADDRESS: ALWAYS},
    Kind.MENTION: {Way.PUSH: UNSEEN, Way.ADDRESS: NEVER},
    Kind.TEAM_BREACH: {Way.PUSH: ALWAYS, Way.ADDRESS: ALWAYS},
    Kind.TEAM_WAITING: {Way.PUSH: ALWAYS, Way.ADDRESS: ALWAYS},
}
IN_CHAT = frozenset({Kind.OFFER, Kind.MESSAGE})
"""What agents who are at work within WeChat are told there: an address would say it twice."""

AT_WORK = frozenset({Kind.OFFER, Kind.MESSAGE})
"""What is told in quiet hours, too, to those who say that they are here."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How it stands with somebody who is to be told.

    Attributes:
        kind: Of what.
        raised_at: Since when there is something to tell.
        until: From then on there is nothing any more.
        stands: It is still so.
        visible_until: A page of theirs said that it is looked at until then.
        seen_at: When a page of theirs was last there.
        online: They say that they are here.
        left: They say that they are not; of those who have never said anything: no.
        muted: What they do not want to be told.
        quiet: Their quiet hours are now.
        in_chat: They are within reach in a chat of their own within WeChat.
        ways: Those that they have.
        told: Those by which they were told, since it was raised last.
        told_at: When they were last told.
    """

    kind: Kind
    raised_at: datetime
    until: datetime
    stands: bool = True
    visible_until: datetime | None = None
    seen_at: datetime | None = None
    online: bool = True
    left: bool = False
    muted: frozenset[Kind] = field(default_factory=frozenset)
    quiet: bool = False
    in_chat: bool = False
    ways: frozenset[Way] = field(default_factory=frozenset)
    told: frozenset[Way] = field(default_factory=frozenset)
    told_at: datetime | None = None


class Verdict(NamedTuple):
    """What to do now, and when to look again; None: it is over."""

    tell: frozenset[Way]
    again_at: datetime | None


NOTHING_MORE = Verdict(frozenset(), None)


def choose(seen: Situation, now: datetime) -> Verdict:
    """By which ways to tell now."""
    if not seen.stands or now >= seen.until or seen.left or seen.kind in seen.muted:
        return NOTHING_MORE
    if seen.quiet and not (seen.online and seen.kind in AT_WORK):
        return NOTHING_MORE
    rules = RULES[seen.kind]
    times = {
        way: _time_for(rules[way], seen, now)
        for way in seen.ways - seen.told
        if rules[way] is not NEVER
        and not (way is Way.ADDRESS and seen.in_chat and seen.kind in IN_CHAT)
    }
    if seen.told_at is not None:
        rest = AGAIN_AFTER_FOR_TEAM if seen.kind in TEAM else AGAIN_AFTER
        soonest = seen.told_at + rest
        times = {way: max(at, soonest) for way, at in times.items()}
    ready = frozenset(way for way, at in times.items() if at <= now)
    later = [at for way, at in times.items() if way not in ready]
    return Verdict(ready, min([*later, seen.until]))


def _time_for(when: When, seen: Situation, now: datetime) -> datetime:
    """From when on a way may be used, as things stand."""
    if when.what == ALWAYS.what:
        return seen.raised_at
    since = _unseen_since(seen, now) if when.what == UNSEEN.what else seen.seen_at
    if since is None:
        return seen.raised_at
    if since > now:
        return now + LOOK_EVERY
    return since + when.lasts


def _unseen_since(seen: Situation, now: datetime) -> datetime | None:
    """Since when no page is looked at; None: for ever. In the future: one is."""
    if seen.visible_until is None or seen.seen_at is None:
        return None
    if now > seen.seen_at + ALIVE:
        return min(seen.visible_until, seen.seen_at)
    return seen.visible_until
