"""Which way a rule's answers leave, and what that costs. Pure.

The answer to a push carries one message, and costs nothing; all that follows leaves through the
API. What would cost more than its rule may is not sent at all: half an answer is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wxdesk.desk import outbox
from wxdesk.desk.outbox import PASSIVE_KINDS
from wxdesk.desk.replies import Reply
from wxdesk.wechat import split_text


class Way(StrEnum):
    """How the answers of a rule left, or are to."""

    PASSIVE = "passive"  # the first in the answer to the push
    CUSTOM = "custom"  # all through the API
    WAITING = "waiting"
    NOT_SENT = "not_sent"  # it would have cost more than it may, or WeChat takes nothing
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Unsent(StrEnum):
    """Why nothing is sent."""

    WOULD_COST = "would_cost"
    SLOT_MISSED = "slot_missed"
    NOTHING_LEFT = "nothing_left"  # told as what WeChat would say
    MEDIA_GONE = "media_gone"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        cost: What it uses up if all goes well.
        reserves: What it uses up at most: more where the answer to the push may be missed.
        passive_only: The first leaves in the answer to the push, or not at all.
        why: Nothing is sent, for this reason.
    """

    way: Way
    cost: int
    reserves: int = 0
    passive_only: bool = False
    why: Unsent | None = None


def sends_of(reply: Reply) -> int:
    """What a reply uses up through the API."""
    if reply.kind == outbox.TEMPLATE:
        return 0
    return len(split_text(reply.text)) if reply.kind == "text" else 1


def plan(answers: Sequence[Reply], *, slot: bool, may_cost: int, left: int | None) -> Plan:
    """Decide.

    Args:
        answers: In the order in which they are to be read.
        slot: The answer to the push is still waited for, and nothing else is in it.
        may_cost: What the rule may use up.
        left: What WeChat allows; None: no count.
    """
    total = sum(sends_of(each) for each in answers)
    fits = answers[0].kind in PASSIVE_KINDS
    least = total - 1 if fits and slot else total
    most = may_cost if left is None else min(may_cost, left)
    if least > most:
        return Plan(Way.NOT_SENT, 0, why=_why(total, fits=fits, slot=slot, may_cost=may_cost))
    if fits and slot:
        only = total > most
        return Plan(Way.PASSIVE, least, least if only else total, passive_only=only)
    return Plan(Way.CUSTOM, total, total)


def _why(total: int, *, fits: bool, slot: bool, may_cost: int) -> Unsent:
    if total - 1 <= may_cost < total and fits and not slot:
        return Unsent.SLOT_MISSED
    least = total - 1 if fits and slot else total
    return Unsent.WOULD_COST if least > may_cost else Unsent.NOTHING_LEFT
