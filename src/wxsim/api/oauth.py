"""Web authorisation: the page that asks, codes, tokens; and the page of one-time subscriptions.

Who opens a page in the simulator is ``sim_openid`` of the query, else the follower who has been
here longest; whether they agree is the switch ``oauth_consent``.

Source: "Web authorisation", "One-time subscription" (网页授权, 一次性订阅消息), 2025.
"""

import html
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from wxsim.api.call import OK, Answer, Call, Raw
from wxsim.api.openids import known
from wxsim.codes import Refused
from wxsim.oauth import TOKEN_LASTS, Grant
from wxsim.platform import Platform
from wxsim.templates import TEMPLATE_ID

SCOPES = {"snsapi_base", "snsapi_userinfo"}
LONGEST_STATE = 128
HIGHEST_SCENE = 10_000
_PAGE_ERRORS = {
    10003: "redirect_uri域名与后台配置不一致",
    10005: "此公众号并没有这些scope的权限",
    10010: "scope不能为空",
    10011: "redirect_uri不能为空",
    10012: "appid不能为空",
    10013: "state不能为空",
    10016: "不支持微信开放平台的Appid，请使用公众号Appid",
}


def authorize(platform: Platform, call: Call) -> Answer:
    """``connect/oauth2/authorize``: back to the page with ``code`` and ``state``."""
    problem = _page_problem(platform, call)
    if problem is not None:
        return _page(f"错误码：{problem} {_PAGE_ERRORS[problem]}")
    visitor, scope = _visitor(platform, call), call.query["scope"]
    if visitor is None:
        return _page("请在微信客户端打开链接")
    if scope == "snsapi_userinfo" and not platform.faults.switches.oauth_consent:
        return _page("已拒绝授权")
    code = platform.oauth.give_code(visitor, scope, platform.now())
    return _redirect(call.query["redirect_uri"], code=code, state=call.query.get("state", ""))


def subscribe_page(platform: Platform, call: Call) -> Answer:
    """``mp/subscribemsg``: asks for one message, and goes back with the answer."""
    query = call.query
    template_id, scene = query.get("template_id", ""), query.get("scene", "")
    visitor = _visitor(platform, call)
    good = query.get("action") == "get_confirm" and query.get("appid") == platform.account.app_id
    if not good or not TEMPLATE_ID.fullmatch(template_id) or not _is_scene(scene):
        return _page("参数错误")
    if visitor is None or not _is_web(query.get("redirect_url", "")):
        return _page("请在微信客户端打开链接")
    agreed = platform.faults.switches.oauth_consent
    if agreed:
        platform.templates.agree(visitor, template_id, scene)
    return _redirect(
        query["redirect_url"],
        openid=visitor,
        template_id=template_id,
        action="confirm" if agreed else "cancel",
        scene=scene,
        reserved=query.get("reserved", ""),
    )


def exchange(platform: Platform, call: Call) -> Answer:
    """``sns/oauth2/access_token``.

    Raises:
        Refused: 40002, 40013, 40125, 41008, 40029, 40163, 42003.
    """
    _require(platform, call, "authorization_code")
    if call.query.get("secret") != platform.account.app_secret:
        raise Refused(40125)
    if not call.query.get("code"):
        raise Refused(41008)
    grant = platform.oauth.exchange(call.query["code"], platform.now())
    return _granted(platform, grant)


def refresh(platform: Platform, call: Call) -> Answer:
    """``sns/oauth2/refresh_token``."""
    _require(platform, call, "refresh_token")
    if not call.query.get("refresh_token"):
        raise Refused(41003)
    answer = _granted(platform, platform.oauth.refresh(call.query["refresh_token"], platform.now()))
    answer.pop("unionid", None)
    return answer


def user_info(platform: Platform, call: Call) -> Answer:
    """``sns/userinfo``: what the user has agreed to show."""
    grant = _checked(platform, call)
    if grant.scope != "snsapi_userinfo":
        raise Refused(48001)
    unionid = platform.unionid(grant.openid)
    return {
        "openid": grant.openid,
        "nickname": platform.get_follower(grant.openid).name,
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
        **({"unionid": unionid} if unionid else {}),
    }


def check(platform: Platform, call: Call) -> Answer:
    """``sns/auth``."""
    _checked(platform, call)
    return OK


def _checked(platform: Platform, call: Call) -> Grant:
    token, openid = call.query.get("access_token"), call.query.get("openid")
    if not token:
        raise Refused(41001)
    if not openid:
        raise Refused(41009)
    grant = platform.oauth.check(token, openid, platform.now())
    known(platform, grant.openid)
    return grant


def _granted(platform: Platform, grant: Grant) -> dict[str, Any]:
    unionid = platform.unionid(grant.openid)
    return {
        "access_token": grant.access_token,
        "expires_in": int(TOKEN_LASTS.total_seconds()),
        "refresh_token": grant.refresh_token,
        "openid": grant.openid,
        "scope": grant.scope,
        **({"unionid": unionid} if unionid else {}),
    }


def _require(platform: Platform, call: Call, grant_type: str) -> None:
    if not call.query.get("appid"):
        raise Refused(41002)
    if call.query["appid"] != platform.account.app_id:
        raise Refused(40013)
    if call.query.get("grant_type") != grant_type:
        raise Refused(40002)


def _page_problem(platform: Platform, call: Call) -> int | None:
    query = call.query
    problems = {
        10012: not query.get("appid"),
        10011: not query.get("redirect_uri"),
        10010: not query.get("scope"),
        10016: query.get("appid") != platform.account.app_id,
        10005: query.get("scope") not in SCOPES or query.get("response_type") != "code",
        10003: not _is_web(query.get("redirect_uri", "")),
        10013: len(query.get("state", "")) > LONGEST_STATE,
    }
    return next((number for number, wrong in problems.items() if wrong), None)


def _visitor(platform: Platform, call: Call) -> str | None:
    chosen = call.query.get("sim_openid")
    if chosen is not None:
        return chosen if chosen in platform.followers else None
    return next((f.openid for f in platform.followers.values() if f.following), None)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and url.isprintable()


def _is_scene(scene: str) -> bool:
    return scene.isdecimal() and int(scene[:6]) <= HIGHEST_SCENE


def _redirect(url: str, **added: str) -> Raw:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(added)) if part)
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
    return Raw(b"", "text/html", status=302, headers={"Location": address})


def _page(text: str) -> Raw:
    return Raw(f"<!doctype html><p>{html.escape(text)}</p>".encode(), "text/html; charset=utf-8")
