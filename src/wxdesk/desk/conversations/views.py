"""Views: conversations that need somebody's eye for a reason, in the order of that reason."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations.model import Conversation, ConversationState
from wxdesk.desk.conversations.queries import among
from wxdesk.store import Unit

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class View(StrEnum):
    """Which."""

    CLOSING = "closing"  # the window closes soon and an answer is owed; the soonest first
    LAST_SEND = "last_send"  # one message is left; whose window closes first is first
    URGENT = "urgent"  # an answer is owed, and nobody has put it off; due first
    OWED = "owed"  # somebody has it, and an answer is owed; due first
    OVERDUE = "overdue"  # the answer is due no more; the longest overdue first
    UNOWNED = "unowned"  # nobody has it, and nobody is asked; the longest waiting first
    TODAY = "today"  # begun since a moment; the newest first


_CLOSED = literal(ConversationState.CLOSED, Conversation.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see a partial index."""
_OPEN = Conversation.state != _CLOSED
_OWED = Conversation.owed_since.is_not(None)
_DUE = func.coalesce(Conversation.due_at, literal(_NEVER, Conversation.due_at.type))
_OF_WINDOWS = (View.CLOSING, View.LAST_SEND)


async def list_view(
    unit: Unit,
    view: View,
    *,
    now: datetime,
    closing: timedelta,
    assignee_id: int | None,
    group_ids: Collection[int] = (),
    level_ids: Collection[int] = (),
    since: datetime | None = None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> Sequence[Conversation]:
    """Conversations of a view, in its order.

    Args:
        unit: Reads are enough.
        view: Which.
        now: When.
        closing: How soon "soon" is.
        assignee_id: Only this agent's.
        group_ids: Only of these groups; none: of any, or of no group.
        level_ids: Only of these levels; none: of any.
        since: When today began; None: a day ago.
        after: Where the one stands that was seen last; see ``place_in``.
        limit: The most to return.
    """
    moment: Any = _moment(view)
    key = tuple_(moment, Conversation.id)
    query = select(Conversation).where(_belongs(view, now, closing, since)).limit(limit)
    if view in _OF_WINDOWS:
        query = query.join(Contact, Contact.id == Conversation.contact_id)
    if view is View.TODAY:
        query = query.order_by(moment.desc(), Conversation.id.desc())
    else:
        query = query.order_by(moment, Conversation.id)
    if assignee_id is not None:
        query = query.where(Conversation.assignee_id == assignee_id)
    query = query.where(*among(group_ids, level_ids))
    if after:
        query = query.where(key < after if view is View.TODAY else key > after)
    return (await unit.session.scalars(query)).all()


def place_in(view: View, conversation: Conversation, contact: Contact) -> tuple[datetime, int]:
    """Where a conversation stands in a view."""
    match view:
        case View.CLOSING | View.LAST_SEND:
            moment = contact.window_closes_at
        case View.UNOWNED:
            moment = conversation.waiting_since
        case View.TODAY:
            moment = conversation.opened_at
        case _:
            moment = conversation.due_at
    return moment or _NEVER, conversation.id


def _moment(view: View) -> Any:
    match view:
        case View.CLOSING | View.LAST_SEND:
            return Contact.window_closes_at
        case View.UNOWNED:
            return Conversation.waiting_since
        case View.TODAY:
            return Conversation.opened_at
        case View.OVERDUE:
            return Conversation.due_at
        case _:
            return _DUE


def _belongs(
    view: View, now: datetime, closing: timedelta, since: datetime | None
) -> ColumnElement[bool]:
    in_window = and_(_OPEN, Contact.window_closes_at > now)
    one_left = Contact.lasting_sends - Contact.reserved == literal(1, literal_execute=True)
    waits = Conversation.state == ConversationState.WAITING
    return {
        View.CLOSING: and_(in_window, _OWED, Contact.window_closes_at <= now + closing),
        View.LAST_SEND: and_(in_window, one_left),
        View.URGENT: and_(_OPEN, _OWED, Conversation.snoozed_until.is_(None)),
        View.OWED: and_(Conversation.state == ConversationState.ACTIVE, _OWED),
        View.OVERDUE: and_(_OPEN, Conversation.due_at.is_not(None), Conversation.due_at < now),
        View.UNOWNED: and_(waits, Conversation.offered_to.is_(None)),
        View.TODAY: Conversation.opened_at >= (since or now - timedelta(days=1)),
    }[view]
