"""Where one is signed in, what a browser may keep, and one's own numbers."""

from datetime import timedelta

import pytest

from wxdesk.web.deps import CSRF_COOKIE, SESSION_COOKIE

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI"
)


def moment(at):
    return at.isoformat().replace("+00:00", "Z")


async def seen_by(browser, system):
    """The one sign-in on such a system."""
    items = (await browser.get("/api/session/all")).body["items"]
    (found,) = [each for each in items if each["system"] == system]
    return found


async def test_ones_own_sign_ins_are_listed_and_ended_but_this_one(visit, agent, lihua, clock):
    began = clock.now()
    clock.forward(minutes=5)
    phone = await visit()
    await phone.sign_in("lihua")

    listed = (await lihua.get("/api/session/all")).body["items"]
    assert [each["here"] for each in listed] == [False, True]
    assert listed[1]["began_at"] == began.isoformat().replace("+00:00", "Z")
    assert listed[1]["ends_at"] == (began + timedelta(hours=12)).isoformat().replace("+00:00", "Z")

    assert (await lihua.ask("DELETE", "/api/session/others")).status == 204
    assert (await phone.get("/api/session")).status == 401
    assert len((await lihua.get("/api/session/all")).body["items"]) == 1


async def test_a_sign_in_says_from_where_it_is_and_when_it_was_used_last(
    visit, agent, lihua, clock
):
    phone = await visit()
    phone.http.headers["user-agent"] = IPHONE
    began = clock.now()
    await phone.sign_in("lihua")
    clock.forward(minutes=4)
    await phone.get("/api/agents")
    early = await seen_by(lihua, "iPhone")
    clock.forward(minutes=1)
    await phone.get("/api/agents")
    late = await seen_by(lihua, "iPhone")

    assert {key: early[key] for key in ("browser", "system", "address", "by_wechat", "here")} == {
        "browser": "WeChat",
        "system": "iPhone",
        "address": "127.0.0.*",
        "by_wechat": False,
        "here": False,
    }
    assert early["seen_at"] == early["began_at"] == moment(began)
    assert late["seen_at"] == moment(began + timedelta(minutes=5))
    assert late["began_at"] == early["began_at"]


async def test_one_sign_in_is_ended_and_the_others_last(visit, agent, lihua):
    phone, tablet = await visit(), await visit()
    phone.http.headers["user-agent"] = IPHONE
    for each in (phone, tablet):
        await each.sign_in("lihua")
    path = f"/api/session/all/{(await seen_by(lihua, 'iPhone'))['id']}"

    assert (await lihua.ask("DELETE", path)).status == 204

    assert (await phone.get("/api/session")).problem == (401, "not_signed_in")
    assert (await tablet.get("/api/session")).status == 200
    assert (await lihua.ask("DELETE", path)).problem == (404, "not_found")


async def test_nobody_knows_or_ends_one_sign_in_of_somebody_else(visit, desk, agent, lihua):
    await desk.agent("wangmin")
    colleague = await visit()
    await colleague.sign_in("wangmin")
    (own,) = (await lihua.get("/api/session/all")).body["items"]

    answer = await colleague.ask("DELETE", f"/api/session/all/{own['id']}")

    assert answer.problem == (404, "not_found")
    assert (await lihua.get("/api/session")).status == 200
    assert own["id"] not in str((await colleague.get("/api/session/all")).body)


async def test_nobody_ends_the_sign_in_of_somebody_else(visit, desk, lihua):
    colleague = await desk.agent("wangmin")
    other = await visit(token=await desk.token(colleague))
    assert (await other.ask("DELETE", "/api/session/others")).status == 204
    assert (await other.get("/api/session/all")).body == {"items": []}
    assert (await lihua.get("/api/session")).status == 200


async def test_a_sign_in_that_is_over_is_not_listed(visit, agent, lihua, clock):
    clock.forward(hours=11)
    phone = await visit()
    await phone.sign_in("lihua")
    clock.forward(hours=2)
    assert [each["here"] for each in (await phone.get("/api/session/all")).body["items"]] == [True]


@pytest.mark.parametrize(
    ("settings", "kept"), [({}, True), ({"offline_copies": False}, False)], ids=["on", "off"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_operator_says_whether_browsers_keep_conversations(lihua, settings, kept):
    assert (await lihua.get("/api/session")).body["offline_copies"] is kept
    assert lihua.cookie(CSRF_COOKIE)
    assert lihua.cookie(SESSION_COOKIE)


async def test_who_waits_is_counted_by_group(lihua, desk, clock):
    assert (await lihua.get("/api/queue/groups")).body == {"items": []}
    since = clock.now()
    await desk.conversation()
    clock.forward(minutes=1)
    await desk.conversation()

    [queue] = (await lihua.get("/api/queue/groups")).body["items"]

    assert queue["waiting"] == 2
    assert queue["oldest"] == since.isoformat().replace("+00:00", "Z")


async def test_ones_own_day_counts_what_one_took(lihua, agent, desk):
    talk = await desk.conversation()
    await lihua.post(f"/api/conversations/{talk.id}/take")

    own = (await lihua.get("/api/monitor/own?timezone=Asia/Shanghai")).body

    assert own["agent_id"] == agent.id
    assert own["taken"] == 1
