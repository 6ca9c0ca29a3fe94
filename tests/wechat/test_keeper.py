import asyncio
from datetime import timedelta

import pytest

from wxdesk.wechat import AccessToken, StableTokens, TokenRefused, fetch_token

APP = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"


class HandClock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(noon):
    return HandClock(noon)


@pytest.fixture
def tokens(http, wechat, clock):
    return StableTokens(http, wechat.base, APP, SECRET, now=clock)


def token(value, seconds=7200):
    return {"access_token": value, "expires_in": seconds}


def forced(wechat):
    return [body["force_refresh"] for _, _, body in wechat.requests]


async def test_all_who_wait_share_one_token(tokens, wechat):
    wechat.answers = [token("one"), token("two")]

    assert set(await asyncio.gather(*(tokens.current() for _ in range(50)))) == {"one"}
    assert forced(wechat) == [False]


async def test_another_token_is_fetched_before_the_first_has_ended(tokens, wechat, clock):
    wechat.answers = [token("one"), token("two")]
    await tokens.current()

    clock.now += timedelta(minutes=115)
    assert await tokens.current() == "one"
    clock.now += timedelta(minutes=1)
    assert await tokens.current() == "two"


async def test_a_refused_token_is_replaced_once_for_all(tokens, wechat):
    wechat.answers = [token("one"), token("two"), token("three")]
    await tokens.current()

    assert set(await asyncio.gather(*(tokens.renew("one") for _ in range(50)))) == {"two"}
    assert forced(wechat) == [False, False]


async def test_a_token_wechat_goes_on_giving_is_replaced_by_force(tokens, wechat):
    wechat.answers = [token("one"), token("one"), token("two")]
    await tokens.current()

    assert await tokens.renew("one") == "two"
    assert forced(wechat) == [False, False, True]


async def test_force_is_not_used_more_often_than_wechat_allows(tokens, wechat, clock):
    wechat.answers = [token("one")] * 8
    await tokens.current()

    assert await tokens.renew("one") == await tokens.renew("one") == "one"
    assert forced(wechat).count(True) == 1
    clock.now += timedelta(seconds=30)
    await tokens.renew("one")
    assert forced(wechat).count(True) == 2


async def test_a_refusal_is_told_and_the_next_one_asks_again(tokens, wechat):
    wechat.answers = [{"errcode": 40125, "errmsg": "invalid appsecret"}, token("one")]

    with pytest.raises(TokenRefused):
        await tokens.current()
    assert await tokens.current() == "one"


async def test_a_token_of_the_older_road_is_asked_for_as_documented(http, wechat, noon):
    wechat.answers = [token("one")]

    got = await fetch_token(http, wechat.base, APP, SECRET, now=noon)

    assert got == AccessToken("one", expires_at=noon + timedelta(hours=2), asked_at=noon)
    query = {"grant_type": "client_credential", "appid": APP, "secret": SECRET}
    assert wechat.requests == [("/cgi-bin/token", query, None)]


async def test_a_refusal_of_the_older_road_is_about_the_credentials(http, wechat, noon):
    wechat.answers = [{"errcode": 40164, "errmsg": "invalid ip 203.0.113.9, not in whitelist"}]

    with pytest.raises(TokenRefused, match=r"203\.0\.113\.9"):
        await fetch_token(http, wechat.base, APP, SECRET, now=noon)
