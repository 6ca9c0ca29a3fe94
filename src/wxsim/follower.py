"""A person on the other side, as the platform knows them."""

import base64
import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from wxsim.allowance import Grant, Grants, Trigger
from wxsim.clock import iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """One WeChat user, seen from this account.

    Attributes:
        following: Follows now.
        met: Has ever followed; whoever has not is refused with 43004, who left with 45015.
        muted: Has switched off "receive messages".
        frozen: WeChat has limited or deleted the user.
        scripted: Plays a part of ``people``.
    """

    openid: str
    name: str
    joined_at: datetime
    following: bool = True
    met: bool = True
    blacklisted: bool = False
    muted: bool = False
    frozen: bool = False
    scripted: bool = False
    grants: Grants = ()

    def as_document(self) -> dict[str, Any]:
        return asdict(self) | {
            "joined_at": self.joined_at.isoformat(),
            "grants": [_grant_document(grant) for grant in self.grants],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        return cls(
            **document
            | {
                "joined_at": datetime.fromisoformat(document["joined_at"]),
                "grants": tuple(_grant(kept) for kept in document["grants"]),
            }
        )

    def unfollowed(self) -> Self:
        """Gone, and every right to send with them."""
        return replace(self, following=False, grants=())


def make_openid(original_id: str, seed: bytes) -> str:
    """28 characters; those of one account begin alike, as they do at WeChat."""
    return f"o{_letters(original_id.encode(), 5)}{_letters(seed, 22)}"


def grant_shown(grant: Grant) -> dict[str, Any]:
    return {
        "trigger": grant.trigger,
        "granted": grant.granted,
        "left": grant.left,
        "opened_at": iso(grant.opened_at),
        "expires_at": iso(grant.expires_at),
    }


def _letters(seed: bytes, count: int) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(seed).digest()).decode()[:count]


def _grant_document(grant: Grant) -> dict[str, Any]:
    moments = {name: getattr(grant, name).isoformat() for name in ("opened_at", "expires_at")}
    return asdict(grant) | moments


def _grant(kept: dict[str, Any]) -> Grant:
    return Grant(
        Trigger(kept["trigger"]),
        kept["granted"],
        kept["left"],
        datetime.fromisoformat(kept["opened_at"]),
        datetime.fromisoformat(kept["expires_at"]),
    )
