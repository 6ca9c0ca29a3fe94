"""An agent's line answers a customer; or it is asked which, and kept for whoever it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wxdesk.desk import agents, conversations, media, replies, routing
from wxdesk.desk.agent_chat import words
from wxdesk.desk.agent_chat.aim import Card, Doubt, Question, Standing
from wxdesk.desk.agent_chat.heard import Heard
from wxdesk.desk.agent_chat.pending import Pending
from wxdesk.desk.media import Expected
from wxdesk.desk.replies import Manner, Reply

UNDO = timedelta(seconds=8)
"""So long a reply can be taken back, at least: on a phone the answer has to be read and typed."""
_KEPT = frozenset({Doubt.WHICH, Doubt.WAS_OVER, Doubt.NO_SUCH})


async def send(heard: Heard, said: Pending, target: Card | Question) -> str:
    """Answer a customer; or ask which, and keep what was said for whoever is named then."""
    if isinstance(target, Question):
        keeps = bool(target.about) and target.doubt in _KEPT
        heard.desk.chat.asked = said.as_json(heard.now) if keeps else None
        return words.asked(target, keeps=keeps)
    if said.media_id and target.account_id != heard.bound.binding.account_id:
        return words.OTHER_ACCOUNT.format(name=target.name)
    if target.standing is Standing.OFFERED:
        await routing.accept(
            heard.unit, target.conversation_id, agent_id=heard.agent_id, now=heard.now
        )
    return await _reply(heard, said, target)


async def _reply(heard: Heard, said: Pending, card: Card) -> str:
    agent = (await agents.by_ids(heard.unit, [heard.agent_id]))[heard.agent_id]
    hold = max(UNDO, timedelta(seconds=agent.undo_seconds)) if agent.undo_seconds else timedelta(0)
    wanted = said.wanted
    message = await replies.send(
        heard.unit,
        conversation_id=card.conversation_id,
        agent_id=agent.id,
        reply=_as_reply(said),
        client_id=f"wechat-{heard.push_id}",
        now=heard.now,
        manner=Manner(hold=hold, join=agent.join_lines and bool(hold)),
    )
    if wanted:
        expected = [Expected(message.id, card.account_id, wanted, heard.sent_at)]
        await media.expect_all(heard.unit, expected, now=heard.now)
    heard.turn_to(card)
    heard.desk.rows[card.conversation_id].reply_id = message.id
    await _mark_read(heard, card)
    return words.answered(await heard.again(card.conversation_id), undo=bool(hold))


def _as_reply(said: Pending) -> Reply:
    if said.wanted is None:
        return Reply("text", said.text)
    content: Mapping[str, Any] = media.waiting_content(said.wanted)
    return Reply(said.kind, "", {**content, "media_id": said.media_id})


async def _mark_read(heard: Heard, card: Card) -> None:
    """Whoever answers has read what they were told of."""
    talk = await conversations.get(heard.unit, card.conversation_id)
    newest = talk.last_message_id or 0
    await conversations.mark_read(heard.unit, talk.id, agent_id=heard.agent_id, up_to=newest)
