"""How much an account may send to a follower: grants opened by what the follower does.

Pure: grants and a moment in, grants out. The tables are in ``policies``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from wxdesk.wechat.policies import Policy, Renewal, Rule, Trigger


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
    still_open = open_grants(grants, now)
    rule = policy.rule_for(trigger)
    if rule is None:
        return still_open
    fresh = Grant(trigger, rule.count, rule.count, now, now + rule.lasts)
    others = tuple(grant for grant in still_open if not _is_of(grant, rule))
    old = next((grant for grant in still_open if _is_of(grant, rule)), None)
    return (*others, fresh if old is None else _renewed(old, fresh, renewal))


def payer(grants: Iterable[Grant], now: datetime) -> Grant:
    """The grant that pays the next message: of those with something left, the first to expire.

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
    return min(usable, key=lambda grant: grant.expires_at)


def after_send(grants: Grants, now: datetime) -> Grants:
    """The grants once one message was sent.

    Raises:
        WindowClosed: As ``payer``.
        RepliesSpent: As ``payer``.
    """
    pays = payer(grants, now)
    paid = pays if pays.left is None else replace(pays, left=pays.left - 1)
    return tuple(paid if grant is pays else grant for grant in open_grants(grants, now))


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


def _is_of(grant: Grant, rule: Rule) -> bool:
    """Acts of one rule renew one another: menu, follow and scan are one grant, "the event's"."""
    return grant.trigger in rule.triggers


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
