"""Customer-service accounts (客服账号): who may speak for the account, by name and picture.

Source: "Customer-service accounts" (客服管理), 2025.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from wxsim.codes import Refused
from wxsim.store import Store

MOST_ACCOUNTS = 100
LONGEST_NICKNAME = 16  # characters
INVITATION_LASTS = timedelta(days=7)
FIRST_ID = 1001
_NAME = re.compile(r"[A-Za-z0-9_]{1,10}@[A-Za-z0-9_-]{1,30}")
_WECHAT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}")


class Invited(StrEnum):
    """What became of an invitation."""

    WAITING = "waiting"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class KfAccount:
    """One account of the native tool.

    Attributes:
        wechat_id: Whom it is bound to; None until an invitation is accepted.
        picture: The media id of its picture.
        online: Its worker sits at the native tool; only once it is bound.
        accepts: It takes customers from the queue by itself.
    """

    name: str
    number: int
    nickname: str
    wechat_id: str | None = None
    invited: str | None = None
    invite_ends_at: datetime | None = None
    rejected: bool = False
    picture: str | None = None
    online: bool = True
    accepts: bool = True

    @property
    def works(self) -> bool:
        return self.wechat_id is not None and self.online

    def invitation(self, now: datetime) -> Invited | None:
        if self.invited is None or self.invite_ends_at is None:
            return None
        if self.rejected:
            return Invited.REJECTED
        return Invited.WAITING if now < self.invite_ends_at else Invited.EXPIRED

    def as_document(self) -> dict[str, Any]:
        ends_at = self.invite_ends_at and self.invite_ends_at.isoformat()
        return asdict(self) | {"invite_ends_at": ends_at}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        ends_at = document["invite_ends_at"]
        return cls(**document | {"invite_ends_at": ends_at and datetime.fromisoformat(ends_at)})


class KfAccounts:
    """All of them, by their whole name ``prefix@wechat-id``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = sorted(map(KfAccount.from_document, store.all("kf")), key=lambda kf: kf.number)
        self.known = {kf.name: kf for kf in kept}

    def configure(self, names: Iterable[str], before: Iterable[str] = ()) -> None:
        """Those of the account's set-up exist, bound and online; those no longer in it do not."""
        for name in set(before) - set(names):
            if name in self.known:
                self.delete(name)
        for name in names:
            if name not in self.known:
                prefix = name.partition("@")[0]
                self.keep(self._made(name, prefix, wechat_id=f"wx_{prefix}"))

    def add(self, name: object, nickname: object) -> None:
        """Raises Refused: 65404, 65403, 65406, 65405."""
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise Refused(65404)
        good = _checked(nickname)
        if name in self.known:
            raise Refused(65406)
        if len(self.known) >= MOST_ACCOUNTS:
            raise Refused(65405)
        self.keep(self._made(name, good))

    def rename(self, name: object, nickname: object) -> None:
        """Raises Refused: 65401, 65403."""
        self.keep(replace(self.get(name), nickname=_checked(nickname)))

    def invite(self, name: object, wechat_id: object, now: datetime) -> None:
        """Ask a WeChat user to be its worker.

        Raises:
            Refused: 65401, 65409, 65412, 65408, 65411, 65407.
        """
        kf = self.get(name)
        if not isinstance(wechat_id, str) or not _WECHAT_ID.fullmatch(wechat_id):
            raise Refused(65409)
        if kf.wechat_id is not None:
            raise Refused(65412)
        if kf.invitation(now) is Invited.WAITING:
            raise Refused(65408 if kf.invited == wechat_id else 65411)
        if any(other.wechat_id == wechat_id for other in self.known.values()):
            raise Refused(65407)
        ends_at = now + INVITATION_LASTS
        self.keep(replace(kf, invited=wechat_id, invite_ends_at=ends_at, rejected=False))

    def answer_invitation(self, name: str, now: datetime, *, accepted: bool) -> KfAccount:
        """What the invited person says.

        Raises:
            Refused: 65401.
            ValueError: Nobody is invited, or it is too late.
        """
        kf = self.get(name)
        if kf.invitation(now) is not Invited.WAITING:
            raise ValueError(f"no invitation waits for an answer at {name}")
        if not accepted:
            return self.keep(replace(kf, rejected=True))
        return self.keep(replace(kf, wechat_id=kf.invited, invited=None, invite_ends_at=None))

    def delete(self, name: object) -> None:
        """Raises Refused: 65401."""
        kf = self.get(name)
        del self.known[kf.name]
        self._store.drop("kf", kf.name)

    def get(self, name: object) -> KfAccount:
        """Raises Refused: 65401."""
        kf = self.known.get(name) if isinstance(name, str) else None
        if kf is None:
            raise Refused(65401)
        return kf

    def keep(self, kf: KfAccount) -> KfAccount:
        self.known[kf.name] = kf
        self._store.put("kf", kf.name, kf.as_document())
        return kf

    def _made(self, name: str, nickname: str, wechat_id: str | None = None) -> KfAccount:
        number = max((kf.number for kf in self.known.values()), default=FIRST_ID - 1) + 1
        return KfAccount(name=name, number=number, nickname=nickname, wechat_id=wechat_id)


def _checked(nickname: object) -> str:
    if not isinstance(nickname, str) or not 0 < len(nickname.strip()) <= LONGEST_NICKNAME:
        raise Refused(65403)
    return nickname
