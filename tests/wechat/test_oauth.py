from datetime import timedelta

import pytest

from wxdesk.wechat import (
    Advice,
    Meaning,
    OverLimit,
    Refused,
    TokenRefused,
    Unanswered,
    Uncertain,
    oauth,
    sign,
)
from wxdesk.wechat.oauth import OAuthGrant, OAuthUser, Scope

APP = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
GRANT = OAuthGrant(OPENID, "snsapi_userinfo", "99_web", "99_refresh", timedelta(hours=2), "oR5")
ANSWER = {
    "access_token": "99_web",
    "expires_in": 7200,
    "refresh_token": "99_refresh",
    "openid": OPENID,
    "scope": "snsapi_userinfo",
    "unionid": "oR5",
}


def test_the_page_is_as_documented_and_in_order():
    url = oauth.authorize_url(APP, "https://shop.example.com/me?a=1&b=2", state="s7")

    assert url == (
        f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={APP}"
        "&redirect_uri=https%3A%2F%2Fshop.example.com%2Fme%3Fa%3D1%26b%3D2"
        "&response_type=code&scope=snsapi_base&state=s7#wechat_redirect"
    )
    assert "scope=snsapi_userinfo" in oauth.authorize_url(APP, "", scope=Scope.USERINFO)


@pytest.mark.parametrize("state", ["a-b", "字", "s" * 129, "a b"])
def test_a_state_wechat_would_not_take_is_refused(state):
    with pytest.raises(OverLimit):
        oauth.authorize_url(APP, "", state=state)


async def test_a_code_is_exchanged_for_who_it_is(http, wechat):
    wechat.answers = [ANSWER]

    grant = await oauth.exchange_code(http, wechat.base, APP, SECRET, "CODE")

    assert grant == GRANT
    assert wechat.requests == [
        (
            "/sns/oauth2/access_token",
            {
                "appid": APP,
                "secret": SECRET,
                "code": "CODE",
                "grant_type": "authorization_code",
            },
            None,
        )
    ]
    assert "99_" not in repr(grant)


async def test_a_preview_is_told_apart(http, wechat):
    wechat.answers = [{**ANSWER, "is_snapshotuser": 1}]

    assert (await oauth.exchange_code(http, wechat.base, APP, SECRET, "CODE")).is_snapshot


@pytest.mark.parametrize("errcode", [40029, 40163, 42003])
async def test_a_used_code_means_asking_the_follower_again(http, wechat, errcode):
    wechat.answers = [{"errcode": errcode, "errmsg": "no"}]

    with pytest.raises(TokenRefused) as raised:
        await oauth.exchange_code(http, wechat.base, APP, SECRET, "CODE")

    assert raised.value.meaning is Meaning.LOGIN_STALE
    assert raised.value.advice is Advice.REFRESH


@pytest.mark.parametrize("wrong", [{"expires_in": 0}, {"openid": None}, {"access_token": 7.5}])
async def test_an_odd_answer_may_have_used_up_the_code(http, wechat, wrong):
    wechat.answers = [{**ANSWER, **wrong}]

    with pytest.raises(Uncertain):
        await oauth.exchange_code(http, wechat.base, APP, SECRET, "CODE")


async def test_a_grant_is_prolonged(http, wechat):
    wechat.answers = [ANSWER]

    assert await oauth.refresh(http, wechat.base, APP, "99_refresh") == GRANT
    assert wechat.requests == [
        (
            "/sns/oauth2/refresh_token",
            {"appid": APP, "grant_type": "refresh_token", "refresh_token": "99_refresh"},
            None,
        )
    ]


async def test_name_and_picture_are_asked_for_with_the_grant(http, wechat):
    wechat.answers = [
        {
            "openid": OPENID,
            "nickname": "王女士",
            "sex": 0,
            "headimgurl": "https://thirdwx.qlogo.cn/p",
            "privilege": [],
            "unionid": "oR5",
        }
    ]

    user = await oauth.user_info(http, wechat.base, GRANT)

    assert user == OAuthUser(OPENID, "王女士", "https://thirdwx.qlogo.cn/p", "oR5", ())
    asked = ("/sns/userinfo", {"access_token": "99_web", "openid": OPENID, "lang": "zh_CN"}, None)
    assert wechat.requests == [asked]


async def test_a_grant_that_has_ended_is_told(http, wechat):
    wechat.answers = [{"errcode": 0, "errmsg": "ok"}, {"errcode": 40003, "errmsg": "invalid"}]

    assert await oauth.check(http, wechat.base, GRANT)
    assert not await oauth.check(http, wechat.base, GRANT)


async def test_busy_does_not_mean_that_a_grant_has_ended(http, wechat):
    wechat.answers = [{"errcode": -1, "errmsg": "system error"}, {"errcode": "?"}]

    with pytest.raises(Refused):
        await oauth.check(http, wechat.base, GRANT)
    with pytest.raises(Unanswered):
        await oauth.check(http, wechat.base, GRANT)


def test_a_page_is_signed_as_in_wechats_own_example():
    # doc/service/guide/h5/jssdk, appendix 1
    signature = sign(
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        "http://mp.weixin.qq.com?params=value#anything",
        "Wm3WZYTPz0wzccnW",
        1414587457,
    )

    assert signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
