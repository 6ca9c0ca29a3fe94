"""What became of what the rules said: told by its deliveries, and kept nowhere else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wxdesk.desk import outbox
from wxdesk.desk.answers import queries
from wxdesk.desk.answers.model import Firing
from wxdesk.desk.answers.plan import Unsent, Way
from wxdesk.desk.outbox import Delivery, DeliveryState, Via
from wxdesk.store import Unit

NOT_TRIED = frozenset({*Unsent, "window_closed", "replies_spent"})
"""Reasons for which the desk does not even ask WeChat."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a firing came to.

    Attributes:
        cost: What it has used up.
        why: Why it was not sent, or failed.
    """

    way: Way
    cost: int
    why: str | None


async def list_log(
    unit: Unit, account_id: int, *, before: int | None, limit: int
) -> Sequence[tuple[Firing, Outcome]]:
    """What the rules of an account did, newest first, with what it came to. Two statements."""
    fired = await queries.list_log(unit, account_id, before=before, limit=limit)
    ids = {message_id for each in fired for message_id in each.message_ids}
    sent: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in await outbox.of_messages(unit, ids) if ids else ():
        sent[delivery.message_id].append(delivery)
    return [(each, outcome_of(each.message_ids, sent)) for each in fired]


def outcome_of(message_ids: Sequence[int], sent: Mapping[int, Sequence[Delivery]]) -> Outcome:
    """What deliveries say of the messages of one firing."""
    parts: dict[tuple[int, int], Delivery] = {}
    for message_id in message_ids:
        parts |= {(message_id, each.part): each for each in sent.get(message_id, ())}
    newest = list(parts.values())
    if not newest:
        return Outcome(Way.NOT_SENT, 0, Unsent.MEDIA_GONE)
    gone = [each for each in newest if each.state in _GONE]
    cost = sum(each.spends and each.via is Via.CUSTOM for each in gone)
    why = next((each.reason for each in newest if each.reason), None)
    return Outcome(_way(newest, gone, why), cost, why)


_GONE = frozenset({DeliveryState.SENT, DeliveryState.UNCERTAIN})


def _way(newest: Sequence[Delivery], gone: Sequence[Delivery], why: str | None) -> Way:
    states = {each.state for each in newest}
    if DeliveryState.WAITING in states:
        return Way.WAITING
    if DeliveryState.FAILED in states:
        return Way.NOT_SENT if not gone and why in NOT_TRIED else Way.FAILED
    if DeliveryState.UNCERTAIN in states:
        return Way.UNCERTAIN
    return Way.PASSIVE if any(each.via is Via.PASSIVE for each in gone) else Way.CUSTOM
