"""Whoever leaves hands over what they have: all of it in one unit, or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from wxdesk.desk import conversations
from wxdesk.desk.conversations import ConversationClosed, NotAssigned
from wxdesk.desk.routing import terms
from wxdesk.desk.routing.errors import NotHere
from wxdesk.desk.routing.handing_over import hand_over, require_room
from wxdesk.errors import DeskError, NotFound
from wxdesk.store import Unit

REFUSALS = (NotFound, NotAssigned, ConversationClosed, NotHere)


class Handing(NamedTuple):
    """A conversation, and the colleague or the group that is to have it."""

    conversation_id: int
    agent_id: int | None
    group_id: int | None


async def hand_over_all(
    unit: Unit,
    wishes: Sequence[Handing],
    *,
    by_id: int,
    message: str,
    anyway: bool,
    now: datetime,
) -> Mapping[int, DeskError]:
    """Hand over all of these, or, where one of them cannot be, none; what stands in the way.

    Args:
        unit: Of whoever leaves.
        wishes: Their own conversations.
        by_id: Who leaves.
        message: What the next ones are told.
        anyway: Those that can be, though others stay.
        now: When.
    """
    refused: dict[int, DeskError] = {}
    planned: Counter[int] = Counter()
    for wish in sorted(wishes):  # locked in the order in which everybody does
        try:
            await _require(unit, wish, planned, by_id, now)
        except REFUSALS as error:
            refused[wish.conversation_id] = error
    if refused and not anyway:
        return refused
    for wish in sorted(wishes):
        if wish.conversation_id not in refused:
            await hand_over(
                unit,
                wish.conversation_id,
                by_id=by_id,
                may_any=False,
                agent_id=wish.agent_id,
                group_id=wish.group_id,
                message=message,
                now=now,
            )
    return refused


async def _require(
    unit: Unit, wish: Handing, planned: Counter[int], by_id: int, now: datetime
) -> None:
    conversation = await conversations.get(unit, wish.conversation_id)
    conversation.require_assignee(by_id)
    if wish.agent_id is not None:
        await require_room(unit, wish.agent_id, now, beside=planned[wish.agent_id])
        planned[wish.agent_id] += 1
    elif wish.group_id not in (await terms.read(unit)).groups:
        raise NotFound(f"there is no group {wish.group_id}")
