"""The index on real databases: found, narrowed down, kept true, forgotten."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, text, update

from wxdesk.desk import contacts, conversations, events, notes, search
from wxdesk.desk.contacts import Contact, Tag
from wxdesk.desk.conversations import Message
from wxdesk.desk.events import Event
from wxdesk.desk.replies import Manner
from wxdesk.desk.routing import Sight
from wxdesk.desk.search import pieces
from wxdesk.desk.search.model import Entry, PersonEntry
from wxdesk.store import Base
from wxdesk.store.database import OutOfTime

ZONE = ZoneInfo("Asia/Shanghai")
SEES_ALL = Sight(0, False)
INDEX = (Entry.__table__, PersonEntry.__table__)
SAID = [
    "我想退款，订单20260315001",
    "退 款",
    "款退",
    "退款。款单",
    "退款单号是12345 2345 3456",
    "My iPhone15手机壳😊 坏了",
    "的的的的",
    "100%_'\"\\ OR NEAR(退 款) §c1 & | ! <-> :*",
]
ASKED = [
    *("退款", "款", "退款单", "款退", "0315", "23456", "345", "5", "iph", "phone", "手机壳", "😊"),
    *("退款 订单", "手机 IPHONE 15", "的", "的的的", "OR", "near", "§c1", "不存在"),
]


async def catch_up(runtime, limit=500):
    rounds = 0
    while True:
        async with runtime.db.unit() as unit:
            if not await search.catch_up(unit, limit=limit):
                return rounds
        rounds += 1


async def hits(runtime, typed, *, notes=False, sight=SEES_ALL, within=None):
    asked = search.understand(typed, today=date(2026, 3, 2), zone=ZONE)
    async with runtime.db.reading() as unit:
        wanted = await search.prepare(
            unit, asked, sight, now=runtime.clock.now(), conversation_id=within
        )
        if within:
            found = await search.within(unit, wanted, before=None, limit=50)
        else:
            found = await search.messages(unit, wanted, notes=notes, before=None, limit=50)
    return [each.text for each in found]


async def people(runtime, typed, *, sight=SEES_ALL):
    asked = search.understand(typed, today=date(2026, 3, 2), zone=ZONE)
    async with runtime.db.reading() as unit:
        wanted = await search.prepare(unit, asked, sight, now=runtime.clock.now())
        found = await search.people(unit, wanted, after=None, limit=50)
    return [each.remark for each in found]


async def count(runtime, kind):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(func.count()).select_from(kind))


async def call(runtime, talk, name):
    async with runtime.db.unit() as unit:
        await contacts.set_remark(unit, talk.contact_id, name, now=runtime.clock.now())


async def test_both_databases_find_what_the_texts_say(runtime, desk):
    for said in SAID:
        await desk.conversation(text=said)
    await catch_up(runtime)

    for asked in ASKED:
        phrases = pieces.phrases_of(asked)
        expected = [
            said for said in reversed(SAID) if all(pieces.hits(said, [each]) for each in phrases)
        ]
        assert await hits(runtime, asked) == expected, asked


async def test_notes_and_messages_are_found_apart_and_in_a_conversation_together(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(text="退款吗", assignee=agent)
    await desk.conversation(text="我也要退款")
    await desk.reply(talk, agent, "可以退款")
    async with runtime.db.unit() as unit:
        await notes.leave(
            unit, talk.id, agent_id=agent.id, text="退款已批", now=runtime.clock.now()
        )
    await catch_up(runtime)

    assert await hits(runtime, "退款") == ["可以退款", "我也要退款", "退款吗"]
    assert await hits(runtime, "退款", notes=True) == ["退款已批"]
    assert await hits(runtime, "退款", within=talk.id) == ["退款已批", "可以退款", "退款吗"]


async def test_operators_narrow_down(runtime, desk, clock):
    account = await desk.account()
    agent, other = await desk.agent("wangmin"), await desk.agent()
    wang = await desk.conversation(text="早上退款", assignee=agent)
    clock.forward(hours=40)
    li = await desk.conversation(text="后来退款", assignee=other)
    await desk.reply(wang, agent, "王的退款")
    await desk.reply(li, other, "李的退款")
    await call(runtime, wang, "王女士")
    await call(runtime, li, "李先生")
    async with runtime.db.unit() as unit:
        unit.session.add(Tag(account_id=account.id, wechat_id=101, name="老客户"))
        await unit.session.execute(
            update(Contact).where(Contact.id == wang.contact_id).values(tag_ids=[101])
        )
    await catch_up(runtime)
    day = clock.now().astimezone(ZONE).date()

    assert await hits(runtime, "退款 客户:王女士") == ["王的退款", "早上退款"]
    assert await hits(runtime, "退款 客户:lxs") == ["李的退款", "后来退款"]
    assert await hits(runtime, "退款 客户:没有这人") == []
    assert await hits(runtime, "退款 客户:王女士 客户:李先生") == [
        *("李的退款", "王的退款", "后来退款", "早上退款"),
    ]
    assert await hits(runtime, f"退款 客服:{agent.name}") == ["王的退款"]
    assert await hits(runtime, "退款 客服:wangm") == ["王的退款"]
    assert await hits(runtime, "退款 客服:没有这人") == []
    assert await hits(runtime, "退款 标签:老客") == ["王的退款", "早上退款"]
    assert await hits(runtime, "退款 标签:没有") == []
    assert await hits(runtime, f"退款 日期:{day}") == ["李的退款", "王的退款", "后来退款"]
    assert await hits(runtime, f"退款 日期:..{day - timedelta(days=1)}") == ["早上退款"]
    assert await hits(runtime, "退款 日期:2020..") == await hits(runtime, "退款")
    assert await hits(runtime, "退款 类型:图片") == []
    assert len(await hits(runtime, "类型:文字")) == 4


async def test_people_are_found_by_name_pinyin_and_openid(runtime, desk):
    wang = await desk.conversation(openid="oWang_Shop2026xyz")
    zhang = await desk.conversation()
    await call(runtime, wang, "王女士")
    await call(runtime, zhang, "张三丰")
    await catch_up(runtime)

    for asked in ("王女", "女士", "wangn", "wns", "oWang_Shop2026xyz", "shop 026"):
        assert await people(runtime, asked) == ["王女士"], asked
    assert await people(runtime, "zsf") == ["张三丰"]
    assert await people(runtime, "类型:图片") == []
    assert await people(runtime, "客户:张三") == ["张三丰"]


async def test_who_waits_unseen_is_not_found(runtime, desk):
    agent = await desk.agent()
    waiting = await desk.conversation(text="我在等退款")
    taken = await desk.conversation(text="别人的退款", assignee=agent)
    await call(runtime, waiting, "等的人")
    await call(runtime, taken, "不等的人")
    await catch_up(runtime)
    blind = Sight(agent.id, True)

    assert await hits(runtime, "退款", sight=blind) == ["别人的退款"]
    assert await people(runtime, "的人", sight=blind) == ["不等的人"]
    assert len(await hits(runtime, "退款")) == len(await people(runtime, "的人")) == 2


async def test_the_index_follows_what_changes(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    message = await desk.reply(talk, agent, "马上退款", manner=Manner(hold=timedelta(minutes=1)))
    await call(runtime, talk, "王女士")
    await catch_up(runtime)
    assert await hits(runtime, "马上") == ["马上退款"]

    async with runtime.db.unit() as unit:
        await conversations.withdraw(unit, await conversations.get_message(unit, message.id))
    await call(runtime, talk, "李先生")
    assert await hits(runtime, "马上") == []  # before the index knows
    await catch_up(runtime)

    assert await count(runtime, Entry) == 1
    assert (await people(runtime, "王女士"), await people(runtime, "李先生")) == ([], ["李先生"])


async def test_what_is_erased_leaves_the_index_at_once(runtime, desk):
    talk = await desk.conversation(text="我的电话13800138000")
    await call(runtime, talk, "要被忘记的人")
    await catch_up(runtime)
    assert await hits(runtime, "13800138000")

    async with runtime.db.unit() as unit:
        for table in reversed(Base.metadata.sorted_tables):
            about = {each.column.table.name for each in table.foreign_keys}
            if about & {"messages", "conversations", "contacts"} and table not in INDEX:
                await unit.session.execute(delete(table))
        await unit.session.execute(delete(Contact))

    assert (await count(runtime, Entry), await count(runtime, PersonEntry)) == (0, 0)
    if runtime.db.is_sqlite:
        async with runtime.db.reading() as unit:
            query = text("SELECT count(*) FROM search_index_messages('8001')")
            assert await unit.session.scalar(query) == 0


async def test_what_was_there_before_is_indexed_little_by_little(runtime, desk):
    for n in range(7):
        await desk.conversation(text=f"退款{n}")
    async with runtime.db.reading() as unit:
        assert await search.is_behind(unit)
        assert await search.left(unit) is None
    async with runtime.db.unit() as unit:
        newest = (await events.bounds(unit))[1]
        await unit.session.execute(delete(Event).where(Event.number < newest))
        await search.catch_up(unit, limit=3)
        assert await search.left(unit) == 7 + 4

    assert await catch_up(runtime, limit=3) == 5

    assert len(await hits(runtime, "退款")) == 7
    async with runtime.db.reading() as unit:
        assert await search.left(unit) == 0
        assert not await search.is_behind(unit)


async def test_whoever_dies_between_batches_loses_and_doubles_nothing(runtime, desk):
    for n in range(5):
        await desk.conversation(text=f"退款{n}")

    async def die_after(unit):
        await search.catch_up(unit, limit=2)
        raise ConnectionResetError  # killed before the commit

    done = 1
    while done:
        with pytest.raises(ConnectionResetError):
            async with runtime.db.unit() as unit:
                await die_after(unit)
        async with runtime.db.unit() as unit:
            done = await search.catch_up(unit, limit=2)

    assert len(await hits(runtime, "退款")) == await count(runtime, Entry) == 5


async def test_after_a_gap_in_the_events_all_is_indexed_anew(runtime, desk):
    await desk.conversation(text="第一句")
    await catch_up(runtime)
    await desk.conversation(text="第二句")
    await desk.conversation(text="第三句")
    async with runtime.db.unit() as unit:  # it was off for longer than events are kept
        newest = (await events.bounds(unit))[1]
        await unit.session.execute(delete(Event).where(Event.number < newest))

    await catch_up(runtime)

    assert await hits(runtime, "句") == ["第三句", "第二句", "第一句"]


async def test_other_rules_mean_another_index(runtime, desk, monkeypatch):
    await desk.conversation(text="退款")
    await catch_up(runtime)
    monkeypatch.setattr("wxdesk.desk.search.upkeep.RULES", 99)
    async with runtime.db.reading() as unit:
        assert await search.is_behind(unit)
        assert await search.left(unit) is None

    assert await catch_up(runtime) > 0
    async with runtime.db.reading() as unit:
        assert not await search.is_behind(unit)


async def test_what_takes_too_long_is_ended_and_the_connection_goes_on(runtime):
    async with runtime.db.reading() as unit:
        slow = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)"
            " SELECT count(*) FROM n"
        )
    with pytest.raises(OutOfTime):
        async with runtime.db.reading_within(timedelta(milliseconds=100)) as unit:
            await unit.session.execute(text(slow))

    async with runtime.db.reading_within(timedelta(seconds=10)) as unit:
        assert await unit.session.scalar(text("SELECT 1")) == 1
    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(text("SELECT 1")) == 1


async def test_what_files_cards_and_templates_say_is_found(runtime, desk):
    talk = await desk.conversation()
    lines = [
        ("file", "合同终稿.pdf", {"description": "盖章版"}),
        ("msgmenu", "", {"head": "满意吗", "items": [{"id": "a", "content": "非常满意"}]}),
        ("template", "", {"data": {"thing1": "退款到账"}, "labels": {"thing1": "说明"}}),
        ("voice", "", {"recognition": "我要转人工"}),
    ]
    async with runtime.db.unit() as unit:
        for kind, said, content in lines:
            line = Message(
                conversation_id=talk.id,
                contact_id=talk.contact_id,
                direction=conversations.Direction.OUT,
                kind=kind,
                text=said,
                content=content,
                sent_at=datetime(2026, 3, 2, tzinfo=UTC),
                received_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
            unit.session.add(line)
    async with runtime.db.unit() as unit:
        for number in range(2, 6):
            unit.tell("message", number)
    await catch_up(runtime)

    for asked in ("终稿 类型:文件", "盖章", "非常满意", "退款到账", "转人工"):
        assert len(await hits(runtime, asked)) == 1, asked
