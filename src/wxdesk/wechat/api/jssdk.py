"""Tickets and signatures for pages that use WeChat's JS-SDK.

Source: doc/service/guide/h5/jssdk, appendix 1.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from wxdesk.wechat.caller import Caller


@dataclass(frozen=True, slots=True)
class JsTicket:
    """What pages are signed with. One serves all pages until it expires: keep it."""

    ticket: str = field(repr=False)
    expires_in: timedelta


class JsSdk:
    """``client.jssdk``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def ticket(self) -> JsTicket:
        """Ask WeChat for it; ``expires_in`` says how long to keep it."""
        said = await self._caller.read("/cgi-bin/ticket/getticket", type="jsapi")
        seconds = said.integer("expires_in")
        if not 0 < seconds <= timedelta(days=1).total_seconds():
            raise said.odd("expires_in")
        return JsTicket(said.text("ticket"), timedelta(seconds=seconds))


def sign(ticket: str, url: str, nonce: str, timestamp: int) -> str:
    """The ``signature`` of ``wx.config``, for one page.

    Args:
        ticket: Of ``client.jssdk.ticket()``.
        url: The page as the browser shows it; what follows ``#`` does not count.
        nonce: Any; ``nonceStr`` of ``wx.config``.
        timestamp: Unix seconds; ``timestamp`` of ``wx.config``.
    """
    page = url.partition("#")[0]
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
