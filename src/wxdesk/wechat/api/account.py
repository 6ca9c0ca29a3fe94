"""The account itself: addresses, its callback as WeChat sees it, quotas, and past requests.

Source: doc/service/api/base; doc/service/api/base/quota (openapi).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import aiohttp

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.call import Request, ask, trusted
from wxdesk.wechat.caller import Caller, require_acknowledged
from wxdesk.wechat.errors import Uncertain


@dataclass(frozen=True, slots=True)
class DnsCheck:
    """An address that WeChat's resolver found for the callback's name."""

    ip: str
    operator: str


@dataclass(frozen=True, slots=True)
class PingCheck:
    """One ping of it. ``loss`` is ``0%`` or ``100%``, ``time`` like ``23.079ms``."""

    ip: str
    from_operator: str
    loss: str
    time: str


@dataclass(frozen=True, slots=True)
class CallbackCheck:
    """How WeChat reaches the callback."""

    dns: tuple[DnsCheck, ...]
    ping: tuple[PingCheck, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """How often a path may be called a day.

    Attributes:
        rate_calls: How often within ``rate_period``; None where WeChat does not say.
    """

    daily_limit: int
    used: int
    remain: int
    rate_calls: int | None = None
    rate_period: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PastRequest:
    """A request of the last seven days, as WeChat has kept it. The URL holds an access token."""

    at: datetime
    took: timedelta
    client_ip: str
    url: str = field(repr=False)
    body: str = field(repr=False)
    answer: str = field(repr=False)


class AccountCalls:
    """``client.account``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def api_ips(self) -> tuple[str, ...]:
        """The addresses and networks that calls go to."""
        return (await self._caller.read("/cgi-bin/get_api_domain_ip")).texts("ip_list")

    async def callback_ips(self) -> tuple[str, ...]:
        """The addresses and networks that pushes come from."""
        return (await self._caller.read("/cgi-bin/getcallbackip")).texts("ip_list")

    async def check_callback(
        self,
        action: Literal["all", "dns", "ping"] = "all",
        operator: Literal["DEFAULT", "CHINANET", "UNICOM", "CAP"] = "DEFAULT",
    ) -> CallbackCheck:
        """Have WeChat look for the callback's host; 40201 if the account has no callback."""
        said = await self._caller.read(
            "/cgi-bin/callback/check", {"action": action, "check_operator": operator}
        )
        return CallbackCheck(
            tuple(
                DnsCheck(one.text("ip"), one.text("real_operator", "")) for one in said.parts("dns")
            ),
            tuple(
                PingCheck(
                    one.text("ip"),
                    one.text("from_operator", ""),
                    one.text("package_loss", ""),
                    one.text("time", ""),
                )
                for one in said.parts("ping")
            ),
        )

    async def quota(self, path: str) -> Quota:
        """What is left of a path's calls, ``/cgi-bin/message/custom/send`` for instance."""
        said = await self._caller.read("/cgi-bin/openapi/quota/get", {"cgi_path": path})
        quota, rate = said.part("quota"), said.part("rate_limit")
        if "rate_limit" in quota:
            rate = quota.part("rate_limit")
        limited = "call_count" in rate and "refresh_second" in rate
        return Quota(
            quota.integer("daily_limit"),
            quota.integer("used"),
            quota.integer("remain"),
            rate.integer("call_count") if limited else None,
            _duration(rate.integer("refresh_second")) if limited else None,
        )

    async def clear_quota(self, app_id: str) -> None:
        """Begin all of the account's counts again; ten times a month, then 48006."""
        await self._caller.do("/cgi-bin/clear_quota", {"appid": app_id})

    async def clear_api_quota(self, path: str) -> None:
        """Begin the count of one path again."""
        await self._caller.do("/cgi-bin/openapi/quota/clear", {"cgi_path": path})

    async def look_up(self, rid: str) -> PastRequest:
        """The request that an error told as its ``rid``; 76001 to 76004 if WeChat tells nothing."""
        said = await self._caller.read(
            "/cgi-bin/openapi/rid/get", {"rid": rid}, max_bytes=limits.MAX_LIST_BYTES
        )
        request = said.part("request")
        return PastRequest(
            at=request.moment("invoke_time"),
            took=_duration(request.integer("cost_in_ms", 0) / 1000),
            client_ip=request.text("client_ip", ""),
            url=request.text("request_url", ""),
            body=request.text("request_body", ""),
            answer=request.text("response_body", ""),
        )


async def clear_quota_by_secret(
    http: aiohttp.ClientSession,
    api_base: str,
    app_id: str,
    app_secret: str,
    *,
    patience: timedelta = limits.CALL_PATIENCE,
) -> None:
    """As ``client.account.clear_quota`` where the quota of tokens is spent too."""
    request = Request(
        api_base.rstrip("/") + "/cgi-bin/clear_quota/v2",
        params={"appid": app_id, "appsecret": app_secret},
        body=b"",
    )
    said = trusted(await ask(http, request, patience=patience, lost=Uncertain), Uncertain)
    require_acknowledged(Answer(said, Uncertain))


def _duration(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), timedelta.max.total_seconds() - 1))
