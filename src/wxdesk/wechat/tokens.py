"""Access tokens: asking WeChat for one, and what a caller expects of whoever keeps it.

Source: "Get stable access token" (doc/service/api/base/api_getstableaccesstoken) and "Get access
token" (doc/service/api/base/api_getaccesstoken).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp

from wxdesk.wechat.call import Request, ask, post, trusted
from wxdesk.wechat.errors import Refused, TokenRefused, Uncertain
from wxdesk.wechat.limits import CALL_PATIENCE, TOKEN_CHARS, TOKEN_LIFETIME

_STABLE_TOKEN = "/cgi-bin/stable_token"  # noqa: S105 (a path)
_TOKEN = "/cgi-bin/token"  # noqa: S105 (a path)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What every call carries.

    Attributes:
        value: The secret itself.
        expires_at: By our clock, counted from before it was asked for.
        asked_at: When it was asked for.
    """

    value: str = field(repr=False)
    expires_at: datetime
    asked_at: datetime


class TokenSource(Protocol):
    """Keeps one account's access token for all who call in its name."""

    async def current(self) -> str:
        """The token to use now."""

    async def renew(self, refused: str) -> str:
        """Another one than ``refused``, which WeChat no longer takes.

        Whoever asks with a token that has been replaced meanwhile gets the replacement.
        """


async def fetch_stable_token(
    http: aiohttp.ClientSession,
    api_base: str,
    app_id: str,
    app_secret: str,
    *,
    force: bool,
    now: datetime,
    patience: timedelta = CALL_PATIENCE,
) -> AccessToken:
    """Ask for the account's token.

    Args:
        http: Where connections are kept.
        api_base: ``https://api.weixin.qq.com``, or where the simulator is.
        app_id: The account.
        app_secret: Its secret.
        force: Have a new one made; the old one dies at once. At most 20 times a day, at least
            30 s apart.
        now: When it is asked for.
        patience: How long to wait for a connection, and as long again for the answer.

    Raises:
        TokenRefused: WeChat does not give one.
        Unreached: WeChat was not asked.
        Uncertain: No trustworthy answer came. Asking again does no harm unless forced.
    """
    wanted = {
        "grant_type": "client_credential",
        "appid": app_id,
        "secret": app_secret,
        "force_refresh": force,
    }
    url = api_base.rstrip("/") + _STABLE_TOKEN
    try:
        answer = await post(http, url, json.dumps(wanted).encode(), patience=patience)
    except Refused as refused:
        raise TokenRefused(refused.errcode, refused.errmsg, refused.rid) from None
    return _token(answer, now)


async def fetch_token(
    http: aiohttp.ClientSession,
    api_base: str,
    app_id: str,
    app_secret: str,
    *,
    now: datetime,
    patience: timedelta = CALL_PATIENCE,
) -> AccessToken:
    """Have a new token made, on the older road: the one before it dies five minutes later.

    Who shares the account with others needs ``fetch_stable_token``. The tokens of the two roads
    leave each other alone. Arguments and errors as there.
    """
    query = {"grant_type": "client_credential", "appid": app_id, "secret": app_secret}
    request = Request(api_base.rstrip("/") + _TOKEN, params=query)
    try:
        answer = trusted(await ask(http, request, patience=patience, lost=Uncertain), Uncertain)
    except Refused as refused:
        raise TokenRefused(refused.errcode, refused.errmsg, refused.rid) from None
    return _token(answer, now)


def _token(answer: Mapping[str, Any], now: datetime) -> AccessToken:
    match answer:
        case {"access_token": str(value), "expires_in": int(seconds)} if (
            0 < len(value) <= TOKEN_CHARS and 0 < seconds <= TOKEN_LIFETIME.total_seconds()
        ):
            return AccessToken(value, expires_at=now + timedelta(seconds=seconds), asked_at=now)
    raise Uncertain("the answer has no token")
