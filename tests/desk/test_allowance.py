"""What WeChat lets us send, kept on both databases: granted, reserved, used up, given back."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from wxdesk.desk import accounts, allowance, contacts, conversations, outbox, replies
from wxdesk.desk.allowance import Entry, LastSend, RepliesSpent, Turn, WindowClosed
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import AlreadyLeft, Message, MessageState, NotParked, View
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.desk.replies import Manner
from wxdesk.wechat import POLICIES, Refused, Trigger, Uncertain
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept
from wxdesk.worker.recount import recount_changed

HELD = Manner(hold=timedelta(seconds=3), join=True)
PARK = Manner(park=True)


@pytest.fixture
async def agent(desk):
    await desk.account(policy="2023")
    return await desk.agent()


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oFollowerAnna", assignee=agent)


async def contact_of(runtime, talk) -> Contact:
    async with runtime.db.reading() as unit:
        return (await contacts.by_ids(unit, {talk.contact_id}))[talk.contact_id]


async def left(runtime, talk):
    found = await contact_of(runtime, talk)
    return allowance.forecast_of(found, runtime.clock.now()).left


async def deliver(runtime):
    """Send what is due, and see that the books are right."""
    sender = Sender(runtime)
    while await sender.send_due():
        await sender.finish()
    await require_books(runtime)


async def require_books(runtime):
    """What is reserved is what waits: nothing is lost between spending and sending."""
    async with runtime.db.reading() as unit:
        waiting = (
            select(func.count())
            .where(Delivery.contact_id == Contact.id, Delivery.state == DeliveryState.WAITING)
            .where(Delivery.spends, ~Delivery.passive_only)
            .scalar_subquery()
        )
        rows = await unit.session.execute(select(Contact.reserved, waiting))
        assert all(reserved == count for reserved, count in rows)


async def states(runtime):
    async with runtime.db.reading() as unit:
        query = select(Message.state).where(Message.client_id.is_not(None)).order_by(Message.id)
        return list(await unit.session.scalars(query))


async def texts_parked(runtime, talk):
    async with runtime.db.reading() as unit:
        return [each.text for each in await replies.list_parked(unit, talk.id)]


async def act(runtime, verb, message, agent, **facts):
    async with runtime.db.unit() as unit:
        return await verb(
            unit, message_id=message.id, agent_id=agent.id, now=runtime.clock.now(), **facts
        )


async def turns(runtime):
    async with runtime.db.reading() as unit:
        entries = await unit.session.scalars(select(Entry).order_by(Entry.at, Entry.id))
        return [(entry.turn, entry.trigger) for entry in entries]


async def test_a_message_opens_a_window_and_replies_use_it_up(runtime, desk, talk, agent, wechat):
    assert await left(runtime, talk) == 5

    for number in range(5):
        await desk.reply(talk, agent, f"第{number}句")
    assert await left(runtime, talk) == 0
    await deliver(runtime)

    assert await left(runtime, talk) == 0
    assert len(wechat.texts) == 5
    with pytest.raises(RepliesSpent):
        await desk.reply(talk, agent, "第六句")
    assert await turns(runtime) == [(Turn.ACT, Trigger.MESSAGE), *[(Turn.SENT, None)] * 5]


async def test_the_window_is_counted_from_wechats_time(runtime, desk, talk, agent, clock):
    clock.forward(hours=47, minutes=58)
    await desk.reply(talk, agent, "还来得及")

    clock.forward(minutes=1, seconds=1)
    with pytest.raises(WindowClosed):
        await desk.reply(talk, agent, "来不及了")


async def test_a_tapped_line_of_a_menu_grants_as_a_menu_does(runtime, desk, talk, agent, clock):
    clock.forward(hours=50)
    xml = desk.text_xml("oFollowerAnna", "满意").replace(
        "</xml>", "<bizmsgmenuid>101</bizmsgmenuid></xml>"
    )
    await desk.push(xml)
    await understand_kept(runtime)

    assert await left(runtime, talk) == 3
    clock.forward(seconds=51)
    assert await left(runtime, talk) == 0


async def test_whoever_leaves_gets_nothing_more(runtime, desk, talk, agent):
    await desk.push(desk.event_xml("oFollowerAnna", "unsubscribe"))
    await understand_kept(runtime)

    with pytest.raises(WindowClosed):
        await desk.reply(talk, agent, "还在吗")


async def test_what_was_refused_is_given_back(runtime, desk, talk, agent, wechat):
    wechat.errcodes = [48002]
    await desk.reply(talk, agent, "在的")
    assert await left(runtime, talk) == 4

    await deliver(runtime)

    assert await left(runtime, talk) == 5


async def test_what_may_have_arrived_counts_as_sent(runtime, desk, talk, agent, wechat):
    wechat.lose_answers = 1
    await desk.reply(talk, agent, "在的")

    await deliver(runtime)

    assert await states(runtime) == [MessageState.UNCERTAIN]
    assert await left(runtime, talk) == 4


async def test_trouble_with_the_token_uses_up_nothing(runtime, desk, talk, agent, wechat, clock):
    wechat.errcodes = [40001, 40001]
    await desk.reply(talk, agent, "在的")
    await deliver(runtime)
    assert (await left(runtime, talk), await states(runtime)) == (4, [MessageState.QUEUED])

    clock.forward(minutes=1)
    await deliver(runtime)

    assert (await left(runtime, talk), await states(runtime)) == (4, [MessageState.SENT])
    assert len(wechat.texts) == 1


async def test_a_long_text_needs_as_many_as_it_has_parts(runtime, desk, talk, agent, wechat):
    long = "这一句话说得很长很长很长。" * 200
    await desk.reply(talk, agent, long)

    assert await left(runtime, talk) == 1
    with pytest.raises(RepliesSpent) as refused:
        await desk.reply(talk, agent, long)
    assert refused.value.facts == {"left": 1, "needed": 4}
    assert await left(runtime, talk) == 1


async def test_the_last_one_is_asked_for(runtime, desk, talk, agent):
    for _ in range(4):
        await desk.reply(talk, agent)

    with pytest.raises(LastSend):
        await desk.reply(talk, agent, "最后一句", manner=Manner(keep_last=True))
    await desk.reply(talk, agent, "最后一句")

    assert await left(runtime, talk) == 0


@pytest.mark.parametrize("database_url", ["postgres", "sqlite"], indirect=True)
async def test_of_two_who_send_at_once_with_one_left_one_wins(runtime, desk, talk, agent, wechat):
    for _ in range(4):
        await desk.reply(talk, agent)

    outcomes = await asyncio.gather(
        *(desk.reply(talk, agent, f"我先说{number}") for number in range(4)), return_exceptions=True
    )
    await deliver(runtime)

    assert [type(each) for each in outcomes].count(RepliesSpent) == 3
    assert len(wechat.texts) == 5


async def test_wechats_word_corrects_the_books_and_the_rest_is_parked(
    runtime, desk, talk, agent, wechat
):
    """Another system has used up three of the five."""
    wechat.errcodes = [0, 0, 45047]
    for number in range(4):
        await desk.reply(talk, agent, f"第{number}句")

    await deliver(runtime)

    assert wechat.texts == ["第0句", "第1句"]
    assert await states(runtime) == [MessageState.SENT] * 2 + [MessageState.PARKED] * 2
    assert await texts_parked(runtime, talk) == ["第2句", "第3句"]
    assert await left(runtime, talk) == 0
    assert (Turn.SPENT, None) in await turns(runtime)


async def test_a_closed_window_corrects_the_books_as_well(runtime, desk, talk, agent, wechat):
    wechat.errcodes = [45015]
    await desk.reply(talk, agent, "在的")

    await deliver(runtime)

    assert await texts_parked(runtime, talk) == ["在的"]
    with pytest.raises(WindowClosed):
        await desk.reply(talk, agent, "喂")


async def test_what_waited_too_long_is_parked_without_asking_wechat(
    runtime, desk, talk, agent, wechat, clock
):
    clock.forward(hours=47, minutes=58)
    await desk.reply(talk, agent, "马上")
    wechat.errcodes = [-1] * 3
    clock.forward(minutes=3)

    await deliver(runtime)

    assert wechat.errcodes == [-1] * 3  # it was not asked
    assert await texts_parked(runtime, talk) == ["马上"]


async def test_a_parked_answer_leaves_when_the_customer_has_acted(
    runtime, desk, talk, agent, wechat, clock
):
    clock.forward(hours=49)
    parked = await desk.reply(talk, agent, "您的退款已到账", manner=PARK)
    with pytest.raises(WindowClosed):
        await act(runtime, replies.release, parked, agent)

    await desk.write(talk, "有消息了吗")
    await act(runtime, replies.release, parked, agent)
    await deliver(runtime)

    assert wechat.texts == ["您的退款已到账"]
    assert await states(runtime) == [MessageState.SENT]
    with pytest.raises(NotParked):
        await act(runtime, replies.release, parked, agent)


async def test_parked_answers_are_written_anew_moved_and_thrown_away(runtime, desk, talk, agent):
    one, two, three = [await desk.reply(talk, agent, text, manner=PARK) for text in "一二三"]

    async with runtime.db.unit() as unit:
        await replies.change(unit, message_id=three.id, agent_id=agent.id, before_id=one.id)
    async with runtime.db.unit() as unit:
        await replies.change(unit, message_id=one.id, agent_id=agent.id, text="壹")
    async with runtime.db.unit() as unit:
        await replies.discard(unit, message_id=two.id, agent_id=agent.id)

    assert await texts_parked(runtime, talk) == ["三", "壹"]


async def test_a_parked_answer_is_in_no_thread_and_no_list_until_it_leaves(
    runtime, desk, talk, agent
):
    await desk.reply(talk, agent, "等您回来", manner=PARK)

    async with runtime.db.reading() as unit:
        lines = await conversations.list_messages(unit, talk.id, before=None, limit=50)
        (shown,) = await conversations.by_ids(unit, [talk.id])
    assert [line.text for line in lines if line.direction == "out"] == []
    assert shown.last_text == "你好"
    assert shown.owed_since is not None


async def test_what_is_parked_waits_in_the_next_conversation(runtime, desk, talk, agent, clock):
    await desk.reply(talk, agent, "等您回来", manner=PARK)
    async with runtime.db.unit() as unit:
        await conversations.close(
            unit, talk.id, agent_id=agent.id, may_close_any=False, now=clock.now()
        )

    again = await desk.conversation(openid="oFollowerAnna", assignee=agent)

    assert again.id != talk.id
    async with runtime.db.reading() as unit:
        (parked,) = await replies.list_parked(unit, again.id)
    assert parked.conversation_id == again.id


async def test_what_is_parked_leaves_by_itself_where_the_account_says_so(
    runtime, desk, talk, agent, wechat, clock
):
    async with runtime.db.unit() as unit:
        await accounts.change(unit, talk.account_id, {"send_parked": True})
    clock.forward(hours=49)
    for text in "一二":
        await desk.reply(talk, agent, text, manner=PARK)

    await desk.write(talk, "有消息了吗")
    await deliver(runtime)
    assert wechat.texts == []  # the first may still leave in the answer to the push
    clock.forward(seconds=2)
    await deliver(runtime)

    assert wechat.texts == ["一", "二"]
    assert await left(runtime, talk) == 3


async def test_a_held_reply_can_be_taken_back(runtime, desk, talk, agent, wechat, clock):
    message = await desk.reply(talk, agent, "打错了", manner=HELD)
    await deliver(runtime)
    assert wechat.texts == []

    await act(runtime, replies.take_back, message, agent)
    clock.forward(seconds=3)
    await deliver(runtime)

    assert wechat.texts == []
    assert await left(runtime, talk) == 5
    async with runtime.db.reading() as unit:
        (shown,) = await conversations.by_ids(unit, [talk.id])
    assert (shown.last_text, shown.owed_since is not None) == ("你好", True)


async def test_what_has_left_cannot_be_taken_back(runtime, desk, talk, agent, clock):
    message = await desk.reply(talk, agent, "说完了", manner=HELD)
    clock.forward(seconds=3)
    await deliver(runtime)

    with pytest.raises(AlreadyLeft):
        await act(runtime, replies.take_back, message, agent)


async def test_lines_typed_together_leave_as_one_message(runtime, desk, talk, agent, wechat, clock):
    for text in ("您好", "查到了", "今天发出"):
        await desk.reply(talk, agent, text, manner=HELD)
        clock.forward(seconds=2)
    assert await left(runtime, talk) == 4

    clock.forward(seconds=3)
    await deliver(runtime)

    assert wechat.texts == ["您好\n查到了\n今天发出"]
    assert await states(runtime) == [MessageState.SENT] * 3
    assert await left(runtime, talk) == 4


@pytest.mark.parametrize(
    ("taken", "rest"),
    [(0, "二\n三"), (1, "一\n三"), (2, "一\n二")],
    ids=["first", "middle", "last"],
)
async def test_of_joined_lines_each_can_be_taken_back(
    runtime, desk, talk, agent, wechat, clock, taken, rest
):
    lines = [await desk.reply(talk, agent, text, manner=HELD) for text in "一二三"]

    await act(runtime, replies.take_back, lines[taken], agent)
    clock.forward(seconds=3)
    await deliver(runtime)

    assert wechat.texts == [rest]
    expected = [MessageState.SENT] * 3
    expected[taken] = MessageState.WITHDRAWN
    assert await states(runtime) == expected


async def test_when_all_lines_are_taken_back_nothing_leaves(
    runtime, desk, talk, agent, wechat, clock
):
    lines = [await desk.reply(talk, agent, text, manner=HELD) for text in "一二三"]

    for line in lines:
        await act(runtime, replies.take_back, line, agent)
    clock.forward(seconds=3)
    await deliver(runtime)

    assert (wechat.texts, await left(runtime, talk)) == ([], 5)


async def test_lines_are_joined_no_longer_than_wechat_takes(runtime, desk, talk, agent, clock):
    for _ in range(3):
        await desk.reply(talk, agent, "字" * 300, manner=HELD)

    assert await left(runtime, talk) == 3  # two fit into one message, the third does not


async def test_joined_lines_that_wechat_refuses_are_parked_as_one_text(
    runtime, desk, talk, agent, wechat, clock
):
    wechat.errcodes = [45047]
    for text in "一二三":
        await desk.reply(talk, agent, text, manner=HELD)
    clock.forward(seconds=3)
    await deliver(runtime)
    assert await texts_parked(runtime, talk) == ["一\n二\n三"]

    await desk.write(talk, "在吗")
    async with runtime.db.reading() as unit:
        (parked,) = await replies.list_parked(unit, talk.id)
    await act(runtime, replies.release, parked, agent)
    await deliver(runtime)

    assert wechat.texts == ["一\n二\n三"]


async def test_a_sender_that_dies_has_used_up_what_it_may_have_sent(
    runtime, desk, talk, agent, clock
):
    await desk.reply(talk, agent, "在的")
    async with runtime.db.unit() as unit:
        await outbox.claim_due(
            unit, now=clock.now(), lease=timedelta(seconds=30), limit=5
        )  # and then the process is killed
    assert await left(runtime, talk) == 4

    clock.forward(seconds=31)
    await deliver(runtime)

    assert (await left(runtime, talk), await states(runtime)) == (4, [MessageState.UNCERTAIN])


async def test_a_push_that_comes_late_is_counted_where_it_belongs(
    runtime, desk, talk, agent, wechat, clock
):
    """They wrote once more before we sent anything; we learn of it afterwards."""
    earlier = clock.now() + timedelta(seconds=1)
    clock.forward(seconds=10)
    for _ in range(2):
        await desk.reply(talk, agent)
    await deliver(runtime)

    await desk.push(desk.text_xml("oFollowerAnna", "还有", sent_at=earlier))
    await understand_kept(runtime)

    assert await left(runtime, talk) == 3


async def test_when_the_rules_change_what_is_granted_is_worked_out_anew(
    runtime, desk, talk, agent, wechat
):
    for _ in range(5):
        await desk.reply(talk, agent)
    await deliver(runtime)
    assert await left(runtime, talk) == 0

    async with runtime.db.unit() as unit:
        await accounts.set_policy(unit, talk.account_id, policy="2021", table=None)
    while await recount_changed(runtime):
        pass

    assert await left(runtime, talk) == 15


async def test_rules_that_were_edited_hold(runtime, desk, talk, agent):
    table = POLICIES["2023"].as_document()
    table["rules"][0]["count"] = 2
    async with runtime.db.unit() as unit:
        await accounts.set_policy(unit, talk.account_id, policy="2023", table=table)
    while await recount_changed(runtime):
        pass

    assert await left(runtime, talk) == 2


async def test_a_template_message_uses_up_nothing(runtime, desk, talk, agent, clock):
    clock.forward(hours=50)
    async with runtime.db.unit() as unit:
        await replies.send(
            unit,
            conversation_id=talk.id,
            agent_id=agent.id,
            reply=replies.Reply(
                "template",
                "退款",
                {"template_id": "T", "data": {}, "url": None, "mini_program": None},
            ),
            client_id="template-1",
            now=clock.now(),
        )

    await require_books(runtime)
    assert await left(runtime, talk) == 0


async def test_an_agent_may_try_against_the_desks_advice(runtime, desk, talk, agent, wechat, clock):
    clock.forward(hours=50)

    await desk.reply(talk, agent, "试试看", manner=Manner(anyway=True))
    await deliver(runtime)

    assert wechat.texts == ["试试看"]
    assert await left(runtime, talk) == 0


async def test_the_views_show_what_needs_an_eye(runtime, desk, talk, agent, clock):
    one_left = await desk.conversation(assignee=agent)
    for _ in range(4):
        await desk.reply(one_left, agent)

    async def view(which):
        async with runtime.db.reading() as unit:
            found = await conversations.list_view(
                unit,
                which,
                now=clock.now(),
                closing=timedelta(hours=2),
                assignee_id=agent.id,
                after=None,
                limit=50,
            )
        return [each.id for each in found]

    assert (await view(View.CLOSING), await view(View.LAST_SEND)) == ([], [one_left.id])
    clock.forward(hours=46, minutes=30)
    assert await view(View.CLOSING) == [talk.id]  # of the other no answer is owed


@pytest.mark.parametrize("error", [Refused(45047), Refused(48002), Uncertain("lost")])
async def test_however_a_send_ends_the_books_are_right(runtime, desk, talk, agent, error, clock):
    for _ in range(3):
        await desk.reply(talk, agent)
    async with runtime.db.unit() as unit:
        (claimed,) = await outbox.claim_due(
            unit, now=clock.now(), lease=timedelta(seconds=30), limit=5
        )
    for _ in range(2):  # told twice
        async with runtime.db.unit() as unit:
            await outbox.record_failure(
                unit, claimed, error, now=clock.now(), resend_uncertain=False
            )

    await require_books(runtime)
