"""What happened to a follower's allowance, and the grants that follow from it. Pure.

Pushes come late and out of order, so what comes later may have happened before: then the grants
are worked out again from what happened, in WeChat's order of time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wxdesk.desk.allowance.grants import (
    Grant,
    Grants,
    after_act,
    after_closed,
    after_send,
    after_spent,
)
from wxdesk.wechat import Policy, Trigger


class Turn(StrEnum):
    """What can happen to an allowance."""

    ACT = "act"  # the follower did something that WeChat rewards
    LEFT = "left"  # unfollowed: all ends
    SENT = "sent"  # WeChat took a message of ours, or may have
    CLOSED = "closed"  # WeChat said that nothing is open: 45015
    SPENT = "spent"  # WeChat said that all is used up: 45047


@dataclass(frozen=True, slots=True)
class Happening:
    """One turn: by WeChat's time for what the follower did, by ours for the rest.

    WeChat tells whole seconds; what is finer than that orders what falls into the same one.
    """

    turn: Turn
    at: datetime
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The grants afterwards, and the one that paid for a message."""

    grants: Grants
    payer: Grant | None = None


def after(grants: Grants, happening: Happening, policy: Policy) -> Outcome:
    """What one happening makes of the grants."""
    match happening.turn:
        case Turn.ACT:
            assert happening.trigger is not None
            created = happening.at.replace(microsecond=0)  # WeChat counts from whole seconds
            return Outcome(after_act(grants, happening.trigger, created, policy))
        case Turn.SENT:
            return Outcome(*after_send(grants, happening.at))
        case Turn.SPENT:
            return Outcome(after_spent(grants, happening.at))
        case Turn.LEFT | Turn.CLOSED:
            return Outcome(after_closed(grants))


def replay(happenings: Iterable[Happening], policy: Policy) -> Grants:
    """The grants that follow from all that happened, in any order given.

    Of what falls into the same instant acts come first: so no more is promised than WeChat may
    have granted.
    """
    grants: Grants = ()
    for happening in sorted(happenings, key=_in_order):
        grants = after(grants, happening, policy).grants
    return grants


def _in_order(happening: Happening) -> tuple[datetime, bool]:
    return happening.at, happening.turn is not Turn.ACT
