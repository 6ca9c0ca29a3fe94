"""The state of a small WeChat: one account, its followers, their chats, tokens and grants."""

import secrets
import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wxsim import allowance
from wxsim.account import Account
from wxsim.allowance import Trigger
from wxsim.calls import Calls
from wxsim.clock import Clock, iso
from wxsim.codes import Refused
from wxsim.faults import Faults
from wxsim.follower import Follower, make_openid
from wxsim.live import Live
from wxsim.store import Store
from wxsim.tokens import AccessToken, Tokens

LINES_KEPT = 1000  # of one chat
PUSHES_KEPT = 500
MOST_FOLLOWERS = 100_000
_FIRST_MSG_ID = 24_000_000_000_000_000

Line = dict[str, Any]


class NoSuchFollower(Exception):
    """This openid was never given out."""


class Platform:
    """What the platform knows; every change is kept in the store and told to ``live``."""

    def __init__(self, account: Account, store: Store) -> None:
        self.account = account
        self.faults = Faults()
        self.live = Live()
        self.calls = Calls()
        self.pushes: deque[dict[str, Any]] = deque(maxlen=PUSHES_KEPT)
        self._store = store
        self._last_msg_id = 0
        self._load()

    def now(self) -> datetime:
        return self.clock.now()

    # Followers

    def new_follower(
        self,
        name: str | None = None,
        *,
        openid: str | None = None,
        following: bool = True,
        scripted: bool = False,
    ) -> Follower:
        """Somebody this account can meet; follows silently, without a push.

        Raises:
            ValueError: There are too many already.
        """
        if len(self.followers) >= MOST_FOLLOWERS:
            raise ValueError(f"there are {MOST_FOLLOWERS} followers already")
        follower = Follower(
            openid=openid or make_openid(self.account.original_id, secrets.token_bytes(16)),
            name=name or f"访客 {len(self.followers) + 1}",
            joined_at=self.now(),
            following=following,
            met=following,
            scripted=scripted,
        )
        return self.keep(follower)

    def get_follower(self, openid: str) -> Follower:
        """The follower as known now.

        Raises:
            NoSuchFollower: Nobody has this openid.
        """
        try:
            return self.followers[openid]
        except KeyError:
            raise NoSuchFollower(openid) from None

    def keep(self, follower: Follower) -> Follower:
        self.followers[follower.openid] = follower
        self._store.put("follower", follower.openid, follower.as_document())
        self.live.tell(
            "follower",
            openid=follower.openid,
            name=follower.name,
            following=follower.following,
            joined_at=iso(follower.joined_at),
        )
        return follower

    def follow(self, openid: str) -> None:
        self.keep(replace(self.get_follower(openid), following=True, met=True))

    def unfollow(self, openid: str) -> None:
        self.keep(self.get_follower(openid).unfollowed())

    # What may be sent

    def grant(self, openid: str, trigger: Trigger, at: datetime) -> None:
        """Open what this act of the follower opens, from ``at`` on."""
        follower = self.get_follower(openid)
        grants = allowance.after_act(
            follower.grants,
            trigger,
            policy=self.account.rules,
            renewal=self.account.renewal,
            now=at,
        )
        self.keep(replace(follower, grants=grants))

    def spend(self, openid: str) -> None:
        """Take one send off the follower's grants.

        Raises:
            Refused: 45015 or 45047.
        """
        follower = self.get_follower(openid)
        try:
            grants = allowance.after_send(follower.grants, self.now())
        except allowance.WindowClosed:
            raise Refused(45015) from None
        except allowance.RepliesSpent:
            raise Refused(45047) from None
        self.keep(replace(follower, grants=grants))

    # What the phones show

    def chat(self, openid: str) -> list[Line]:
        return list(self._chats.get(openid, ()))

    def show(self, openid: str, author: str, kind: str, **content: Any) -> None:
        """One more line on the follower's phone, by ``me``, ``account`` or ``system``."""
        if openid not in self.followers:
            return  # everything was reset while the line was on its way
        self._last_line += 1
        line = {"id": self._last_line, "at": iso(self.now()), "from": author, "type": kind}
        line |= content
        chat = self._chats.setdefault(openid, deque())
        chat.append(line)
        self._store.put("line", _line_key(openid, line), [openid, line])
        if len(chat) > LINES_KEPT:
            self._store.drop("line", _line_key(openid, chat.popleft()))
        self.live.tell("line", openid=openid, line=line)

    # Tokens, ids, files

    def give_token(self) -> AccessToken:
        token = self.tokens.give(self.now())
        self._keep_tokens()
        return token

    def give_stable_token(self, *, force: bool) -> AccessToken:
        """As ``Tokens.give_stable``."""
        token = self.tokens.give_stable(self.now(), force=force)
        self._keep_tokens()
        return token

    def invalidate_tokens(self) -> None:
        self.tokens.invalidate(self.now())
        self._keep_tokens()

    def next_msg_id(self) -> int:
        """64 bits, growing with the real time, so that no id comes twice, restarted or reset."""
        micros = time.time_ns() // 1000 - 1_700_000_000_000_000
        self._last_msg_id = max(self._last_msg_id + 1, _FIRST_MSG_ID + micros)
        return self._last_msg_id

    def keep_file(self, body: bytes, content_type: str) -> str:
        """Its media id, 64 characters as real ones."""
        media_id = secrets.token_urlsafe(48)
        self._store.keep_file(media_id, content_type, body)
        return media_id

    def find_file(self, media_id: str) -> tuple[str, bytes] | None:
        return self._store.find_file(media_id)

    # The whole of it

    def advance_clock(self, by: timedelta) -> None:
        self.clock.advance(by)
        self._store.put("state", "clock", self.clock.ahead.total_seconds())
        self.live.tell("clock", now=iso(self.now()))

    def reset(self) -> None:
        """Empty again; only the account stays, and ids go on growing."""
        self._store.clear()
        self.faults.clear()
        self.calls.clear()
        self.pushes.clear()
        self._load()
        self.live.tell("reset")

    def close(self) -> None:
        self.live.close()
        self._store.close()

    def _keep_tokens(self) -> None:
        self._store.put("state", "tokens", self.tokens.as_document())

    def _load(self) -> None:
        self.clock = Clock(timedelta(seconds=self._store.get("state", "clock") or 0))
        self.tokens = Tokens.from_document(self._store.get("state", "tokens"))
        kept = [Follower.from_document(document) for document in self._store.all("follower")]
        kept.sort(key=lambda follower: follower.joined_at)
        self.followers = {follower.openid: follower for follower in kept}
        self._chats: dict[str, deque[Line]] = {}
        for openid, line in self._store.all("line"):
            self._chats.setdefault(openid, deque()).append(line)
        self._last_line = max((chat[-1]["id"] for chat in self._chats.values()), default=0)


def _line_key(openid: str, line: Line) -> str:
    return f"{openid}/{line['id']:012d}"
