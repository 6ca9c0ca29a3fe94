"""Customer-service accounts, and sessions of the native tool that swallow pushes."""

import time

import pytest
import pytest_asyncio

import samples

KF = "agent01@shopcare"
OTHER = "agent02@shopcare"
ADD = "/customservice/kfaccount/add"
INVITE = "/customservice/kfaccount/inviteworker"
CREATE = "/customservice/kfsession/create"
CLOSE = "/customservice/kfsession/close"
LIST = "/cgi-bin/customservice/getkflist"


@pytest_asyncio.fixture(loop_scope="session")
async def tool(start):
    """A simulator with two workers at the native tool."""
    return await start(kf_accounts=(KF, OTHER))


async def events(sim, server, count):
    """The names of the events pushed, once ``count`` pushes have come."""
    while len(server.bodies) < count:
        await sim.get("/sim/clock")
    return [push.get("Event") for push in server.pushes]


async def test_an_account_is_added_named_pictured_invited_and_bound(sim):
    await sim.call(ADD, {"kf_account": KF, "nickname": "客服小周"})
    await sim.call("/customservice/kfaccount/update", {"kf_account": KF, "nickname": "小李"})
    picture = "/customservice/kfaccount/uploadheadimg"
    await sim.upload(picture, samples.picture(), kf_account=KF)
    await sim.call(INVITE, {"kf_account": KF, "invite_wx": "xiaoli_wx"})
    (invited,) = (await sim.call(LIST))["kf_list"]
    online = await sim.call("/cgi-bin/customservice/getonlinekflist")
    await sim.post(f"/sim/kf/{KF}", {"accept_invitation": True})
    (bound,) = (await sim.call(LIST))["kf_list"]

    assert (invited["kf_nick"], invited["invite_wx"]) == ("小李", "xiaoli_wx")
    assert invited["invite_status"] == "waiting"
    assert invited["invite_expire_time"] > time.time()
    assert "kf_wx" not in invited
    assert online == {"kf_online_list": []}
    assert bound["kf_wx"] == "xiaoli_wx"
    assert not [name for name in bound if name.startswith("invite")]
    async with sim.http.get(bound["kf_headimgurl"]) as shown:
        assert await shown.read() == samples.picture()


async def test_an_invitation_may_be_rejected_or_expire(sim):
    for name, wechat_id in ((KF, "xiaoli_wx"), (OTHER, "xiaowang_wx")):
        await sim.call(ADD, {"kf_account": name, "nickname": "客服"})
        await sim.call(INVITE, {"kf_account": name, "invite_wx": wechat_id})
    await sim.post(f"/sim/kf/{KF}", {"accept_invitation": False})
    await sim.advance(7 * 86_400)
    sim.access_token = None

    found = (await sim.call(LIST))["kf_list"]
    again = await sim.call(INVITE, {"kf_account": KF, "invite_wx": "xiaoli_wx"})

    assert [one["invite_status"] for one in found] == ["rejected", "expired"]
    assert again["errcode"] == 0


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        (ADD, {"kf_account": "no-at-sign", "nickname": "x"}, 65404),
        (ADD, {"kf_account": "elevenchars@shop", "nickname": "x"}, 65404),
        (ADD, {"kf_account": "new@shopcare", "nickname": "字" * 17}, 65403),
        (ADD, {"kf_account": "new@shopcare"}, 65403),
        (ADD, {"kf_account": KF, "nickname": "x"}, 65406),
        (INVITE, {"kf_account": "new@shopcare", "invite_wx": "abcdef"}, 65401),
        (INVITE, {"kf_account": KF, "invite_wx": "abcdef"}, 65412),
        (INVITE, {"kf_account": KF, "invite_wx": "x"}, 65409),
        ("/customservice/kfaccount/update", {"kf_account": "x@y", "nickname": "x"}, 65401),
        ("/customservice/kfaccount/del", {"kf_account": "x@y"}, 65401),
        (CREATE, {"kf_account": "x@y", "openid": "o"}, 65401),
        (CREATE, {"kf_account": KF, "openid": "nobody"}, 40003),
        (CLOSE, {"kf_account": KF, "openid": "nobody"}, 40003),
    ],
)
async def test_what_cannot_be_done_with_accounts_is_refused(tool, path, body, errcode):
    assert (await tool.call(path, body))["errcode"] == errcode


async def test_a_hundred_accounts_are_the_most(sim):
    async def add(number):
        answer = await sim.call(ADD, {"kf_account": f"a{number}@shop", "nickname": "客服"})
        return answer["errcode"]

    assert [await add(number) for number in range(101)] == [0] * 100 + [65405]


async def test_an_account_may_be_deleted_in_the_old_way(tool):
    await tool.call("/customservice/kfaccount/del", kf_account=KF)

    assert [kf["kf_account"] for kf in (await tool.call(LIST))["kf_list"]] == [OTHER]


async def test_without_the_tool_there_are_no_accounts(tool):
    await tool.faults(no_kf_tool=True)

    assert (await tool.call(LIST))["errcode"] == 65400


async def test_a_served_follower_is_not_heard_until_the_session_is_closed(tool, server):
    openid = await tool.follower()

    await tool.call(CREATE, {"kf_account": KF, "openid": openid})
    assert await events(tool, server, 1) == ["kf_create_session"]
    swallowed = await tool.act(openid, "text", content="在吗")
    await tool.act(openid, "menu_click", key="HELP")
    await tool.call(CLOSE, {"kf_account": KF, "openid": openid})
    assert await events(tool, server, 3) == ["kf_create_session", "CLICK", "kf_close_session"]
    heard = await tool.act(openid, "text", content="有人吗")

    assert (swallowed["attempts"], swallowed["withheld"]) == (0, "native session")
    assert (heard["attempts"], heard["withheld"]) == (1, None)


async def test_a_session_ends_by_itself_after_half_an_hour(tool, server):
    openid = await tool.follower()
    await tool.call(CREATE, {"kf_account": KF, "openid": openid})

    await tool.advance(1799)
    served = await tool.call("/customservice/kfsession/getsession", openid=openid)
    await tool.advance(1)
    alone = await tool.call("/customservice/kfsession/getsession", openid=openid)

    assert served["kf_account"] == KF
    assert alone["kf_account"] == ""
    assert await events(tool, server, 2) == ["kf_create_session", "kf_close_session"]


async def test_a_message_handed_over_finds_a_worker_or_waits(tool, server):
    openid = await tool.follower()
    for name in (KF, OTHER):
        await tool.post(f"/sim/kf/{name}", {"accepts": False})
    server.default = handing_over

    await tool.act(openid, "text", content="在吗")
    waiting = await tool.call("/customservice/kfsession/getwaitcase")
    still_heard = await tool.act(openid, "text", content="有人吗")
    await tool.post(f"/sim/kf/{OTHER}", {"accepts": True})
    await tool.act(openid, "text", content="喂")
    session = await tool.call("/customservice/kfsession/getsession", openid=openid)

    assert (waiting["count"], waiting["waitcaselist"][0]["openid"]) == (1, openid)
    assert still_heard["attempts"] == 1
    assert session["kf_account"] == OTHER
    assert (await tool.call("/customservice/kfsession/getwaitcase"))["count"] == 0


async def test_a_named_worker_gets_the_customer_even_when_away(tool, server):
    openid = await tool.follower()
    await tool.post(f"/sim/kf/{KF}", {"online": False})
    server.default = b""
    server.answers = [lambda request, body: handing_over(request, body, KF)]

    await tool.act(openid, "text", content="在吗")

    session = await tool.call("/customservice/kfsession/getsession", openid=openid)
    assert session["kf_account"] == KF


async def test_whoever_takes_a_customer_over_reads_what_was_handed_over(tool, server):
    openid = await tool.follower()
    server.answers = [handing_over]
    await tool.act(openid, "text", content="在吗")

    at = int(time.time())
    span = {"starttime": at - 600, "endtime": at + 600, "msgid": 1, "number": 10}
    records = (await tool.call("/customservice/msgrecord/getmsglist", span))["recordlist"]

    assert [(one["opercode"], one["text"]) for one in records] == [(2003, "在吗")]


def handing_over(request, _body, kf_account=None):
    to = f"<TransInfo><KfAccount>{kf_account}</KfAccount></TransInfo>" if kf_account else ""
    return (
        f"<xml><ToUserName>{request.query['openid']}</ToUserName>"
        "<FromUserName>gh_9a3c51e7b2d4</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>transfer_customer_service</MsgType>{to}</xml>"
    ).encode()


async def test_sessions_are_refused_by_their_own_codes(tool):
    openid = await tool.follower()
    await tool.call(ADD, {"kf_account": "new@shopcare", "nickname": "客服"})

    async def session(path, name):
        return (await tool.call(path, {"kf_account": name, "openid": openid}))["errcode"]

    unbound, closed = await session(CREATE, "new@shopcare"), await session(CLOSE, KF)
    first, again = await session(CREATE, KF), await session(CREATE, KF)
    other, foreign = await session(CREATE, OTHER), await session(CLOSE, OTHER)
    await tool.post(f"/sim/kf/{OTHER}", {"online": False})
    away = await session(CREATE, OTHER)

    assert (unbound, closed, first, again) == (65402, 65413, 0, 0)
    assert (other, foreign, away) == (65414, 65414, 65415)


async def test_a_session_may_be_switched_in_the_tool(tool, server):
    openid = await tool.follower()
    await tool.call(CREATE, {"kf_account": KF, "openid": openid})

    wish = {"action": "switch", "kf_account": OTHER}
    await tool.post(f"/sim/followers/{openid}/session", wish)

    assert await events(tool, server, 2) == ["kf_create_session", "kf_switch_session"]
    assert server.pushes[1]["FromKfAccount"] == KF
    assert server.pushes[1]["ToKfAccount"] == OTHER


async def test_what_is_said_in_the_tool_is_recorded_page_by_page(tool):
    openid = await tool.follower()
    await tool.call(CREATE, {"kf_account": KF, "openid": openid})
    await tool.act(openid, "text", content="在吗")
    await tool.act(openid, "voice")
    await tool.post(f"/sim/followers/{openid}/session", {"action": "say", "text": "在的"})
    now = int(time.time())
    span = {"starttime": now - 60, "endtime": now + 60}
    path = "/customservice/msgrecord/getmsglist"

    first = await tool.call(path, {**span, "msgid": 1, "number": 2})
    second = await tool.call(path, {**span, "msgid": first["msgid"], "number": 2})

    spoken = [(one["opercode"], one["text"]) for one in first["recordlist"] + second["recordlist"]]
    assert spoken == [(2003, "在吗"), (2003, "[voice]"), (2002, "在的")]
    assert (first["number"], second["number"]) == (2, 1)
    assert (await tool.chat(openid))[-1]["content"] == "在的"
    long = {"starttime": now - 90_000, "endtime": now, "msgid": 1, "number": 1}
    assert (await tool.call(path, long))["errcode"] == 65417
    assert (await tool.call(path, {**span, "msgid": 1, "number": 10_001}))["errcode"] == 65416
