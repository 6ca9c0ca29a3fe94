"""A day of one agent within WeChat alone: real processes, the simulator's phones, its ledger."""

import asyncio
import base64
import itertools

import aiohttp
import pytest

import strange_files as files
from desk_builder import AES_KEY
from journeys.processes import Installation, free_port, simulator, until
from wxdesk.desk import groups
from wxdesk.wechat import Mode


@pytest.fixture
def parts(tmp_path):
    url = f"sqlite:///{tmp_path}/desk.sqlite3"
    installation = Installation(tmp_path, url, passive_wait_seconds=4)  # the most: slow machines
    web = installation.serve()
    secret = {"mode": "secure", "aes-key": AES_KEY}
    sim = simulator(tmp_path, free_port(), callback=f"{web.url}/wechat/shop", **secret)
    try:
        yield installation, web, sim
    finally:
        installation.stop()
        sim.stop()


class Phone:
    """Somebody's WeChat."""

    def __init__(self, http, sim, openid):
        self.http, self.sim, self.openid = http, sim.url, openid

    @classmethod
    async def of(cls, http, sim, name):
        async with http.post(f"{sim.url}/sim/followers", json={"name": name}) as answer:
            return cls(http, sim, (await answer.json())["openid"])

    async def act(self, **wish):
        url = f"{self.sim}/sim/followers/{self.openid}/send"
        async with self.http.post(url, json=wish) as answer:
            assert answer.ok, await answer.text()
            push = await answer.json()
        assert push["status"] == 200, push

    async def lines(self):
        """What the account said, and which way."""
        url = f"{self.sim}/sim/followers/{self.openid}/chat"
        async with self.http.get(url) as answer:
            items = (await answer.json())["items"]
        return [each for each in items if each["from"] == "account"]

    async def write(self, text):
        """Write, and read what comes back."""
        before = len(await self.lines())
        await self.act(type="text", content=text)
        return (await self.new(before))["content"]

    async def new(self, before):
        async def came():
            lines = await self.lines()
            return lines[before:] or None

        return (await until(came))[0]

    async def reads(self, words, kind="text"):
        """The first line with these words, as soon as it is there."""

        async def came():
            return next(
                (
                    each
                    for each in await self.lines()
                    if each["type"] == kind and words in each["content"]
                ),
                None,
            )

        return await until(came)

    async def left(self):
        async with self.http.get(f"{self.sim}/sim/followers/{self.openid}/allowance") as answer:
            return (await answer.json())["sends_left"]


class Desk:
    """The API, as the agent's page at the desk asks it."""

    def __init__(self, http, web, token):
        self.http, self.url = http, web.url
        self.headers = {"authorization": f"Bearer {token}"}

    async def ask(self, method, path, **wish):
        body = {"json": wish} if method != "GET" else {}
        async with self.http.request(
            method, self.url + path, headers=self.headers, **body
        ) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


async def started(installation, web, sim):
    """The agent's API token, with everything running."""
    async with installation.builder(sim.url) as builder:
        await builder.account(mode=Mode.SECURE, policy="2023")
        agent = await builder.agent("lihua")
        async with builder.runtime.db.unit() as unit:
            await groups.add(unit, {"name": "售后"}, [])
        async with builder.runtime.db.unit() as unit:
            (await unit.session.get(type(agent), agent.id)).undo_seconds = 3
        token = await builder.token(agent)
    async with aiohttp.ClientSession() as http:
        for process in (sim, web):
            process.start()
            await process.ready(http)
    return token


async def test_a_day_of_an_agent_within_wechat(parts):
    installation, web, sim = parts
    token = await started(installation, web, sim)
    async with aiohttp.ClientSession() as http:
        desk = Desk(http, web, token)
        me, anna, bert = [await Phone.of(http, sim, name) for name in ("李华", "张女士", "王先生")]

        # Bind: the code on the screen, scanned
        account = (await desk.ask("GET", "/api/binding"))["accounts"][0]
        code = await desk.ask("POST", "/api/binding/codes", account_id=account["id"])
        await me.act(type="scan", scene=await _scene(http, sim))
        assert (await me.reads("已绑定"))["via"] == "passive"
        shown = await desk.ask("GET", "/api/binding")
        assert shown["code"] | {"state": "used"} == code | {"state": "used"}
        assert shown["binding"]["agent"]["id"]

        # 上线, and a customer is given
        assert "已上线" in await me.write("上线")
        await anna.act(type="text", content="订单还没到")
        assert "“订单还没到”" in (await me.reads("#1 "))["content"]

        # Answer with words and a picture
        assert (await me.write("您好，我查一下")).startswith("→ ")
        await anna.reads("您好，我查一下")
        picture = base64.b64encode(files.picture()).decode()
        before = len(await me.lines())
        await me.act(type="image", file=picture)
        assert (await me.new(before))["content"].startswith("→ ")
        await anna.reads("", kind="image")

        # A second customer; two at once
        await bert.act(type="text", content="怎么退货")
        await me.reads("“怎么退货”")
        assert "#2" in await me.write("切2")
        assert (await me.write("可以退")).startswith("→ ")
        await bert.reads("可以退")
        assert (await me.write("１　今天会到")).startswith("→ ")
        await anna.reads("今天会到")

        # A note, a correction, a transfer, an end, 下线
        assert "已备注 #1" in await me.write("备 老客户")
        assert (await me.write("写错了")).startswith("→ ")
        assert "已撤回" in await me.write("撤")
        assert "转到 售后" in await me.write("转 2 售后 要退货")
        assert "已结束 #1" in await me.write("结 1")
        assert await me.write("列") == "手上没有客户。"
        assert "已下线" in await me.write("下线")
        await asyncio.sleep(0)

        assert "写错了" not in [each["content"] for each in await anna.lines()]
        await _nothing_refused(http, sim)
        assert await _conversations(desk, me) == []


async def test_more_news_than_sends_never_exceed_what_the_platform_takes(parts):
    installation, web, sim = parts
    token = await started(installation, web, sim)
    async with aiohttp.ClientSession() as http:
        desk = Desk(http, web, token)
        me = await Phone.of(http, sim, "李华")
        account = (await desk.ask("GET", "/api/binding"))["accounts"][0]
        await desk.ask("POST", "/api/binding/codes", account_id=account["id"])
        await me.act(type="scan", scene=await _scene(http, sim))
        await me.reads("已绑定")
        await me.write("上线")
        customers = [await Phone.of(http, sim, f"客户{number}") for number in range(4)]

        for customer, round_ in itertools.product(customers, range(2)):
            await customer.act(type="text", content=f"第{round_}句")
            await asyncio.sleep(0.5)
        await me.reads("#4 ")

        assert await me.left() >= 0
        await _nothing_refused(http, sim)


async def _scene(http, sim):
    """What the newest code says: the phone of the simulator reads it off the picture."""
    async with http.get(f"{sim.url}/sim/calls", params={"path": "qrcode/create"}) as answer:
        call = (await answer.json())["items"][0]
    return call["body"]["action_info"]["scene"]["scene_str"]


async def _nothing_refused(http, sim):
    async with http.get(f"{sim.url}/sim/calls", params={"path": "custom/send"}) as answer:
        calls = (await answer.json())["items"]
    assert {call["answer"]["errcode"] for call in calls} <= {0}, calls


async def _conversations(desk, me):
    """Those that the agent's own lines have opened."""
    found = await desk.ask("GET", "/api/conversations?state=waiting&limit=50")
    return [each for each in found["items"] if each["contact"]["openid"] == me.openid]
