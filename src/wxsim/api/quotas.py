"""The tools for quotas.

Source: "Base calls" (基础接口), 2025.
"""

from collections.abc import Mapping

from wxsim.api.call import OK, Answer, Call
from wxsim.codes import Refused
from wxsim.platform import Platform
from wxsim.quota import A_MINUTE

UNLIMITED = 10_000_000  # what is told of a path without a documented limit


def clear(platform: Platform, call: Call) -> Answer:
    """``clear_quota``: all counters.

    Raises:
        Refused: 40013, 48006.
    """
    _require_app(platform, call.json())
    platform.quota.clear(platform.now())
    return OK


def clear_by_secret(platform: Platform, call: Call) -> Answer:
    """``clear_quota/v2``: without a token.

    Raises:
        Refused: 40013, 40125, 48006.
    """
    given = call.given()
    _require_app(platform, given)
    if given.get("appsecret") != platform.account.app_secret:
        raise Refused(40125)
    platform.quota.clear(platform.now())
    return OK


def clear_one(platform: Platform, call: Call) -> Answer:
    """``openapi/quota/clear``: that of one path.

    Raises:
        Refused: 76021, 48006.
    """
    platform.quota.clear(platform.now(), _path(platform, call))
    return OK


def get(platform: Platform, call: Call) -> Answer:
    """``openapi/quota/get``.

    Raises:
        Refused: 76021.
    """
    path, switches = _path(platform, call), platform.faults.switches
    limit = int(min(platform.quota.daily_limit(path, switches), UNLIMITED))
    used = platform.quota.used(path, platform.now())
    quota = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    minute = switches.minute_quota or A_MINUTE.get(path)
    rate = {"rate_limit": {"call_count": minute, "refresh_second": 60}} if minute else {}
    return {**OK, "quota": quota, **rate}


def _require_app(platform: Platform, given: Mapping[str, object]) -> None:
    if given.get("appid") != platform.account.app_id:
        raise Refused(40013)


def _path(platform: Platform, call: Call) -> str:
    path = call.json().get("cgi_path")
    if not isinstance(path, str) or path not in platform.paths:
        raise Refused(76021)
    return path
