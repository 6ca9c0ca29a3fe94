"""Web authorisation: the page that asks, codes, and tokens that are no API tokens."""

from urllib.parse import parse_qs, urlsplit

import pytest

APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
PAGE = {
    "appid": APP_ID,
    "redirect_uri": "https://shop.example.com/back?from=menu",
    "response_type": "code",
    "scope": "snsapi_userinfo",
    "state": "s1",
}


async def visit(sim, **changes):
    """Where the page leads, or what it says."""
    url = f"{sim.base}/connect/oauth2/authorize"
    async with sim.http.get(url, params=PAGE | changes, allow_redirects=False) as page:
        return page.headers.get("Location") or await page.text()


async def code(sim, **changes):
    return parse_qs(urlsplit(await visit(sim, **changes)).query)["code"][0]


async def exchange(sim, code, **changes):
    query = {"appid": APP_ID, "secret": SECRET, "grant_type": "authorization_code", "code": code}
    return await sim.get("/sns/oauth2/access_token", **query | changes)


async def test_whoever_agrees_comes_back_with_a_code(sim):
    openid = await sim.follower("小林")

    back = await visit(sim)
    granted = await exchange(sim, parse_qs(urlsplit(back).query)["code"][0])
    token = {"access_token": granted["access_token"], "openid": openid}
    person = await sim.get("/sns/userinfo", **token)

    assert back.startswith("https://shop.example.com/back?from=menu&code=")
    assert back.endswith("&state=s1")
    assert (granted["openid"], granted["scope"]) == (openid, "snsapi_userinfo")
    assert (granted["expires_in"], person["nickname"]) == (7200, "小林")
    assert person["unionid"] == granted["unionid"]
    assert (await sim.get("/sns/auth", **token))["errcode"] == 0
    api = await sim.get("/cgi-bin/user/get", access_token=granted["access_token"])
    assert api["errcode"] == 40014


async def test_a_page_of_another_follower_may_be_asked_for(sim):
    await sim.follower()
    second = await sim.follower()

    granted = await exchange(sim, await code(sim, sim_openid=second))

    assert granted["openid"] == second


async def test_a_code_is_good_once_and_for_five_minutes(sim):
    await sim.follower()
    used, old = await code(sim), await code(sim)
    await exchange(sim, used)
    again = await exchange(sim, used)
    await sim.advance(300)
    too_late = await exchange(sim, old)

    assert again["errcode"] == 40163
    assert too_late["errcode"] == 42003
    assert (await exchange(sim, "nonsense"))["errcode"] == 40029
    assert (await exchange(sim, ""))["errcode"] == 41008
    assert (await exchange(sim, old, secret="x"))["errcode"] == 40125
    assert (await exchange(sim, old, appid="x"))["errcode"] == 40013


async def test_a_token_is_refreshed_for_thirty_days(sim):
    openid = await sim.follower()
    granted = await exchange(sim, await code(sim))
    query = {
        "appid": APP_ID,
        "grant_type": "refresh_token",
        "refresh_token": granted["refresh_token"],
    }
    await sim.advance(7200)
    stale = await sim.get("/sns/auth", access_token=granted["access_token"], openid=openid)
    fresh = await sim.get("/sns/oauth2/refresh_token", **query)
    await sim.advance(30 * 86_400)
    too_late = await sim.get("/sns/oauth2/refresh_token", **query)

    assert stale["errcode"] == 42001
    assert fresh["access_token"] != granted["access_token"]
    assert too_late["errcode"] == 42002


async def test_a_silent_code_shows_no_person(sim):
    openid = await sim.follower()
    granted = await exchange(sim, await code(sim, scope="snsapi_base"))

    token = {"access_token": granted["access_token"], "openid": openid}

    assert (await sim.get("/sns/userinfo", **token))["errcode"] == 48001
    assert (await sim.get("/sns/auth", **token | {"openid": "other"}))["errcode"] == 40003


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"appid": ""}, 10012),
        ({"appid": "wx0000000000000000"}, 10016),
        ({"redirect_uri": ""}, 10011),
        ({"redirect_uri": "javascript:alert(1)"}, 10003),
        ({"scope": ""}, 10010),
        ({"scope": "snsapi_all"}, 10005),
    ],
)
async def test_a_page_that_cannot_ask_says_why(sim, changes, number):
    await sim.follower()

    assert f"错误码：{number}" in await visit(sim, **changes)


async def test_whoever_refuses_stays(sim):
    await sim.follower()
    await sim.faults(oauth_consent=False)

    assert "已拒绝授权" in await visit(sim)
    assert "code=" in await visit(sim, scope="snsapi_base")
