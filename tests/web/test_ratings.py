"""Ratings: customers are asked once, tell by a tap or by a link, and say what was bad."""

import asyncio
from functools import partial
from xml.etree import ElementTree as ET

import pytest

from wxdesk.bus import end, forever
from wxdesk.desk import contacts, intake
from wxdesk.desk.agents import Role
from wxdesk.worker.intake import understand_kept

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LINK = {
    "way": "link",
    "after_closing": False,
    "head": "满意吗？",
    "thanks": "谢谢。",
    "ask": "哪里不好？",
}


@pytest.fixture
async def shop(desk):
    return await desk.account(policy="2023")


@pytest.fixture
async def boss(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


def path(talk, act):
    return f"/api/conversations/{talk.id}/{act}"


async def read(who, talk):
    return (await who.get(f"/api/conversations/{talk.id}")).body


async def lines(who, talk):
    return (await who.get(path(talk, "messages"))).body["items"]


async def invite(who, talk, **wish):
    return await who.post(path(talk, "rating-invitation"), **wish)


async def customer_of(runtime, talk):
    async with runtime.db.reading() as unit:
        return (await contacts.by_ids(unit, [talk.contact_id]))[talk.contact_id]


async def understood(runtime):
    while await understand_kept(runtime):
        pass


@pytest.fixture
def tap(desk, runtime, lihua):
    """A customer touches a line of the invitation; by default of this conversation."""

    async def tap(talk, words, *, openid=None, minutes=0):
        invitation = next(each for each in await lines(lihua, talk) if each["kind"] == "msgmenu")
        found = {each["content"]: each["id"] for each in invitation["content"]["items"]}
        openid = openid or (await customer_of(runtime, talk)).openid
        runtime.clock.forward(minutes=minutes)
        xml = tapped(desk.text_xml(openid, words), found[words])
        kept = await desk.push(xml)
        await understood(runtime)
        return kept

    return tap


def tapped(xml, line_id):
    return xml.replace("</xml>", f"<bizmsgmenuid>{line_id}</bizmsgmenuid></xml>")


async def test_a_customer_is_asked_once_and_that_costs_a_message(lihua, talk):
    before = (await read(lihua, talk))["contact"]["allowance"]["reserved"]
    asked = (await invite(lihua, talk)).body

    assert asked["contact"]["allowance"]["reserved"] == before + 1
    assert (asked["rating"]["way"], asked["rating"]["score"]) == ("menu", None)
    assert asked["owed_since"] is not None  # it is no answer
    (line,) = [each for each in await lines(lihua, talk) if each["kind"] == "msgmenu"]
    assert [each["content"] for each in line["content"]["items"]] == ["满意", "一般", "不满意"]
    assert line["author"] is None
    assert line["content"]["rating"] is True
    assert (await invite(lihua, talk)).problem == (409, "already_invited")


async def test_only_whoever_has_it_and_supervisors_ask(lihua, boss, visit, desk, talk):
    other = await visit(token=await desk.token(await desk.agent()))
    waiting = await desk.conversation()
    assert (await invite(other, talk)).problem == (409, "not_assigned")
    assert (await invite(boss, waiting)).problem == (409, "not_assigned")
    assert (await invite(boss, talk)).status == 200


async def test_the_last_message_is_kept_unless_it_is_to_be_used(lihua, desk, agent, talk):
    for _ in range(4):
        await desk.reply(talk, agent)
    assert (await invite(lihua, talk)).problem == (409, "last_send")
    assert (await invite(lihua, talk, use_last=True)).status == 200


async def test_nothing_is_asked_when_the_window_is_closed(boss, runtime, talk):
    runtime.clock.forward(days=3)
    assert (await invite(boss, talk)).problem == (409, "window_closed")
    refused = await boss.post(path(talk, "close"), invite=True)
    assert refused.problem == (409, "window_closed")
    assert (await read(boss, talk))["state"] == "active"


async def test_a_tap_rates_it_and_opens_nothing(lihua, talk, tap):
    await invite(lihua, talk)
    await lihua.post(path(talk, "close"))
    await tap(talk, "满意")

    rated = await read(lihua, talk)
    assert (rated["state"], rated["unread"], rated["rating"]["score"]) == ("closed", 0, 3)
    newest = (await lihua.get("/api/conversations", state="waiting")).body["items"]
    assert newest == []
    told = [each for each in await lines(lihua, talk) if each["kind"] == "rating"]
    assert [(each["direction"], each["content"]) for each in told] == [("system", {"score": 3})]
    grants = {each["name"] for each in rated["contact"]["allowance"]["grants"]}
    assert grants == {"event", "message"}


async def test_the_first_counts_and_may_be_changed_for_ten_minutes(lihua, talk, tap):
    await invite(lihua, talk)
    await tap(talk, "一般")
    await tap(talk, "满意", minutes=9)
    assert (await read(lihua, talk))["rating"]["score"] == 3
    await tap(talk, "不满意", minutes=2)

    assert (await read(lihua, talk))["rating"]["score"] == 3
    told = [each["content"] for each in await lines(lihua, talk) if each["kind"] == "rating"]
    assert told == [{"score": 2}, {"score": 3, "before": 2}, {"score": 1, "late": True}]


async def test_nobody_rates_for_somebody_else(lihua, desk, talk, tap):
    stranger = await desk.conversation(openid="oStrangerWhoTaps")
    await invite(lihua, talk)
    await tap(talk, "不满意", openid="oStrangerWhoTaps")

    assert (await read(lihua, talk))["rating"]["score"] is None
    texts = [each["text"] for each in await lines(lihua, stranger) if each["direction"] == "in"]
    assert texts == ["你好", "不满意"]


async def test_what_was_asked_for_is_a_comment_and_opens_nothing(lihua, desk, runtime, talk, tap):
    await invite(lihua, talk)
    await lihua.post(path(talk, "close"))
    await tap(talk, "不满意")
    await desk.write(talk, "等太久了")

    rated = await read(lihua, talk)
    assert (rated["rating"]["score"], rated["rating"]["comment"]) == (1, "等太久了")
    said = [(each["kind"], each["text"]) for each in (await lines(lihua, talk))[-3:]]
    assert ("rating_comment", "等太久了") in said
    assert "哪里没做好" in " ".join(text for _, text in said)
    assert (await lihua.get("/api/conversations", state="waiting")).body["items"] == []

    await desk.write(talk, "还有一件事")
    (opened,) = (await lihua.get("/api/conversations", state="waiting")).body["items"]
    assert opened["last_message"]["text"] == "还有一件事"


async def test_while_they_talk_a_comment_is_a_message_as_well(lihua, desk, talk, tap):
    await invite(lihua, talk)
    await tap(talk, "不满意")
    await desk.write(talk, "还没解决")

    seen = await read(lihua, talk)
    assert (seen["rating"]["comment"], seen["last_message"]["text"]) == ("还没解决", "还没解决")
    assert seen["last_message"]["direction"] == "in"


@pytest.mark.parametrize("settings", [{"passive_wait_seconds": 0}])
async def test_what_was_not_asked_for_opens_a_conversation_too(lihua, desk, talk, tap):
    await invite(lihua, talk)
    await lihua.post(path(talk, "close"))
    await tap(talk, "不满意")
    await desk.write(talk, "我要投诉")

    assert (await read(lihua, talk))["rating"]["comment"] == "我要投诉"
    (opened,) = (await lihua.get("/api/conversations", state="waiting")).body["items"]
    assert opened["last_message"]["text"] == "我要投诉"


async def test_later_words_are_no_comment(lihua, desk, runtime, talk, tap):
    await invite(lihua, talk)
    await lihua.post(path(talk, "close"))
    await tap(talk, "不满意")
    runtime.clock.forward(minutes=11)
    await desk.write(talk, "在吗")

    assert (await read(lihua, talk))["rating"]["comment"] == ""
    assert (await lihua.get("/api/conversations", state="waiting")).body["items"]


@pytest.mark.parametrize("settings", [{"passive_wait_seconds": 60}])
async def test_the_thanks_stand_in_the_answer_to_the_tap(lihua, door, desk, runtime, talk):
    await invite(lihua, talk)
    (line,) = [each for each in await lines(lihua, talk) if each["kind"] == "msgmenu"]
    openid = (await customer_of(runtime, talk)).openid
    xml = tapped(desk.text_xml(openid, "满意"), line["content"]["items"][0]["id"])
    loop = asyncio.create_task(forever(runtime.bus, intake.LOOP, partial(understand_kept, runtime)))
    status, answer = await door.push(xml)
    await end([loop])

    assert (status, ET.fromstring(answer).findtext("Content")) == (200, "感谢您的评价。")


async def test_a_link_rates_it_once(lihua, admin, shop, talk, runtime):
    await admin.ask("PUT", f"/api/accounts/{shop.id}/rating-settings", json=LINK)
    await invite(lihua, talk)
    text = next(each["text"] for each in await lines(lihua, talk) if each["direction"] == "out")
    link = "/rate/" + text.rpartition("/rate/")[2]
    form = {"headers": {"content-type": "application/x-www-form-urlencoded"}}

    page = await lihua.http.get(link)
    assert page.status == 200
    assert "满意吗？" in await page.text()
    answer = await lihua.http.post(link, data="score=1", **form)
    assert "哪里不好？" in await answer.text()
    await lihua.http.post(link, data="comment=%E5%A4%AA%E6%85%A2", **form)
    rated = (await read(lihua, talk))["rating"]
    assert (rated["way"], rated["score"], rated["comment"]) == ("link", 1, "太慢")

    runtime.clock.forward(minutes=11)
    late = await lihua.http.post(link, data="score=3", **form)
    assert late.status == 404
    assert "评价已经收到" in await (await lihua.http.get(link)).text()
    assert (await lihua.http.get("/rate/nobody-was-given-this")).status == 404
    assert (await read(lihua, talk))["rating"]["score"] == 1


async def test_an_account_may_ask_by_itself_when_an_agent_ends_it(
    lihua, admin, boss, shop, desk, agent, talk
):
    kept = (await boss.get(f"/api/accounts/{shop.id}/rating-settings")).body
    assert (kept["way"], kept["after_closing"]) == ("menu", False)
    wish = kept | {"after_closing": True}
    address = f"/api/accounts/{shop.id}/rating-settings"
    assert (await lihua.get(address)).body == kept
    assert (await boss.ask("PUT", address, json=wish)).status == 403
    assert (await admin.ask("PUT", address, json=wish)).body == wish

    ended = (await lihua.post(path(talk, "close"))).body
    assert ended["rating"]["score"] is None
    scarce = await desk.conversation(assignee=agent)
    for _ in range(4):
        await desk.reply(scarce, agent)
    assert (await lihua.post(path(scarce, "close"))).body["rating"] is None


async def test_ending_asks_where_it_is_wanted(lihua, talk):
    ended = (await lihua.post(path(talk, "close"), invite=True)).body
    assert (ended["state"], ended["rating"]["way"]) == ("closed", "menu")


async def test_the_monitor_counts_who_was_content(lihua, boss, desk, agent, talk, tap, runtime):
    other = await desk.conversation(assignee=agent)
    for each, words in ((talk, "满意"), (other, "不满意")):
        await invite(lihua, each)
        await tap(each, words)
    runtime.clock.forward(seconds=30)

    monitor = (await boss.get("/api/monitor")).body
    total = monitor["total"]
    assert (total["rated"], total["satisfied"], total["satisfaction"]) == (2, 1, 0.5)
    first = (await boss.get("/api/ratings", since=monitor["today_since"], limit=1)).body
    rest = (await boss.get("/api/ratings", since=monitor["today_since"], cursor=first["next"])).body
    assert {first["items"][0]["id"], rest["items"][0]["id"]} == {talk.id, other.id}
    assert rest["next"] is None
    assert (await lihua.get("/api/ratings", since=monitor["today_since"])).status == 403


async def test_earlier_conversations_of_a_customer_are_listed(lihua, desk, agent, runtime, talk):
    customer = await customer_of(runtime, talk)
    await lihua.post(path(talk, "close"))
    second = await desk.conversation(openid=customer.openid, assignee=agent)
    address = f"/api/contacts/{customer.id}/conversations"

    first = (await lihua.get(address, limit=1)).body
    rest = (await lihua.get(address, cursor=first["next"])).body

    assert [each["id"] for each in first["items"]] == [second.id]
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([talk.id], None)
    assert (await lihua.get("/api/contacts/77/conversations")).status == 404


@pytest.mark.parametrize(
    ("told", "accepted", "asks", "says"),
    [
        ("zh_CN", "en-GB", "请问您对这次服务满意吗？", "满意"),
        ("en", "zh-CN", "How was our service?", "Good"),
        ("", "en-GB,en;q=0.9", "How was our service?", "Good"),
        ("", "", "请问您对这次服务满意吗？", "满意"),
    ],
)
async def test_the_page_behind_a_link_speaks_the_customers_language(
    lihua, admin, shop, talk, runtime, told, accepted, asks, says
):
    as_default = {"way": "link", "after_closing": False, "head": "请问您对这次服务满意吗？"}
    as_default |= {"thanks": "感谢您的评价。", "ask": "很抱歉没能让您满意。"}
    await admin.ask("PUT", f"/api/accounts/{shop.id}/rating-settings", json=as_default)
    async with runtime.db.unit() as unit:
        (await contacts.get(unit, talk.contact_id)).language = told
    await invite(lihua, talk)
    text = next(each["text"] for each in await lines(lihua, talk) if each["direction"] == "out")
    link = "/rate/" + text.rpartition("/rate/")[2]
    headers = {"accept-language": accepted}

    page = await (await lihua.http.get(link, headers=headers)).text()
    assert asks in page
    assert f">{says}</button>" in page
    form = headers | {"content-type": "application/x-www-form-urlencoded"}
    bad = await (await lihua.http.post(link, data="score=1", headers=form)).text()
    assert "很抱歉没能让您满意。" in bad  # the account's own words stay as they are
