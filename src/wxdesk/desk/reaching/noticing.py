"""What nobody does, but time: windows that close on an answer that is owed, and long waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from wxdesk.desk import alerts, routing
from wxdesk.desk.alerts import Kind, Raised
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.store import Unit

BEFORE_CLOSING = timedelta(hours=1)
WAIT_LASTS = timedelta(minutes=30)
MOST = 200


async def notice(unit: Unit, *, waited: timedelta, now: datetime) -> None:
    """Raise each of it once.

    Args:
        unit: Of its own.
        waited: Who has waited so long, and is offered to nobody, is told to supervisors; 0: nobody.
        now: When.
    """
    closing = await _closing(unit, now)
    known = await alerts.keys_raised(unit, [each.key for each in closing])
    await alerts.raise_all(unit, [each for each in closing if each.key not in known], now=now)
    if waited and (oldest := await routing.oldest_unheld(unit)) is not None:
        conversation_id, since = oldest
        key = f"waiting:{conversation_id}"
        if since <= now - waited and not await alerts.keys_raised(unit, [key]):
            await alerts.raise_for_team(unit, Kind.TEAM_WAITING, key, lasts=WAIT_LASTS, now=now)


async def _closing(unit: Unit, now: datetime) -> Sequence[Raised]:
    """Answers that are owed and cannot be sent in an hour; soonest first."""
    closes_at = Contact.window_closes_at
    query = (
        select(Conversation.id, Conversation.assignee_id, closes_at)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(closes_at > now, closes_at <= now + BEFORE_CLOSING)
        .where(Conversation.state == ConversationState.ACTIVE)
        .where(Conversation.owed_since.is_not(None), Conversation.assignee_id.is_not(None))
        .order_by(closes_at)
        .limit(MOST)
    )
    return [
        Raised(
            agent_id,
            Kind.WINDOW,
            f"window:{conversation_id}:{closes.isoformat(timespec='seconds')}",
            closes - now,
            conversation_id,
        )
        for conversation_id, agent_id, closes in (await unit.session.execute(query)).all()
        if agent_id is not None and closes is not None
    ]
