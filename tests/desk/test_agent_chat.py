"""Agents at work within WeChat, on both databases: bound, diverted, heard, told."""

import asyncio
import contextlib
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from delivering import deliver
from wxdesk.desk import (
    accounts,
    agent_chat,
    agents,
    allowance,
    bindings,
    contacts,
    conversations,
    groups,
    intake,
    outbox,
    ratings,
    routing,
    summaries,
)
from wxdesk.desk.answers import Cause
from wxdesk.desk.bindings import Binding, BindingNote
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState, Direction, Message
from wxdesk.desk.outbox import Delivery
from wxdesk.desk.ratings import RatingSettings, Way
from wxdesk.desk.routing import Presence
from wxdesk.errors import DeskError
from wxdesk.worker.agent_chat import tell_agents
from wxdesk.worker.dispatch import dispatch
from wxdesk.worker.intake import understand_kept

PHONE = "oAgentLihuaPhone"
ANNA = "oFollowerAnna"
BERT = "oFollowerBert"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Phone:
    """The agent's own WeChat, and what becomes of it."""

    def __init__(self, runtime, desk, agent, openid=PHONE):
        self.rt, self.desk, self.agent, self.openid = runtime, desk, agent, openid

    async def code(self, *, agent=None):
        shop, now = await self.desk.account(), self.rt.clock.now()
        async with self.rt.db.unit() as unit:
            scene = bindings.new_scene()
            owner = agent or self.agent
            return await bindings.ask(
                unit, owner.id, shop.id, scene=scene, url="http://weixin.qq.com/q/x", now=now
            )

    async def scan(self, code, *, new=False):
        if new:
            return await self.act(self.xml("subscribe", key=f"qrscene_{code.scene}"))
        return await self.act(self.xml("SCAN", key=code.scene))

    def xml(self, event, *, key=""):
        return self.desk.event_xml(self.openid, event, key=key)

    async def bind(self):
        return await self.scan(await self.code())

    async def write(self, text):
        """What the answer to the push says."""
        return await self.act(self.desk.text_xml(self.openid, text))

    async def image(self, media_id="picture-1"):
        return await self.act(
            self.desk.text_xml(self.openid, "").replace(
                "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[]]></Content>",
                "<MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[]]></PicUrl>"
                f"<MediaId><![CDATA[{media_id}]]></MediaId>",
            )
        )

    async def act(self, xml):
        self.rt.clock.forward(seconds=1)
        kept = await self.desk.push(xml)
        while await understand_kept(self.rt):
            pass
        return await carried(self.rt, kept)


async def carried(runtime, kept):
    """As a front door that answers the push; None: with success."""
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        said = await outbox.claim_passive(unit, [kept.id], now=now, lease=timedelta(seconds=30))
    for delivery in said.values():
        async with runtime.db.unit() as unit:
            await outbox.record_sent(unit, delivery, now=now)
        return delivery.content["text"]
    return None


@pytest.fixture
async def shop(desk):
    return await desk.account(policy="2023")


@pytest.fixture
async def agent(desk, runtime):
    found = await desk.agent("lihua")
    async with runtime.db.unit() as unit:
        await agents.set_preferences(unit, found.id, undo_seconds=3, join_lines=True)
    return found


@pytest.fixture
async def phone(shop, runtime, desk, agent):
    return Phone(runtime, desk, agent)


@pytest.fixture
async def bound(phone, clock):
    """Bound long enough ago that what a scan allows is over."""
    assert (await phone.bind()).startswith("已绑定")
    clock.forward(minutes=2)
    return phone


async def customer(desk, runtime, openid, agent, text="订单还没到", name=""):
    talk = await desk.conversation(openid=openid, text=text, assignee=agent)
    if name:
        async with runtime.db.unit() as unit:
            contact = await contacts.get(unit, talk.contact_id)
            contact.remark = name
    return talk


async def told(runtime, wechat, clock, *, seconds=5, openid=PHONE):
    """What reaches the agent through the API."""
    clock.forward(seconds=seconds)
    before = len(wechat.sent)
    await tell_agents(runtime)
    await deliver(runtime)
    return [text for to, text in wechat.sent[before:] if to == openid]


async def all_of(runtime, kind):
    async with runtime.db.reading() as unit:
        return list(await unit.session.scalars(select(kind).order_by(kind.id)))


async def one(runtime, talk):
    async with runtime.db.reading() as unit:
        return await conversations.get(unit, talk.id)


async def left(runtime, openid=PHONE):
    async with runtime.db.reading() as unit:
        contact = await unit.session.scalar(select(Contact).where(Contact.openid == openid))
    return allowance.forecast_of(contact, runtime.clock.now()).left


async def thread(runtime, talk):
    async with runtime.db.reading() as unit:
        found = await conversations.list_messages(unit, talk.id, before=None, limit=50)
    return [(each.direction.value, each.kind, each.text) for each in found]


async def out(runtime, talk):
    return [text for way, _, text in await thread(runtime, talk) if way == "out"]


# Bound


async def test_whoever_scans_a_code_is_the_agent_from_then_on(phone, runtime):
    said = await phone.scan(await phone.code())

    assert said.startswith("已绑定")
    (binding,) = await all_of(runtime, Binding)
    assert (binding.agent_id, binding.revoked_at) == (phone.agent.id, None)
    assert [each.what for each in await all_of(runtime, BindingNote)] == ["asked", "bound"]
    assert await all_of(runtime, Conversation) == []


async def test_who_follows_by_the_code_is_bound_at_once(phone, runtime):
    assert (await phone.scan(await phone.code(), new=True)).startswith("已绑定")


async def test_a_code_serves_once(phone, runtime, desk):
    code = await phone.code()
    await phone.scan(code)
    stranger = Phone(runtime, desk, phone.agent, "oSomebodyElse")

    assert "已被使用" in await stranger.scan(code)
    assert (await phone.scan(code)).startswith("已经绑定")
    assert len(await all_of(runtime, Binding)) == 1
    assert [each.what for each in await all_of(runtime, BindingNote)] == [
        "asked",
        "bound",
        "refused",
    ]


async def test_a_code_lasts_ten_minutes_and_a_new_one_replaces_it(phone, runtime, clock):
    old = await phone.code()
    code = await phone.code()

    assert "已过期" in await phone.scan(old)
    clock.forward(minutes=10)
    assert "已过期" in await phone.scan(code)
    assert await all_of(runtime, Binding) == []


async def test_one_phone_is_one_agent_and_an_agent_has_one_phone(bound, runtime, desk, agent):
    colleague = await desk.agent()
    assert "已绑定另一位" in await bound.scan(await bound.code(agent=colleague))
    other = Phone(runtime, desk, agent, "oTheOtherPhone")

    await other.bind()

    in_force = [each for each in await all_of(runtime, Binding) if not each.revoked_at]
    assert len(in_force) == 1
    assert await bound.write("列") is None  # a follower like any other
    assert len(await all_of(runtime, Conversation)) == 1


async def test_who_waits_as_a_customer_waits_no_more_once_they_are_an_agent(phone, desk, runtime):
    talk = await desk.conversation(openid=PHONE, text="在吗")

    await phone.bind()

    assert (await one(runtime, talk)).state is ConversationState.CLOSED


# Diverted


async def test_what_an_agent_writes_never_opens_a_conversation(bound, runtime, desk):
    await desk.rule(Cause.FIRST_MESSAGE, "欢迎")
    for line in ("你好", "?", "3 您好", "列"):
        assert await bound.write(line)
    await bound.image()
    assert "菜单不会打开会话" in await bound.act(bound.xml("CLICK", key="MENU"))
    await bound.act(bound.xml("VIEW", key="http://x"))

    assert await all_of(runtime, Conversation) == []
    assert {each.direction for each in await all_of(runtime, Message)} == {Direction.OUT}


async def test_who_asks_to_be_a_customer_is_one_until_that_conversation_ends(bound, runtime, desk):
    assert "以客户身份" in await bound.write("客户模式")
    assert await bound.write("我的订单呢") is None
    (talk,) = await all_of(runtime, Conversation)
    assert [text for _, _, text in await thread(runtime, talk)] == ["我的订单呢"]
    assert await bound.write("列") is None

    other = await desk.agent("zhang")
    async with runtime.db.unit() as unit:
        now = runtime.clock.now()
        await routing.take(unit, talk.id, agent_id=other.id, now=now)
        await routing.close(unit, talk.id, agent_id=other.id, may_close_any=False, now=now)

    assert "手上没有客户" in await bound.write("列")
    assert len(await all_of(runtime, Conversation)) == 1


async def test_who_is_a_customer_may_say_that_they_are_an_agent_again(bound, runtime):
    await bound.write("客户模式")
    await bound.write("你好")

    assert "已恢复" in await bound.write("客服模式")
    assert "手上没有" in await bound.write("列")


async def test_revoked_they_are_followers_like_any_other(bound, runtime):
    async with runtime.db.unit() as unit:
        (binding,) = await unit.session.scalars(select(Binding))
        await agent_chat.revoke(unit, binding, by_id=None, now=runtime.clock.now())

    assert await bound.write("你好") is None
    (talk,) = await all_of(runtime, Conversation)
    assert [text for _, _, text in await thread(runtime, talk)] == ["你好"]


async def test_who_unbinds_in_the_chat_is_told_and_bound_no_more(bound, runtime):
    assert "已解绑" in await bound.write("解绑")
    assert await bound.write("你好") is None


async def test_who_unfollows_is_bound_no_more(bound, runtime):
    await bound.act(bound.xml("unsubscribe"))

    (binding,) = await all_of(runtime, Binding)
    assert binding.revoked_at
    assert (await all_of(runtime, BindingNote))[-1].reason == "left"


async def test_who_works_here_no_more_is_bound_no_more(bound, runtime):
    async with runtime.db.unit() as unit:
        (await agents.by_ids(unit, [bound.agent.id]))[bound.agent.id].active = False

    assert await bound.write("你好") is None
    assert (await all_of(runtime, BindingNote))[-1].reason == "inactive"
    assert len(await all_of(runtime, Conversation)) == 1


async def test_scan_and_lines_of_one_batch_are_taken_in_their_order(phone, desk, runtime):
    code = await phone.code()
    await desk.push(desk.text_xml(PHONE, "先说一句"))
    runtime.clock.forward(seconds=1)
    await desk.push(phone.xml("SCAN", key=code.scene))
    runtime.clock.forward(seconds=1)
    await desk.push(desk.text_xml(PHONE, "列"))

    await understand_kept(runtime)

    (talk,) = await all_of(runtime, Conversation)
    assert [kind for _, kind, _ in await thread(runtime, talk)] == ["text", "abandoned"]


# Answering


async def test_a_plain_line_answers_the_only_customer(bound, runtime, desk, agent, wechat, clock):
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")

    said = await bound.write("今天发出")

    assert said.splitlines()[0] == "→ 张女士 ✓ 还可发 4 条 · 撤"
    assert await out(runtime, talk) == ["今天发出"]
    await deliver(runtime)
    assert wechat.sent == []
    clock.forward(seconds=9)
    await deliver(runtime)
    assert wechat.sent == [(ANNA, "今天发出")]
    assert (await one(runtime, talk)).unread == 0


async def test_of_several_customers_none_is_guessed_and_a_number_answers_the_question(
    bound, runtime, desk, agent
):
    anna = await customer(desk, runtime, ANNA, agent, name="张女士")
    bert = await customer(desk, runtime, BERT, agent, name="王先生")

    asked = await bound.write("今天发出")

    assert "发给谁" in asked
    assert "#1 张女士" in asked
    assert "#2 王先生" in asked
    assert (await out(runtime, anna), await out(runtime, bert)) == ([], [])
    assert (await bound.write("2")).startswith("→ 王先生 ✓")
    assert (await out(runtime, anna), await out(runtime, bert)) == ([], ["今天发出"])
    assert (await bound.write("还有事吗")).startswith("→ 王先生 ✓")


async def test_a_number_before_a_line_answers_that_one_who_is_the_current_one_then(
    bound, runtime, desk, agent
):
    anna = await customer(desk, runtime, ANNA, agent, name="张女士")
    bert = await customer(desk, runtime, BERT, agent, name="王先生")

    assert (await bound.write("１　您好")).startswith("→ 张女士 ✓")
    assert (await bound.write("还有")).startswith("→ 张女士 ✓")
    assert "王先生" in await bound.write("切２")
    assert (await bound.write("您好")).startswith("→ 王先生 ✓")

    assert (await out(runtime, anna), await out(runtime, bert)) == (["您好", "还有"], ["您好"])


async def test_a_number_that_nobody_has_may_be_a_part_of_the_line(bound, runtime, desk, agent):
    anna = await customer(desk, runtime, ANNA, agent, name="张女士")

    asked = await bound.write("20 件都发了")

    assert "没有 #20" in asked
    assert await out(runtime, anna) == []
    await bound.write("1")
    assert await out(runtime, anna) == ["20 件都发了"]


async def test_where_the_current_customer_is_gone_the_line_is_held_back(
    bound, runtime, desk, agent
):
    anna = await customer(desk, runtime, ANNA, agent, name="张女士")
    bert = await customer(desk, runtime, BERT, agent, name="王先生")
    await bound.write("1 您好")
    async with runtime.db.unit() as unit:
        await routing.close(
            unit, anna.id, agent_id=agent.id, may_close_any=False, now=runtime.clock.now()
        )

    assert "已结束" in await bound.write("马上寄")
    assert await out(runtime, bert) == []
    assert "已结束" in await bound.write("1 马上寄")
    assert await out(runtime, anna) == ["您好"]


async def test_a_touched_line_of_some_menu_is_said_to_nobody(bound, runtime, desk, agent):
    talk = await customer(desk, runtime, ANNA, agent)
    tap = "</Content><bizmsgmenuid>101</bizmsgmenuid>"

    await bound.act(desk.text_xml(PHONE, "满意").replace("</Content>", tap))
    assert await out(runtime, talk) == []

    said = await bound.act(desk.text_xml(PHONE, "切 1").replace("</Content>", tap))
    assert said.startswith("现在回复 #1")


async def test_a_picture_is_passed_on_under_wechats_own_id(
    bound, runtime, desk, agent, wechat, clock
):
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")

    assert (await bound.image("picture-7")).startswith("→ 张女士 ✓")
    clock.forward(seconds=9)
    await deliver(runtime)

    assert wechat.messages[-1] == {
        "touser": ANNA,
        "msgtype": "image",
        "image": {"media_id": "picture-7"},
    }
    assert wechat.uploads == []
    (shown,) = [each for each in await all_of(runtime, Message) if each.kind == "image"]
    assert shown.content["media"]["state"] == "waiting"  # the desk's own copy is fetched meanwhile
    assert (shown.conversation_id, shown.author_id) == (talk.id, agent.id)


async def test_a_picture_cannot_be_passed_on_to_another_account(bound, runtime, desk, agent):
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    await desk.account("second", app_id="wx00000000000000ab")
    async with runtime.db.unit() as unit:
        kept = await conversations.get(unit, talk.id)
        kept.account_id = (await accounts.get_by_slug(unit, "second")).id

    assert "另一个公众号" in await bound.image()
    assert await out(runtime, talk) == []
    assert (await bound.write("您好")).startswith("→ 张女士 ✓")


async def test_what_is_held_is_taken_back(bound, runtime, desk, agent, wechat, clock):
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    await bound.write("打错了")

    assert (await bound.write("撤")).startswith("已撤回 张女士：“打错了”")
    assert "没有可以撤回的" in await bound.write("撤")
    await bound.write("没打错")
    clock.forward(seconds=9)
    await deliver(runtime)

    assert "没有可以撤回的" in await bound.write("撤")
    assert wechat.sent == [(ANNA, "没打错")]
    assert await out(runtime, talk) == ["没打错"]


async def test_what_wechat_would_not_take_is_not_sent_and_the_reason_is_told(
    bound, runtime, desk, agent, clock
):
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    for number in range(5):
        await bound.write(f"第{number}句话说得很长很长" * 60)
        clock.forward(seconds=10)
        await deliver(runtime)

    assert "条数已用完" in await bound.write("还有一句")
    clock.forward(hours=49)
    assert "太久没说话" in await bound.write("还有一句")
    assert len(await out(runtime, talk)) == 5


async def test_a_note_a_transfer_and_an_end_are_done_and_told(bound, runtime, desk, agent):
    async with runtime.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后组"}, [])
    anna = await customer(desk, runtime, ANNA, agent, name="张女士")
    bert = await customer(desk, runtime, BERT, agent, name="王先生")

    assert (await bound.write("备 1 要发票")).startswith("已备注 #1 张女士\n")
    assert (await thread(runtime, anna))[-1][::2] == ("note", "要发票")
    assert "哪个组" in await bound.write("转 财务")
    assert await bound.write("转 1 售后 要退款") == "已把 #1 张女士 转到 售后组"
    moved = await one(runtime, anna)
    assert (moved.group_id, moved.state) == (group.id, ConversationState.WAITING)
    assert await bound.write("结 2") == "已结束 #2 王先生"
    assert (await one(runtime, bert)).state is ConversationState.CLOSED
    assert "会话已结束" in await bound.write("2 您好")
    assert await bound.write("列") == "手上没有客户。"


async def test_who_ends_where_a_summary_is_wanted_owes_one(bound, runtime, desk, agent):
    async with runtime.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后组", "needs_summary": True}, [])
    talks = [await customer(desk, runtime, f"{ANNA}{n}", agent, name="张女士") for n in range(6)]
    async with runtime.db.unit() as unit:
        for talk in talks:
            (await conversations.get(unit, talk.id)).group_id = group.id

    said = [await bound.write(f"结 {number}") for number in range(1, 7)]

    assert said[0].startswith("已结束 #1 张女士\n还欠小结，请在工作台补上。")
    assert "您欠的小结太多了" in said[5]
    async with runtime.db.reading() as unit:
        assert len(await summaries.list_owed(unit, agent.id)) == 5
    assert (await one(runtime, talks[5])).state is ConversationState.ACTIVE


async def test_who_ends_asks_the_customer_how_it_was_where_the_account_does(
    bound, runtime, desk, agent, shop, clock
):
    talk = await customer(desk, runtime, ANNA, agent)
    wish = RatingSettings.as_default(shop.id)
    wish.after_closing, wish.way = True, Way.LINK
    async with runtime.db.unit() as unit:
        await ratings.set_settings(unit, wish)

    await bound.write("结 1")

    (invitation,) = await out(runtime, talk)
    assert f"{runtime.settings.base_url}/rate/" in invitation


async def test_nobody_is_given_themselves(bound, runtime, desk, agent, clock):
    other = await desk.agent("zhang")
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=clock.now())
    await bound.write("客户模式")
    await bound.write("我的订单呢")
    await dispatch(runtime)
    (talk,) = await all_of(runtime, Conversation)
    assert (talk.state, talk.offered_to) == (ConversationState.WAITING, None)

    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, other.id, Presence.ONLINE, now=clock.now())
    await dispatch(runtime)

    (talk,) = await all_of(runtime, Conversation)
    assert other.id in (talk.assignee_id, talk.offered_to)


async def test_nobody_takes_themselves(bound, runtime, clock):
    await bound.write("客户模式")
    await bound.write("我的订单呢")
    (talk,) = await all_of(runtime, Conversation)

    async with runtime.db.unit() as unit:
        with pytest.raises(routing.OwnConversation):
            await routing.take(unit, talk.id, agent_id=bound.agent.id, now=clock.now())

    (talk,) = await all_of(runtime, Conversation)
    assert talk.state is ConversationState.WAITING


async def test_whoever_signed_in_by_a_binding_is_signed_out_with_it(bound, runtime, agent, clock):
    async with runtime.db.unit() as unit:
        (binding,) = await unit.session.scalars(select(Binding))
        day = timedelta(days=1)
        here = {"lasting": day, "now": clock.now(), "whence": agents.Whence()}
        mine = await agents.begin_session(unit, agent, **here, contact_id=binding.contact_id)
        other = await agents.begin_session(unit, agent, **here)
    await bound.write("解绑")

    async with runtime.db.reading() as unit:
        found = [await agents.resume_session(unit, each, clock.now()) for each in (mine, other)]
    assert [each is not None for each in found] == [False, True]


async def test_a_line_is_done_once_though_the_process_dies_after_it(bound, runtime, desk, agent):
    """Read and done are one unit: killed before its commit nothing of it was done."""
    talk = await customer(desk, runtime, ANNA, agent)
    await desk.push(desk.text_xml(PHONE, "您好"))
    with pytest.raises(Killed):
        await understand_and_die(runtime)
    assert await out(runtime, talk) == []

    while await understand_kept(runtime):
        pass

    assert await out(runtime, talk) == ["您好"]


class Killed(BaseException):
    """The process is gone."""


async def understand_and_die(runtime):
    async with runtime.db.unit() as unit:
        kept = await intake.claim_kept(unit, limit=10)
        await intake.receive(unit, kept, now=runtime.clock.now())
        raise Killed


async def test_the_list_shows_clocks_sends_and_who_is_current(bound, runtime, desk, agent, clock):
    await customer(desk, runtime, ANNA, agent, name="张女士")
    await customer(desk, runtime, BERT, agent, name="王<先>生")
    await bound.write("2 您好")
    clock.forward(minutes=3)

    first, second = (await bound.write("列")).splitlines()

    assert "#1 张女士</a> · 等待3分" in first
    assert "还可发 5 条" in first
    assert "msgmenucontent=切 1&" in first
    assert "#2 王‹先>生</a> · 已回复 · 还可发 4 条 ← 当前" in second


async def test_presence_is_said_in_the_chat(bound, runtime, agent):
    for word, presence in (
        ("上线", Presence.ONLINE),
        ("忙碌", Presence.BUSY),
        ("下线", Presence.OFFLINE),
    ):
        await bound.write(word)
        async with runtime.db.reading() as unit:
            assert (await routing.get_seat(unit, agent.id)).presence is presence


async def test_a_repeated_push_does_nothing_more(bound, runtime, desk, agent):
    talk = await customer(desk, runtime, ANNA, agent)
    xml = desk.text_xml(PHONE, "您好")
    assert (await bound.act(xml)).startswith("→")
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        await desk.push(xml)

    assert await out(runtime, talk) == ["您好"]
    assert len([each for each in await all_of(runtime, Delivery) if each.openid == ANNA]) == 1


async def test_an_answer_that_misses_its_push_leaves_through_the_api(
    bound, runtime, desk, agent, wechat, clock
):
    await customer(desk, runtime, ANNA, agent, name="张女士")
    await desk.push(desk.text_xml(PHONE, "您好"))
    clock.forward(seconds=5)

    await understand_kept(runtime)
    await deliver(runtime)

    assert [text.splitlines()[0] for to, text in wechat.sent if to == PHONE] == [
        "→ 张女士 ✓ 还可发 4 条 · 撤"
    ]


# Told


async def online(bound):
    await bound.write("上线")


async def test_a_customer_who_is_given_arrives_as_a_card(
    bound, runtime, desk, agent, wechat, clock
):
    await online(bound)
    talk = await desk.conversation(openid=ANNA, text="订单还没到")
    await dispatch(runtime)
    assert (await one(runtime, talk)).assignee_id == agent.id

    assert await told(runtime, wechat, clock, seconds=1) == []
    (card,) = await told(runtime, wechat, clock, seconds=2)

    assert card.startswith("#1 客户Anna 等待3秒 “订单还没到”")
    assert await told(runtime, wechat, clock) == []


async def test_what_is_written_in_several_lines_is_one_notice(
    bound, runtime, desk, agent, wechat, clock
):
    await online(bound)
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    await told(runtime, wechat, clock)
    for line in ("在吗", "急", "很急"):
        await desk.write(talk, line)
        assert await told(runtime, wechat, clock, seconds=1) == []

    assert await told(runtime, wechat, clock, seconds=3) == ["#1 张女士：“在吗” “急” “很急”"]
    assert await left(runtime) == 3


async def test_what_is_new_rides_along_with_an_answer_and_costs_nothing(
    bound, runtime, desk, agent, wechat, clock
):
    await online(bound)
    await customer(desk, runtime, ANNA, agent, name="张女士", text="订单还没到")

    said = await bound.write("?")

    assert said.splitlines()[-1].startswith("#1 张女士 等待1秒 “订单还没到”")
    assert await told(runtime, wechat, clock) == []
    assert await left(runtime) == 5


async def test_what_was_read_at_the_page_is_not_told(bound, runtime, desk, agent, wechat, clock):
    await online(bound)
    talk = await customer(desk, runtime, ANNA, agent)
    async with runtime.db.unit() as unit:
        newest = (await conversations.get(unit, talk.id)).last_message_id
        await conversations.mark_read(unit, talk.id, agent_id=agent.id, up_to=newest)

    assert await told(runtime, wechat, clock) == []


async def test_whoever_has_left_is_told_nothing(bound, runtime, desk, agent, wechat, clock):
    talk = await customer(desk, runtime, ANNA, agent)
    await bound.write("下线")
    await desk.write(talk, "还在吗")

    assert await told(runtime, wechat, clock) == []


async def test_an_offer_is_accepted_or_let_pass(bound, runtime, desk, agent, wechat, clock):
    await offers(runtime, agent)
    await online(bound)
    talk = await desk.conversation(openid=ANNA, text="在吗")
    await dispatch(runtime)
    assert (await one(runtime, talk)).offered_to == agent.id

    (card,) = await told(runtime, wechat, clock, seconds=0)
    assert card.endswith("（回“接 1”）")
    assert (await bound.write("接1")).startswith("已接。现在回复 #1")

    taken = await one(runtime, talk)
    assert (taken.assignee_id, taken.state) == (agent.id, ConversationState.ACTIVE)


async def test_whoever_answers_an_offer_has_accepted_it(bound, runtime, desk, agent):
    await offers(runtime, agent)
    await online(bound)
    talk = await desk.conversation(openid=ANNA, text="在吗")
    await dispatch(runtime)

    assert (await bound.write("1 在的")).startswith("→ 客户Anna ✓")
    assert await out(runtime, talk) == ["在的"]


async def offers(runtime, agent):
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        plan = replace((await routing.read_terms(unit)).plan, accept_seconds=20)
        await routing.keep_draft(unit, plan, note="", by_id=agent.id, version=None, now=now)
        await routing.publish(unit, by_id=agent.id, now=now)


async def test_a_reply_that_came_to_nothing_is_told(bound, runtime, desk, agent, wechat, clock):
    await online(bound)
    await customer(desk, runtime, ANNA, agent, name="张女士")
    wechat.errcodes = [45047]
    await bound.write("您好")
    clock.forward(seconds=9)
    await deliver(runtime)

    (notice,) = await told(runtime, wechat, clock)

    assert notice == "✗ #1 张女士：上一条没有发出，已存为待发"
    assert await told(runtime, wechat, clock) == []


async def test_the_last_notice_says_how_to_go_on_and_none_is_sent_beyond_it(
    bound, runtime, desk, agent, wechat, clock
):
    await online(bound)
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    notices = []
    for number in range(12):
        await desk.write(talk, f"第{number}句")
        notices += await told(runtime, wechat, clock, seconds=20)

    assert len(notices) == 5
    assert notices[-1].endswith("（随便回一个字，继续接收提醒）")
    assert "随便回" not in notices[-2]
    assert await left(runtime) == 0

    answer = await bound.write("嗯")
    assert "第11句" in answer or "→" in answer
    assert await left(runtime) == 5


async def test_where_sends_are_spent_a_template_takes_over_not_too_often(
    bound, runtime, desk, agent, wechat, clock, shop
):
    async with runtime.db.unit() as unit:
        unit.session.add(
            agent_chat.NoticeTemplate(
                account_id=shop.id,
                template_id="T",
                values={"thing1": "{客户}等您回复", "number2": "{数量}", "time3": "{时间}"},
            )
        )
    await online(bound)
    talk = await customer(desk, runtime, ANNA, agent, name="张女士")
    clock.forward(hours=49)
    for _ in range(3):
        await desk.write(talk, "在吗")
        await told(runtime, wechat, clock)

    (card,) = wechat.templates
    assert (card["touser"], card["template_id"]) == (PHONE, "T")
    assert {key: each["value"] for key, each in card["data"].items()} == {
        "thing1": "张女士等您回复",
        "number2": "1",
        "time3": "2026-03-04 21:02",
    }
    assert [to for to, _ in wechat.sent if to == PHONE] == []


# Within reach


async def test_an_online_agent_stays_without_a_page_as_long_as_they_can_be_told(
    bound, runtime, desk, agent, clock
):
    await online(bound)
    for _ in range(3):
        clock.forward(minutes=5)
        await dispatch(runtime)
    talk = await desk.conversation(openid=ANNA)
    await dispatch(runtime)
    assert (await one(runtime, talk)).assignee_id == agent.id

    clock.forward(hours=12)
    await dispatch(runtime)
    async with runtime.db.reading() as unit:
        assert (await routing.get_seat(unit, agent.id)).presence is Presence.OFFLINE


async def test_whose_binding_ends_is_gone_without_a_page(bound, runtime, agent, clock):
    await online(bound)
    await bound.write("解绑")
    clock.forward(minutes=3)
    await dispatch(runtime)

    async with runtime.db.reading() as unit:
        assert (await routing.get_seat(unit, agent.id)).presence is Presence.OFFLINE


# Beside others


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_agents_in_wechat_and_agents_at_pages_never_wait_for_each_other_in_a_circle(
    bound, runtime, desk, agent, wechat, clock
):
    colleague = await desk.agent()
    other = Phone(runtime, desk, colleague, "oColleaguePhone")
    await other.bind()
    dice = random.Random(1)
    talks = [
        await customer(desk, runtime, f"oFollower{number}", dice.choice([agent, colleague]))
        for number in range(6)
    ]
    lines = ("您好", "1 在的", "2 在的", "列", "切 3", "备 急", "撤", "上线", "忙碌", "接", "结 4")

    async def chat():
        for _ in range(15):
            for phone in dice.sample([bound, other], k=2):
                await desk.push(desk.text_xml(phone.openid, dice.choice(lines)))
            await desk.push(desk.text_xml(f"oFollower{dice.randrange(6)}", "还在吗"))
            await understand_kept(runtime)

    async def pages():
        for _ in range(25):
            talk = await one(runtime, dice.choice(talks))
            owner = next((each for each in (agent, colleague) if each.id == talk.assignee_id), None)
            if owner is None or talk.state is ConversationState.CLOSED:
                continue
            with contextlib.suppress(DeskError):
                await desk.reply(talk, owner, "网页上说")
            async with runtime.db.unit() as unit:
                with contextlib.suppress(DeskError):
                    await routing.set_presence(
                        unit, owner.id, Presence.ONLINE, now=runtime.clock.now()
                    )

    async def loops():
        for _ in range(25):
            await dispatch(runtime)
            await tell_agents(runtime)
            await deliver(runtime)
            clock.forward(seconds=1)

    async with asyncio.timeout(120):
        await asyncio.gather(chat(), pages(), loops())

    async with runtime.db.reading() as unit:
        backlog = await intake.count_backlog(unit)
    assert set(backlog.values()) == {0}
