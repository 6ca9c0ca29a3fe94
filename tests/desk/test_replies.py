"""Agents' replies on both databases, from the composer to the outbox."""

import asyncio

import pytest
from sqlalchemy import select

from delivering import deliver
from wxdesk.desk import contacts, conversations, replies
from wxdesk.desk.conversations import (
    ConversationClosed,
    Message,
    MessageState,
    NotAssigned,
    NothingToResend,
)
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.errors import NotFound
from wxdesk.wechat import split_text
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept

LONG = "".join(f"第{number}句话，说得很长很长。" for number in range(160))


async def all_of(runtime, kind):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(kind).order_by(kind.id))).all()


async def own_messages(runtime):
    return [each for each in await all_of(runtime, Message) if each.client_id]


async def resend(runtime, message, agent):
    async with runtime.db.unit() as unit:
        return await replies.resend(
            unit, message_id=message.id, agent_id=agent.id, now=runtime.clock.now()
        )


async def test_only_the_owner_answers(runtime, desk):
    owner, other = await desk.agent(), await desk.agent()
    mine = await desk.conversation(assignee=owner)
    nobodys = await desk.conversation()

    with pytest.raises(NotAssigned):
        await desk.reply(mine, other)
    with pytest.raises(NotAssigned):
        await desk.reply(nobodys, owner)

    assert await all_of(runtime, Delivery) == []


async def test_nothing_is_answered_in_a_closed_conversation(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    async with runtime.db.unit() as unit:
        await conversations.close(
            unit, talk.id, agent_id=agent.id, may_close_any=False, now=runtime.clock.now()
        )

    with pytest.raises(ConversationClosed):
        await desk.reply(talk, agent)


async def test_a_reply_sent_before_closing_is_the_same_reply_when_sent_again_after(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    first = await desk.reply(talk, agent, client_id="tab-1-draft-1")
    async with runtime.db.unit() as unit:
        await conversations.close(
            unit, talk.id, agent_id=agent.id, may_close_any=False, now=runtime.clock.now()
        )

    again = await desk.reply(talk, agent, client_id="tab-1-draft-1")

    assert again.id == first.id


async def test_a_reply_in_no_conversation_is_refused(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    talk.id = 404

    with pytest.raises(NotFound):
        await desk.reply(talk, agent)


async def test_a_reply_sent_eight_times_at_once_is_one_reply(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)

    sent = await asyncio.gather(
        *(desk.reply(talk, agent, client_id="tab-1-draft-1") for _ in range(8))
    )

    assert len({message.id for message in sent}) == 1
    assert len(await own_messages(runtime)) == 1
    assert len(await all_of(runtime, Delivery)) == 1


async def test_two_conversations_may_use_the_same_client_id(runtime, desk):
    agent = await desk.agent()
    one, two = [await desk.conversation(assignee=agent) for _ in range(2)]

    first = await desk.reply(one, agent, client_id="tab-1-draft-1")
    second = await desk.reply(two, agent, client_id="tab-1-draft-1")

    assert first.id != second.id


async def test_a_long_text_leaves_in_parts_in_order(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)

    await desk.reply(talk, agent, LONG)
    await desk.reply(talk, agent, "说完了")
    await deliver(runtime)

    assert wechat.texts == [*split_text(LONG), "说完了"]
    assert len(wechat.texts) > 3


async def test_a_message_is_sent_once_all_of_its_parts_are(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    await desk.reply(talk, agent, LONG)
    sender = Sender(runtime)

    await sender.send_due()
    await sender.finish()
    assert [each.state for each in await own_messages(runtime)] == [MessageState.QUEUED]
    await deliver(runtime)

    assert [each.state for each in await own_messages(runtime)] == [MessageState.SENT]


async def test_resending_sends_only_the_parts_not_known_to_have_arrived(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    parts = split_text(LONG)
    wechat.errcodes = [0, 45047]
    message = await desk.reply(talk, agent, LONG)
    await deliver(runtime)
    assert wechat.texts == parts[:1]

    await desk.write(talk, "好的")
    again = await resend(runtime, message, agent)
    assert again.state is MessageState.QUEUED
    await deliver(runtime)

    assert wechat.texts == parts
    assert [each.state for each in await own_messages(runtime)] == [MessageState.SENT]


async def test_resending_an_uncertain_reply_sends_it_once_more(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    wechat.lose_answers = 1
    message = await desk.reply(talk, agent, "在的")
    await deliver(runtime)

    await resend(runtime, message, agent)
    await deliver(runtime)

    assert wechat.texts == ["在的", "在的"]
    assert [each.state for each in await own_messages(runtime)] == [MessageState.SENT]


async def test_of_two_clicks_on_resend_one_counts(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    wechat.errcodes = [48002]
    message = await desk.reply(talk, agent, "在的")
    await deliver(runtime)

    outcomes = await asyncio.gather(
        *(resend(runtime, message, agent) for _ in range(2)), return_exceptions=True
    )
    await deliver(runtime)

    assert [type(each) for each in outcomes].count(NothingToResend) == 1
    assert wechat.texts == ["在的"]


async def test_only_the_owner_resends(runtime, desk, wechat):
    owner, other = await desk.agent(), await desk.agent()
    talk = await desk.conversation(assignee=owner)
    wechat.errcodes = [45047]
    message = await desk.reply(talk, owner, "在的")
    await deliver(runtime)

    with pytest.raises(NotAssigned):
        await resend(runtime, message, other)


async def test_a_failed_reply_says_why_on_the_message(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    wechat.errcodes = [48002]

    await desk.reply(talk, agent, "在的")
    await deliver(runtime)

    (message,) = await own_messages(runtime)
    assert (message.state, message.reason) == (MessageState.FAILED, "refused_by_user")
    assert message.errcode == 48002
    (delivery,) = await all_of(runtime, Delivery)
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)


async def test_the_list_shows_how_far_the_last_line_got(runtime, desk, wechat):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)

    await desk.reply(talk, agent, "在的")
    await deliver(runtime)

    async with runtime.db.reading() as unit:
        (shown,) = await conversations.by_ids(unit, [talk.id])
    assert (shown.last_text, shown.last_state) == ("在的", MessageState.SENT)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_an_answer_and_a_push_at_once_do_not_wait_for_each_other_for_ever(
    runtime, desk, until_somebody_waits
):
    """Both lock the contact before the conversation."""
    agent = await desk.agent()
    talk = await desk.conversation(openid="oFollowerAnna", assignee=agent)
    await desk.push(desk.text_xml("oFollowerAnna", "还有一个问题"))

    async with runtime.db.unit() as unit:
        await contacts.get(unit, talk.contact_id)
        receiving = asyncio.create_task(understand_kept(runtime))
        await until_somebody_waits()
        await replies.send_text(
            unit,
            conversation_id=talk.id,
            agent_id=agent.id,
            text="请说",
            client_id="tab-1-draft-1",
            now=runtime.clock.now(),
        )

    assert await receiving == 1
    assert [each.text for each in await all_of(runtime, Message) if each.text] == [
        "你好",
        "请说",
        "还有一个问题",
    ]
