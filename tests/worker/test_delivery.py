"""The outbox on its way, on both databases, WeChat at the other end of a socket."""

from sqlalchemy import select

from delivering import deliver
from wxdesk.desk import replies
from wxdesk.desk.conversations import Message, MessageState
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.worker.delivery import Sender


async def reply(runtime, conversation, agent, text, client_id="tab-1-draft-1"):
    async with runtime.db.unit() as unit:
        return await replies.send_text(
            unit,
            conversation_id=conversation.id,
            agent_id=agent.id,
            text=text,
            client_id=client_id,
            now=runtime.clock.now(),
        )


async def state_of(runtime, message):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(Message.state).where(Message.id == message.id))


async def test_a_reply_reaches_the_follower(runtime, desk, wechat):
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)

    message = await reply(runtime, conversation, agent, "您好")
    await deliver(runtime)

    assert wechat.texts == ["您好"]
    assert await state_of(runtime, message) is MessageState.SENT


async def test_a_reply_sent_twice_is_kept_once(runtime, desk, wechat):
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)

    first = await reply(runtime, conversation, agent, "您好")
    second = await reply(runtime, conversation, agent, "您好")
    await deliver(runtime)

    assert first.id == second.id
    assert wechat.texts == ["您好"]


async def test_a_lost_answer_is_uncertain_and_nothing_is_sent_again(runtime, desk, wechat, clock):
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)
    wechat.lose_answers = 1

    message = await reply(runtime, conversation, agent, "您好")
    await deliver(runtime)
    clock.forward(hours=2)
    await deliver(runtime)

    assert wechat.texts == ["您好"]
    assert await state_of(runtime, message) is MessageState.UNCERTAIN


async def test_a_sender_that_dies_leaves_an_uncertain_reply_and_the_next_go_on(
    runtime, desk, wechat, clock
):
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)
    lost = await reply(runtime, conversation, agent, "一", "draft-number-1")
    later = await reply(runtime, conversation, agent, "二", "draft-number-2")
    died = Sender(runtime)
    await died._claim(1)  # and then the process is killed

    await deliver(runtime)
    assert wechat.texts == []
    clock.forward(seconds=runtime.settings.delivery_lease_seconds + 1)
    await deliver(runtime)

    assert wechat.texts == ["二"]
    assert await state_of(runtime, lost) is MessageState.UNCERTAIN
    assert await state_of(runtime, later) is MessageState.SENT


async def test_a_refusal_stops_the_rest_of_a_long_text(runtime, desk, wechat):
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)
    wechat.errcodes = [45047]

    message = await reply(runtime, conversation, agent, "很长的一句话。" * 300)
    await deliver(runtime)

    async with runtime.db.reading() as unit:
        states = (await unit.session.scalars(select(Delivery.state).order_by(Delivery.part))).all()
    assert states == [DeliveryState.FAILED, *[DeliveryState.CANCELLED] * (len(states) - 1)]
    assert len(states) > 1
    assert wechat.texts == []
    assert await state_of(runtime, message) is MessageState.PARKED
