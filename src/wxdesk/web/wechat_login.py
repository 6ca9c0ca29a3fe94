"""Signing in within WeChat (网页授权): whoever is bound to an agent, by who WeChat says they are.

The ``state`` is signed, of this browser (a cookie has its half), for one account, and good once: a
link that somebody else began signs nobody in.
"""

import html
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from wxdesk import logs
from wxdesk.desk import accounts, agents, bindings
from wxdesk.desk.accounts import Account
from wxdesk.desk.bindings import LoginUsed, What
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.web.api.bindings import LOGIN_PATH as PATH
from wxdesk.web.api.session import set_cookies
from wxdesk.web.deps import Now, TheRuntime, whence
from wxdesk.wechat import CallFailed, TokenRefused, oauth
from wxdesk.wechat.oauth import OAuthGrant

router = APIRouter(include_in_schema=False)

COOKIE = "wxdesk_wechat_login"
LASTS = timedelta(minutes=10)
_NONCE, _TIME = 32, 8  # hexadecimal digits, in front of the signature

log = logs.get(__name__)

HOW = "请先在电脑上登录工作台，点右上角头像 → 绑定微信，再用微信扫码。"
REFUSALS = {
    "unknown": ("没有这个公众号", "There is no such account"),
    "stale": ("链接已失效，请从公众号菜单重新打开", "This link is no longer good. Open it again"),
    "not_bound": ("这个微信还没有绑定客服", "This WeChat is not bound to anybody at the desk"),
    "away": ("微信暂时没有应答，请稍后再试", "WeChat does not answer. Try again in a moment"),
}


class _Refused(Exception):
    """Not an error: the way out with a page."""

    def __init__(self, why: str, status: int = 403) -> None:
        self.why, self.status = why, status


@router.get(PATH + "/{slug}")
async def begin(slug: str, request: Request, rt: TheRuntime, now: Now) -> Response:
    """Send the browser to WeChat, which sends it back with a code."""
    try:
        account = await _account(rt, slug)
    except _Refused as refused:
        return _page(refused)
    nonce = secrets.token_hex(_NONCE // 2)
    url = oauth.authorize_url(
        account.app_id,
        f"{rt.settings.base_url}{PATH}/{slug}/back",
        state=_state(rt, slug, nonce, now + LASTS),
        page=_page_of(account),
    )
    response = RedirectResponse(url, 302, headers={"cache-control": "no-store"})
    response.set_cookie(
        COOKIE,
        nonce,
        int(LASTS.total_seconds()),
        path=PATH,
        httponly=True,
        secure=_is_secure(request, rt),
        samesite="lax",
    )
    return response


@router.get(PATH + "/{slug}/back")
async def come_back(
    slug: str, request: Request, rt: TheRuntime, now: Now, code: str = "", state: str = ""
) -> Response:
    """Sign in whoever WeChat says this is, if they are bound."""
    try:
        account = await _account(rt, slug)
        until = _require_state(rt, slug, state, request.cookies.get(COOKIE, ""), now)
        grant = await _exchanged(rt, account, code)
        return await _signed_in(request, rt, account, grant, state, until, now)
    except _Refused as refused:
        log.info("wechat_login_refused", account=slug[:40], why=refused.why)
        return _page(refused)


async def _account(rt: Runtime, slug: str) -> Account:
    try:
        async with rt.db.reading() as unit:
            return await accounts.get_by_slug(unit, slug)
    except NotFound:
        raise _Refused("unknown", 404) from None


def _page_of(account: Account) -> str:
    """Where browsers are sent: to WeChat, or to the simulator that the account is on."""
    if not account.simulated:
        return oauth.AUTHORIZE
    return f"{account.api_base.rstrip('/')}/connect/oauth2/authorize"


def _state(rt: Runtime, slug: str, nonce: str, until: datetime) -> str:
    head = f"{nonce}{int(until.timestamp()):0{_TIME}x}"
    return head + rt.vault.sign(f"wechat login {slug} {head}")


def _require_state(rt: Runtime, slug: str, state: str, nonce: str, now: datetime) -> datetime:
    """Until when it is good; raises where it is none of ours, or another browser's."""
    head, signature = state[: _NONCE + _TIME], state[_NONCE + _TIME :]
    expected = rt.vault.sign(f"wechat login {slug} {head}")
    if not compare_digest(signature.encode(), expected.encode()):
        raise _Refused("stale")
    if not nonce or not compare_digest(nonce.encode(), head[:_NONCE].encode()):
        raise _Refused("stale")
    until = datetime.fromtimestamp(int(head[_NONCE:], 16), UTC)
    if now >= until:
        raise _Refused("stale")
    return until


async def _exchanged(rt: Runtime, account: Account, code: str) -> OAuthGrant:
    secret = account.credentials(rt.vault).app_secret
    try:
        return await oauth.exchange_code(rt.http, account.api_base, account.app_id, secret, code)
    except TokenRefused:
        raise _Refused("stale") from None
    except CallFailed as failed:
        log.warning("wechat_login_failed", error=str(failed))
        raise _Refused("away", 503) from None


async def _signed_in(
    request: Request,
    rt: Runtime,
    account: Account,
    grant: OAuthGrant,
    state: str,
    until: datetime,
    now: datetime,
) -> Response:
    follower = account.id, grant.openid
    lasting = timedelta(hours=rt.settings.session_hours)
    async with rt.db.unit() as unit:
        try:
            await bindings.use_login(unit, state, expires_at=until, now=now)
        except LoginUsed:
            raise _Refused("stale") from None
        bound = (await bindings.find_bound(unit, {follower})).get(follower)
        if bound is None or not bound.agent.active or grant.is_snapshot:
            raise _Refused("not_bound")
        bindings.note(
            unit,
            What.SIGNED_IN,
            bound.agent.id,
            account_id=account.id,
            contact_id=bound.binding.contact_id,
            by_id=bound.agent.id,
            now=now,
        )
        secret = await agents.begin_session(
            unit,
            bound.agent,
            lasting=lasting,
            now=now,
            whence=whence(request),
            contact_id=bound.binding.contact_id,
        )
    response = RedirectResponse("/", 303, headers={"cache-control": "no-store"})
    response.delete_cookie(COOKIE, path=PATH)
    set_cookies(request, response, rt, secret, lasting)
    return response


def _is_secure(request: Request, rt: Runtime) -> bool:
    return request.url.scheme == "https" or rt.settings.base_url.startswith("https:")


def _page(refused: _Refused) -> HTMLResponse:
    zh, en = (html.escape(words) for words in REFUSALS[refused.why])
    body = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{zh}</title>"
        '<body style="font:16px/1.6 system-ui,sans-serif;max-width:30em;margin:15vh auto;'
        'padding:0 1.5em;color-scheme:light dark">'
        f"<h1 style='font-size:1.25em'>{zh}</h1><p>{HOW}</p>"
        f"<p lang='en' style='opacity:.7'>{en}. Sign in at the desk on a computer, open "
        "your menu → Bind WeChat, and scan the code.</p>"
    )
    return HTMLResponse(body, refused.status, headers={"cache-control": "no-store"})
