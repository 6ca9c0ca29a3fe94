"""Web authorisation (网页授权): codes, and tokens that are no API tokens.

Source: "Web authorisation" (网页授权), 2025.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from wxsim.codes import Refused
from wxsim.store import Store

CODE_LASTS = timedelta(minutes=5)
TOKEN_LASTS = timedelta(seconds=7200)
REFRESH_LASTS = timedelta(days=30)
KEPT = 2000  # of codes and grants


@dataclass(frozen=True, slots=True)
class Code:
    """Good once, for five minutes."""

    value: str
    openid: str
    scope: str
    made_at: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code was exchanged for; the access token dies before the refresh token."""

    access_token: str
    refresh_token: str
    openid: str
    scope: str
    made_at: datetime
    refreshed_at: datetime

    def as_document(self) -> dict[str, Any]:
        moments = {name: getattr(self, name).isoformat() for name in ("made_at", "refreshed_at")}
        return asdict(self) | moments

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        names = ("made_at", "refreshed_at")
        return cls(**document | {name: datetime.fromisoformat(document[name]) for name in names})


class OAuth:
    """The codes and grants given so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._codes: dict[str, Code] = {}
        for value, openid, scope, made_at, used in store.all("oauth code"):
            made = datetime.fromisoformat(made_at)
            self._codes[value] = Code(value, openid, scope, made, used)
        self._grants = {
            grant.refresh_token: grant for grant in map(Grant.from_document, store.all("oauth"))
        }

    def give_code(self, openid: str, scope: str, now: datetime) -> str:
        code = Code(f"0{secrets.token_hex(16)[:31]}", openid, scope, now)
        self._keep_code(code)
        for old in list(self._codes)[:-KEPT]:
            del self._codes[old]
            self._store.drop("oauth code", old)
        return code.value

    def exchange(self, value: object, now: datetime) -> Grant:
        """Raises Refused: 40029 unknown, 40163 used, 42003 too old."""
        code = self._codes.get(value) if isinstance(value, str) else None
        if code is None:
            raise Refused(40029)
        if code.used:
            raise Refused(40163)
        if now >= code.made_at + CODE_LASTS:
            raise Refused(42003)
        self._keep_code(replace(code, used=True))
        grant = Grant(_token(), _token(), code.openid, code.scope, now, now)
        return self._keep(grant)

    def refresh(self, refresh_token: object, now: datetime) -> Grant:
        """The same refresh token, and an access token that is good again.

        Raises:
            Refused: 40030 unknown, 42002 older than 30 days.
        """
        grant = self._grants.get(refresh_token) if isinstance(refresh_token, str) else None
        if grant is None:
            raise Refused(40030)
        if now >= grant.made_at + REFRESH_LASTS:
            raise Refused(42002)
        still_good = now < grant.refreshed_at + TOKEN_LASTS
        access_token = grant.access_token if still_good else _token()
        return self._keep(replace(grant, access_token=access_token, refreshed_at=now))

    def check(self, access_token: object, openid: object, now: datetime) -> Grant:
        """Raises Refused: 40001 unknown, 42001 expired, 40003 another's."""
        grants = self._grants.values()
        grant = next((g for g in grants if g.access_token == access_token), None)
        if grant is None:
            raise Refused(40001)
        if now >= grant.refreshed_at + TOKEN_LASTS:
            raise Refused(42001)
        if grant.openid != openid:
            raise Refused(40003)
        return grant

    def _keep_code(self, code: Code) -> None:
        self._codes[code.value] = code
        facts = [code.value, code.openid, code.scope, code.made_at.isoformat(), code.used]
        self._store.put("oauth code", code.value, facts)

    def _keep(self, grant: Grant) -> Grant:
        self._grants[grant.refresh_token] = grant
        self._store.put("oauth", grant.refresh_token, grant.as_document())
        for old in list(self._grants)[:-KEPT]:
            del self._grants[old]
            self._store.drop("oauth", old)
        return grant


def _token() -> str:
    return f"89_{secrets.token_urlsafe(64)}"
