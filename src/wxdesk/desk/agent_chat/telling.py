"""Agents are told: an answer to what they wrote, and what is new, as far as WeChat takes it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wxdesk.desk import accounts, allowance, bindings, contacts, replies, routing
from wxdesk.desk.agent_chat import queries, words
from wxdesk.desk.agent_chat.aim import Standing as CardStanding
from wxdesk.desk.agent_chat.model import NoticeTemplate
from wxdesk.desk.agent_chat.news import News, news_of, note_told
from wxdesk.desk.agent_chat.pace import TEMPLATE_EVERY, Standing, Way, decide, within_reach
from wxdesk.desk.agent_chat.reading import Desk, read
from wxdesk.desk.bindings import Bound
from wxdesk.desk.contacts import Contact
from wxdesk.desk.replies import Own, Reply, Slot
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.wechat.limits import TEMPLATE_CHARS

LOOP = "agent_chat"
"""The loop that tells agents what is new."""

KEPT_SENDS = 2
"""So few are kept for news: an answer then leaves in the answer to the push, or not at all."""

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


async def answer(
    unit: Unit, bound: Bound, contact: Contact, text: str, *, slot: Slot | None, now: datetime
) -> None:
    """Answer a line of an agent, with what is new beside, in the answer to its push if in time.

    Where that is missed it leaves through the API, if enough is left.
    """
    forecast = allowance.forecast_of(contact, now)
    in_slot = slot if slot and now < slot.until else None
    free_only = forecast.closes_at is None or (
        forecast.left is not None and forecast.left <= KEPT_SENDS
    )
    if in_slot is None and free_only:
        return
    if not free_only:
        text = await _with_news(unit, bound, text, now)
    await _say(unit, bound, contact, text, slot=in_slot, passive_only=free_only, now=now)


async def refuse(unit: Unit, contact: Contact, text: str, *, slot: Slot, now: datetime) -> None:
    """Tell somebody who is no agent, where it costs nothing."""
    if now < slot.until:
        own = Own(
            contact=contact,
            conversation=None,
            reply=Reply("text", text),
            slot=slot,
            passive_only=True,
        )
        await replies.say(unit, [own], now=now)


async def _with_news(unit: Unit, bound: Bound, text: str, now: datetime) -> str:
    """What is new costs nothing where something is said anyway."""
    if bound.binding.revoked_at is not None or not await _listens(unit, bound):
        return text
    desk = await read(unit, bound, now)
    lines = [text]
    for each in await news_of(unit, desk):
        if len("\n".join([*lines, each.text(now)]).encode()) > words.MOST_BYTES:
            break
        lines.append(each.text(now))
        note_told(desk.rows, [each])
    return "\n".join(lines)


async def _listens(unit: Unit, bound: Bound) -> bool:
    """Whoever has left is told nothing."""
    for seat in await routing.seats_by_ids(unit, [bound.agent.id]):
        return seat.since is None or seat.presence is not routing.Presence.OFFLINE
    return True


async def tell(unit: Unit, binding_id: int, *, now: datetime) -> Way:
    """Tell an agent what is new, if it is time; safe to run by several at once.

    A unit that only reads decides, and nothing is told.
    """
    try:
        bound = await bindings.get(unit, binding_id)
    except NotFound:
        return Way.NONE
    contact = await contacts.get(unit, bound.binding.contact_id)
    if not await _listens(unit, bound):
        return Way.NONE
    desk = await read(unit, bound, now)
    template = await queries.find_template(unit, bound.binding.account_id)
    news = await news_of(unit, desk)
    way = decide(_standing(news, contact, template, now), now)
    if unit.writing:
        await _tell(unit, bound, contact, desk, news, way, template, now)
    return way


def _standing(
    news: Sequence[News], contact: Contact, template: NoticeTemplate | None, now: datetime
) -> Standing:
    moments = [at for each in news for at in _moments(each, now)]
    forecast = allowance.forecast_of(contact, now)
    return Standing(
        urgent=any(each.lost or each.card.standing is CardStanding.OFFERED for each in news),
        oldest_at=min(moments, default=None),
        newest_at=max(moments, default=None),
        left=forecast.left,
        closes_at=forecast.closes_at if contact.following else None,
        has_template=template is not None and contact.following,
    )


def _moments(news: News, now: datetime) -> Sequence[datetime]:
    """When it happened; what has no time of its own has waited long enough."""
    return [each.received_at for each in news.said] or [news.card.waits_since or now]


async def _tell(
    unit: Unit,
    bound: Bound,
    contact: Contact,
    desk: Desk,
    news: Sequence[News],
    way: Way,
    template: NoticeTemplate | None,
    now: datetime,
) -> None:
    lines = [each.text(now) for each in news]
    match way:
        case Way.NONE | Way.LATER:
            return
        case Way.TEXT | Way.LAST:
            last = [words.LAST_NOTICE] if way is Way.LAST else []
            text = "\n".join([words.clipped(lines), *last])
            await _say(unit, bound, contact, text, slot=None, passive_only=False, now=now)
            note_told(desk.rows, news)
        case Way.TEMPLATE if template:
            account = await accounts.get(unit, contact.account_id)
            at = now.astimezone(ZoneInfo(account.timezone))
            reply = _as_template(template, news, lines, at)
            await _say_reply(unit, bound, contact, reply, now=now)
            note_told(desk.rows, news)
            desk.chat.quiet_until = now + TEMPLATE_EVERY
        case _:
            desk.chat.quiet_until = FOR_EVER
            await routing.set_reachable(unit, bound.agent.id, None)


async def note_heard(unit: Unit, bound: Bound, contact: Contact, *, now: datetime) -> None:
    """An agent has written: they are within reach again."""
    chat = await queries.chat_of(unit, bound.binding.id)
    chat.heard_at, chat.quiet_until = now, None
    template = await queries.find_template(unit, bound.binding.account_id)
    forecast = allowance.forecast_of(contact, now)
    until = within_reach(
        forecast.left, forecast.closes_at, has_template=template is not None, now=now
    )
    await routing.set_reachable(unit, bound.agent.id, until)
    unit.wake(LOOP)


async def _say(
    unit: Unit,
    bound: Bound,
    contact: Contact,
    text: str,
    *,
    slot: Slot | None,
    passive_only: bool,
    now: datetime,
) -> None:
    own = Own(
        contact=contact,
        conversation=None,
        reply=Reply("text", text),
        slot=slot,
        passive_only=passive_only,
        told_agent_id=bound.agent.id,
    )
    await replies.say(unit, [own], now=now)


async def _say_reply(
    unit: Unit, bound: Bound, contact: Contact, reply: Reply, *, now: datetime
) -> None:
    own = Own(contact=contact, conversation=None, reply=reply, told_agent_id=bound.agent.id)
    await replies.say(unit, [own], now=now)


def _as_template(
    template: NoticeTemplate, news: Sequence[News], lines: Sequence[str], at: datetime
) -> Reply:
    first = news[0]
    facts = {
        "{客户}": first.card.name,
        "{消息}": lines[0],
        "{时间}": f"{at:%Y-%m-%d %H:%M}",
        "{数量}": str(len(news)),
    }
    data = {key: _filled(key, str(text), facts) for key, text in template.values.items()}
    content: Mapping[str, Any] = {
        "template_id": template.template_id,
        "data": data,
        "url": "",
        "mini_program": None,
    }
    return Reply("template", lines[0], content)


def _filled(key: str, text: str, facts: Mapping[str, str]) -> str:
    """A value, no longer than WeChat takes it."""
    for name, fact in facts.items():
        text = text.replace(name, fact)
    longest = TEMPLATE_CHARS.get(key.rstrip("0123456789"), 60)
    return words.shortened(text, longest) or "-"
