"""The world around the followers: account, clock, faults, scripted customers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from wxdesk.wechat.policies import Renewal
from wxsim import native
from wxsim.account import Account, Mode
from wxsim.clock import iso
from wxsim.control.keys import people_key, platform_key, pusher_key
from wxsim.control.wish import flag, read_wish
from wxsim.platform import Platform

HIGHEST = 1_000_000  # of the numbers that scripted customers take

routes = web.RouteTableDef()


@routes.get("/sim/account")
async def show_account(request: web.Request) -> web.Response:
    return web.json_response(_account(request.app[platform_key].account))


@routes.post("/sim/account")
async def change_account(request: web.Request) -> web.Response:
    """``{callback?, pay_feedback?, name?, policy?, renewal?, kf_accounts?, mode?, aes_key?}``.

    Until a restart; ``renewal`` null: as the policy says.
    """
    platform, wish = request.app[platform_key], await read_wish(request)
    platform.account = replace(platform.account, **_account_changes(wish))
    return web.json_response(_account(platform.account))


@routes.post("/sim/verify")
async def verify_callback(request: web.Request) -> web.Response:
    """Check the callback URL as the platform does when it is saved: ``{ok, status, error}``."""
    return web.json_response(await request.app[pusher_key].verify())


@routes.get("/sim/clock")
async def show_clock(request: web.Request) -> web.Response:
    return web.json_response(_clock(request.app[platform_key]))


@routes.post("/sim/clock")
async def move_clock(request: web.Request) -> web.Response:
    """``{advance_seconds}``."""
    platform, wish = request.app[platform_key], await read_wish(request)
    seconds = wish.get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("advance_seconds is a number")  # noqa: TRY004
    try:
        platform.advance_clock(timedelta(seconds=seconds))
        native.end_old(platform)
    except OverflowError:
        raise ValueError("advance_seconds is too large") from None
    return web.json_response(_clock(platform))


@routes.get("/sim/faults")
async def show_faults(request: web.Request) -> web.Response:
    """Every switch by name; with ``?explain=1`` a list with defaults and meanings."""
    faults = request.app[platform_key].faults
    if "explain" in request.query:
        return web.json_response({"items": faults.explained()})
    return web.json_response(faults.shown())


@routes.post("/sim/faults")
async def set_faults(request: web.Request) -> web.Response:
    platform, wish = request.app[platform_key], await read_wish(request)
    platform.faults.merge(wish)
    if wish.get("token_invalid_now"):
        platform.invalidate_tokens()
    return _told_faults(platform)


@routes.delete("/sim/faults")
async def clear_faults(request: web.Request) -> web.Response:
    platform = request.app[platform_key]
    platform.faults.clear()
    return _told_faults(platform)


@routes.post("/sim/people")
async def start_people(request: web.Request) -> web.Response:
    """``{start?, seed?, count?, pace?}``: scripted customers come and write; see ``people``."""
    wish, people = await read_wish(request), request.app[people_key]
    if not flag(wish, "start", default=True):
        await people.stop()
        return web.json_response({"items": []})
    numbers = {name: wish[name] for name in ("seed", "count", "pace") if name in wish}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{name} is a number")  # noqa: TRY004  answered with 400
        if not 0 <= value <= HIGHEST:
            raise ValueError(f"{name} lies between 0 and {HIGHEST}")
    origin = str(request.url.origin())
    return web.json_response({"items": await people.start(**numbers, origin=origin)})


@routes.post("/sim/reset")
async def reset(request: web.Request) -> web.Response:
    await request.app[people_key].stop()
    request.app[platform_key].reset()
    return web.json_response({"ok": True})


def _account_changes(wish: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in ("callback", "pay_feedback", "name", "policy", "aes_key"):
        if name in wish:
            if not isinstance(wish[name], str):
                raise ValueError(f"{name} is a text")
            changes[name] = wish[name] or None
    if "mode" in wish:
        changes["mode"] = Mode(wish["mode"])
    if "renewal" in wish:
        renewal = wish["renewal"]
        changes["own_renewal"] = None if renewal is None else Renewal(renewal)
    if "kf_accounts" in wish:
        changes["kf_accounts"] = _texts("kf_accounts", wish["kf_accounts"])
    return changes


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} is a list of texts")
    return tuple(value)


def _account(account: Account) -> dict[str, Any]:
    """Without its secrets."""
    return {
        "app_id": account.app_id,
        "original_id": account.original_id,
        "name": account.name,
        "callback": account.callback,
        "pay_feedback": account.pay_feedback_url,
        "mode": account.mode,
        "policy": account.policy,
        "renewal": account.renewal,
        "kf_accounts": account.kf_accounts,
    }


def _clock(platform: Platform) -> dict[str, Any]:
    return {"now": iso(platform.now()), "ahead_seconds": platform.clock.ahead.total_seconds()}


def _told_faults(platform: Platform) -> web.Response:
    platform.live.tell("faults")
    return web.json_response(platform.faults.shown())
