"""What an agent's line does, and what they are told of it. One function a command."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from wxdesk.desk import (
    groups,
    notes,
    replies,
    routing,
    summaries,
)
from wxdesk.desk.agent_chat import command as commands
from wxdesk.desk.agent_chat import words
from wxdesk.desk.agent_chat.aim import Card, Doubt, Question, Standing, as_written, only_offer
from wxdesk.desk.agent_chat.answering import send
from wxdesk.desk.agent_chat.command import Command
from wxdesk.desk.agent_chat.heard import Heard
from wxdesk.desk.agent_chat.pending import Pending
from wxdesk.desk.agent_chat.reading import read
from wxdesk.desk.agent_chat.revoking import revoke
from wxdesk.desk.conversations import MessageState
from wxdesk.desk.routing import Presence


async def act(heard: Heard, wish: Command) -> str:
    """Do what a line means; what its writer is told.

    Raises:
        DeskError: What the desk does not do.
    """
    return await _ACTS[type(wish)](heard, wish)


async def _say(heard: Heard, wish: commands.Say) -> str:
    pending = Pending(kind="text", text=wish.text)
    if wish.number is None:
        return await send(heard, pending, heard.aim())
    target = heard.aim(wish.number)
    if isinstance(target, Question) and target.doubt is Doubt.NO_SUCH:
        pending = Pending(kind="text", text=as_written(wish))
    return await send(heard, pending, target)


async def _pick(heard: Heard, wish: commands.Pick) -> str:
    """A number answers a question, or turns to a customer."""
    pending = Pending.of_json(heard.desk.chat.asked, heard.now)
    target = heard.aim(wish.number)
    if pending is None:
        if isinstance(target, Question) and target.doubt is Doubt.NO_SUCH:
            return await send(heard, Pending(kind="text", text=str(wish.number)), target)
        return await _turn(heard, target)
    if isinstance(target, Question):
        return words.asked(target, keeps=True)
    return await send(heard, pending, target)


async def _switch(heard: Heard, wish: commands.Switch) -> str:
    return await _turn(heard, heard.aim(wish.number))


async def _turn(heard: Heard, target: Card | Question) -> str:
    if isinstance(target, Question):
        return words.asked(target, keeps=False)
    if target.standing is Standing.OFFERED:
        return await _take(heard, target)
    heard.turn_to(target)
    return words.switched(target)


async def _accept(heard: Heard, wish: commands.Accept) -> str:
    if wish.number is not None:
        return await _turn(heard, heard.aim(wish.number))
    offer = only_offer(heard.desk.cards)
    if isinstance(offer, Question):
        return words.asked(offer, keeps=False)
    if offer:
        return await _take(heard, offer)
    taken = await routing.take_next(heard.unit, agent_id=heard.agent_id, now=heard.now)
    found = await read(heard.unit, heard.bound, heard.now)
    card = found.of(taken.id)
    assert card is not None  # it is theirs now
    heard.turn_to(card)
    return words.switched(card)


async def _take(heard: Heard, card: Card) -> str:
    await routing.accept(heard.unit, card.conversation_id, agent_id=heard.agent_id, now=heard.now)
    heard.turn_to(card)
    return f"已接。{words.switched(replace(card, standing=Standing.MINE))}"


async def _decline(heard: Heard, wish: commands.Decline) -> str:
    offer = only_offer(heard.desk.cards) if wish.number is None else heard.aim(wish.number)
    if offer is None:
        return words.NO_OFFER
    if isinstance(offer, Question):
        return words.asked(offer, keeps=False)
    await routing.decline(
        heard.unit,
        offer.conversation_id,
        agent_id=heard.agent_id,
        reason=wish.reason,
        now=heard.now,
    )
    return f"已拒 {words.who(offer)}"


async def _end(heard: Heard, wish: commands.End) -> str:
    target = heard.aim(wish.number)
    if isinstance(target, Question):
        return words.asked(target, keeps=False)
    closed = await summaries.close(
        heard.unit,
        target.conversation_id,
        agent_id=heard.agent_id,
        may_close_any=False,
        now=heard.now,
        base_url=heard.base_url,
    )
    heard.turn_from(target)
    kept = (await summaries.of(heard.unit, [closed.id])).get(closed.id)
    return words.ended(target, owes=kept is not None and kept.owed_since is not None)


async def _transfer(heard: Heard, wish: commands.Transfer) -> str:
    known = {group.name: group.id for group in await groups.list_groups(heard.unit)}
    named = commands.group_named(wish.group, known)
    if len(named) != 1:
        choices = "、".join(named or known) or "（还没有组）"
        return f"转到哪个组？例：转 {next(iter(known), '售后')} 原因\n可选：{choices}"
    target = heard.aim(wish.number)
    if isinstance(target, Question):
        return words.asked(target, keeps=False)
    await routing.hand_over(
        heard.unit,
        target.conversation_id,
        by_id=heard.agent_id,
        may_any=False,
        group_id=known[named[0]],
        message=wish.reason,
        now=heard.now,
    )
    heard.turn_from(target)
    return f"已把 {words.who(target)} 转到 {named[0]}"


async def _note(heard: Heard, wish: commands.Note) -> str:
    target = heard.aim(wish.number)
    text = wish.text
    if isinstance(target, Question) and target.doubt is Doubt.NO_SUCH:
        target, text = heard.aim(), f"{wish.number} {wish.text}"
    if isinstance(target, Question):
        return words.asked(target, keeps=False)
    if target.standing is not Standing.MINE:
        return words.REFUSALS["not_assigned"]
    await notes.leave(
        heard.unit, target.conversation_id, agent_id=heard.agent_id, text=text, now=heard.now
    )
    return f"已备注 {words.who(target)}"


async def _be_present(heard: Heard, wish: commands.BePresent) -> str:
    await routing.set_presence(heard.unit, heard.agent_id, wish.presence, now=heard.now)
    owed = sum(1 for card in heard.desk.open if card.waits_since)
    if wish.presence is Presence.OFFLINE and owed:
        return f"{words.PRESENCES[wish.presence]}\n还有 {owed} 位在等您回复，稍后会转给同事。"
    return words.PRESENCES[wish.presence]


async def _list_all(heard: Heard, _wish: commands.ListAll) -> str:
    cards = sorted(heard.desk.open, key=lambda card: (card.waits_since is None, card.number))
    return words.listed(cards, heard.desk.chat.current_id, heard.now)


async def _take_back(heard: Heard, _wish: commands.TakeBack) -> str:
    sent = [row.reply_id for row in heard.desk.rows.values() if row.reply_id]
    if not sent:
        return words.NOTHING_TO_TAKE_BACK
    message = await replies.take_back(
        heard.unit, message_id=max(sent), agent_id=heard.agent_id, now=heard.now
    )
    row = next(row for row in heard.desk.rows.values() if row.reply_id == message.id)
    row.reply_id = None
    assert message.state is MessageState.WITHDRAWN
    card = await heard.again(row.conversation_id)
    said = words.quoted(message.kind, message.text)
    return " ".join(part for part in (f"已撤回 {card.name}：{said}", words.sends(card)) if part)


async def _help(_heard: Heard, _wish: commands.Help) -> str:
    return words.HOW


async def _be_customer(heard: Heard, _wish: commands.BeCustomer) -> str:
    heard.desk.chat.customer_since = heard.now
    return words.AS_CUSTOMER


async def _be_agent(heard: Heard, _wish: commands.BeAgent) -> str:
    heard.desk.chat.customer_since = None
    return words.AS_AGENT


async def _unbind(heard: Heard, _wish: commands.Unbind) -> str:
    await revoke(
        heard.unit, heard.bound.binding, by_id=heard.agent_id, reason="chat", now=heard.now
    )
    return words.UNBOUND


_ACTS: Mapping[type, Callable[[Heard, Any], Awaitable[str]]] = {
    commands.Say: _say,
    commands.Pick: _pick,
    commands.Switch: _switch,
    commands.Accept: _accept,
    commands.Decline: _decline,
    commands.End: _end,
    commands.Transfer: _transfer,
    commands.Note: _note,
    commands.BePresent: _be_present,
    commands.ListAll: _list_all,
    commands.TakeBack: _take_back,
    commands.Help: _help,
    commands.BeCustomer: _be_customer,
    commands.BeAgent: _be_agent,
    commands.Unbind: _unbind,
}
