"""Followers: who they are, what they do, what they see."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from wxsim import acts, allowance
from wxsim.clock import iso
from wxsim.control.keys import platform_key, pusher_key
from wxsim.control.wish import flag, name_of, read_wish
from wxsim.follower import grant_shown
from wxsim.platform import Platform

routes = web.RouteTableDef()


@routes.post("/sim/followers")
async def add_follower(request: web.Request) -> web.Response:
    """``{name?, push?, following?}``: somebody new, who follows without a push unless asked."""
    wish = await read_wish(request)
    platform = request.app[platform_key]
    following = flag(wish, "following", default=True)
    follower = platform.new_follower(name_of(wish), following=following)
    told = {}
    if flag(wish, "push", default=False):
        push = acts.perform(platform, follower.openid, {"type": "subscribe"})
        told = (await request.app[pusher_key].deliver(push)).shown()
    return web.json_response({**_follower(platform, follower.openid), **told}, status=201)


@routes.get("/sim/followers")
async def list_followers(request: web.Request) -> web.Response:
    platform = request.app[platform_key]
    return web.json_response({"items": [_follower(platform, o) for o in platform.followers]})


@routes.get("/sim/followers/{openid}")
async def show_follower(request: web.Request) -> web.Response:
    return web.json_response(_follower(request.app[platform_key], _openid(request)))


@routes.patch("/sim/followers/{openid}")
async def change_follower(request: web.Request) -> web.Response:
    """``{name?, blacklisted?, muted?, frozen?}``: what sends to this follower meet."""
    platform, wish = request.app[platform_key], await read_wish(request)
    follower = platform.get_follower(_openid(request))
    changed = replace(
        follower,
        name=name_of(wish) or follower.name,
        blacklisted=flag(wish, "blacklisted", default=follower.blacklisted),
        muted=flag(wish, "muted", default=follower.muted),
        frozen=flag(wish, "frozen", default=follower.frozen),
    )
    platform.keep(changed)
    return web.json_response(_follower(platform, follower.openid))


@routes.post("/sim/followers/{openid}/send")
async def act_as_follower(request: web.Request) -> web.Response:
    """``{type, …}``: do it, and answer once its push is over."""
    platform, openid = request.app[platform_key], _openid(request)
    wish = await read_wish(request)
    push = acts.perform(platform, openid, wish, origin=str(request.url.origin()))
    delivery = await request.app[pusher_key].deliver(push)
    msg_id = None if push.msg_id is None else str(push.msg_id)
    return web.json_response({**delivery.shown(), "msg_id": msg_id})


@routes.get("/sim/followers/{openid}/chat")
async def show_chat(request: web.Request) -> web.Response:
    platform = request.app[platform_key]
    follower = platform.get_follower(_openid(request))
    return web.json_response({"items": platform.chat(follower.openid)})


@routes.get("/sim/followers/{openid}/allowance")
async def show_allowance(request: web.Request) -> web.Response:
    """The ledger as it is now; ``sends_left`` null with open grants is "without a count"."""
    platform = request.app[platform_key]
    follower, now = platform.get_follower(_openid(request)), platform.now()
    closes_at = allowance.closes_at(follower.grants, now)
    return web.json_response(
        {
            "policy": platform.account.policy,
            "renewal": platform.account.renewal,
            "now": iso(now),
            "grants": [grant_shown(g) for g in allowance.open_grants(follower.grants, now)],
            "sends_left": allowance.sends_left(follower.grants, now),
            "closes_at": closes_at and iso(closes_at),
        }
    )


def _openid(request: web.Request) -> str:
    return request.match_info["openid"]


def _follower(platform: Platform, openid: str) -> dict[str, Any]:
    follower = platform.get_follower(openid)
    return {
        "openid": openid,
        "name": follower.name,
        "following": follower.following,
        "blacklisted": follower.blacklisted,
        "muted": follower.muted,
        "frozen": follower.frozen,
        "joined_at": iso(follower.joined_at),
        "scripted": follower.scripted,
        "last_line": next(iter(platform.chat(openid)[-1:]), None),
    }
