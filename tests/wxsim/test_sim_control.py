"""The control API: what it does, what it refuses, and to whom it does not listen."""

import asyncio
import json

import aiohttp
import pytest


async def status_of(sim, method, path, **request):
    async with sim.http.request(method, sim.base + path, **request) as response:
        answer = await response.json()
        assert response.status == 200 or answer["error"]
        return response.status


async def test_a_new_follower_follows_silently_unless_asked(sim, server):
    quiet = await sim.post("/sim/followers", {"name": "小林"})
    loud = await sim.post("/sim/followers", {"push": True})

    assert len(quiet["openid"]) == 28
    assert quiet["openid"][:6] == loud["openid"][:6]
    assert [pushed["Event"] for pushed in server.pushes] == ["subscribe"]
    assert server.pushes[0]["FromUserName"] == loud["openid"]
    items = (await sim.get("/sim/followers"))["items"]
    assert [item["name"] for item in items] == ["小林", "访客 2"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (rb'{"type":"text","content":"\ud800"}', 400),
        ({}, 400),
        ({"type": "dance"}, 400),
        ({"type": ["text"]}, 400),
        ({"type": "text"}, 400),
        ({"type": "text", "content": ""}, 400),
        ({"type": "text", "content": "x" * 20_001}, 400),
        ({"type": "image"}, 400),
        ({"type": "image", "file": "?"}, 400),
        ({"type": "image", "file": 5}, 400),
        ({"type": "image", "file": "aGVsbG8="}, 400),
        ({"type": "location", "latitude": "north"}, 400),
        ({"type": "complain"}, 501),
    ],
)
async def test_what_cannot_be_done_is_refused_in_a_sentence(sim, wish, status):
    openid = await sim.follower()
    data = wish if isinstance(wish, bytes) else json.dumps(wish).encode()

    assert await status_of(sim, "POST", f"/sim/followers/{openid}/send", data=data) == status
    assert await sim.chat(openid) == []


@pytest.mark.parametrize("path", ["", "/chat", "/allowance"])
async def test_an_unknown_openid_is_not_found(sim, path):
    assert await status_of(sim, "GET", f"/sim/followers/{'o' * 28}{path}") == 404
    assert await status_of(sim, "POST", f"/sim/followers/{'o' * 28}/send", json={}) == 404


async def test_whoever_left_cannot_write_until_they_follow_again(sim):
    openid = await sim.follower()
    await sim.act(openid, "unsubscribe")
    text = {"type": "text", "content": "还在吗"}

    assert await status_of(sim, "POST", f"/sim/followers/{openid}/send", json=text) == 409
    await sim.act(openid, "subscribe")
    assert await status_of(sim, "POST", f"/sim/followers/{openid}/send", json=text) == 200


@pytest.mark.parametrize(
    "wish", [{}, {"advance_seconds": "1"}, {"advance_seconds": -1}, {"advance_seconds": 1e300}]
)
async def test_the_clock_goes_forward_only(sim, wish):
    assert await status_of(sim, "POST", "/sim/clock", json=wish) == 400


@pytest.mark.parametrize(
    "wish",
    [
        {"no_such_switch": 1},
        {"slow_ms": -1},
        {"slow_ms": "1"},
        {"slow_ms": True},
        {"slow_ms": None},
        {"errmsg_tail": "long"},
        {"unverified": 1},
        {"push_tries": 0},
        {"push_deadline_s": 0},
        {"fail_next": {}},
        {"fail_next": [{"path": "/"}]},
        {"fail_next": [{"path": "/", "errcode": "1"}]},
        {"unverified": True, "slow_ms": -1},
    ],
)
async def test_switches_take_only_what_they_can(sim, wish):
    before = await sim.get("/sim/faults")

    assert await status_of(sim, "POST", "/sim/faults", json=wish) == 400
    assert await sim.get("/sim/faults") == before


async def test_switches_merge_show_and_clear(sim):
    await sim.faults(unverified=True, lose_answer=True)
    await sim.faults(slow_ms=1)

    now = await sim.get("/sim/faults")
    assert (now["unverified"], now["slow_ms"], now["lose_answer"]) == (True, 1, -1)

    async with sim.http.delete(sim.base + "/sim/faults") as response:
        cleared = await response.json()
    assert (cleared["unverified"], cleared["push_deadline_s"]) == (False, 5.0)


async def test_every_switch_is_explained(sim):
    explained = (await sim.get("/sim/faults", explain="1"))["items"]

    assert {item["name"] for item in explained} == (await sim.get("/sim/faults")).keys()
    assert all(item["means"] for item in explained)


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
        async with asyncio.timeout(5):
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
