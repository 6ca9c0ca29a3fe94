"""Followers: who they are, what they do, what they see."""

import asyncio
from dataclasses import replace
from typing import Any

from aiohttp import web

from wxsim import acts
from wxsim.clock import iso
from wxsim.control.keys import platform_key, pusher_key
from wxsim.control.wish import flag, name_of, read_wish
from wxsim.delivery import Delivery
from wxsim.platform import Platform
from wxsim.push import Push

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
        done = acts.perform(platform, follower.openid, {"type": "subscribe"})
        told = await _delivered(request, done)
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
    """``{type, …}``: do it, and answer once its pushes are over; see ``_delivered``."""
    platform, openid = request.app[platform_key], _openid(request)
    wish = await read_wish(request)
    platform.get_follower(openid)
    files = await asyncio.to_thread(acts.files_of, wish)
    origin = str(request.url.origin())
    done = acts.perform(platform, openid, wish, files=files, origin=origin)
    return web.json_response(await _delivered(request, done))


@routes.get("/sim/followers/{openid}/chat")
async def show_chat(request: web.Request) -> web.Response:
    platform = request.app[platform_key]
    follower = platform.get_follower(_openid(request))
    return web.json_response({"items": platform.chat(follower.openid)})


async def _delivered(request: web.Request, done: acts.Done) -> dict[str, Any]:
    """How the first push went, or that there was none; of several each under ``pushes``.

    ``opens`` is the page the phone opens then, ``reads`` what a scanned code says.
    """
    went = [await _deliver(request, push) for push in done.pushes]
    first = went[0] if went else {**Delivery([]).shown(), "msg_id": None}
    several = {"pushes": went} if len(went) > 1 else {}
    return {**first, **several, "opens": done.opens, "reads": done.reads}


async def _deliver(request: web.Request, push: Push) -> dict[str, Any]:
    delivery = await request.app[pusher_key].deliver(push)
    msg_id = None if push.msg_id is None else str(push.msg_id)
    return {**delivery.shown(), "msg_id": msg_id, "kind": push.kind}


@routes.get("/sim/followers/{openid}/menu")
async def show_menu(request: web.Request) -> web.Response:
    """The buttons at the foot of this follower's chat, as ``menu/get`` writes them."""
    platform = request.app[platform_key]
    menu = platform.menus.seen_by(platform.get_follower(_openid(request)).tag_ids)
    return web.json_response({"items": menu["button"] if menu else []})


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
