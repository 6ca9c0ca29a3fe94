"""The native customer-service tool, as those who work with it use it."""

from dataclasses import replace

from aiohttp import web

from wxsim import native
from wxsim.codes import Refused
from wxsim.control.keys import platform_key
from wxsim.control.wish import flag, read_wish
from wxsim.kf import KfAccount
from wxsim.platform import Platform

routes = web.RouteTableDef()

MOST_SAID = 2000  # characters


@routes.get("/sim/kf")
async def list_kf(request: web.Request) -> web.Response:
    platform = request.app[platform_key]
    known = list(platform.kf.known.values())
    return web.json_response({"items": [_shown(platform, kf) for kf in known]})


@routes.post("/sim/kf/{kf_account}")
async def work_as_kf(request: web.Request) -> web.Response:
    """``{accept_invitation?, online?, accepts?}``: what its worker does.

    ``accepts``: takes customers from the queue by themselves.
    """
    platform, wish = request.app[platform_key], await read_wish(request)
    kf = _kf(platform, request.match_info["kf_account"])
    if "accept_invitation" in wish:
        accepted = flag(wish, "accept_invitation", default=True)
        kf = platform.kf.answer_invitation(kf.name, platform.now(), accepted=accepted)
    online = flag(wish, "online", default=kf.online)
    accepts = flag(wish, "accepts", default=kf.accepts)
    kf = platform.kf.keep(replace(kf, online=online, accepts=accepts))
    return web.json_response(_shown(platform, kf))


@routes.post("/sim/followers/{openid}/session")
async def work_in_session(request: web.Request) -> web.Response:
    """``{action, kf_account?, text?}``: take, switch, say or close, in the native tool."""
    platform, wish = request.app[platform_key], await read_wish(request)
    openid = platform.get_follower(request.match_info["openid"]).openid
    try:
        _work(platform, openid, wish)
    except Refused as refused:
        raise ValueError(refused.text) from None
    session = native.serving(platform, openid)
    return web.json_response({"kf_account": session and session.kf_account})


def _work(platform: Platform, openid: str, wish: dict[str, object]) -> None:
    match wish.get("action"):
        case "take":
            native.open_(platform, openid, platform.kf.get(wish.get("kf_account")).name)
        case "switch":
            native.switch(platform, openid, platform.kf.get(wish.get("kf_account")).name)
        case "say":
            _say(platform, openid, wish.get("text"))
        case "close":
            native.close(platform, openid)
        case _:
            raise ValueError("action is one of take, switch, say, close")


def _say(platform: Platform, openid: str, text: object) -> None:
    session = native.serving(platform, openid)
    if session is None:
        raise ValueError("nobody serves this follower")
    if not isinstance(text, str) or not 0 < len(text) <= MOST_SAID:
        raise ValueError(f"text has 1 to {MOST_SAID} characters")
    native.say(platform, session, text)


def _kf(platform: Platform, name: str) -> KfAccount:
    found = platform.kf.known.get(name)
    if found is None:
        raise web.HTTPNotFound(text=f"there is no {name}")
    return found


def _shown(platform: Platform, kf: KfAccount) -> dict[str, object]:
    return {
        "kf_account": kf.name,
        "nickname": kf.nickname,
        "wechat_id": kf.wechat_id,
        "invited": kf.invited,
        "invite_status": kf.invitation(platform.now()),
        "online": kf.works,
        "accepts": kf.accepts,
        "serving": [session.openid for session in platform.sessions.of_worker(kf.name)],
    }
