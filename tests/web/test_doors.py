"""Every route, and what it says to those who may not, to nonsense, and to what is too much."""

import re
from functools import cache
from io import BytesIO

import pytest

from wxdesk.desk.agents import Role
from wxdesk.web.app import describe

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ENDLESS_OR_ITS_OWN = {("GET", "/api/stream"), ("DELETE", "/api/tokens/{token_id}")}
"""The stream does not end, and the token is the one that the test asks with."""

OPEN = {("GET", "/api/openapi.json"), ("POST", "/api/session")}


@cache
def api_routes():
    """Method and path of every route of the API, from its own description."""
    paths = describe().openapi()["paths"]
    return sorted((method.upper(), path) for path, item in paths.items() for method in item)


@cache
def names_taken():
    """What the body of each route may name; of several kinds of body, the first."""
    described = describe().openapi()

    def names(schema):
        if "$ref" in schema:
            return names(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        kinds = [*schema.get("anyOf", []), *schema.get("oneOf", [])[:1]]
        return {*schema.get("properties", {})}.union(*map(names, kinds))

    def taken(route):
        content = route.get("requestBody", {}).get("content", {})
        return names(content.get("application/json", {}).get("schema", {}))

    return {
        (method.upper(), path): taken(route)
        for path, item in described["paths"].items()
        for method, route in item.items()
    }


def filled(path, number="1"):
    return re.sub(r"{\w+}", number, path)


@on_sqlite
async def test_without_credentials_every_route_is_closed(visit, desk):
    await desk.conversation()
    stranger = await visit()

    routes = [route for route in api_routes() if route not in OPEN]
    for method, path in routes:
        answer = await stranger.ask(method, filled(path), json={})
        assert answer.problem == (401, "not_signed_in"), (method, path)
    assert len(routes) >= 12


@on_sqlite
async def test_an_admin_may_use_every_route(admin):
    for method, path in api_routes():
        if (method, path) not in ENDLESS_OR_ITS_OWN:
            answer = await admin.ask(method, filled(path), json={})
            assert answer.status not in (401, 403), (method, path)


@on_sqlite
@pytest.mark.parametrize(
    "number", ["0", "-1", "x", "1e3", "9223372036854775808", "9" * 5000, "%00"]
)
async def test_an_id_that_cannot_be_is_invalid(admin, number):
    for method, path in api_routes():
        if "{" in path:
            answer = await admin.ask(method, filled(path, number), json={})
            assert answer.problem[0] in (404, 422), (method, path)


@on_sqlite
async def test_what_is_not_there_is_not_found(admin):
    body = {
        "kind": "text",
        "text": "x",
        "client_id": "12345678",
        "up_to": 1,
        "remark": "x",
        "name": "x",
        "nickname": "x",
        "wechat_id": "w",
        "media": 1,
        "on": True,
        "scene": "x",
        "days": None,
        "tag_ids": [],
        "buttons": [{"name": "x"}],
        "cause": "followed",
        "answers": [{"kind": "text", "text": "x"}],
        "ids": [],
        "sample": {"what": "followed"},
        "timezone": "UTC",
        "calendar_id": None,
        "values": {},
        "template_id": None,
        "category_id": 1,
        "result": "solved",
        "until": "2026-03-02T13:00:00Z",
        "mode": "reply",
        "written_at": "2026-03-02T12:00:00Z",
        "way": "menu",
        "after_closing": False,
        "head": "x",
        "thanks": "x",
        "ask": "x",
        "minutes_before": 30,
        "quiet_from": "22:00",
        "quiet_to": "08:00",
        "may_use_last": False,
        "agent_id": 1,
        "reason": "x",
        "presence": "online",
        "limit": 1,
        "weekly": {},
        "level_id": None,
        "agent_ids": [],
        "url": "https://shop.example/hook",
        "since": "2026-03-02T12:00:00Z",
        "filter": {},
        "account_id": 1,
        "columns": [],
    }
    for method, path in api_routes():
        if "{" in path:
            address = filled(path.replace("{kf_account}", "a@b"), "999999")
            named = {name: body[name] for name in body.keys() & names_taken()[method, path]}
            answer = await admin.ask(method, address, json=named)
            assert answer.problem == (404, "not_found"), (method, path)


@on_sqlite
async def test_an_address_nobody_has_and_a_method_no_route_takes_are_problems(lihua):
    assert (await lihua.get("/api/nothing")).problem == (404, "not_found")
    assert (await lihua.ask("PUT", "/api/session")).problem == (405, "method_not_allowed")
    assert (await lihua.get("/api/session/")).problem == (404, "not_found")


@on_sqlite
async def test_a_request_of_more_than_a_megabyte_is_refused_however_it_comes(lihua):
    async def chunks():
        for _ in range(20):
            yield b" " * 65536

    as_json = {"content-type": "application/json"}
    whole = await lihua.ask("POST", "/api/session", data=BytesIO(b" " * 1048577), headers=as_json)
    piecemeal = await lihua.ask("POST", "/api/session", data=chunks(), headers=as_json)

    assert whole.problem == piecemeal.problem == (413, "too_large")
    assert whole.body == piecemeal.body


@on_sqlite
@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"remark": NaN}', b"[" * 100_000, b'"x"'])
async def test_a_body_that_is_not_what_it_should_be_is_a_problem(lihua, body):
    answer = await lihua.ask(
        "PATCH", "/api/contacts/1", data=body, headers={"content-type": "application/json"}
    )

    assert answer.problem in {(422, "invalid"), (400, "bad_request")}


@on_sqlite
async def test_every_answer_forbids_what_a_page_of_ours_never_needs(lihua):
    for path in ("/api/session", "/api/nothing", "/healthz", "/"):
        headers = (await lihua.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]


async def test_it_is_alive_ready_and_measured(visit, desk):
    await desk.push(desk.text_xml("oFollower1", "你好"))
    stranger = await visit()

    async with stranger.http.get("/metrics") as answer:
        figures = await answer.text()

    assert (await stranger.get("/healthz")).status == 200
    assert (await stranger.get("/readyz")).status == 200
    assert 'wxdesk_pushes_kept{state="kept"} 1.0' in figures


def test_each_role_includes_those_below_it():
    assert [role for role in Role if role.includes(Role.SUPERVISOR)] == [
        Role.SUPERVISOR,
        Role.ADMIN,
    ]
