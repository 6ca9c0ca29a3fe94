"""Deliveries on both databases: claimed once, in order, and ended by the right outcome."""

import asyncio
import random
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from wxdesk.desk import conversations, outbox
from wxdesk.desk.conversations import Message, MessageState
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.runtime import running
from wxdesk.wechat import Refused, Uncertain
from wxdesk.worker.delivery import Sender

LEASE = timedelta(seconds=30)
AT_LEAST_ONCE = True


async def claim(runtime, limit=10):
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        return await outbox.claim_due(unit, now=now, lease=LEASE, limit=limit)


async def expire(runtime, *, resend_uncertain=False):
    async with runtime.db.unit() as unit:
        return await outbox.expire_claims(
            unit, now=runtime.clock.now(), limit=100, resend_uncertain=resend_uncertain
        )


async def succeed(runtime, claimed):
    async with runtime.db.unit() as unit:
        await outbox.record_sent(unit, claimed, now=runtime.clock.now())


async def fail(runtime, claimed, error, *, resend_uncertain=False):
    async with runtime.db.unit() as unit:
        await outbox.record_failure(
            unit, claimed, error, now=runtime.clock.now(), resend_uncertain=resend_uncertain
        )


async def delivery(runtime, claimed):
    async with runtime.db.reading() as unit:
        return await unit.session.get(Delivery, claimed.id)


async def message_state(runtime, claimed):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(
            select(Message.state).where(Message.id == claimed.message_id)
        )


@pytest.fixture
async def talk(desk):
    """A conversation, its owner, and two replies on their way."""
    agent = await desk.agent()
    conversation = await desk.conversation(assignee=agent)
    await desk.reply(conversation, agent, "一")
    await desk.reply(conversation, agent, "二")
    return conversation


async def test_only_the_oldest_reply_of_a_follower_is_claimed(runtime, talk):
    (first,) = await claim(runtime)
    assert first.content == {"text": "一"}

    assert await claim(runtime) == []  # the second waits for the outcome of the first


async def test_the_next_reply_goes_when_the_one_before_has_an_outcome(runtime, talk):
    (first,) = await claim(runtime)

    await succeed(runtime, first)

    assert [each.content["text"] for each in await claim(runtime)] == ["二"]


async def test_a_reply_that_is_tried_again_holds_those_behind_it(runtime, talk, clock):
    (first,) = await claim(runtime)
    await fail(runtime, first, Refused(-1))

    assert await claim(runtime) == []
    clock.forward(seconds=2)

    assert [each.content["text"] for each in await claim(runtime)] == ["一"]


async def test_a_reply_that_is_tried_again_holds_nobody_elses(runtime, desk, talk):
    agent = await desk.agent()
    (first,) = await claim(runtime)
    await fail(runtime, first, Refused(-1))

    await desk.reply(await desk.conversation(assignee=agent), agent, "别人的")

    assert [each.content["text"] for each in await claim(runtime)] == ["别人的"]


async def test_no_more_is_claimed_than_there_is_room_for(runtime, desk):
    agent = await desk.agent()
    for _ in range(5):
        await desk.reply(await desk.conversation(assignee=agent), agent)

    assert [len(await claim(runtime, limit)) for limit in (0, 2, 10)] == [0, 2, 3]


async def test_a_claim_says_how_often_it_was_tried_and_until_when(runtime, talk, clock):
    (first,) = await claim(runtime)

    assert (first.attempts, first.lease_until) == (1, clock.now() + LEASE)


async def test_a_claim_ends_with_its_lease_and_not_before(runtime, talk, clock):
    (first,) = await claim(runtime)
    clock.forward(seconds=29)
    assert await expire(runtime) == 0
    clock.forward(seconds=1)
    assert await expire(runtime) == 1

    ended = await delivery(runtime, first)
    assert (ended.state, ended.reason) == (DeliveryState.UNCERTAIN, "sender_died")
    assert [each.content["text"] for each in await claim(runtime)] == ["二"]


async def test_an_answer_after_the_lease_turns_uncertain_into_sent(runtime, talk, clock):
    (first,) = await claim(runtime)
    clock.forward(seconds=31)
    await expire(runtime)
    assert await message_state(runtime, first) is MessageState.UNCERTAIN

    await succeed(runtime, first)

    assert await message_state(runtime, first) is MessageState.SENT
    assert (await delivery(runtime, first)).reason is None


async def test_a_refusal_after_the_lease_changes_nothing(runtime, talk, clock):
    (first,) = await claim(runtime)
    clock.forward(seconds=31)
    await expire(runtime)

    await fail(runtime, first, Refused(45015))

    assert await message_state(runtime, first) is MessageState.UNCERTAIN


@pytest.mark.parametrize("outcome", [succeed, lambda *each: fail(*each, Refused(45015))])
async def test_the_outcome_of_an_older_attempt_changes_nothing(runtime, talk, clock, outcome):
    (older,) = await claim(runtime)
    clock.forward(seconds=31)
    await expire(runtime, resend_uncertain=AT_LEAST_ONCE)
    (newer,) = await claim(runtime)
    assert (newer.id, newer.attempts) == (older.id, 2)

    await outcome(runtime, older)

    now = await delivery(runtime, newer)
    assert (now.state, now.lease_until) == (DeliveryState.WAITING, newer.lease_until)
    await succeed(runtime, newer)
    assert await message_state(runtime, newer) is MessageState.SENT


async def test_an_outcome_is_not_undone_by_a_second_one(runtime, talk):
    (first,) = await claim(runtime)
    await succeed(runtime, first)

    await fail(runtime, first, Refused(45015))

    assert await message_state(runtime, first) is MessageState.SENT


async def test_a_lost_answer_is_uncertain_and_lets_the_next_go(runtime, talk):
    (first,) = await claim(runtime)

    await fail(runtime, first, Uncertain("timed out"))

    assert await message_state(runtime, first) is MessageState.UNCERTAIN
    assert [each.content["text"] for each in await claim(runtime)] == ["二"]


async def test_a_lost_answer_is_sent_again_where_the_operator_chose_so(runtime, talk, clock):
    (first,) = await claim(runtime)

    await fail(runtime, first, Uncertain("timed out"), resend_uncertain=AT_LEAST_ONCE)
    clock.forward(seconds=2)

    assert [each.content["text"] for each in await claim(runtime)] == ["一"]


async def test_a_delivery_tells_its_message_and_wakes_the_sender(runtime, talk):
    (first,) = await claim(runtime)

    async with runtime.db.unit() as unit:
        await outbox.record_sent(unit, first, now=runtime.clock.now())
        assert ("message", first.message_id) in unit.told
        assert outbox.LOOP in unit.wakes


async def test_senders_side_by_side_send_everything_once_and_in_order(runtime, desk, wechat, clock):
    agent = await desk.agent()
    talks = [await desk.conversation(assignee=agent) for _ in range(8)]
    replies = [(talk, number) for number in range(6) for talk in talks]
    for talk, number in replies:
        await desk.reply(talk, agent, f"{talk.id}:{number}")
    wechat.errcodes = random.Random(7).choices([0, 45011], [4, 1], k=40)

    async def send_some(rt):
        sender = Sender(rt)
        while await sender.send_due():
            await sender.finish()

    async with running(runtime.settings, clock=clock) as other:
        for _ in range(10):
            await asyncio.gather(send_some(runtime), send_some(other), send_some(runtime))
            clock.forward(minutes=1)

    by_follower = defaultdict(list)
    for openid, text in wechat.sent:
        by_follower[openid].append(text)
    assert sorted(by_follower.values()) == sorted(
        [f"{talk.id}:{number}" for number in range(6)] for talk in talks
    )


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_no_delivery_is_claimed_twice_by_many_at_once(runtime, desk, clock):
    agent = await desk.agent()
    for _ in range(12):
        talk = await desk.conversation(assignee=agent)
        await desk.reply(talk, agent, "一")
        await desk.reply(talk, agent, "二")

    claims = await asyncio.gather(*(claim(runtime, 5) for _ in range(8)))

    claimed = [each.id for batch in claims for each in batch]
    assert len(claimed) == len(set(claimed)) == 12
    assert {each.content["text"] for batch in claims for each in batch} == {"一"}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_ending_dead_claims_locks_conversations_in_the_order_the_intake_does(
    runtime, desk, clock, until_somebody_waits
):
    agent = await desk.agent()
    first, second = [await desk.conversation(assignee=agent) for _ in range(2)]
    await desk.reply(second, agent)
    await desk.reply(first, agent)
    await claim(runtime)
    clock.forward(seconds=31)

    async with runtime.db.unit() as unit:
        await conversations.get(unit, first.id)
        ending = asyncio.create_task(expire(runtime))
        await until_somebody_waits()
        await conversations.get(unit, second.id)

    assert await ending == 2
