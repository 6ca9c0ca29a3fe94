"""Signing in and out, and what does not count as having done so."""

import asyncio

import pytest
from sqlalchemy import update

from desk_builder import PASSWORD
from wxdesk.desk.agents import Agent
from wxdesk.desk.agents.patience import FREE_TRIES, LOCK_AFTER
from wxdesk.web.deps import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def is_in(visitor):
    return (await visitor.get("/api/session")).status == 200


async def test_who_signs_in_is_told_who_they_are(visit, agent, clock):
    browser = await visit()

    session = await browser.sign_in(" LiHua ")

    assert session.status == 200
    assert session.body["agent"] == {
        "id": agent.id,
        "username": "lihua",
        "name": agent.name,
        "alias": "",
        "picture": None,
        "role": "agent",
        "find": "kefu1 kf1",
        "version": agent.version,
    }
    assert session.body["server_time"] == clock.now().isoformat().replace("+00:00", "Z")
    assert session.body["demo"] is False
    assert (await browser.get("/api/session")).body == session.body


@on_sqlite
@pytest.mark.parametrize(
    ("settings", "secure"),
    [({}, False), ({"public_url": "https://desk.example.com"}, True)],
    ids=["http", "https"],
)
async def test_the_session_is_out_of_reach_of_scripts_and_other_sites(visit, agent, secure):
    answer = await (await visit()).sign_in("lihua")

    cookies = {cookie.split("=")[0]: cookie for cookie in answer.headers.getall("set-cookie")}
    session, csrf = cookies[SESSION_COOKIE], cookies[CSRF_COOKIE]
    assert "HttpOnly" in session
    assert "HttpOnly" not in csrf
    for cookie in (session, csrf):
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) == secure


@on_sqlite
async def test_behind_a_proxy_that_speaks_https_the_session_is_secure(visit, agent):
    browser = await visit()

    answer = await browser.ask(
        "POST",
        "/api/session",
        json={"username": "lihua", "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )

    assert all("Secure" in cookie for cookie in answer.headers.getall("set-cookie"))


@on_sqlite
async def test_a_changing_request_proves_that_it_comes_from_the_desks_own_page(
    desk, agent, lihua, visit
):
    conversation = await desk.conversation()
    path = f"/api/conversations/{conversation.id}/take"
    other = await visit()
    await other.sign_in("lihua")

    for forged in ("", "x", "你好".encode().decode("latin-1"), other.cookie(CSRF_COOKIE)):
        answer = await lihua.ask("POST", path, json={}, headers={CSRF_HEADER: forged})
        assert answer.problem == (403, "wrong_csrf_token")
    assert (await lihua.ask("DELETE", "/api/session", headers={CSRF_HEADER: ""})).status == 403
    assert (await lihua.get("/api/session")).status == 200
    assert (await lihua.post(path)).status == 200


@on_sqlite
async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(visit, agent):
    browser = await visit()

    wrong = await browser.sign_in("lihua", "wrong horse")
    unknown = await browser.sign_in("nobody", "wrong horse")

    assert wrong.problem == unknown.problem == (401, "wrong_credentials")
    assert wrong.body == unknown.body
    assert browser.secret is None


@on_sqlite
@pytest.mark.parametrize("username", ["lihua", "nobody"])
async def test_after_wrong_passwords_the_next_try_waits_longer_and_longer(
    visit, agent, clock, username
):
    browser = await visit()
    for _ in range(FREE_TRIES):
        assert (await browser.sign_in(username, "wrong")).status == 401

    for seconds in (1, 2, 4, 8):
        refused = await browser.sign_in(username, "wrong")
        assert refused.problem == (429, "too_many_tries")
        assert refused.body["retry_after_seconds"] == int(refused.headers["retry-after"])
        assert seconds <= refused.body["retry_after_seconds"] <= seconds + 1
        clock.forward(seconds=seconds)
        assert (await browser.sign_in(username, "wrong")).status == 401


@on_sqlite
async def test_a_sign_in_that_failed_too_often_is_locked_for_a_while(visit, agent, clock):
    browser = await visit()
    for _ in range(LOCK_AFTER):
        clock.forward(minutes=5)
        assert (await browser.sign_in("lihua", "wrong")).status == 401

    locked = await browser.sign_in("lihua")
    clock.forward(minutes=15)
    opened = await browser.sign_in("lihua")

    assert locked.problem == (403, "sign_in_locked")
    assert locked.body["until"]
    assert opened.status == 200


@on_sqlite
async def test_the_right_password_forgives_the_wrong_ones(visit, agent):
    browser = await visit()
    for _ in range(FREE_TRIES - 1):
        await browser.sign_in("lihua", "wrong")

    assert (await browser.sign_in("lihua")).status == 200
    for _ in range(FREE_TRIES):
        assert (await browser.sign_in("lihua", "wrong")).status == 401


async def test_guessing_many_passwords_at_once_gains_nothing(visit, agent):
    browsers = [await visit() for _ in range(30)]

    answers = await asyncio.gather(*(each.sign_in("lihua", "wrong") for each in browsers))

    statuses = [answer.status for answer in answers]
    assert statuses.count(401) == FREE_TRIES
    assert statuses.count(429) == 30 - FREE_TRIES


async def test_signing_out_ends_it(lihua):
    secret, csrf = lihua.secret, lihua.cookie(CSRF_COOKIE)

    assert (await lihua.ask("DELETE", "/api/session")).status == 204
    assert lihua.secret is None

    lihua.http.cookie_jar.update_cookies({SESSION_COOKIE: secret, CSRF_COOKIE: csrf})
    assert (await lihua.get("/api/session")).problem == (401, "not_signed_in")


@on_sqlite
async def test_signing_out_ends_this_sign_in_only(visit, lihua):
    elsewhere = await visit()
    await elsewhere.sign_in("lihua")

    await lihua.ask("DELETE", "/api/session")

    assert await is_in(elsewhere)


@on_sqlite
async def test_a_sign_in_ends_by_itself(lihua, clock):
    clock.forward(hours=11, minutes=59)
    assert await is_in(lihua)

    clock.forward(minutes=1)
    assert not await is_in(lihua)


async def test_who_no_longer_works_here_is_out_at_once(runtime, desk, visit, agent, lihua):
    program = await visit(token=await desk.token(agent))
    assert await is_in(program)

    async with runtime.db.unit() as unit:
        await unit.session.execute(update(Agent).where(Agent.id == agent.id).values(active=False))

    assert not await is_in(lihua)
    assert not await is_in(program)
    assert (await (await visit()).sign_in("lihua")).problem == (401, "wrong_credentials")


async def test_a_program_acts_by_its_token_and_needs_no_csrf(desk, visit, agent):
    conversation = await desk.conversation()
    program = await visit(token=await desk.token(agent))

    taken = await program.post(f"/api/conversations/{conversation.id}/take")

    assert taken.body["assignee"]["id"] == agent.id


@on_sqlite
@pytest.mark.parametrize("token", ["wxd_forged", "", "x" * 5000, "你好".encode().decode("latin-1")])
async def test_a_token_nobody_gave_opens_nothing_even_beside_a_session(lihua, token):
    answer = await lihua.ask("GET", "/api/session", headers={"authorization": f"Bearer {token}"})

    assert answer.problem == (401, "not_signed_in")


@on_sqlite
async def test_a_session_secret_is_no_token_and_a_token_no_session(desk, visit, agent, lihua):
    token = await desk.token(agent)
    program, browser = await visit(token=lihua.secret), await visit()
    browser.http.cookie_jar.update_cookies({SESSION_COOKIE: token})

    assert not await is_in(program)
    assert not await is_in(browser)


@on_sqlite
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"username": "lihua"}',
        b'{"username": "", "password": "x"}',
        b'{"username": 1, "password": 2}',
        b'{"username": "a\\u0000b", "password": "x"}',
        b'{"username": "\\ud800", "password": "x"}',
        b'{"username": "lihua", "password": "' + b"x" * 201 + b'"}',
    ],
)
async def test_what_is_no_sign_in_is_invalid(visit, body):
    browser = await visit()

    answer = await browser.ask(
        "POST", "/api/session", data=body, headers={"content-type": "application/json"}
    )

    assert answer.problem == (422, "invalid")
