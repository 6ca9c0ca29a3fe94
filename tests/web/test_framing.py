"""Whether a page lets itself be framed: read as browsers read it, asked on real sockets."""

import pytest
from aiohttp import web

from wxdesk.web.framing import refusal

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = "https://crm.example.com/o"
DESK = "https://desk.example.com"
XFO, CSP = "x-frame-options", "content-security-policy"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {XFO: "ALLOW-FROM https://other.example.com"},  # no browser of today minds it
        {XFO: "ALLOWALL"},
        {XFO: ""},
        {CSP: "default-src 'self'"},
        {CSP: "frame-ancestors *"},
        {CSP: "frame-ancestors https:"},
        {CSP: "frame-ancestors https://desk.example.com"},
        {CSP: "frame-ancestors http://desk.example.com:80"},
        {CSP: "frame-ancestors HTTPS://*.Example.com:443"},
        {CSP: "frame-ancestors 'self' desk.example.com:*"},
        {CSP: "frame-ancestors https://desk.example.com", XFO: "DENY"},
        {CSP: "frame-ancestors *; frame-ancestors 'none'"},
    ],
)
def test_what_browsers_show_is_shown(headers):
    assert refusal(headers, PAGE, DESK) is None


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({XFO: "DENY"}, "X-Frame-Options: DENY"),
        ({XFO: "sameorigin"}, "X-Frame-Options: sameorigin"),
        ({XFO: "ALLOWALL, DENY"}, "X-Frame-Options: ALLOWALL, DENY"),
        (
            {CSP: "default-src *; frame-ancestors 'none'"},
            "Content-Security-Policy: frame-ancestors 'none'",
        ),
        ({CSP: "frame-ancestors"}, "Content-Security-Policy: frame-ancestors"),
        ({CSP: "frame-ancestors 'self'"}, "Content-Security-Policy: frame-ancestors 'self'"),
        (
            {CSP: "frame-ancestors *, frame-ancestors *.example.org"},
            "Content-Security-Policy: frame-ancestors *.example.org",
        ),
        (
            {CSP: "frame-ancestors https://*.desk.example.com"},
            "Content-Security-Policy: frame-ancestors https://*.desk.example.com",
        ),
        (
            {CSP: "frame-ancestors https://desk.example.com:8443"},
            "Content-Security-Policy: frame-ancestors https://desk.example.com:8443",
        ),
    ],
)
def test_what_browsers_refuse_is_refused_by_name(headers, why):
    assert refusal(headers, PAGE, DESK) == why


@pytest.mark.parametrize(("desk", "refused"), [(PAGE, False), (DESK, True)])
def test_sameorigin_is_the_origin_of_the_desk(desk, refused):
    assert bool(refusal({XFO: "SAMEORIGIN"}, PAGE, desk)) is refused
    assert bool(refusal({CSP: "frame-ancestors 'self'"}, PAGE, desk)) is refused


@pytest.fixture
def settings():
    return {"outbound_allow": "127.0.0.1"}


async def page(admin, url):
    made = await admin.post("/api/cards", name="订单", url=url, kind="page")
    assert made.body["framing"] is None
    return made.body


async def looked_at(admin, card):
    answer = await admin.post(f"/api/cards/{card['id']}/look")
    assert answer.status == 200, answer
    return answer.body["framing"], answer.body["framing_why"]


async def test_a_page_is_asked_about_nobody_and_what_it_says_is_kept(admin, lihua, there, desk):
    talk = await desk.conversation()
    there.headers = {"X-Frame-Options": "DENY"}
    card = await page(admin, there.url + "/o/{openid}?c={conversation_id}&a={agent}")

    said = await looked_at(admin, card)

    assert said == ("refused", "X-Frame-Options: DENY")
    (asked,) = there.asked
    assert (asked.path, asked.query["c"], asked.query["a"]) == ("/o/0", "0", "0")
    assert "wxdesk_signature" in asked.query
    assert not asked.headers.keys() & {"cookie", "authorization", "referer"}
    (kept,) = (await admin.get("/api/cards")).body["items"]
    assert (kept["framing"], kept["framing_why"]) == said
    (ref,) = (await lihua.get(f"/api/conversations/{talk.id}/cards")).body["items"]
    assert ref["framing"] == "refused"

    there.headers = {}
    assert await looked_at(admin, card) == ("shown", None)


async def test_another_address_is_not_known_yet(admin, there):
    card = await page(admin, there.url)
    await looked_at(admin, card)
    path = f"/api/cards/{card['id']}"

    renamed = await admin.ask("PUT", path, json={"name": "CRM", "url": there.url})
    moved = await admin.ask("PUT", path, json={"name": "CRM", "url": there.url + "/other"})

    assert (renamed.body["framing"], moved.body["framing"]) == ("shown", None)


def led(to):
    return web.Response(status=302, headers={"location": to})


@on_sqlite
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([web.Response(status=403, headers={XFO: "DENY"})], ("unsure", "403")),
        ([led("/there"), web.Response()], ("shown", None)),
        (
            [led("/there"), web.Response(headers=[(XFO, "DENY"), (XFO, "SAMEORIGIN")])],
            ("refused", "X-Frame-Options: DENY, SAMEORIGIN"),
        ),
        ([led("https://sso.example.com/in?x=1")], ("elsewhere", "sso.example.com")),
        ([led("http://[")], ("unsure", "302")),
        ([led("/again") for _ in range(4)], ("unreachable", "redirects")),
    ],
)
async def test_what_is_led_elsewhere_or_fails_is_told_as_it_is(admin, there, answers, said):
    following = iter(answers)
    there.answer = lambda _asked: next(following)

    assert await looked_at(admin, await page(admin, there.url)) == said
    assert len(there.asked) == len(answers)


@on_sqlite
async def test_who_is_not_reached_or_must_not_be_asked_may_still_be_a_page(admin):
    gone = await page(admin, "http://127.0.0.1:9/")
    unknown = await page(admin, "https://crm.invalid/")

    assert await looked_at(admin, gone) == ("unreachable", "refused")
    assert await looked_at(admin, unknown) == ("unreachable", "unknown_host")


@on_sqlite
async def test_only_admins_look_and_only_at_pages(admin, lihua, there):
    card = await page(admin, there.url)
    other = (await admin.post("/api/cards", name="订单", url=there.url)).body

    assert (await lihua.post(f"/api/cards/{card['id']}/look")).problem == (403, "forbidden")
    assert (await admin.post(f"/api/cards/{other['id']}/look")).problem == (404, "not_found")
    assert there.asked == []
