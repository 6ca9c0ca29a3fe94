"""From the event log to what is told: which happenings there are, with all that is said of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from wxdesk.desk import accounts, agents, contacts, conversations, groups, ratings, summaries
from wxdesk.desk.conversations import Message
from wxdesk.desk.events import Happening, Told
from wxdesk.desk.webhooks.body import Body, Data, Known
from wxdesk.desk.webhooks.model import PING, WebhookEvent
from wxdesk.store import Unit

OF_CONVERSATIONS = frozenset(
    {Happening.OPENED, Happening.SUMMARIZED, Happening.RATED, Happening.RATED_ANEW}
)
OF_MESSAGES = frozenset({Happening.RECEIVED, Happening.SENT, Happening.FAILED, Happening.UNCERTAIN})
_KNOWN = frozenset(Happening)


class Happened(NamedTuple):
    """One event of the log.

    Attributes:
        line: The message, or the line that says who did it; None: it is about the conversation.
    """

    number: int
    kind: Happening
    conversation_id: int
    line: Message | None


async def happenings(unit: Unit, told: Sequence[Told]) -> Sequence[Happened]:
    """Those of the events that are told to others, oldest first."""
    wanted = [each for each in told if each.kind in _KNOWN]
    ids = {each.thing_id for each in wanted if each.kind not in OF_CONVERSATIONS}
    found = await conversations.messages_by_ids(unit, ids) if ids else ()
    lines = {each.id: each for each in found}
    happened = []
    for each in wanted:
        kind = Happening(each.kind)
        line = lines.get(each.thing_id) if kind not in OF_CONVERSATIONS else None
        conversation_id = line.conversation_id if line else each.thing_id
        if conversation_id is not None:
            happened.append(Happened(each.number, kind, conversation_id, line))
    return happened


async def events_of(
    unit: Unit, happened: Sequence[Happened], now: datetime
) -> Sequence[WebhookEvent]:
    """What is told of each, in a handful of statements for all."""
    known = await _known(unit, happened)
    return [_event(each, known, now) for each in happened]


def ping(now: datetime) -> WebhookEvent:
    """What is told to try an endpoint."""
    return _as_event(PING, Data(), None, now)


def _event(each: Happened, known: Known, now: datetime) -> WebhookEvent:
    ended = each.kind in (Happening.CLOSED, Happening.SUMMARIZED)
    rated = each.kind in (Happening.RATED, Happening.RATED_ANEW)
    is_message = each.kind in OF_MESSAGES
    data = Data(
        conversation=known.visit(each.conversation_id),
        message=known.said(each.line) if each.line and is_message else None,
        deed=known.deed(each.line) if each.line and not is_message else None,
        summary=known.summary(each.conversation_id) if ended else None,
        rating=known.rating(each.conversation_id) if rated else None,
    )
    return _as_event(each.kind, data, each.conversation_id, now)


def _as_event(kind: str, data: Data, conversation_id: int | None, now: datetime) -> WebhookEvent:
    uid = f"evt_{uuid4().hex}"
    body = Body(id=uid, type=kind, timestamp=now, data=data)
    return WebhookEvent(uid=uid, kind=kind, conversation_id=conversation_id, body=body.text, at=now)


async def _known(unit: Unit, happened: Sequence[Happened]) -> Known:
    lines = [each.line for each in happened if each.line]
    talks = await conversations.by_ids(unit, {each.conversation_id for each in happened})
    ids = {each.id for each in talks}
    summed = await summaries.of(unit, ids)
    chosen = {each.category_id for each in summed.values() if each.category_id}
    people = {each.assignee_id for each in talks} | {each.by_id for each in summed.values()}
    people |= {each.author_id for each in lines} | {each.content.get("agent_id") for each in lines}
    inside = {each.group_id for each in talks} | {each.content.get("group_id") for each in lines}
    served = await accounts.by_ids(unit, {each.account_id for each in talks})
    known_groups = await groups.by_ids(unit, {each for each in inside if each})
    return Known(
        conversations={each.id: each for each in talks},
        contacts=await contacts.by_ids(unit, {each.contact_id for each in talks}),
        agents=await agents.by_ids(unit, people),
        accounts={each.id: each.name for each in served.values()},
        groups={each.id: each.name for each in known_groups.values()},
        summaries=summed,
        paths=await summaries.paths_of(unit, chosen),
        ratings=await ratings.of(unit, ids),
    )
