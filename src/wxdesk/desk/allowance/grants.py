"""What WeChat lets us send to a follower: grants that acts open and sends use up. Pure.

This is a model. WeChat tells nobody how much is left; only its refusals are certain (45015: no
grant is open; 45047: what is open is used up), and they correct what is kept here.

Source: "Customer-service messages, rules of sending" (下发规则) for what is granted. That of
several grants the one that expires first pays is our assumption: it is documented nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from wxdesk.wechat import Policy, Renewal, Rule, Trigger


@dataclass(frozen=True, slots=True)
class Grant:
    """Sends that a follower's act allows.

    Attributes:
        name: Acts whose grants have the same name renew one another.
        trigger: The act that opened or last renewed it.
        count: What it was worth then; None: no count.
        left: What nobody has used up.
        opened_at: WeChat's time of the act.
        expires_at: From here on it is worth nothing.
    """

    name: str
    trigger: Trigger
    count: int | None
    left: int | None
    opened_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        return now < self.expires_at

    def paid(self) -> Self:
        return self if self.left is None else replace(self, left=self.left - 1)

    def as_json(self) -> dict[str, Any]:
        """As it is kept; ``of_json`` reads it."""
        return {
            "name": self.name,
            "trigger": self.trigger.value,
            "count": self.count,
            "left": self.left,
            "opened_at": self.opened_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            kept["name"],
            Trigger(kept["trigger"]),
            kept["count"],
            kept["left"],
            datetime.fromisoformat(kept["opened_at"]),
            datetime.fromisoformat(kept["expires_at"]),
        )


Grants = tuple[Grant, ...]


def after_act(grants: Grants, trigger: Trigger, at: datetime, policy: Policy) -> Grants:
    """The grants once the follower has done this; what had expired by then is forgotten."""
    still_open = open_at(grants, at)
    rule = policy.rule_for(trigger)
    if rule is None:
        return still_open
    old = next((grant for grant in still_open if grant.name == rule.grant), None)
    renewed = _renewed(old, _fresh(trigger, rule, at), policy.renewal)
    return (*(grant for grant in still_open if grant is not old), renewed)


def after_send(grants: Grants, at: datetime) -> tuple[Grants, Grant | None]:
    """The grants once WeChat took a message, and the one that paid, as it was before.

    None paid where WeChat was more generous than the model: that is no reason to think less of
    what is left.
    """
    payer = payer_of(grants, at)
    if payer is None:
        return grants, None
    return tuple(grant.paid() if grant is payer else grant for grant in grants), payer


def payer_of(grants: Iterable[Grant], at: datetime) -> Grant | None:
    """The open grant with something left that expires first."""
    usable = [grant for grant in grants if grant.is_open(at) and grant.left != 0]
    return min(usable, key=lambda grant: grant.expires_at, default=None)


def after_closed(_grants: Grants) -> Grants:
    """WeChat says that none is open (45015), or the follower has left."""
    return ()


def after_spent(grants: Grants, at: datetime) -> Grants:
    """WeChat says that what is open is used up (45047): by us, or by another sender."""
    return tuple(replace(grant, left=0) for grant in open_at(grants, at))


def open_at(grants: Iterable[Grant], at: datetime) -> Grants:
    return tuple(grant for grant in grants if grant.is_open(at))


def _fresh(trigger: Trigger, rule: Rule, at: datetime) -> Grant:
    return Grant(rule.grant, trigger, rule.count, rule.count, at, at + rule.lasts)


def _renewed(old: Grant | None, fresh: Grant, renewal: Renewal) -> Grant:
    if old is None:
        return fresh
    match renewal:
        case Renewal.REPLACE:
            return fresh
        case Renewal.NO_RENEWAL:
            return old
        case Renewal.ACCUMULATE:
            total = None if old.left is None or fresh.count is None else old.left + fresh.count
            return replace(fresh, count=total, left=total)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What may be sent from now on.

    Attributes:
        left: So many more, after what waits to be sent; None: no count.
        closes_at: When the last grant with something left expires; None: nothing may be sent.
        is_spent: Something is open, but used up: 45047 rather than 45015.
    """

    left: int | None
    closes_at: datetime | None
    is_spent: bool = False

    def takes(self, sends: int) -> bool:
        return self.left is None or self.left >= sends


def forecast(grants: Grants, reserved: int, now: datetime, margin: timedelta) -> Forecast:
    """What may be sent, where ``reserved`` messages of ours wait to be sent already.

    Args:
        grants: As WeChat's acts and our sends left them.
        reserved: Messages on their way; each will use up one.
        now: By our clock.
        margin: So long before its end a grant counts as expired: a message needs time to leave.
            Of a short grant no more than a sixth of it.
    """
    usable = tuple(grant for grant in grants if now < grant.expires_at - _margin(grant, margin))
    for _ in range(reserved):
        usable, payer = after_send(usable, now)
        if payer is None or payer.left is None:
            break
    worth = [grant for grant in usable if grant.left != 0]
    counts = [grant.left for grant in worth]
    return Forecast(
        left=None if None in counts else sum(count for count in counts if count is not None),
        closes_at=max((grant.expires_at for grant in worth), default=None),
        is_spent=not worth and bool(usable),
    )


def _margin(grant: Grant, margin: timedelta) -> timedelta:
    return min(margin, (grant.expires_at - grant.opened_at) / 6)
