"""A person on the other side, as the platform knows them."""

import base64
import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from wxdesk.wechat.policies import Trigger
from wxsim.allowance import Grant, Grants
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
        subscribed_at: When the present following began; None: with ``joined_at``.
        subscribe_scene: How, as ``ADD_SCENE_…``; with a QR code its ``scene``.
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
    subscribed_at: datetime | None = None
    subscribe_scene: str = "ADD_SCENE_SEARCH"
    scene: int | str = ""
    remark: str = ""
    tag_ids: tuple[int, ...] = ()
    grants: Grants = ()

    def as_document(self) -> dict[str, Any]:
        return asdict(self) | {
            "joined_at": self.joined_at.isoformat(),
            "subscribed_at": self.subscribed_at and self.subscribed_at.isoformat(),
            "grants": [_grant_document(grant) for grant in self.grants],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        subscribed_at = document.get("subscribed_at")
        return cls(
            **document
            | {
                "joined_at": datetime.fromisoformat(document["joined_at"]),
                "subscribed_at": subscribed_at and datetime.fromisoformat(subscribed_at),
                "tag_ids": tuple(document.get("tag_ids", ())),
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
