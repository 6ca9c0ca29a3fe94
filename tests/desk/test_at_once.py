"""Two make what there is none of yet, at the same time: the second waits for the first."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import pytest

from wxdesk.desk import (
    accounts,
    agents,
    alerts,
    contacts,
    drafts,
    imports,
    kf,
    menus,
    notices,
    qrcodes,
    quick_replies,
    unread_marks,
    viewing,
)
from wxdesk.desk.accounts import Account, AccountExists
from wxdesk.desk.agents import Agent, AgentExists, Role
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.quick_replies import QuickReply, Scope
from wxdesk.store import Vault
from wxdesk.wechat import Mode, Tag

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
TOLD = [Tag(id=2, name="星标组", count=0), Tag(id=100, name="VIP", count=3)]


@dataclass
class Here:
    shop: Account
    agent: Agent
    talk: Conversation
    quick: QuickReply
    vault: Vault
    now: datetime


@pytest.fixture
async def here(runtime, desk, clock):
    shop, agent = await desk.account(), await desk.agent()
    talk = await desk.conversation(assignee=agent)
    async with runtime.db.unit() as unit:
        wish = {"scope": Scope.OWN, "title": "问候", "text": "您好"}
        quick = await quick_replies.add(unit, wish, agent_id=agent.id, leads=False)
    return Here(shop, agent, talk, quick, runtime.vault, clock.now())


async def hear_of_tags(unit, here):
    await contacts.record_tags(unit, here.shop.id, TOLD)


async def make_a_tag(unit, here):
    await contacts.add_tag(unit, here.shop.id, TOLD[1])


async def look(unit, here):
    await viewing.look(unit, agent_id=here.agent.id, conversation_id=here.talk.id)


async def mark_unread(unit, here):
    await unread_marks.put(unit, agent_id=here.agent.id, conversation_id=here.talk.id, unread=True)


async def draft(unit, here):
    await drafts.keep(
        unit,
        agent_id=here.agent.id,
        conversation_id=here.talk.id,
        mode=drafts.Mode.REPLY,
        text="您好",
        written_at=here.now,
        now=here.now,
    )


async def mute(unit, here):
    await notices.set_muted(unit, here.agent.id, [notices.Kind.RATING])


async def wish(unit, here):
    await alerts.set_wishes(unit, here.agent.id, muted=[], quiet=None, timezone="Asia/Shanghai")


async def add_a_device(unit, here):
    await alerts.add_device(
        unit,
        here.vault,
        here.agent.id,
        session="s",
        endpoint="https://push.example/1",
        p256dh="p",
        auth="a",
        name="Chrome",
        locale="zh-CN",
        silent_ok=False,
        now=here.now,
    )


async def choose_favourites(unit, here):
    await quick_replies.set_favourites(unit, here.agent.id, {1: here.quick.id})


async def start_an_import(unit, here):
    await imports.start(unit, here.shop.id, now=here.now)


async def keep_a_menu(unit, here):
    await menus.keep(unit, here.shop.id, [], now=here.now)


async def bind_a_name(unit, here):
    await kf.bind(unit, here.shop.id, agent_id=here.agent.id, kf_account="li@shop", nickname="小李")


async def add_an_account(unit, here):
    await accounts.add(
        unit,
        here.vault,
        slug="mall",
        name="商城",
        app_id="wx00",
        mode=Mode.PLAIN,
        credentials=accounts.Credentials("token", "secret", None),
        now=here.now,
    )


async def add_an_agent(unit, here):
    await agents.add(
        unit, username="wang", name="王敏", role=Role.AGENT, password_hash="x", now=here.now
    )


async def keep_a_code(unit, here):
    await qrcodes.add(
        unit,
        here.shop.id,
        name="门店",
        scene="store",
        url="u",
        ticket="t",
        expires_at=None,
        now=here.now,
    )


@pytest.fixture
def at_once(runtime, here, until_somebody_waits):
    """One deed is done, and another asked for before that is committed; the second, as a task."""

    async def follow(deed):
        async with runtime.db.unit() as unit:
            await deed(unit, here)

    async def do(first, second):
        async with runtime.db.unit() as unit:
            await first(unit, here)
            following = asyncio.create_task(follow(second))
            await until_somebody_waits()
        return following

    return do


@pytest.mark.parametrize(
    "deed",
    [
        hear_of_tags,
        look,
        mark_unread,
        draft,
        mute,
        wish,
        add_a_device,
        choose_favourites,
        start_an_import,
        keep_a_menu,
        bind_a_name,
    ],
)
@on_postgres
async def test_who_asks_for_the_same_is_well(at_once, deed):
    await (await at_once(deed, deed))


@on_postgres
async def test_a_tag_may_be_heard_of_before_it_is_noted(at_once):
    await (await at_once(hear_of_tags, make_a_tag))


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        (add_an_account, AccountExists),
        (add_an_agent, AgentExists),
        (keep_a_code, qrcodes.SceneTaken),
    ],
)
@on_postgres
async def test_of_what_there_is_one_the_second_is_refused(at_once, deed, refusal):
    following = await at_once(deed, deed)
    with pytest.raises(refusal):
        await following
