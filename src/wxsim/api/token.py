"""The two calls that give access tokens."""

from collections.abc import Mapping
from typing import Any

from wxsim.api.call import Answer, Call
from wxsim.codes import Refused
from wxsim.platform import Platform
from wxsim.tokens import AccessToken


def give(platform: Platform, call: Call) -> Answer:
    """``GET /cgi-bin/token``: a new one each time."""
    _require_credentials(platform, call, call.query)
    return _answer(platform, platform.give_token())


def give_stable(platform: Platform, call: Call) -> Answer:
    """``POST /cgi-bin/stable_token``: the same one, as long as it is good."""
    wanted = call.json()
    _require_credentials(platform, call, wanted)
    force = wanted.get("force_refresh") or False
    if not isinstance(force, bool):
        raise Refused(47001)
    return _answer(platform, platform.give_stable_token(force=force))


def _require_credentials(platform: Platform, call: Call, given: Mapping[str, Any]) -> None:
    """Say what is wrong with them, in the order the platform looks.

    Raises:
        Refused: 40002, 41002, 41004, 40013, 40125, 40164.
    """
    if given.get("grant_type") != "client_credential":
        raise Refused(40002)
    app_id, secret = given.get("appid"), given.get("secret")
    if not app_id:
        raise Refused(41002)
    if not secret:
        raise Refused(41004)
    if app_id != platform.account.app_id:
        raise Refused(40013)
    if secret != platform.account.app_secret:
        raise Refused(40125)
    listed = platform.faults.switches.ip_whitelist
    if platform.faults.switches.ip_not_whitelisted or (listed and call.ip not in listed):
        text = f"invalid ip {call.ip} ipv6 ::ffff:{call.ip}, not in whitelist"
        raise Refused(40164, text)


def _answer(platform: Platform, token: AccessToken) -> Answer:
    left = token.expires_at - platform.now()
    return {"access_token": token.value, "expires_in": round(left.total_seconds())}
