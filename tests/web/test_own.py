"""What one chooses for oneself: what customers call one, and one's password."""

import pytest

from desk_builder import PASSWORD
from sse import following
from wxdesk.desk.agents.patience import FREE_TRIES
from wxdesk.web.deps import CSRF_COOKIE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BETTER = "春眠不觉晓处处闻啼鸟"


async def call_me(browser, alias):
    return await browser.ask("PUT", "/api/session/alias", json={"alias": alias})


async def change(browser, known, wanted):
    return await browser.ask(
        "PUT", "/api/session/password", json={"known": known, "wanted": wanted}
    )


async def is_in(browser):
    return (await browser.get("/api/session")).status == 200


async def test_colleagues_hear_what_customers_call_one(lihua, boss, agent):
    async with following(boss.http) as stream:
        await stream.next()
        chosen = await call_me(lihua, " 小李 ")
        told = await stream.until(lambda event: event.kind == "agent")

    assert chosen.body["agent"]["alias"] == told.data["alias"] == "小李"
    assert chosen.body["agent"]["name"] == agent.name
    (me,) = [a for a in (await boss.get("/api/agents")).body["items"] if a["id"] == agent.id]
    assert me["alias"] == "小李"
    assert (await call_me(lihua, "")).body["agent"]["alias"] == ""


@on_sqlite
@pytest.mark.parametrize("alias", ["一" * 17, "a\u0000b", None, 7])
async def test_an_alias_is_no_longer_than_a_nickname_at_wechat(lihua, alias):
    assert (await call_me(lihua, "一" * 16)).status == 200
    assert (await call_me(lihua, alias)).problem == (422, "invalid")


async def test_a_new_password_ends_all_other_sign_ins_and_not_this_one(visit, lihua):
    phone = await visit()
    await phone.sign_in("lihua")

    assert (await change(lihua, PASSWORD, BETTER)).status == 204

    assert await is_in(lihua)
    assert not await is_in(phone)
    assert (await phone.sign_in("lihua")).problem == (401, "wrong_credentials")
    assert (await phone.sign_in("lihua", BETTER)).status == 200


async def test_not_to_know_the_old_one_counts_as_a_wrong_sign_in(visit, lihua, clock):
    phone = await visit()
    await phone.sign_in("lihua")
    for _ in range(FREE_TRIES):
        assert (await change(lihua, "wrong", BETTER)).problem == (403, "wrong_password")

    assert (await change(lihua, PASSWORD, BETTER)).problem == (429, "too_many_tries")
    assert (await (await visit()).sign_in("lihua")).problem == (429, "too_many_tries")
    clock.forward(seconds=1)
    assert (await change(lihua, PASSWORD, BETTER)).status == 204
    assert (await change(lihua, "wrong", PASSWORD)).problem == (403, "wrong_password")


@on_sqlite
async def test_who_does_not_know_it_stays_where_they_are(visit, lihua):
    phone = await visit()
    await phone.sign_in("lihua")

    await change(lihua, "wrong", BETTER)

    assert await is_in(lihua)
    assert await is_in(phone)
    assert (await (await visit()).sign_in("lihua")).status == 200


@on_sqlite
@pytest.mark.parametrize("wanted", ["", "1234567", "x" * 201])
async def test_what_is_no_password_is_refused_before_anything_is_tried(lihua, wanted):
    for _ in range(FREE_TRIES + 1):
        assert (await change(lihua, PASSWORD, wanted)).problem == (422, "invalid")
    assert (await change(lihua, PASSWORD, BETTER)).status == 204


@on_sqlite
async def test_no_program_and_no_other_site_changes_a_password(desk, visit, agent, lihua):
    program = await visit(token=await desk.token(agent))
    assert (await change(program, PASSWORD, BETTER)).problem == (403, "only_at_a_page")

    forged = {"known": PASSWORD, "wanted": BETTER}
    other = await visit()
    await other.sign_in("lihua")
    answer = await lihua.ask(
        "PUT",
        "/api/session/password",
        json=forged,
        headers={"x-csrf-token": other.cookie(CSRF_COOKIE)},
    )
    assert answer.problem == (403, "wrong_csrf_token")
    assert (await (await visit()).sign_in("lihua")).status == 200
