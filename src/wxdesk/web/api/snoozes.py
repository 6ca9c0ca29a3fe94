"""Putting a conversation off until later (稍后提醒)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from wxdesk.desk import allowance, contacts, conversations, routing
from wxdesk.desk.conversations import ConversationClosed, NotAssigned
from wxdesk.desk.routing import Hidden, Preset, SnoozeInvalid
from wxdesk.errors import NotFound
from wxdesk.web.api.conversation import ConversationOut, shown
from wxdesk.web.api.inputs import HOME, NoBody, RowId, TimeZone
from wxdesk.web.api.sight import TheSight
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["conversations"])


class SnoozeIn(BaseModel):
    """Between a minute and thirty days from now."""

    until: AwareDatetime


class PresetOut(BaseModel):
    preset: Preset
    at: datetime


class SnoozeOut(BaseModel):
    """What is proposed, the soonest first, and what to mind: until when WeChat lets one answer."""

    presets: list[PresetOut]
    window_closes_at: datetime | None


@router.get("/conversations/{conversation_id}/snooze", responses=problems(NotFound, Hidden))
async def propose_snooze(
    conversation_id: RowId,
    sight: TheSight,
    unit: ReadUnit,
    now: Now,
    tz: TimeZone = HOME,
) -> SnoozeOut:
    """Until when it may be put off: an hour, until the desk closes, until tomorrow at nine.

    By the hours of its group, else of its account; without any, today at 18:00 of the zone `tz`.
    """
    conversation = await conversations.get(unit, conversation_id)
    sight.require(conversation)
    found = await routing.snooze_presets(unit, conversation, zone=ZoneInfo(tz), now=now)
    contact = await contacts.get(unit, conversation.contact_id)
    return SnoozeOut(
        presets=[PresetOut(preset=preset, at=at) for preset, at in found.items()],
        window_closes_at=allowance.forecast_of(contact, now).closes_at,
    )


@router.put(
    "/conversations/{conversation_id}/snooze",
    responses=problems(NotFound, NotAssigned, ConversationClosed, SnoozeInvalid),
)
async def snooze(
    conversation_id: RowId, wish: SnoozeIn, agent: AnAgent, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Put off one's own; it comes back then, or when the customer writes.

    Where the customer owes the answer it takes no room meanwhile; where one owes it, its clock
    runs on.
    """
    put_off = await routing.snooze(
        unit, conversation_id, agent_id=agent.id, until=wish.until, now=now
    )
    return (await shown(unit, [put_off]))[0]


@router.delete(
    "/conversations/{conversation_id}/snooze",
    responses=problems(NotFound, NotAssigned, ConversationClosed),
)
async def end_snooze(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, _body: NoBody = None
) -> ConversationOut:
    """Have it back before."""
    back = await routing.end_snooze(unit, conversation_id, agent_id=agent.id)
    return (await shown(unit, [back]))[0]
