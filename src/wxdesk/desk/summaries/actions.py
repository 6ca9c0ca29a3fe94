"""A conversation is ended and summed up, at once or later."""

from datetime import datetime

from wxdesk.desk import answers, conversations, groups, ratings, routing
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.events import Happening
from wxdesk.desk.summaries import queries
from wxdesk.desk.summaries.model import (
    LONGEST_NOTE,
    MOST_POSTPONED,
    Given,
    NotEnded,
    Summary,
    SummaryForbidden,
    SummaryInvalid,
    SummaryRequired,
)
from wxdesk.store import Unit


async def close(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    may_close_any: bool,
    now: datetime,
    base_url: str,
    given: Given | None = None,
    invite: bool = False,
) -> Conversation:
    """End a conversation, summed up or not; its customer may be asked how it was.

    Where its group wants summaries whoever ends their own owes one, ``MOST_POSTPONED`` at most;
    of what somebody else had, nobody does.

    Raises:
        NotFound, NotAssigned, ConversationClosed: As ``conversations.close``.
        SummaryInvalid: It cannot be right.
        SummaryRequired: They owe as many as they may.
        AlreadyInvited, WindowClosed, RepliesSpent, LastSend: As ``ratings.invite``.
    """
    closed = await answers.close(
        unit, conversation_id, agent_id=agent_id, may_close_any=may_close_any, now=now
    )
    if given:
        await _give(unit, closed, given, agent_id=agent_id, now=now)
    elif closed.assignee_id == agent_id and await _is_wanted(unit, closed):
        if await queries.lock_owed(unit, agent_id) >= MOST_POSTPONED:
            raise SummaryRequired("sum it up, or one of those before", most=MOST_POSTPONED)
        queries.owe(unit, closed.id, agent_id, now)
    if invite:
        await ratings.invite(
            unit, closed.id, agent_id=agent_id, leads=may_close_any, base_url=base_url, now=now
        )
    else:
        await ratings.invite_after_closing(unit, closed, base_url=base_url, now=now)
    return closed


async def give(
    unit: Unit, conversation_id: int, given: Given, *, agent_id: int, leads: bool, now: datetime
) -> Conversation:
    """Sum up what has ended, or sum it up otherwise.

    Raises:
        NotFound: There is no such conversation.
        NotEnded: It goes on.
        SummaryForbidden: It was not theirs, and they lead nobody.
        SummaryInvalid: It cannot be right.
    """
    conversation = await conversations.get(unit, conversation_id)
    if conversation.assignee_id != agent_id and not leads:
        raise SummaryForbidden(f"conversation {conversation_id} was not agent {agent_id}'s")
    if conversation.state is not ConversationState.CLOSED:
        raise NotEnded(f"conversation {conversation_id} goes on")
    await _give(unit, conversation, given, agent_id=agent_id, now=now)
    conversation.touch()
    unit.tell("conversation", conversation.id)
    return conversation


async def _give(
    unit: Unit, conversation: Conversation, given: Given, *, agent_id: int, now: datetime
) -> None:
    """Whoever has summed it up has wrapped it up."""
    kept = await queries.find(unit, conversation.id)
    known = kept.category_id if kept else None
    await _require_sound(unit, given, known)
    if kept is None:
        kept = Summary(conversation_id=conversation.id, agent_id=conversation.assignee_id)
        unit.session.add(kept)
    kept.category_id, kept.result, kept.note = given.category_id, given.result, given.note.strip()
    kept.owed_since, kept.by_id, kept.given_at = None, agent_id, now
    await unit.session.flush()
    unit.tell(Happening.SUMMARIZED, conversation.id)
    await routing.finish_wrap_up_of(unit, conversation.id, now=now)


async def _require_sound(unit: Unit, given: Given, known: int | None) -> None:
    """Raise unless it can be right; the category that it has already may be retired by now."""
    if len(given.note.strip()) > LONGEST_NOTE:
        raise SummaryInvalid("the note is too long", problem="note", most=LONGEST_NOTE)
    if given.category_id == known:
        return
    category = await queries.get_category(unit, given.category_id)
    if category is None or category.retired_at is not None:
        raise SummaryInvalid("there is no such category", problem="category")
    if await queries.has_below(unit, category.id):
        raise SummaryInvalid("choose one below it", problem="not_exact")


async def _is_wanted(unit: Unit, conversation: Conversation) -> bool:
    if conversation.group_id is None:
        return False
    group = (await groups.by_ids(unit, [conversation.group_id])).get(conversation.group_id)
    return group is not None and group.needs_summary
