"""Agents write in WeChat: each line is done, and answered with what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from wxdesk import wechat
from wxdesk.desk import contacts, conversations, groups, routing, sla
from wxdesk.desk.agent_chat import queries, words
from wxdesk.desk.agent_chat.acts import act
from wxdesk.desk.agent_chat.answering import send
from wxdesk.desk.agent_chat.command import BeAgent, Say, parse
from wxdesk.desk.agent_chat.heard import Heard
from wxdesk.desk.agent_chat.pending import Pending
from wxdesk.desk.agent_chat.reading import read
from wxdesk.desk.agent_chat.revoking import revoke
from wxdesk.desk.agent_chat.telling import answer, note_heard, refuse
from wxdesk.desk.bindings import Bound, Redeemed
from wxdesk.desk.contacts import Contact, Follower
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.replies import Slot
from wxdesk.errors import DeskError
from wxdesk.store import Unit

_NOT_FOR_CUSTOMERS = (
    wechat.Video,
    wechat.Location,
    wechat.Link,
    wechat.MiniProgramPage,
    wechat.File,
    wechat.Unsupported,
    wechat.Unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that an agent did in their chat, or somebody who scanned a code for agents.

    Attributes:
        bound: Who they are by then; None: they scanned a code that is no good.
        redeemed: What came of the code that they scanned; None: they scanned none.
        sent_at: WeChat's time of it.
        slot: The answer to its push.
    """

    contact_id: int
    bound: Bound | None
    push_id: int
    content: object
    sent_at: datetime
    slot: Slot
    redeemed: Redeemed | None = None


async def hold_customers(
    unit: Unit, followers: Collection[Follower], agents: Collection[Bound]
) -> Sequence[int]:
    """Lock these followers and whomever these agents may answer, before anything else is locked.

    Returns the conversations of the latter, to be locked in their turn.
    """
    found = await queries.open_of(unit, {each.agent.id for each in agents})
    await contacts.hold(unit, followers, beside={contact_id for _, contact_id in found})
    return [conversation_id for conversation_id, _ in found]


async def hear(unit: Unit, line: Line, *, base_url: str, now: datetime) -> None:
    """Do what an agent wrote, and answer it.

    What the desk refuses is answered with the reason, and nothing else of it is done.

    Args:
        unit: Of the intake.
        line: What they did.
        base_url: Where customers reach the desk, who may be sent a link.
        now: When.
    """
    contact = await contacts.get(unit, line.contact_id)
    if line.redeemed:
        await _welcome(unit, line, contact, line.redeemed, now)
    elif line.bound and isinstance(line.content, wechat.Unsubscribed):
        await revoke(unit, line.bound.binding, by_id=None, reason="left", now=now)
    elif line.bound and line.bound.binding.revoked_at is None:  # by a line before it
        await note_heard(unit, line.bound, contact, now=now)
        if text := await _done_or_refused(unit, line, line.bound, base_url, now):
            await answer(unit, line.bound, contact, text, slot=line.slot, now=now)


async def _done_or_refused(
    unit: Unit, line: Line, bound: Bound, base_url: str, now: datetime
) -> str | None:
    try:
        async with unit.savepoint():
            return await _done(unit, line, bound, base_url, now)
    except DeskError as error:
        return words.REFUSALS.get(error.code, f"没有成功：{error.code}")


async def _done(unit: Unit, line: Line, bound: Bound, base_url: str, now: datetime) -> str | None:
    """What its writer is told; None: nothing, it was no line."""
    desk = await read(unit, bound, now)
    heard = Heard(unit, bound, desk, line.push_id, line.sent_at, base_url, now)
    match line.content:
        case wechat.Text(text, menu_id):
            names = [group.name for group in await groups.list_groups(unit)]
            wish = parse(text, names)
            if menu_id and isinstance(wish, Say):  # a line of some menu: they did not write it
                return words.MENU
            return await act(heard, wish)
        case wechat.Image(media_id, url):
            return await send(heard, Pending(kind="image", media_id=media_id, url=url), heard.aim())
        case wechat.Voice(media_id, _, finer):
            pending = Pending(kind="voice", media_id=media_id, finer_id=finer or "")
            return await send(heard, pending, heard.aim())
        case wechat.MenuClicked() | wechat.CodeScanned():
            return words.MENU
    return words.NOT_UNDERSTOOD if isinstance(line.content, _NOT_FOR_CUSTOMERS) else None


async def _welcome(
    unit: Unit, line: Line, contact: Contact, redeemed: Redeemed, now: datetime
) -> None:
    """Tell whoever scanned a code what came of it; whoever waited as a customer waits no more."""
    if line.bound is None:
        await refuse(unit, contact, words.REDEEMED[redeemed], slot=line.slot, now=now)
        return
    if redeemed is Redeemed.BOUND:
        await _stop_waiting(unit, contact, now)
    await note_heard(unit, line.bound, contact, now=now)
    await answer(unit, line.bound, contact, words.REDEEMED[redeemed], slot=line.slot, now=now)


async def _stop_waiting(unit: Unit, contact: Contact, now: datetime) -> None:
    for talk in (await conversations.find_open(unit, [contact.id])).values():
        if talk.state is ConversationState.WAITING:
            conversation = await conversations.get(unit, talk.id)
            await routing.abandon(unit, conversation, now=now)
            await sla.follow(unit, [conversation], now=now)


async def is_customer(unit: Unit, bound: Bound, content: object) -> bool:
    """Whether an agent who asked to be a customer still is one: until that conversation ends."""
    chat = await queries.find_chat(unit, bound.binding.id)
    if chat is None or chat.customer_since is None:
        return False
    if isinstance(content, wechat.Text) and isinstance(parse(content.text), BeAgent):
        return False
    had_one, is_open = await queries.opened_since(
        unit, bound.binding.contact_id, chat.customer_since
    )
    if had_one and not is_open:
        chat.customer_since = None
        await unit.session.flush()
        return False
    return True
