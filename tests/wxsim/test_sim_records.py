"""What the control API tells of what has happened, and whom it lets drive."""

import asyncio
import json

import aiohttp
import pytest

from patient import PATIENCE_SECONDS


async def status_of(sim, method, path, **request):
    async with sim.http.request(method, sim.base + path, **request) as response:
        answer = await response.json()
        assert response.status == 200 or answer["error"]
        return response.status


async def test_calls_are_listed_newest_first_without_secrets(sim):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid, "在的")
    await sim.plain()

    everything = (await sim.get("/sim/calls"))["items"]
    sends = (await sim.get("/sim/calls", path="custom/send"))["items"]

    assert [call["path"].rpartition("/")[2] for call in everything] == [
        "token",
        "send",
        "stable_token",
    ]
    (sent,) = sends
    assert (sent["method"], sent["status"], sent["answer"]["errcode"]) == ("POST", 200, 0)
    assert sent["body"]["text"]["content"] == "在的"
    written = json.dumps(everything)
    assert "0123456789abcdef0123456789abcdef" not in written
    assert sim.access_token not in written


async def test_only_the_newest_calls_are_kept(sim):
    for _ in range(505):
        await sim.get("/cgi-bin/nothing")

    assert len((await sim.get("/sim/calls", limit="1000"))["items"]) == 500


async def test_pushes_are_listed_with_their_tries(sim, server):
    server.answers = [500]
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    await sim.act(await sim.follower("别人"), "text", content="在吗")

    (pushed,) = (await sim.get("/sim/pushes", openid=openid))["items"]

    assert (pushed["kind"], pushed["state"], pushed["attempts"]) == ("text", "done", 2)
    assert [one["status"] for one in pushed["tries"]] == [500, 200]


async def test_a_chat_keeps_its_last_thousand_lines(sim, start):
    sim = await start(callback=None)
    openid = await sim.follower()
    for number in range(1003):
        await sim.act(openid, "text", content=str(number))

    chat = await sim.chat(openid)
    assert len(chat) == 1000
    assert chat[0]["content"] == "3"


async def test_reset_leaves_nothing(sim):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid)
    await sim.faults(unverified=True)
    await sim.advance(99)

    await sim.post("/sim/reset")

    assert (await sim.get("/sim/followers"))["items"] == []
    assert (await sim.get("/sim/calls"))["items"] == []
    assert (await sim.get("/sim/clock"))["ahead_seconds"] == 0
    assert (await sim.get("/sim/faults"))["unverified"] is False
    assert (await sim.send(openid))["errcode"] == 40014


async def test_what_happens_is_told_as_it_happens(sim):
    openid = await sim.follower()
    async with sim.http.get(sim.base + "/sim/live") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        await sim.act(openid, "text", content="在吗")

        events = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not events or events[-1].get("push", {}).get("state") != "done":
                raw = await stream.content.readuntil(b"\n\n")
                events.append(json.loads(raw.removeprefix(b"data: ")))

    lines = [event["line"]["content"] for event in events if event["event"] == "line"]
    assert lines == ["在吗"]


# Who may drive it


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Host": "evil.example"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/sim/reset"), ("GET", "/sim/followers")])
async def test_other_pages_may_not_drive_it(sim, headers, method, path):
    await sim.follower()

    assert await status_of(sim, method, path, headers=headers) in {403, 421}
    assert len((await sim.get("/sim/followers"))["items"]) == 1


async def test_its_own_page_may(sim):
    headers = {"Origin": sim.base, "Sec-Fetch-Site": "same-origin"}

    assert await status_of(sim, "POST", "/sim/reset", headers=headers) == 200


async def test_a_link_to_the_phone_page_works_from_anywhere(sim):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with aiohttp.ClientSession() as http, http.get(sim.base, headers=headers) as response:
        assert response.status == 200
        assert response.url.path == "/sim/"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert '<script type="module"' in await response.text()
