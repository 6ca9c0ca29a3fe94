"""External cards: another system is asked about a customer; on real sockets."""

import hashlib
import hmac
import re
from html import unescape

import pytest
from aiohttp import web

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
def there(there):
    there.answer = lambda _asked: web.json_response(CARD)
    return there


async def source(admin, url, **more):
    made = await admin.post("/api/cards", name="订单", url=url, **more)
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

    assert listed == [{"id": made["id"], "kind": "api", "name": "订单", "framing": None}]
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


async def test_a_new_secret_signs_at_once(admin, lihua, there, talk):
    made = await source(admin, there.url + "/card")

    again = (await admin.post(f"/api/cards/{made['id']}/rotate")).body
    await lihua.get(card_of(talk, made))

    assert again["id"] == made["id"]
    assert again["secret"] != made["secret"]
    (asked,) = there.asked
    assert asked.query["wxdesk_signature"] == signed(there.url + "/card", asked.query, again)
    assert (await lihua.post(f"/api/cards/{made['id']}/rotate")).problem == (403, "forbidden")
    assert (await admin.post("/api/cards/99/rotate")).problem == (404, "not_found")


def signed(url, query, made):
    text = f"{url}?wxdesk_time={query['wxdesk_time']}"
    return hmac.new(made["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()


async def page_of(visitor, talk, made):
    """The frame of a page: its headers, and the address it shows."""
    async with visitor.http.get(f"{card_of(talk, made)}/page") as answer:
        assert answer.status == 200, await answer.text()
        (shown,) = re.findall(r'<iframe src="([^"]+)"', await answer.text())
        return answer.headers, unescape(shown)


async def test_a_page_is_framed_for_one_customer_and_nothing_else_is(admin, lihua, talk):
    made = await source(admin, "https://crm.example.com/o/{openid}?a=1#/list", kind="page")

    headers, shown = await page_of(lihua, talk, made)

    address, _, place = shown.partition("#")
    text, _, signature = address.partition("&wxdesk_signature=")
    assert re.fullmatch(
        r"https://crm\.example\.com/o/oFollower\d+\?a=1&wxdesk_time=1772452800", text
    )
    right = hmac.new(made["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    assert (signature, place) == (right, "/list")
    policy = dict(
        each.split(" ", maxsplit=1) for each in headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["frame-src"] == policy["connect-src"] == "https://crm.example.com"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers.getall("x-frame-options") == ["SAMEORIGIN"]
    assert headers["cache-control"] == "no-store"


async def test_a_frame_follows_its_card_at_once(admin, lihua, talk):
    made = await source(admin, "https://crm.example.com/", kind="page")
    wish = {"name": "订单", "url": "https://new.example.com:8443/{contact_id}"}

    changed = await admin.ask("PUT", f"/api/cards/{made['id']}", json=wish)
    headers, shown = await page_of(lihua, talk, made)

    assert (changed.status, changed.body["kind"]) == (200, "page")
    assert "frame-src https://new.example.com:8443;" in headers["content-security-policy"]
    assert shown.startswith(f"https://new.example.com:8443/{talk.contact_id}?wxdesk_time=")


async def test_a_page_opens_in_a_window_of_its_own(admin, lihua, talk):
    made = await source(admin, "https://crm.example.com/o", kind="page")

    answer = await lihua.get(f"{card_of(talk, made)}/open")

    assert answer.status == 303
    assert answer.headers["location"].startswith("https://crm.example.com/o?wxdesk_time=")
    assert answer.headers["cache-control"] == "no-store"


async def test_each_kind_is_read_in_its_own_way(admin, lihua, there, talk):
    asked = await source(admin, there.url)
    shown = await source(admin, there.url, kind="page")

    assert (await lihua.get(card_of(talk, shown))).problem == (404, "not_found")
    for way in ("page", "open"):
        assert (await lihua.get(f"{card_of(talk, asked)}/{way}")).problem == (404, "not_found")
    assert there.asked == []


@on_sqlite
@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("javascript:alert(1)", "invalid"),
        ("data:text/html,<script>", "invalid"),
        ("//crm.example.com/", "invalid"),
        ("https://u:p@crm.example.com/", "invalid"),
        ("https://crm.example.com;script-src/", "bad_address"),
        ("https://{account}.example.com/", "bad_address"),
        ("http://crm.example.com/", "insecure_page"),
        ("http://10.1.2.3/", "insecure_page"),
        ("https://10.1.2.3/", "address_forbidden"),
        ("https://crm.example.com/{phone}", "unknown_placeholder"),
    ],
)
async def test_what_is_no_page_is_refused_when_it_is_named(admin, url, refusal):
    made = await source(admin, "https://crm.example.com/", kind="page")

    added = await admin.post("/api/cards", name="x", url=url, kind="page")
    changed = await admin.ask("PUT", f"/api/cards/{made['id']}", json={"name": "x", "url": url})

    assert added.problem == changed.problem == (422, refusal)
    assert len((await admin.get("/api/cards")).body["items"]) == 1


@on_sqlite
async def test_the_desk_does_not_frame_itself(admin, base_url):
    answer = await admin.post("/api/cards", name="x", url=base_url + "/", kind="page")

    assert answer.problem == (422, "bad_address")


@on_sqlite
async def test_a_name_is_a_text_in_the_frame(admin, lihua, talk):
    made = await admin.post(
        "/api/cards", name="<script>1</script>", url="https://crm.example.com/'\"x", kind="page"
    )

    async with lihua.http.get(f"{card_of(talk, made.body)}/page") as answer:
        text = await answer.text()

    assert "<script>1" not in text
    assert "'\"x" not in text
