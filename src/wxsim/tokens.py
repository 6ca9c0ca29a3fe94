"""Access tokens of the two calls that give them, and how they die.

Source: "Get access token" and "Get stable access token" (获取稳定版接口调用凭据), 2025.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Self

from wxsim.codes import Refused

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCED_SPACING = timedelta(seconds=30)
FORCED_A_DAY = 20
REMEMBERED = 500  # dead tokens, so that 40001 and 42001 can be told from 40014
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Good until ``ends_at``: ``expires_at``, or earlier once a newer one took its place."""

    value: str
    expires_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRules:
    """How long tokens live beside their successors, and how often one may be forced."""

    overlap: timedelta = OVERLAP
    forced_spacing: timedelta = FORCED_SPACING
    forced_a_day: int = FORCED_A_DAY


@dataclass(slots=True)
class Tokens:
    """All tokens given so far; the two kinds do not touch each other."""

    known: dict[str, AccessToken] = field(default_factory=dict)
    latest: str | None = None
    stable: str | None = None
    forced_at: list[datetime] = field(default_factory=list)

    def give(self, now: datetime, rules: TokenRules) -> AccessToken:
        """A new token with each call; the one before dies five minutes later."""
        self._end(self.latest, now + rules.overlap)
        token = self._make(now)
        self.latest = token.value
        return token

    def give_stable(self, now: datetime, rules: TokenRules, *, force: bool) -> AccessToken:
        """The same token until five minutes before its end, unless forced.

        Raises:
            Refused: 45009, forced more than 20 times on one day of China's.
        """
        current = self.known.get(self.stable or "")
        if force and self._may_force(now, rules):
            self._end(self.stable, now)
        elif current is not None and current.ends_at - now > rules.overlap:
            return current
        token = self._make(now)
        self.stable = token.value
        return token

    def check(self, value: str | None, now: datetime) -> None:
        """Let the call pass, or say what is wrong with its token.

        Raises:
            Refused: 41001 missing, 40014 never ours, 42001 expired, 40001 replaced before that.
        """
        if not value:
            raise Refused(41001)
        token = self.known.get(value)
        if token is None:
            raise Refused(40014)
        if now >= token.expires_at:
            raise Refused(42001)
        if now >= token.ends_at:
            raise Refused(40001)

    def invalidate(self, now: datetime) -> None:
        """All die at once, as if somebody else had refreshed them."""
        for value in self.known:
            self._end(value, now)
        self.latest = self.stable = None

    def as_document(self) -> dict[str, Any]:
        known = [
            [token.value, token.expires_at.isoformat(), token.ends_at.isoformat()]
            for token in self.known.values()
        ]
        return asdict(self) | {
            "known": known,
            "forced_at": [at.isoformat() for at in self.forced_at],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any] | None) -> Self:
        """What was kept; none at all where there is no document."""
        if document is None:
            return cls()
        known = [
            AccessToken(value, datetime.fromisoformat(expires_at), datetime.fromisoformat(ends_at))
            for value, expires_at, ends_at in document["known"]
        ]
        return cls(
            known={token.value: token for token in known},
            latest=document["latest"],
            stable=document["stable"],
            forced_at=[datetime.fromisoformat(at) for at in document["forced_at"]],
        )

    def _may_force(self, now: datetime, rules: TokenRules) -> bool:
        if self.forced_at and now - self.forced_at[-1] < rules.forced_spacing:
            return False
        today = now.astimezone(CHINA).date()
        self.forced_at = [at for at in self.forced_at if at.astimezone(CHINA).date() == today]
        if len(self.forced_at) >= rules.forced_a_day:
            raise Refused(45009)
        self.forced_at.append(now)
        return True

    def _make(self, now: datetime) -> AccessToken:
        value = f"89_{secrets.token_urlsafe(108)}"
        token = AccessToken(value, now + LIFETIME, now + LIFETIME)
        self.known[value] = token
        for forgotten in list(self.known)[:-REMEMBERED]:
            del self.known[forgotten]
        return token

    def _end(self, value: str | None, at: datetime) -> None:
        token = self.known.get(value or "")
        if token is not None:
            self.known[token.value] = replace(token, ends_at=min(token.ends_at, at))
