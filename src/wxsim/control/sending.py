"""What may be sent: the ledger of a follower, and the tables it follows."""

import json
from dataclasses import replace

from aiohttp import web

from wxdesk.wechat.policies import read_policies
from wxsim import allowance
from wxsim.clock import iso
from wxsim.control.keys import platform_key
from wxsim.follower import grant_shown

routes = web.RouteTableDef()


@routes.get("/sim/followers/{openid}/allowance")
async def show_allowance(request: web.Request) -> web.Response:
    """The ledger as it is now; ``sends_left`` null with open grants is "without a count".

    ``entries`` tells how it came to be, newest first (``ledger.What``); ``rules`` is the table in
    force, switches included.
    """
    platform = request.app[platform_key]
    follower, now = platform.get_follower(request.match_info["openid"]), platform.now()
    account, closes_at = platform.account, allowance.closes_at(follower.grants, now)
    rules = platform.faults.switches.bent(account.rules).rules
    return web.json_response(
        {
            "policy": account.policy,
            "renewal": account.renewal,
            "rules": [rule.as_document() for rule in rules],
            "now": iso(now),
            "grants": [grant_shown(g) for g in allowance.open_grants(follower.grants, now)],
            "sends_left": allowance.sends_left(follower.grants, now),
            "closes_at": closes_at and iso(closes_at),
            "entries": platform.ledger.of(follower.openid),
        }
    )


@routes.get("/sim/policies")
async def list_policies(request: web.Request) -> web.Response:
    """The tables that the account may be under, each as in ``policies.json``."""
    policies = request.app[platform_key].account.policies.values()
    return web.json_response({"items": [policy.as_document() for policy in policies]})


@routes.put("/sim/policies/{name}")
async def put_policy(request: web.Request) -> web.Response:
    """One table, new or instead of the one of this name: until a restart."""
    platform, name = request.app[platform_key], request.match_info["name"]
    try:
        document = json.loads(await request.text())
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON in UTF-8") from None
    named = document | {"name": name} if isinstance(document, dict) else document
    read = read_policies([named])
    account = platform.account
    platform.account = replace(account, policies={**account.policies, **read})
    return web.json_response(read[name].as_document())
