"""How much an account may send to a follower: grants opened by what the follower does.

Pure: grants and a moment in, grants out.

Source: "Customer-service messages, rules of sending" (下发规则) and its history since 2013;
how grants add up is not documented, hence ``Renewal``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Trigger(StrEnum):
    """What a follower did that lets the account send."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"
    PAYMENT = "payment"
    COMPLAINT = "complaint"


class Renewal(StrEnum):
    """What an act does to a grant of its kind that is still open.

    ``replace`` starts it afresh; ``accumulate`` adds the new count to what is left and moves the
    end; ``no_renewal`` leaves it as it is until it has expired.
    """

    REPLACE = "replace"
    ACCUMULATE = "accumulate"
    NO_RENEWAL = "no_renewal"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many sends for how long; ``count`` None is as many as one likes."""

    count: int | None
    lasts: timedelta


Policy = Mapping[Trigger, Rule]

_TWO_DAYS = timedelta(hours=48)
_A_MINUTE = timedelta(minutes=1)
_EVENTS = dict.fromkeys((Trigger.MENU, Trigger.FOLLOW, Trigger.SCAN), Rule(3, _A_MINUTE))

POLICIES: Mapping[str, Policy] = {
    # In force for everybody since August 2023.
    "2023": {Trigger.MESSAGE: Rule(5, _TWO_DAYS), **_EVENTS},
    # From 2021-06-01.
    "2021": {
        Trigger.MESSAGE: Rule(20, _TWO_DAYS),
        **_EVENTS,
        Trigger.PAYMENT: Rule(20, _TWO_DAYS),
    },
    # The first rule: any of six acts opens 48 hours without a count.
    "2013": dict.fromkeys(Trigger, Rule(None, _TWO_DAYS)),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """``granted`` sends, ``left`` of them unspent (None: without a count), until ``expires_at``."""

    trigger: Trigger
    granted: int | None
    left: int | None
    opened_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        return now < self.expires_at


Grants = tuple[Grant, ...]


class WindowClosed(Exception):
    """No grant is open: 45015."""


class RepliesSpent(Exception):
    """A grant is open, and nothing is left of it: 45047."""


def after_act(
    grants: Grants, trigger: Trigger, *, policy: Policy, renewal: Renewal, now: datetime
) -> Grants:
    """The grants once the follower has done this; a trigger without a rule grants nothing."""
    rule = policy.get(trigger)
    if rule is None:
        return open_grants(grants, now)
    fresh = Grant(trigger, rule.count, rule.count, now, now + rule.lasts)
    others = tuple(grant for grant in open_grants(grants, now) if not _alike(grant, fresh))
    old = next((grant for grant in open_grants(grants, now) if _alike(grant, fresh)), None)
    return (*others, fresh if old is None else _renewed(old, fresh, renewal))


def after_send(grants: Grants, now: datetime) -> Grants:
    """The grants once one message was sent: the one that expires first pays.

    Raises:
        WindowClosed: None is open.
        RepliesSpent: None that is open has anything left.
    """
    still_open = open_grants(grants, now)
    if not still_open:
        raise WindowClosed
    usable = [grant for grant in still_open if grant.left != 0]
    if not usable:
        raise RepliesSpent
    payer = min(usable, key=lambda grant: grant.expires_at)
    paid = payer if payer.left is None else replace(payer, left=payer.left - 1)
    return tuple(paid if grant is payer else grant for grant in still_open)


def open_grants(grants: Iterable[Grant], now: datetime) -> Grants:
    return tuple(grant for grant in grants if grant.is_open(now))


def sends_left(grants: Grants, now: datetime) -> int | None:
    """How many more would be accepted now; None: without a count."""
    total = 0
    for grant in open_grants(grants, now):
        if grant.left is None:
            return None
        total += grant.left
    return total


def closes_at(grants: Grants, now: datetime) -> datetime | None:
    """When the last grant that has something left expires; None: nothing may be sent."""
    return max((g.expires_at for g in open_grants(grants, now) if g.left != 0), default=None)


def _alike(one: Grant, other: Grant) -> bool:
    """Menu, follow and scan renew one another: they are one grant, "the event's"."""
    return one.trigger is other.trigger or {one.trigger, other.trigger} <= _EVENTS.keys()


def _renewed(old: Grant, fresh: Grant, renewal: Renewal) -> Grant:
    match renewal:
        case Renewal.REPLACE:
            return fresh
        case Renewal.NO_RENEWAL:
            return old
        case Renewal.ACCUMULATE:
            left = _sum(old.left, fresh.granted)
            return replace(fresh, granted=left, left=left, opened_at=old.opened_at)


def _sum(left: int | None, granted: int | None) -> int | None:
    return None if left is None or granted is None else left + granted
