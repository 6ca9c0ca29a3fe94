"""The control API: what followers do by it, the clock, the switches."""

import json

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
        ({"type": "location", "latitude": 91}, 400),
        ({"type": "location", "scale": 1.5}, 400),
        ({"type": "text", "content": "在吗", "data_id": "1", "index": "一"}, 400),
        ({"type": "unsupported", "language": "fr"}, 400),
        ({"type": "menu_click"}, 400),
        ({"type": "menu_click", "key": "K", "button": "dance"}, 400),
        ({"type": "msgmenu_click", "id": "1"}, 400),
        ({"type": "msgmenu_click", "id": "1" * 5000, "content": 7}, 400),
        ({"type": "scan"}, 400),
        ({"type": "scan", "code": ""}, 400),
        ({"type": "pay"}, 400),
        ({"type": "pay", "order_id": "1", "follow_after": "yes"}, 400),
        ({"type": "card", "event": "user_eats_card"}, 400),
        ({"type": "card", "OuterId": "x"}, 400),
        ({"type": "complain", "stage": "confirm"}, 400),
        ({"type": "complain", "stage": ["request"]}, 400),
        ({"type": "consent"}, 400),
        ({"type": "consent", "answers": []}, 400),
        ({"type": "consent", "answers": [{"template_id": "T", "accepted": 1}]}, 400),
        ({"type": "consent", "answers": [{"template_id": "T", "accepted": True}] * 21}, 400),
        ({"type": "raw"}, 400),
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


@pytest.mark.parametrize("kind", ["subscribe", "scan", "pay", "complain", "consent", "raw"])
async def test_some_things_can_be_done_without_following(sim, kind):
    openid = await sim.follower(following=False)
    wish = {"scene": "7", "order_id": "1", "xml": "<xml/>"}
    wish |= {"answers": [{"template_id": "T", "accepted": True}]}

    assert (await sim.act(openid, kind, **wish))["status"] == 200


async def test_whoever_blocks_messages_is_not_reached_until_they_unblock(sim, server):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")

    blocked = await sim.act(openid, "block")

    assert (blocked["attempts"], len(server.requests)) == (0, 1)
    assert (await sim.send(openid))["errcode"] == 48002
    await sim.act(openid, "unblock")
    assert (await sim.send(openid))["errcode"] == 0


async def test_a_notice_needs_the_followers_consent_each_time(sim):
    openid = await sim.follower()
    access = {"access_token": (await sim.stable())["access_token"]}
    wanted = {"template_id_short": "TM1", "keyword_name_list": ["事项"]}
    template = await sim.post("/cgi-bin/template/api_add_template", wanted, **access)
    template_id = template["template_id"]
    notice = {"touser": openid, "template_id": template_id, "data": {"thing1": {"value": "到货"}}}

    async def answer(**accepted):
        await sim.act(openid, "consent", answers=[{"template_id": template_id, **accepted}])

    async def errcode():
        sent = await sim.post("/cgi-bin/message/subscribe/bizsend", notice, **access)
        return sent["errcode"]

    assert await errcode() == 43101
    await answer(accepted=True)
    assert [await errcode(), await errcode()] == [0, 43101]
    await answer(accepted=True)
    await answer(accepted=False)
    assert await errcode() == 43101


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


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/sim/account", {"kf_accounts": None}),
        ("/sim/account", {"kf_accounts": "agent01@shopcare"}),
        ("/sim/account", {"kf_accounts": [1]}),
        ("/sim/account", {"name": 1}),
        ("/sim/account", {"mode": "open"}),
        ("/sim/account", {"renewal": "often"}),
        ("/sim/people", {"count": float("inf")}),
        ("/sim/people", {"seed": float("nan")}),
        ("/sim/people", {"pace": True}),
    ],
)
async def test_what_an_account_or_people_cannot_be_is_refused(sim, path, wish):
    before = await sim.get("/sim/account")

    assert await status_of(sim, "POST", path, json=wish) == 400
    assert await sim.get("/sim/account") == before


async def test_every_switch_is_explained(sim):
    explained = (await sim.get("/sim/faults", explain="1"))["items"]

    assert {item["name"] for item in explained} == (await sim.get("/sim/faults")).keys()
    assert all(item["means"] for item in explained)
