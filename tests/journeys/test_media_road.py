"""A follower's picture reaches an agent's screen, the agent's reaches the follower's phone."""

import asyncio
import base64
from contextlib import asynccontextmanager

import aiohttp
import pytest

import strange_files as files
from journeys.processes import Installation, free_port, simulator
from sse import following


class Traveller:
    """A follower at the simulator and an agent at the desk."""

    def __init__(self, sim, desk, http, stream):
        self.sim, self.desk, self.http, self.stream = sim.url, desk.url, http, stream
        self.openid = ""

    async def ask(self, path, body=None, **request):
        body = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.http.post(path, **body, **request) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def act(self, **wish):
        if not self.openid:
            self.openid = (await self.ask(f"{self.sim}/sim/followers", {}))["openid"]
        push = await self.ask(f"{self.sim}/sim/followers/{self.openid}/send", wish)
        assert push["status"] == 200

    async def comes(self, kind):
        """The next message of a kind once its file has come."""
        event = await self.stream.until(
            lambda event: (
                event.kind == "message"
                and event.data["kind"] == kind
                and event.data["content"]["media"]["state"] == "ready"
            ),
        )
        return event.data

    async def bring(self, content, kind):
        return await self.ask(f"{self.desk}/api/media", content, params={"kind": kind})

    async def reply(self, conversation_id, **words):
        path = f"{self.desk}/api/conversations/{conversation_id}/replies"
        return await self.ask(path, words)

    async def load(self, path):
        async with self.http.get(self.desk + path) as answer:
            assert answer.ok, await answer.text()
            return await answer.read(), answer.content_type

    async def phone(self):
        """What the account sent, oldest first, once something has come."""
        async with self.http.get(f"{self.sim}/sim/followers/{self.openid}/chat") as answer:
            items = (await answer.json())["items"]
        return [item for item in items if item["from"] == "account"]

    async def sent(self, message):
        event = await self.stream.until(
            lambda event: (
                event.kind == "message"
                and event.data["id"] == message["id"]
                and event.data["state"] != "queued"
            ),
        )
        assert event.data["state"] == "sent", event.data


@asynccontextmanager
async def travelling(folder):
    installation = Installation(folder, f"sqlite:///{folder}/desk.sqlite3")
    desk = installation.serve()
    callback = f"{desk.url}/wechat/shop"
    sim = simulator(folder, free_port(), callback=callback, data=str(folder / "sim"))
    try:
        async with installation.builder(sim.url) as builder:
            await builder.account()
            headers = {"authorization": f"Bearer {await builder.token(await builder.agent())}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            await asyncio.gather(*(each.start().ready(http) for each in (sim, desk)))
            async with following(http, f"{desk.url}/api/stream") as stream:
                yield Traveller(sim, desk, http, stream)
    finally:
        installation.stop()
        sim.stop()


@pytest.fixture
async def traveller(tmp_path):
    async with travelling(tmp_path) as traveller:
        yield traveller


async def test_pictures_voices_and_videos_go_both_ways(traveller):
    picture = base64.b64encode(files.picture()).decode()
    await traveller.act(type="image", file=picture)
    shown = await traveller.comes("image")
    await traveller.act(type="voice", seconds=3)
    heard = await traveller.comes("voice")
    await traveller.act(type="video")
    watched = await traveller.comes("video")

    media = shown["content"]["media"]
    assert (await traveller.load(f"/api/media/{media['id']}"))[0] == files.picture()
    assert (media["width"], media["height"]) == (64, 48)
    voice = heard["content"]["media"]
    assert voice["seconds"] == pytest.approx(3, abs=0.3)
    assert (await traveller.load(f"/api/media/{voice['id']}/play"))[1] == "audio/mpeg"
    video = watched["content"]["media"]
    assert (await traveller.load(f"/api/media/{video['id']}/thumb"))[1] == "image/jpeg"

    talk = shown["conversation_id"]
    await traveller.ask(f"{traveller.desk}/api/conversations/{talk}/take", {})
    mine = await traveller.bring(files.picture(kind="PNG"), "image")
    film = await traveller.bring(files.video(), "video")
    song = await traveller.bring(files.wav(), "voice")
    for number, words in enumerate(
        [
            {"kind": "image", "media": mine["id"]},
            {"kind": "voice", "media": song["id"]},
            {"kind": "video", "media": film["id"], "title": "开箱"},
        ]
    ):
        await traveller.sent(
            await traveller.reply(talk, client_id=f"draft-number-{number}", **words)
        )

    kinds = [item["type"] for item in await traveller.phone()]
    assert kinds == ["image", "voice", "video"]
