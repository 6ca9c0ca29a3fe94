"""Web authorization: who looks at a page within WeChat. Needs the AppSecret, and no access token.

Source: doc/service/guide/h5/auth.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import quote

import aiohttp

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.call import Lost, Request, ask, trusted
from wxdesk.wechat.caller import require_acknowledged
from wxdesk.wechat.errors import OverLimit, Refused, TokenRefused, Unanswered, Uncertain

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
_GRANT_ENDED = {40001, 40003, 40014, 42001, 42007}
_STATE = re.compile(rf"[A-Za-z0-9]{{0,{limits.STATE_CHARS}}}")


class Scope(StrEnum):
    """How much is asked for: the OpenID without a word, or name and picture with a consent page."""

    BASE = "snsapi_base"
    USERINFO = "snsapi_userinfo"


@dataclass(frozen=True, slots=True)
class OAuthGrant:
    """What somebody granted. Its token serves the calls of this module and no others.

    Attributes:
        is_snapshot: WeChat showed a preview to a virtual user; the OpenID is nobody's.
    """

    openid: str
    scope: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: timedelta
    unionid: str | None = None
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class OAuthUser:
    """Who they are, by their own consent."""

    openid: str
    nickname: str
    picture_url: str
    unionid: str | None
    privileges: tuple[str, ...]


def authorize_url(
    app_id: str,
    redirect_url: str,
    *,
    scope: Scope = Scope.BASE,
    state: str = "",
    page: str = AUTHORIZE,
) -> str:
    """Where to send somebody, within WeChat; they come back with ``code`` and ``state``.

    Args:
        app_id: The account.
        redirect_url: A page on the domain that the account's settings name.
        scope: How much is asked for.
        state: Comes back as it is: something unguessable keeps others' links out.
        page: WeChat's own, or the simulator's.

    Raises:
        OverLimit: The state is not up to 128 letters and digits.
    """
    if not _STATE.fullmatch(state):
        raise OverLimit(f"a state is up to {limits.STATE_CHARS} letters and digits")
    return (  # in this order: WeChat compares
        f"{page}?appid={quote(app_id, safe='')}&redirect_uri={quote(redirect_url, safe='')}"
        f"&response_type=code&scope={scope}&state={state}#wechat_redirect"
    )


async def exchange_code(
    http: aiohttp.ClientSession,
    api_base: str,
    app_id: str,
    app_secret: str,
    code: str,
    *,
    patience: timedelta = limits.CALL_PATIENCE,
) -> OAuthGrant:
    """Learn who came back. A code serves once, for five minutes.

    Raises:
        TokenRefused: Not for this code, or this account; see ``Meaning.LOGIN_STALE``.
        Unreached: WeChat was not asked; the code is still good.
        Uncertain: No trustworthy answer; the code may be used up.
    """
    query = {
        "appid": app_id,
        "secret": app_secret,
        "code": code,
        "grant_type": "authorization_code",
    }
    return await _grant(http, api_base, "/sns/oauth2/access_token", query, Uncertain, patience)


async def refresh(
    http: aiohttp.ClientSession,
    api_base: str,
    app_id: str,
    refresh_token: str,
    *,
    patience: timedelta = limits.CALL_PATIENCE,
) -> OAuthGrant:
    """Have the grant prolonged, up to 30 days after it was given.

    Raises:
        TokenRefused: The grant is over: send them through ``authorize_url`` again.
        Unreached, Unanswered: Safe to repeat.
    """
    query = {"appid": app_id, "grant_type": "refresh_token", "refresh_token": refresh_token}
    return await _grant(http, api_base, "/sns/oauth2/refresh_token", query, Unanswered, patience)


async def user_info(
    http: aiohttp.ClientSession,
    api_base: str,
    grant: OAuthGrant,
    *,
    lang: str = "zh_CN",
    patience: timedelta = limits.CALL_PATIENCE,
) -> OAuthUser:
    """Name and picture; the grant must be of ``Scope.USERINFO``.

    Raises:
        Refused: The grant does not allow it, or has ended.
        Unreached, Unanswered: Safe to repeat.
    """
    query = {"access_token": grant.access_token, "openid": grant.openid, "lang": lang}
    said = await _ask(http, api_base, "/sns/userinfo", query, Unanswered, patience)
    return OAuthUser(
        said.text("openid"),
        said.text("nickname", ""),
        said.text("headimgurl", ""),
        said.find_text("unionid"),
        said.texts("privilege"),
    )


async def check(
    http: aiohttp.ClientSession,
    api_base: str,
    grant: OAuthGrant,
    *,
    patience: timedelta = limits.CALL_PATIENCE,
) -> bool:
    """Whether the grant's token is still good.

    Raises:
        Refused: WeChat does not say.
        Unreached, Unanswered: Safe to repeat.
    """
    query = {"access_token": grant.access_token, "openid": grant.openid}
    try:
        require_acknowledged(await _ask(http, api_base, "/sns/auth", query, Unanswered, patience))
    except Refused as refused:
        if refused.errcode in _GRANT_ENDED:
            return False
        raise
    return True


async def _grant(
    http: aiohttp.ClientSession,
    api_base: str,
    path: str,
    query: dict[str, str],
    lost: Lost,
    patience: timedelta,
) -> OAuthGrant:
    try:
        said = await _ask(http, api_base, path, query, lost, patience)
    except Refused as refused:
        raise TokenRefused(refused.errcode, refused.errmsg, refused.rid) from None
    seconds = said.integer("expires_in")
    if not 0 < seconds <= limits.TOKEN_LIFETIME.total_seconds():
        raise said.odd("expires_in")
    return OAuthGrant(
        openid=said.text("openid"),
        scope=said.text("scope", ""),
        access_token=said.text("access_token"),
        refresh_token=said.text("refresh_token", ""),
        expires_in=timedelta(seconds=seconds),
        unionid=said.find_text("unionid"),
        is_snapshot=said.flag("is_snapshotuser"),
    )


async def _ask(
    http: aiohttp.ClientSession,
    api_base: str,
    path: str,
    query: dict[str, str],
    lost: Lost,
    patience: timedelta,
) -> Answer:
    request = Request(api_base.rstrip("/") + path, params=query)
    return Answer(trusted(await ask(http, request, patience=patience, lost=lost), lost), lost)
