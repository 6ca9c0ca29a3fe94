"""A customer is asked to write before their window closes: once, in time, and not at night."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

import strange_files as files
from delivering import deliver
from wxdesk.desk import answers, conversations, media, replies
from wxdesk.desk.answers import Cause, Keeper
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Direction, Message
from wxdesk.desk.media import PlatformCopy
from wxdesk.desk.replies import Manner, Reply
from wxdesk.store.files import drafting
from wxdesk.worker.answer_files import hold_answer_files
from wxdesk.worker.keeper import keep_windows
from wxdesk.worker.uploads import Uploader

TEXT = "请随便回复一个字"


@pytest.fixture
async def shop(desk, clock):
    clock.forward(hours=-3)  # five in the afternoon in Shanghai; windows close then, too
    return await desk.account(policy="2023")


@pytest.fixture
async def agent(desk, shop):
    return await desk.agent()


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oFollowerAnna", assignee=agent)


@pytest.fixture
async def keeper(runtime, shop):
    """Switched on; call it to change it."""

    async def set_up(**facts):
        wish = Keeper.as_default(shop.id)
        for name, value in ({"on": True, "text": TEXT} | facts).items():
            setattr(wish, name, value)
        async with runtime.db.unit() as unit:
            await answers.set_keeper(unit, wish)

    await set_up()
    return set_up


async def keep(runtime):
    await keep_windows(runtime)
    await deliver(runtime)


async def nearly(clock, minutes=20):
    """So many minutes before the window closes."""
    clock.forward(hours=48, minutes=-minutes)


async def test_it_is_off_until_somebody_turns_it_on(runtime, talk, wechat, clock):
    await nearly(clock)

    await keep(runtime)

    assert wechat.sent == []


async def test_the_customer_is_asked_once_in_time(runtime, desk, talk, keeper, wechat, clock):
    await nearly(clock, 31)
    await keep(runtime)
    assert wechat.sent == []
    clock.forward(minutes=1)

    for _ in range(3):
        await keep(runtime)
        clock.forward(minutes=5)

    assert wechat.texts == [TEXT]
    async with runtime.db.reading() as unit:
        query = select(Message).where(Message.direction == Direction.OUT)
        (said,) = await unit.session.scalars(query)
        assert (said.author_id, said.conversation_id) == (None, talk.id)
        assert said.content == {"keeper": True}
        assert (await conversations.get(unit, talk.id)).owed_since is not None


async def test_who_writes_has_a_new_window_and_may_be_asked_again(
    runtime, desk, talk, keeper, wechat, clock
):
    await nearly(clock)
    await keep(runtime)
    await desk.write(talk, "1")
    await nearly(clock)

    await keep(runtime)

    assert wechat.texts == [TEXT] * 2


async def test_a_menu_that_was_touched_is_no_window_worth_keeping(
    runtime, desk, talk, keeper, wechat, clock
):
    clock.forward(hours=49)
    await desk.push(desk.event_xml("oFollowerAnna", "CLICK", key="a"))
    await desk.write(await desk.conversation(openid="oFollowerBo"), "x")

    await keep(runtime)

    assert wechat.sent == []


async def test_who_was_answered_is_left_in_peace(runtime, desk, talk, agent, keeper, wechat, clock):
    await desk.reply(talk, agent, "答")
    await deliver(runtime)
    await nearly(clock)

    await keep(runtime)

    assert wechat.texts == ["答"]


async def test_a_closed_conversation_is_owed_nothing(runtime, talk, agent, keeper, wechat, clock):
    async with runtime.db.unit() as unit:
        await answers.close(unit, talk.id, agent_id=agent.id, may_close_any=False, now=clock.now())
    await nearly(clock)

    await keep(runtime)

    assert wechat.sent == []


async def test_where_an_answer_is_parked_that_is_to_be_sent_instead(
    runtime, desk, talk, agent, keeper, wechat, clock
):
    parked = await desk.reply(talk, agent, "停着", manner=Manner(park=True))
    await nearly(clock)
    await keep(runtime)
    assert wechat.sent == []

    async with runtime.db.unit() as unit:
        await replies.discard(unit, message_id=parked.id, agent_id=agent.id)
    await keep(runtime)

    assert wechat.texts == [TEXT]


async def test_where_a_message_waits_nobody_is_asked(
    runtime, desk, talk, agent, keeper, wechat, clock
):
    await nearly(clock)
    await desk.reply(talk, agent, "答", manner=Manner(hold=timedelta(hours=1)))
    await desk.write(await desk.conversation(openid="oFollowerBo"), "x")
    async with runtime.db.unit() as unit:
        (await conversations.get(unit, talk.id)).owed_since = clock.now()

    await keep(runtime)

    assert wechat.sent == []


@pytest.mark.parametrize("may_use_last", [True, False])
async def test_the_last_message_is_kept_for_the_answer_unless_it_may_be_used(
    runtime, desk, talk, agent, keeper, wechat, clock, may_use_last
):
    for number in range(4):
        await desk.reply(talk, agent, str(number))
        await deliver(runtime)
    async with runtime.db.unit() as unit:
        (await conversations.get(unit, talk.id)).owed_since = clock.now()
    await keeper(may_use_last=may_use_last)
    await nearly(clock)

    await keep(runtime)

    assert wechat.texts[4:] == [TEXT] * may_use_last


async def test_at_night_nobody_is_woken_but_asked_before(runtime, talk, keeper, wechat, clock):
    await keeper(quiet_from=16 * 60 + 50, quiet_to=18 * 60)  # the window closes at 17:00
    await nearly(clock, 41)  # 16:19
    await keep(runtime)
    assert wechat.sent == []
    clock.forward(minutes=31)  # 16:50
    await keep(runtime)
    assert wechat.sent == []
    clock.forward(minutes=-30)  # 16:20

    await keep(runtime)

    assert wechat.texts == [TEXT]


async def test_many_are_asked_page_by_page(runtime, desk, keeper, wechat, clock):
    for number in range(8):
        await desk.conversation(openid=f"oFollower{number}")
    await nearly(clock)

    await keep_windows(runtime, page=3)
    await deliver(runtime)

    assert len({openid for openid, _ in wechat.sent}) == len(wechat.sent) == 8


async def test_of_many_workers_one_asks(runtime, desk, talk, keeper, wechat, clock):
    await nearly(clock)

    await asyncio.gather(*(keep_windows(runtime) for _ in range(6)))
    await deliver(runtime)

    assert wechat.texts == [TEXT]
    async with runtime.db.reading() as unit:
        contact = await unit.session.scalar(select(Contact))
    assert contact.reminded_for == contact.window_closes_at
    assert contact.reserved == 0


# Files of rules


@pytest.fixture
async def picture(runtime):
    async def chunks():
        yield files.picture()

    async with drafting(runtime.drafts, most_bytes=2**26) as draft:
        await draft.fill(chunks())
        found = await media.keep(runtime.files, runtime.sandbox, draft)
    async with runtime.db.unit() as unit:
        return await media.add_file(unit, found, name="a.jpg", now=runtime.clock.now())


async def test_wechat_holds_the_files_of_rules_before_anybody_asks(
    runtime, desk, shop, picture, wechat, clock
):
    await desk.rule(Cause.FOLLOWED, Reply("image", "", {}, {"media": picture.id}))
    uploader = Uploader(runtime)

    for _ in range(3):
        await hold_answer_files(runtime, uploader)
    assert len(wechat.uploads) == 1
    clock.forward(days=3)
    await hold_answer_files(runtime, uploader)

    assert len(wechat.uploads) == 2
    async with runtime.db.reading() as unit:
        (copy,) = await unit.session.scalars(select(PlatformCopy))
    assert copy.expires_at > clock.now() + timedelta(days=2)


async def test_a_file_that_wechat_refuses_stops_no_other(runtime, desk, shop, picture, wechat):
    await desk.rule(Cause.FOLLOWED, Reply("image", "", {}, {"media": picture.id}))
    wechat.media_errcodes = [40004]

    await hold_answer_files(runtime, Uploader(runtime))

    assert wechat.uploads == []
