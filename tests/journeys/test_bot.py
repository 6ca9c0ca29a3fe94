"""The example bot at work: the desk, the simulator and the bot are processes of their own."""

import sys
from pathlib import Path

import aiohttp
import pytest

from journeys.processes import Installation, Process, free_port, simulator, until
from wxdesk.desk import groups
from wxdesk.desk.agents import Role

BOT = Path(__file__).parents[2] / "examples/bot/bot.py"


@pytest.fixture
def parts(tmp_path):
    installation = Installation(
        tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3", outbound_allow="127.0.0.1"
    )
    web = installation.serve()
    sim = simulator(tmp_path, free_port(), callback=f"{web.url}/wechat/shop")
    try:
        yield installation, web, sim
    finally:
        installation.stop()
        sim.stop()


async def ask(http, url, token="", /, **wish):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    method = "POST" if wish else "GET"
    async with http.request(method, url, headers=headers, json=wish or None) as answer:
        assert answer.ok, await answer.text()
        return await answer.json()


async def test_the_bot_answers_what_it_knows_and_hands_over_the_rest(parts, tmp_path):
    installation, web, sim = parts
    async with installation.builder(sim.url) as builder:
        await builder.account(policy="2023")
        bot, boss = await builder.agent("bot"), await builder.agent("boss", role=Role.ADMIN)
        token, admin = await builder.token(bot), await builder.token(boss)
        async with builder.runtime.db.unit() as unit:
            group = await groups.add(unit, {"name": "人工"}, [])
    port = free_port()
    async with aiohttp.ClientSession() as http:
        for process in (sim, web):
            process.start()
            await process.ready(http)
        told = ["conversation.opened", "message.received"]
        hook = {"name": "bot", "url": f"http://127.0.0.1:{port}/hook", "kinds": told}
        made = await ask(http, f"{web.url}/api/webhooks", admin, **hook)
        environment = {
            "WXDESK_URL": web.url,
            "WXDESK_TOKEN": token,
            "WXDESK_GROUP": str(group.id),
            "WXDESK_WEBHOOK_SECRET": made["secret"],
            "PORT": str(port),
        }
        running = Process([sys.executable, str(BOT)], environment, tmp_path / "bot.log").start()
        try:
            await _road(http, web, sim, admin, group, port)
        finally:
            running.stop()


async def _road(http, web, sim, admin, group, port):
    anna = (await ask(http, f"{sim.url}/sim/followers", name="安娜"))["openid"]
    here = f"{sim.url}/sim/followers/{anna}"
    await ask(http, f"{here}/send", type="text", content="什么时候发货？")

    async def answered():
        items = (await ask(http, f"{here}/chat"))["items"]
        return next((each for each in items if "48 小时" in each.get("content", "")), None)

    await until(answered)
    await ask(http, f"{here}/send", type="text", content="我要找人工")

    async def handed_over():
        found = (await ask(http, f"{web.url}/api/conversations", admin))["items"]
        return next((each for each in found if each["group"]), None)

    talk = await until(handed_over)
    assert talk["group"]["id"] == group.id
    assert talk["assignee"] is None

    async with http.post(f"http://127.0.0.1:{port}/hook", data=b"{}") as forged:
        assert forged.status == 403
