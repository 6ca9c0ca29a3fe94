"""Automatic answers on both databases: which leave, in which way, at what cost; what is told."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from delivering import deliver
from wxdesk.desk import (
    accounts,
    allowance,
    answers,
    calendars,
    conversations,
    groups,
    media,
    outbox,
    replies,
    routing,
)
from wxdesk.desk.agents.model import Agent
from wxdesk.desk.answers import Cause, Match, Online, RuleInvalid, RulesChanged, Way
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.contacts import Contact, Tag
from wxdesk.desk.conversations import Direction, Message, MessageState, NothingToResend
from wxdesk.desk.media import CopyKey, File
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.desk.replies import Manner, MediaUnusable, Reply
from wxdesk.desk.routing import Calibration, Foretold, Presence, paces
from wxdesk.desk.routing.model import Desk
from wxdesk.worker.intake import understand_kept
from wxdesk.worker.retention import forget_old

ANNA = "oFollowerAnna"


@pytest.fixture
async def shop(desk):
    return await desk.account(policy="2023")


async def understood(runtime):
    while await understand_kept(runtime):
        pass


async def does(runtime, desk, xml):
    kept = await desk.push(xml)
    await understood(runtime)
    return kept


async def writes(runtime, desk, text="在吗", openid=ANNA):
    return await does(runtime, desk, desk.text_xml(openid, text))


async def carried(runtime, *kept):
    """As a front door that answers these pushes."""
    ids, now = [each.id for each in kept], runtime.clock.now()
    async with runtime.db.unit() as unit:
        said = await outbox.claim_passive(unit, ids, now=now, lease=timedelta(seconds=30))
    for delivery in said.values():
        async with runtime.db.unit() as unit:
            await outbox.record_sent(unit, delivery, now=now)
    return [delivery.content["text"] for delivery in said.values()]


async def own(runtime):
    async with runtime.db.reading() as unit:
        query = select(Message).where(Message.direction == Direction.OUT).order_by(Message.id)
        return list(await unit.session.scalars(query))


async def log(runtime, shop):
    """Oldest first."""
    async with runtime.db.reading() as unit:
        found = await answers.list_log(unit, shop.id, before=None, limit=100)
    return [(fired.rule_name, outcome.way, outcome.cost, outcome.why) for fired, outcome in found][
        ::-1
    ]


@pytest.fixture
async def picture(runtime):
    """A picture that somebody has brought."""
    async with runtime.db.unit() as unit:
        file = File(
            sha256="a" * 64,
            size_bytes=1000,
            content_type="image/jpeg",
            width=10,
            height=10,
            playable=True,
            created_at=runtime.clock.now(),
            used_at=runtime.clock.now(),
        )
        unit.session.add(file)
    return file


async def contact(runtime, openid=ANNA):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(Contact).where(Contact.openid == openid))


async def left(runtime, openid=ANNA):
    return allowance.forecast_of(await contact(runtime, openid), runtime.clock.now()).left


async def talks(runtime):
    async with runtime.db.reading() as unit:
        return await conversations.list_conversations(
            unit, state=None, assignee_id=None, words="", after=None, limit=100
        )


# What leaves, and how


async def test_an_answer_in_the_slot_costs_nothing(runtime, desk, shop):
    await desk.rule(Cause.KEYWORD, "三天内到账", words=("退款",), name="refund")

    kept = await writes(runtime, desk, "想退款")

    assert await carried(runtime, kept) == ["三天内到账"]
    assert await log(runtime, shop) == [("refund", Way.PASSIVE, 0, None)]
    assert await left(runtime) == 5


async def test_one_that_missed_the_slot_and_may_cost_nothing_is_not_sent(
    runtime, desk, shop, wechat, clock
):
    await desk.rule(Cause.MESSAGE, "稍等", name="wait")
    await writes(runtime, desk)
    clock.forward(seconds=5)

    await deliver(runtime)

    (said,) = await own(runtime)
    assert (said.state, said.reason) == (MessageState.FAILED, "slot_missed")
    assert await log(runtime, shop) == [("wait", Way.NOT_SENT, 0, "slot_missed")]
    assert (wechat.sent, await left(runtime)) == ([], 5)


async def test_one_that_missed_the_slot_and_may_cost_one_leaves_through_the_api(
    runtime, desk, shop, wechat, clock
):
    await desk.rule(Cause.MESSAGE, "稍等", name="wait", may_cost=1)
    kept = await writes(runtime, desk)
    assert await left(runtime) == 4
    await deliver(runtime)
    assert wechat.sent == []
    clock.forward(seconds=5)

    await deliver(runtime)

    assert wechat.texts == ["稍等"]
    assert await carried(runtime, kept) == []
    assert await log(runtime, shop) == [("wait", Way.CUSTOM, 1, None)]
    assert await left(runtime) == 4


async def test_several_answers_leave_in_order_the_first_in_the_slot(runtime, desk, shop, wechat):
    menu = Reply(
        "msgmenu", "选", {"head": "选", "items": [{"id": "1", "content": "一"}], "tail": ""}
    )
    await desk.rule(Cause.FOLLOWED, "欢迎", menu, "再见", name="welcome", may_cost=2)

    kept = await does(runtime, desk, desk.event_xml(ANNA, "subscribe"))
    await deliver(runtime)
    assert wechat.messages == []
    assert await carried(runtime, kept) == ["欢迎"]
    await deliver(runtime)

    assert [message["msgtype"] for message in wechat.messages] == ["msgmenu", "text"]
    assert await log(runtime, shop) == [("welcome", Way.PASSIVE, 2, None)]
    assert await left(runtime) == 1


async def test_what_would_cost_more_than_it_may_is_not_sent_and_the_thread_says_so(
    runtime, desk, shop, wechat, clock
):
    await desk.rule(Cause.MESSAGE, "一", "二", "三", name="chatty", may_cost=1)

    kept = await writes(runtime, desk)
    assert await carried(runtime, kept) == []
    clock.forward(seconds=5)
    await deliver(runtime)

    (talk,) = await talks(runtime)
    said = await own(runtime)
    assert [(each.state, each.reason) for each in said] == [(MessageState.FAILED, "would_cost")] * 3
    assert {each.conversation_id for each in said} == {talk.id}
    assert wechat.sent == []
    assert await log(runtime, shop) == [("chatty", Way.NOT_SENT, 0, "would_cost")]


async def test_a_person_may_send_it_all_the_same_and_that_is_no_answer_of_theirs(
    runtime, desk, shop, wechat
):
    await desk.rule(Cause.MESSAGE, "一", "二", may_cost=0)
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)
    first, _ = await own(runtime)

    async with runtime.db.unit() as unit:
        await replies.resend(unit, message_id=first.id, agent_id=agent.id, now=runtime.clock.now())
    await deliver(runtime)

    assert wechat.texts == ["一"]
    async with runtime.db.unit() as unit:
        assert (await conversations.get(unit, talk.id)).owed_since is not None
        with pytest.raises(NothingToResend):
            await replies.resend(
                unit, message_id=first.id, agent_id=agent.id, now=runtime.clock.now()
            )


async def test_without_a_grant_the_reason_is_what_wechat_would_say(runtime, desk, shop, clock):
    await desk.rule(Cause.CLOSED, "再见", name="bye", may_cost=1)
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)
    clock.forward(hours=49)

    await close(runtime, talk, agent)

    assert await log(runtime, shop) == [("bye", Way.NOT_SENT, 0, "window_closed")]


async def test_a_long_text_leaves_its_first_part_in_the_slot(runtime, desk, shop, wechat):
    await desk.rule(Cause.MESSAGE, "好" * 1300, may_cost=1)

    kept = await writes(runtime, desk)
    (first,) = await carried(runtime, kept)
    await deliver(runtime)

    assert [*first, *wechat.texts[0]] == ["好"] * 1300


# Where it stands


async def test_a_follower_without_a_conversation_is_answered_and_seen_when_they_write(
    runtime, desk, shop
):
    await desk.rule(Cause.FOLLOWED, "欢迎", name="welcome")
    kept = await does(runtime, desk, desk.event_xml(ANNA, "subscribe"))
    await carried(runtime, kept)
    (welcome,) = await own(runtime)
    assert (welcome.conversation_id, welcome.state) == (None, MessageState.SENT)

    await writes(runtime, desk)

    (welcome,) = await own(runtime)
    (talk,) = await talks(runtime)
    assert welcome.conversation_id == talk.id
    assert welcome.content["rule"]["name"] == "welcome"
    assert welcome.author_id is None


async def test_one_that_misses_its_slot_after_the_conversation_was_opened_is_told_there(
    runtime, desk, shop, clock
):
    await desk.rule(Cause.FOLLOWED, "欢迎")
    await does(runtime, desk, desk.event_xml(ANNA, "subscribe"))
    await writes(runtime, desk)
    clock.forward(seconds=5)

    await deliver(runtime)

    (welcome,) = await own(runtime)
    assert (welcome.state, welcome.reason) == (MessageState.FAILED, "slot_missed")


async def test_an_automatic_answer_is_none_that_was_owed(runtime, desk, shop):
    await desk.rule(Cause.MESSAGE, "稍等")

    kept = await writes(runtime, desk)
    await carried(runtime, kept)

    (talk,) = await talks(runtime)
    assert talk.owed_since is not None
    assert (talk.unread, talk.last_text) == (1, "稍等")


# Which answers


async def test_with_a_person_in_the_conversation_only_those_rules_answer_that_say_so(
    runtime, desk, shop
):
    await desk.rule(Cause.KEYWORD, "机器", words=("a",), name="robot")
    await desk.rule(Cause.KEYWORD, "总是", words=("a",), name="always", with_agent=True)
    talk = await desk.conversation(openid=ANNA, text="a", assignee=await desk.agent())

    await desk.write(talk, "a")

    assert [name for name, *_ in await log(runtime, shop)] == ["robot", "always"]


async def test_only_the_first_message_of_a_contact_is_the_first(runtime, desk, shop):
    await desk.rule(Cause.FIRST_MESSAGE, "第一次", name="first")
    for text in ("1", "2"):
        await desk.push(desk.text_xml(ANNA, text))
    await understood(runtime)
    await writes(runtime, desk, "3")
    await writes(runtime, desk, "1", openid="oFollowerBo")

    async with runtime.db.reading() as unit:
        fired = await answers.list_log(unit, shop.id, before=None, limit=9)
    assert len({each.contact_id for each, _ in fired}) == len(fired) == 2


async def test_scenes_and_keys_choose_the_rule(runtime, desk, shop):
    await desk.rule(Cause.SCENE, "保修", words=("warranty",), name="scene")
    await desk.rule(Cause.SCANNED, "又来", words=("warranty",), name="scanned")
    await desk.rule(Cause.FOLLOWED, "欢迎", name="followed")
    await desk.rule(Cause.MENU, "售后", words=("service",), name="menu")

    await does(runtime, desk, desk.event_xml(ANNA, "subscribe", key="qrscene_warranty"))
    await does(runtime, desk, desk.event_xml(ANNA, "SCAN", key="warranty"))
    await does(runtime, desk, desk.event_xml(ANNA, "CLICK", key="service"))
    await does(runtime, desk, desk.event_xml("oFollowerBo", "subscribe"))

    assert [name for name, *_ in await log(runtime, shop)] == [
        "scene",
        "scanned",
        "menu",
        "followed",
    ]


async def test_tags_hours_and_who_is_there_are_asked(runtime, desk, shop, clock):
    async with runtime.db.unit() as unit:
        tag = Tag(account_id=shop.id, wechat_id=101, name="VIP")
        unit.session.add(tag)
    await desk.rule(Cause.MESSAGE, "贵宾", name="vip", tag_ids=frozenset({tag.id}))
    await desk.rule(Cause.OFF_HOURS, "下班了", name="off")
    await desk.rule(Cause.MESSAGE, "没人", name="nobody", agents=Online.NO)
    agent = await desk.agent()
    await writes(runtime, desk)
    async with runtime.db.unit() as unit:
        await routing.record_seen(unit, [agent.id], clock.now())
    await writes(runtime, desk)
    async with runtime.db.unit() as unit:  # noon in UTC is eight in the evening in Shanghai
        office = {
            "tz": "Asia/Shanghai",
            "weekly": {str(day): [["09:00", "18:00"]] for day in range(5)},
        }
        kept = await calendars.add(unit, "班", Calendar.of_json(office))
        await accounts.set_hours(unit, shop.id, timezone="Asia/Shanghai", calendar_id=kept.id)
    await writes(runtime, desk)
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(Contact).values(tag_ids=[101]))
    await writes(runtime, desk)

    assert [name for name, *_ in await log(runtime, shop)] == ["nobody", "off", "vip"]


async def test_nobody_is_online_two_minutes_after_they_were_last_seen(runtime, desk, clock):
    agent = await desk.agent()
    async with runtime.db.unit() as unit:
        await routing.record_seen(unit, [agent.id], clock.now())
        assert await routing.anybody_here(unit, clock.now() + timedelta(minutes=2))
        assert not await routing.anybody_here(unit, clock.now() + timedelta(minutes=2, seconds=1))
        found = await unit.session.get(Agent, agent.id)
        assert found.version == agent.version


async def test_a_burst_is_answered_as_often_as_the_rule_says(runtime, desk, shop, clock):
    await desk.rule(Cause.MESSAGE, "稍等", most_per_hour=2)
    for text in "abcd":
        await desk.push(desk.text_xml(ANNA, text))
    await understood(runtime)
    await writes(runtime, desk, "e")
    assert len(await log(runtime, shop)) == 2

    clock.forward(minutes=61)
    await writes(runtime, desk, "f")

    assert len(await log(runtime, shop)) == 3


async def test_what_came_long_ago_is_left_to_people(runtime, desk, shop, clock):
    await desk.rule(Cause.MESSAGE, "稍等", may_cost=1)
    await desk.push(desk.text_xml(ANNA, "昨天"))
    clock.forward(minutes=11)

    await understood(runtime)

    assert await own(runtime) == []


async def test_a_parked_answer_of_a_person_has_the_slot(runtime, desk, shop, clock):
    await desk.rule(Cause.MESSAGE, "自动", name="robot")
    async with runtime.db.unit() as unit:
        await accounts.change(unit, shop.id, {"send_parked": True})
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)
    await desk.reply(talk, agent, "人工", manner=Manner(park=True))
    async with runtime.db.unit() as unit:
        rule = (await answers.list_rules(unit, shop.id))[0]
        await answers.change(unit, rule.id, {"with_agent": True})

    kept = await writes(runtime, desk)

    assert await carried(runtime, kept) == ["人工"]
    assert (await log(runtime, shop))[-1] == ("robot", Way.NOT_SENT, 0, "slot_missed")


async def test_many_in_one_round_never_promise_more_than_there_is(
    runtime, desk, shop, wechat, clock
):
    await desk.rule(Cause.MESSAGE, "一", "二", "三", may_cost=3, most_per_hour=20)
    for text in "abcdef":
        await desk.push(desk.text_xml(ANNA, text))

    await understood(runtime)
    clock.forward(seconds=5)
    await deliver(runtime)

    assert len(wechat.sent) <= 5
    assert (await contact(runtime)).reserved == 0
    async with runtime.db.reading() as unit:
        failed = select(Delivery.reason).where(Delivery.state == DeliveryState.FAILED)
        assert set(await unit.session.scalars(failed)) <= {"replies_spent", "slot_missed"}


# The end of a conversation


async def close(runtime, talk, agent):
    async with runtime.db.unit() as unit:
        return await answers.close(
            unit, talk.id, agent_id=agent.id, may_close_any=False, now=runtime.clock.now()
        )


@pytest.mark.parametrize(
    ("may_cost", "said", "way"), [(1, ["再见"], Way.CUSTOM), (0, [], Way.NOT_SENT)]
)
async def test_a_closing_text_leaves_as_far_as_its_rule_may_spend(
    runtime, desk, shop, wechat, may_cost, said, way
):
    await desk.rule(Cause.CLOSED, "再见", name="bye", may_cost=may_cost)
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)

    await close(runtime, talk, agent)
    await deliver(runtime)

    assert wechat.texts == said
    assert [each[1] for each in await log(runtime, shop)] == [way]
    assert (await own(runtime))[0].conversation_id == talk.id


# Files


async def test_a_picture_travels_in_the_slot_where_wechat_holds_it(runtime, desk, shop, picture):
    await desk.rule(Cause.FOLLOWED, Reply("image", "", {}, {"media": picture.id}), name="pic")
    await does(runtime, desk, desk.event_xml("oFollowerBo", "subscribe"))
    async with runtime.db.unit() as unit:
        key = CopyKey(picture.id, shop.id, "image")
        now = runtime.clock.now()
        assert await media.claim_upload(
            unit, key, now=now, lease=timedelta(minutes=1), needed_until=now
        )
        await media.record_copy(unit, key, media_id="M1", expires_at=now + timedelta(days=3))

    kept = await does(runtime, desk, desk.event_xml(ANNA, "subscribe"))

    async with runtime.db.unit() as unit:
        lease, now = timedelta(seconds=30), runtime.clock.now()
        claimed = await outbox.claim_passive(unit, [kept.id - 1, kept.id], now=now, lease=lease)
    assert list(claimed) == [kept.id]


async def test_files_of_rules_are_kept_and_one_that_is_gone_parks_no_push(
    runtime, desk, shop, picture, clock
):
    await desk.rule(Cause.MESSAGE, Reply("image", "", {}, {"media": picture.id}), name="pic")
    clock.forward(days=3)
    await forget_old(runtime)
    async with runtime.db.reading() as unit:
        assert await media.get_file(unit, picture.id)
    async with runtime.db.unit() as unit:
        await unit.session.delete(await media.get_file(unit, picture.id))

    await writes(runtime, desk)

    assert await log(runtime, shop) == [("pic", Way.NOT_SENT, 0, "media_gone")]
    assert len(await talks(runtime)) == 1


# Rules


async def test_an_account_answers_as_long_as_it_has_a_rule_that_is_on(runtime, desk, shop):
    async def is_on():
        async with runtime.db.reading() as unit:
            return (await accounts.get(unit, shop.id)).answers

    rule = await desk.rule(Cause.MESSAGE, "稍等")
    assert await is_on()
    async with runtime.db.unit() as unit:
        await answers.change(unit, rule.id, {"enabled": False})
    assert not await is_on()
    await writes(runtime, desk)
    assert await own(runtime) == []
    async with runtime.db.unit() as unit:
        await answers.change(unit, rule.id, {"enabled": True})
    assert await is_on()
    async with runtime.db.unit() as unit:
        await answers.remove(unit, rule.id)
    assert not await is_on()


async def test_rules_are_asked_in_the_order_they_were_put(runtime, desk, shop):
    first = await desk.rule(Cause.MESSAGE, "一", name="first")
    second = await desk.rule(Cause.MESSAGE, "二", name="second")
    async with runtime.db.unit() as unit:
        await answers.put_in_order(unit, shop.id, [second.id, first.id])

    await writes(runtime, desk)

    assert [name for name, *_ in await log(runtime, shop)] == ["second"]
    for wrong in ([first.id], [first.id, first.id], [first.id, second.id, 99]):
        with pytest.raises(RulesChanged):
            async with runtime.db.unit() as unit:
                await answers.put_in_order(unit, shop.id, wrong)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"cause": Cause.KEYWORD}, "words"),
        ({"cause": Cause.KEYWORD, "words": ("(",), "match": Match.REGEX}, "pattern"),
        ({"cause": Cause.SCENE, "words": (" ",)}, "words"),
        ({"cause": Cause.MESSAGE, "tag_ids": frozenset({7})}, "tags"),
        ({"cause": Cause.MESSAGE, "may_cost": 99}, "bounds"),
        ({"cause": Cause.MESSAGE, "most_per_hour": 0}, "bounds"),
    ],
)
async def test_a_rule_that_cannot_be_right_is_refused(runtime, desk, shop, facts, problem):
    with pytest.raises(RuleInvalid) as refused:
        await desk.rule(
            facts["cause"], "x", **{key: facts[key] for key in facts.keys() - {"cause"}}
        )

    assert refused.value.facts["problem"] == problem


async def test_a_rule_shows_only_files_that_wechat_takes(desk, shop):
    with pytest.raises(MediaUnusable):
        await desk.rule(Cause.MESSAGE, Reply("image", "", {}, {"media": 99}))


async def test_admins_who_change_rules_at_once_take_turns(runtime, desk, shop):
    rules = [await desk.rule(Cause.MESSAGE, str(at), name=str(at)) for at in range(4)]

    async def change(at):
        async with runtime.db.unit() as unit:
            await answers.change(unit, rules[at % 4].id, {"may_cost": at % 3})
        async with runtime.db.unit() as unit:
            ids = [each.id for each in await answers.list_rules(unit, shop.id)]
            await answers.put_in_order(unit, shop.id, ids[::-1])

    await asyncio.gather(*(change(at) for at in range(16)))

    async with runtime.db.reading() as unit:
        found = await answers.list_rules(unit, shop.id)
    assert [each.place for each in found] == [1, 2, 3, 4]


async def test_the_log_is_forgotten_after_ninety_days(runtime, desk, shop, clock):
    await desk.rule(Cause.MESSAGE, "稍等")
    await writes(runtime, desk)
    clock.forward(days=89)
    await forget_old(runtime)
    assert len(await log(runtime, shop)) == 1
    clock.forward(days=2)

    await forget_old(runtime)

    assert await log(runtime, shop) == []
    assert len(await own(runtime)) == 1


# Cost


async def statements(runtime, desk, count):
    """How many the intake needs for so many who follow."""
    for at in range(count):
        await desk.push(desk.event_xml(f"oFollower{count}x{at}", "subscribe"))
    seen = []

    def note(*told):
        seen.append(told[2])

    event.listen(runtime.db.engine.sync_engine, "before_cursor_execute", note)
    await understood(runtime)
    event.remove(runtime.db.engine.sync_engine, "before_cursor_execute", note)
    return seen


async def test_accounts_without_rules_cost_no_statement(runtime, desk, shop):
    seen = await statements(runtime, desk, 20)

    assert not [each for each in seen if "answer_" in each or "seats" in each]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_many_answers_cost_few_statements(runtime, desk, shop):
    none = len(await statements(runtime, desk, 20))
    await desk.rule(Cause.FOLLOWED, "欢迎")

    many, more = [len(await statements(runtime, desk, count)) for count in (30, 120)]

    assert many - none < 10
    assert more == many


# Those who have to wait


@pytest.fixture
async def crowd(runtime, desk, shop):
    """Somebody waits already, for an agent who has no room."""
    agent = await desk.agent()
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        await routing.set_up(unit, agent.id, capacity=1, skills={})
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=now)
    for _ in range(2):
        await desk.conversation()
        await dispatched(runtime)
    return agent


async def dispatched(runtime):
    while True:
        async with runtime.db.unit() as unit:
            if not await routing.run(unit, now=runtime.clock.now()):
                return


async def known_to_be_right(runtime, pool):
    """The desk has measured its pace, and its predictions held."""
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        desk = await unit.session.get(Desk, 1)
        kept = {}
        for number in reversed(range(30)):
            at = now - timedelta(seconds=50 * number)
            kept = paces.after_start(kept, pool, at, waited=True)
        right = Calibration(count=90, coverage=0.9, factor=1.0, tested=0.9)
        desk.paces = paces.after_calibration(kept, pool, 4, right)


async def foretold(runtime):
    async with runtime.db.reading() as unit:
        query = select(Foretold).where(Foretold.shown)
        return list(await unit.session.scalars(query))


NOTICE = "您排在第 {position} 位，预计 {wait} 分钟"


async def test_who_has_to_wait_is_told_their_place_and_their_wait(runtime, desk, shop, crowd):
    await desk.rule(Cause.QUEUED, NOTICE, name="notice")
    await known_to_be_right(runtime, f"{shop.id}|*")

    kept = await writes(runtime, desk)

    assert await carried(runtime, kept) == ["您排在第 2 位，预计 2-5 分钟"]
    assert await log(runtime, shop) == [("notice", Way.PASSIVE, 0, None)]
    (told,) = await foretold(runtime)
    assert (told.position, told.ended_at) == (2, None)
    await dispatched(runtime)
    async with runtime.db.reading() as unit:
        query = select(Foretold).where(Foretold.conversation_id == told.conversation_id)
        assert len(list(await unit.session.scalars(query))) == 1


async def test_where_no_number_may_be_told_the_next_rule_is_asked(runtime, desk, shop, crowd):
    await desk.rule(Cause.QUEUED, NOTICE)
    await desk.rule(Cause.QUEUED, "您排在第 {position} 位", name="place")

    kept = await writes(runtime, desk)

    assert await carried(runtime, kept) == ["您排在第 2 位"]
    assert await foretold(runtime) == []


async def test_nobody_is_told_a_place_while_nobody_is_here(runtime, desk, shop, crowd):
    await desk.rule(Cause.QUEUED, "您排在第 {position} 位")
    await desk.rule(Cause.QUEUED, "我们稍后回复您")
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, crowd.id, Presence.AWAY, now=runtime.clock.now())

    kept = await writes(runtime, desk)

    assert await carried(runtime, kept) == ["我们稍后回复您"]


async def test_who_is_served_at_once_is_told_nothing(runtime, desk, shop, crowd):
    await desk.rule(Cause.QUEUED, "请稍候")
    async with runtime.db.unit() as unit:
        await routing.set_up(unit, crowd.id, capacity=4, skills={})
    await dispatched(runtime)

    await writes(runtime, desk)

    assert await own(runtime) == []


async def test_a_wait_has_one_notice(runtime, desk, shop, crowd):
    await desk.rule(Cause.QUEUED, "请稍候", may_cost=1)
    await desk.push(desk.text_xml(ANNA, "在吗"))
    await desk.push(desk.text_xml(ANNA, "你好"))
    await understood(runtime)

    await writes(runtime, desk, "有人吗")

    assert [each.text for each in await own(runtime)] == ["请稍候"]


async def test_a_rule_of_a_group_answers_those_of_the_group(runtime, desk, shop, crowd):
    async with runtime.db.unit() as unit:
        sales = await groups.add(unit, {"name": "售前"})
    with pytest.raises(RuleInvalid):
        await desk.rule(Cause.QUEUED, "x", group_ids=frozenset({sales.id + 1}))
    await desk.rule(Cause.QUEUED, "售前请稍候", group_ids=frozenset({sales.id}))
    await desk.rule(Cause.QUEUED, "请稍候")

    kept = await writes(runtime, desk)

    assert await carried(runtime, kept) == ["请稍候"]
