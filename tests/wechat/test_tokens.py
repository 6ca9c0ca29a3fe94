import socket
from datetime import timedelta

import pytest
from aiohttp import web

from wxdesk.wechat import (
    AccessToken,
    Meaning,
    TokenRefused,
    Uncertain,
    Unreached,
    fetch_stable_token,
)

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def fetch(http, wechat, noon):
    async def fetch_it(force=False, base=None):
        return await fetch_stable_token(
            http, base or wechat.base, "wx4f1d7e0b92c6a835", SECRET, force=force, now=noon
        )

    return fetch_it


@pytest.mark.parametrize("force", [False, True])
async def test_a_token_is_asked_for_as_documented(fetch, wechat, noon, force):
    wechat.answers = [{"access_token": "89_abc", "expires_in": 7200}]

    token = await fetch(force)

    assert token == AccessToken("89_abc", expires_at=noon + timedelta(hours=2), asked_at=noon)
    wanted = {
        "grant_type": "client_credential",
        "appid": "wx4f1d7e0b92c6a835",
        "secret": SECRET,
        "force_refresh": force,
    }
    assert wechat.requests == [("/cgi-bin/stable_token", {}, wanted)]


async def test_a_refusal_says_what_and_under_which_id(fetch, wechat):
    wechat.answers = [
        {"errcode": 40125, "errmsg": "invalid appsecret rid: 5f3ded7d-22929d02-4ba1f5f6"}
    ]

    with pytest.raises(TokenRefused) as raised:
        await fetch()

    refused = raised.value
    assert (refused.errcode, refused.errmsg) == (40125, "invalid appsecret")
    assert refused.rid == "5f3ded7d-22929d02-4ba1f5f6"
    assert refused.meaning is Meaning.CREDENTIALS


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": "89_abc"},
        {"access_token": "", "expires_in": 7200},
        {"access_token": "x" * 513, "expires_in": 7200},
        {"access_token": 89, "expires_in": 7200},
        {"access_token": "89_abc", "expires_in": "soon"},
        {"access_token": "89_abc", "expires_in": 0},
        {"access_token": "89_abc", "expires_in": 10**30},
    ],
)
async def test_an_answer_without_a_token_is_not_trusted(fetch, wechat, answer):
    wechat.answers = [answer]

    with pytest.raises(Uncertain):
        await fetch()


async def test_a_broken_answer_does_not_show_the_secret(fetch, wechat):
    wechat.answers = [web.Response(status=502, text=SECRET)]

    with pytest.raises(Uncertain) as raised:
        await fetch()

    assert SECRET not in f"{raised.value!r}"


async def test_nobody_there_is_unreached(fetch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and nobody listens
        with pytest.raises(Unreached):
            await fetch(base="http://{}:{}".format(*closed.getsockname()))


def test_a_token_is_not_shown(noon):
    assert "89_abc" not in repr(AccessToken("89_abc", expires_at=noon, asked_at=noon))
