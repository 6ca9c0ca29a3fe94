"""External cards: another system is asked about a customer; on real sockets."""

import hashlib
import hmac

import pytest
from aiohttp import web

from elsewhere import elsewhere
from wxdesk.desk.agents import Role

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CARD = {
    "title": "订单",
    "lines": [{"label": "最近一单", "text": "A1024 已发货"}],
    "links": [{"label": "打开", "url": "https://shop.example.com/A1024"}],
}


@pytest.fixture
def settings():
    """The other system stands on this machine."""
    return {"outbound_allow": "127.0.0.1"}


@pytest.fixture
async def there():
    async with elsewhere() as server:
        server.answer = lambda _asked: web.json_response(CARD)
        yield server


@pytest.fixture
async def admin(shop, visit, desk):
    return await visit(token=await desk.token(await desk.agent("boss", role=Role.ADMIN)))


async def source(admin, url):
    made = await admin.post("/api/cards", name="订单", url=url)
    assert made.status == 201, made
    return made.body


@pytest.fixture
async def talk(desk):
    return await desk.conversation()


def card_of(talk, made):
    return f"/api/conversations/{talk.id}/cards/{made['id']}"


async def test_the_other_system_is_asked_signed_and_what_it_says_is_shown(
    admin, lihua, there, talk
):
    made = await source(admin, there.url + "/card?who={openid}&of={account}&c={conversation_id}")

    listed = (await lihua.get(f"/api/conversations/{talk.id}/cards")).body["items"]
    shown = (await lihua.get(card_of(talk, made))).body

    assert listed == [{"id": made["id"], "name": "订单"}]
    assert shown == CARD | {"failure": None}
    (asked,) = there.asked
    assert asked.query["c"] == str(talk.id)
    assert asked.query["of"] == "shop"
    signed = f"{there.url}/card?who={asked.query['who']}&of=shop&c={talk.id}"
    signed += f"&wxdesk_time={asked.query['wxdesk_time']}"
    right = hmac.new(made["secret"].encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert asked.query["wxdesk_signature"] == right


@on_sqlite
async def test_what_it_said_is_kept_for_half_a_minute(admin, lihua, there, talk, clock):
    made = await source(admin, there.url + "/card")
    for _ in range(3):
        await lihua.get(card_of(talk, made))
    assert len(there.asked) == 1

    clock.forward(seconds=30)
    await lihua.get(card_of(talk, made))

    assert len(there.asked) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _: web.Response(status=500), "status"),
        (lambda _: web.Response(status=302, headers={"location": "http://127.0.0.1/"}), "status"),
        (lambda _: web.Response(text="<html>"), "no_card"),
        (lambda _: web.json_response([1]), "no_card"),
        (lambda _: web.json_response(CARD | {"title": "长" * 101}), "no_card"),
        (lambda _: web.json_response(CARD | {"lines": CARD["lines"] * 31}), "no_card"),
        (lambda _: web.json_response({"title": "x", "more": "y" * 70_000}), "no_card"),
        (lambda _: web.json_response({"links": [{"label": "", "url": "javascript:1"}]}), "no_card"),
    ],
)
async def test_a_system_that_fails_fails_in_its_card_only(admin, lihua, there, talk, answer, why):
    there.answer = answer
    made = await source(admin, there.url)

    shown = await lihua.get(card_of(talk, made))

    assert (shown.status, shown.body["failure"], shown.body["lines"]) == (200, why, [])
    there.answer = lambda _asked: web.json_response(CARD)
    assert (await lihua.get(card_of(talk, made))).body["failure"] is None


@on_sqlite
async def test_nobody_is_there_or_they_must_not_be_asked(admin, lihua, talk):
    gone = await source(admin, "http://127.0.0.1:9/")
    metadata = await source(admin, "http://169.254.169.254/latest")

    assert (await lihua.get(card_of(talk, gone))).body["failure"] == "refused"
    assert (await lihua.get(card_of(talk, metadata))).body["failure"] == "address_forbidden"


async def test_values_do_not_leave_their_place_in_an_address(admin, lihua, there, visit, desk):
    talk = await desk.conversation(openid="o/&x=1#?{agent}")
    made = await source(admin, there.url + "/card/{openid}/end?y={openid}")

    await lihua.get(card_of(talk, made))

    (asked,) = there.asked
    assert asked.query["y"] == "o/&x=1#?{agent}"
    assert "x" not in asked.query
    assert asked.path == "/card/o/&x=1#?{agent}/end"


async def test_admins_keep_the_sources(admin, lihua):
    assert (await lihua.get("/api/cards")).status == 403
    wrong = await admin.post("/api/cards", name="x", url="https://a.example.com/{phone}")
    assert wrong.problem == (422, "unknown_placeholder")
    made = await source(admin, "https://a.example.com/{openid}")
    wish = {"name": "CRM", "url": "https://b.example.com/"}
    changed = await admin.ask("PUT", f"/api/cards/{made['id']}", json=wish)
    assert (changed.body["name"], "secret" in changed.body) == ("CRM", False)
    assert (await admin.ask("DELETE", f"/api/cards/{made['id']}")).status == 204
    assert (await admin.get("/api/cards")).body["items"] == []
    for _ in range(10):
        await source(admin, "https://a.example.com/")
    full = await admin.post("/api/cards", name="x", url="https://a.example.com/")
    assert full.problem == (409, "too_many_cards")
