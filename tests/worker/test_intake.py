"""Kept pushes on their way to the agents, on both databases."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from wxdesk.desk import conversations, intake, menus, qrcodes
from wxdesk.desk.account_log import LogEntry
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, Direction, Message
from wxdesk.desk.intake import KeptPush, PushState
from wxdesk.desk.media import Attachment
from wxdesk.desk.qrcodes import QrCode
from wxdesk.runtime import running
from wxdesk.worker.intake import understand_kept

ANNA = "oFollowerAnna"
MOST_STATEMENTS = 16
"""For a round of the intake, begin and savepoint among them, where nothing but text is new."""

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pushes"


async def keep(runtime, account, bodies):
    """Pushes as the front door keeps them; a body may be anything."""
    async with runtime.db.unit() as unit:
        kept = [
            KeptPush(
                account_id=account.id,
                openid=openid,
                key=f"k{number}",
                kind="text",
                body=body.encode(),
                received_at=runtime.clock.now(),
            )
            for number, (openid, body) in enumerate(bodies)
        ]
        unit.session.add_all(kept)
    return kept


async def understand_all(runtime):
    while await understand_kept(runtime):
        pass


async def rows(runtime, query):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(query)).all()


async def texts(runtime):
    return await rows(runtime, select(Message.text).order_by(Message.id))


async def states(runtime):
    async with runtime.db.reading() as unit:
        query = select(KeptPush.state, func.count()).group_by(KeptPush.state)
        return dict((await unit.session.execute(query)).all())


async def test_one_followers_pushes_are_shown_in_wechats_order_of_time(runtime, desk, clock):
    said = [
        desk.text_xml(ANNA, str(number), sent_at=clock.now() + timedelta(seconds=number))
        for number in range(10)
    ]
    for xml in random.Random(7).sample(said, len(said)):
        await desk.push(xml)

    await understand_all(runtime)

    assert await texts(runtime) == [str(number) for number in range(10)]


async def test_within_one_second_the_growing_msg_id_tells_the_order(runtime, desk):
    for number in (3, 1, 2):
        await desk.push(desk.text_xml(ANNA, str(number), msg_id=24811057300000000 + number))

    await understand_all(runtime)

    assert await texts(runtime) == ["1", "2", "3"]


async def test_a_push_that_comes_a_round_late_still_stands_in_its_place(runtime, desk, clock):
    early = clock.now()
    clock.forward(minutes=1)
    talk = await desk.conversation(openid=ANNA, text="后说的")

    await desk.push(desk.text_xml(ANNA, "先说的", sent_at=early))
    await understand_all(runtime)

    async with runtime.db.reading() as unit:
        thread = await conversations.list_messages(unit, talk.id, before=None, limit=10)
        (shown,) = await conversations.by_ids(unit, [talk.id])
    assert [line.text for line in thread] == ["先说的", "后说的"]
    assert shown.last_text == "后说的"


async def test_many_pushes_of_a_new_follower_make_one_contact_and_one_conversation(runtime, desk):
    for number in range(20):
        await desk.push(desk.text_xml(ANNA, str(number)))

    await understand_all(runtime)

    assert len(await rows(runtime, select(Contact))) == 1
    (talk,) = await rows(runtime, select(Conversation))
    assert talk.unread == 20


async def test_the_cost_in_statements_does_not_grow_with_the_pushes(runtime, desk):
    """Of people whom the desk knows, and who have a conversation: the road of nearly all pushes."""
    people = [f"oFollower{number}" for number in range(60)]

    async def statements(writers):
        for openid in writers:
            await desk.push(desk.text_xml(openid, "还在吗？"))
        seen = []
        engine = runtime.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", count := lambda *facts: seen.append(facts[2]))
        assert await understand_kept(runtime) == len(writers)
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    assert await statements(people) > await statements(people) == await statements(people[:3])
    assert await statements(people) <= MOST_STATEMENTS


async def test_a_poisoned_push_is_parked_and_stops_no_other(runtime, desk):
    account = await desk.account()
    bodies = [(f"oF{number}", desk.text_xml(f"oF{number}", str(number))) for number in range(101)]
    bodies[37] = ("oF37", "this is no XML")
    kept = await keep(runtime, account, bodies)

    await understand_all(runtime)

    assert await states(runtime) == {PushState.DONE: 100, PushState.PARKED: 1}
    assert sorted(await texts(runtime), key=int) == [str(n) for n in range(101) if n != 37]
    (parked,) = await rows(runtime, select(KeptPush).where(KeptPush.state == PushState.PARKED))
    assert parked.id == kept[37].id
    assert parked.error.startswith("Malformed: ")


async def test_a_parked_push_is_understood_once_its_cause_is_gone(runtime, desk):
    account = await desk.account()
    (kept,) = await keep(runtime, account, [(ANNA, "this is no XML")])
    await understand_all(runtime)

    async with runtime.db.unit() as unit:
        body = desk.text_xml(ANNA, "修好了").encode()
        await unit.session.execute(update(KeptPush).values(body=body))
        assert await intake.retry_parked(unit, [kept.id]) == 1
        assert intake.LOOP in unit.wakes
    await understand_all(runtime)

    assert await texts(runtime) == ["修好了"]
    (done,) = await rows(runtime, select(KeptPush))
    assert (done.state, done.error) == (PushState.DONE, None)


async def test_a_parked_push_is_not_looked_at_again_by_itself(runtime, desk):
    await keep(runtime, await desk.account(), [(ANNA, "this is no XML")])

    assert await understand_kept(runtime) == 1
    assert await understand_kept(runtime) == 0


async def test_only_parked_pushes_are_retried(runtime, desk):
    await desk.conversation(openid=ANNA)

    async with runtime.db.unit() as unit:
        assert await intake.retry_parked(unit, None) == 0


async def test_a_push_that_has_become_a_message_never_becomes_a_second_one(runtime, desk):
    """Cannot happen, as both are one unit; were it to, the unique push_id holds."""
    await desk.conversation(openid=ANNA, text="只说一次")
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(KeptPush).values(state=PushState.KEPT))
    await desk.push(desk.text_xml("oFollowerBob", "我是别人"))

    await understand_all(runtime)

    assert await texts(runtime) == ["只说一次", "我是别人"]
    assert await states(runtime) == {PushState.DONE: 1, PushState.PARKED: 1}


async def test_the_error_of_a_parked_push_holds_no_words_of_the_follower(runtime, desk, capsys):
    await desk.conversation(openid=ANNA, text="我的密码是芝麻开门")
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(KeptPush).values(state=PushState.KEPT))

    await understand_all(runtime)

    (parked,) = await rows(runtime, select(KeptPush))
    assert parked.state is PushState.PARKED
    assert "芝麻开门" not in parked.error
    assert "芝麻开门" not in "".join(capsys.readouterr())


async def test_what_wechat_reports_on_its_own_account_is_done_and_introduces_nobody(runtime, desk):
    await desk.push(desk.event_xml("oTheSystem", "MASSSENDJOBFINISH"))

    await understand_all(runtime)

    assert await states(runtime) == {PushState.DONE: 1}
    assert await rows(runtime, select(Contact)) == []


async def test_a_kind_not_understood_yet_is_one_honest_line(runtime, desk):
    xml = desk.text_xml(ANNA, "").replace("[text]", "[hologram]")
    await desk.push(xml)

    await understand_all(runtime)

    (line,) = await rows(runtime, select(Message))
    assert (line.direction, line.kind, line.content) == (
        Direction.IN,
        "hologram",
        {"raw_kind": "hologram"},
    )


async def test_the_files_of_a_message_are_waited_for_from_the_same_unit_on(runtime, desk, clock):
    voice = (
        desk.text_xml(ANNA, "")
        .replace("[text]", "[voice]")
        .replace("<MsgId>", "<MediaId>coarse</MediaId><MediaId16K>fine</MediaId16K><MsgId>")
    )
    await desk.push(voice)

    await understand_all(runtime)

    (message,) = await rows(runtime, select(Message))
    (waited,) = await rows(runtime, select(Attachment))
    assert message.content["media"] == {"id": None, "state": "waiting"}
    assert (waited.message_id, waited.role, waited.media_ids) == (
        message.id,
        "media",
        ["fine", "coarse"],
    )
    assert waited.expires_at == clock.now() + timedelta(days=3)


async def test_where_a_follower_is_stands_on_the_contact_and_in_no_thread(runtime, desk):
    await desk.push(desk.text_xml(ANNA, "在吗"))
    place = "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>65.0</Precision>"
    await desk.push(desk.event_xml(ANNA, "LOCATION", more=place))

    await understand_all(runtime)

    (contact,) = await rows(runtime, select(Contact))
    assert contact.location.items() >= {"latitude": 23.1, "longitude": 113.3}.items()
    assert await texts(runtime) == ["在吗"]


async def test_scans_are_counted_and_named_as_the_desk_calls_the_code(runtime, desk, clock):
    account = await desk.account()
    async with runtime.db.unit() as unit:
        await qrcodes.add(
            unit,
            account.id,
            name="门店 7 号货架",
            scene="shelf7",
            url="http://weixin.qq.com/q/1",
            ticket="t",
            expires_at=None,
            now=clock.now(),
        )
    await desk.push(desk.event_xml(ANNA, "subscribe", key="qrscene_shelf7"))
    clock.forward(seconds=9)
    await desk.push(desk.event_xml(ANNA, "SCAN", key="shelf7"))
    await desk.push(desk.event_xml(ANNA, "SCAN", key="unknown"))

    await understand_all(runtime)

    (code,) = await rows(runtime, select(QrCode))
    assert (code.scans, code.follows, code.last_scanned_at) == (2, 1, clock.now())
    lines = await rows(runtime, select(Message).order_by(Message.id))
    assert [line.content for line in lines] == [
        {"scene": "shelf7", "scene_name": "门店 7 号货架"},
        {"scene": "shelf7", "scene_name": "门店 7 号货架"},
        {"scene": "unknown"},
    ]


async def test_a_click_is_named_as_the_button_is(runtime, desk, clock):
    account = await desk.account()
    button = {"type": "click", "name": "联系客服", "key": "AGENT"}
    async with runtime.db.unit() as unit:
        await menus.keep(unit, account.id, [button], now=clock.now())
    await desk.push(desk.event_xml(ANNA, "CLICK", key="AGENT"))

    await understand_all(runtime)

    (line,) = await rows(runtime, select(Message))
    assert line.content == {"key": "AGENT", "name": "联系客服"}


async def test_who_writes_from_an_article_is_shown_with_its_address(runtime, desk):
    await desk.push(
        (FIXTURES / "event-masssendjobfinish.xml").read_text()  # its article's mid is 2247489321
    )
    await desk.push((FIXTURES / "message-text-from-article.xml").read_text())

    await understand_all(runtime)

    (line,) = await rows(runtime, select(Message))
    assert line.content["article"]["data_id"] == "2247489321"
    assert "mid=2247489321" in line.content["article"]["url"]
    (noted,) = await rows(runtime, select(LogEntry))
    assert (noted.kind, noted.content["sent"], noted.content["failed"]) == ("mass_result", 1171, 9)


async def test_a_complaint_of_a_known_follower_waits_for_an_answer(runtime, desk):
    await desk.push(desk.event_xml(ANNA, "subscribe"))
    await desk.complaint(desk.complaint_xml(ANNA, reason="商品质量有问题"))

    await understand_all(runtime)

    (conversation,) = await rows(runtime, select(Conversation))
    assert conversation.last_kind == "complaint"
    lines = await rows(runtime, select(Message).order_by(Message.id))
    assert [line.kind for line in lines] == ["subscribe", "complaint"]
    assert lines[1].text == "商品质量有问题"


async def test_a_complaint_in_the_name_of_a_stranger_shows_nobody(runtime, desk):
    await desk.complaint(desk.complaint_xml("oStranger"))

    await understand_all(runtime)

    assert await states(runtime) == {PushState.DONE: 1}
    assert await rows(runtime, select(Contact)) == []


async def test_the_result_of_a_job_comes_in_the_followers_name_and_is_no_sign_of_life(
    runtime, desk, clock
):
    await desk.push(desk.text_xml(ANNA, "在吗"))
    await understand_all(runtime)
    seen_at = clock.now()
    clock.forward(hours=1)
    job = "<MsgID>3921047718265298944</MsgID><Status>success</Status>"
    await desk.push(desk.event_xml(ANNA, "TEMPLATESENDJOBFINISH", more=job))

    await understand_all(runtime)

    (contact,) = await rows(runtime, select(Contact))
    assert contact.last_seen_at == seen_at
    assert await texts(runtime) == ["在吗"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_intakes_at_once_understand_every_push_once(runtime, desk, clock):
    account = await desk.account()
    openids = [f"oF{number % 7}" for number in range(1000)]
    bodies = [(openid, desk.text_xml(openid, str(n))) for n, openid in enumerate(openids)]
    await keep(runtime, account, bodies)

    async def understand_until_done(rt):
        while (await states(rt)).get(PushState.KEPT):
            await understand_kept(rt)

    async with running(runtime.settings, clock=clock) as other:
        await asyncio.gather(understand_until_done(runtime), understand_until_done(other))

    assert sorted(await texts(runtime), key=int) == [str(number) for number in range(1000)]
    assert await states(runtime) == {PushState.DONE: 1000}
    assert len(await rows(runtime, select(Conversation))) == 7
    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(func.sum(Conversation.unread))) == 1000
