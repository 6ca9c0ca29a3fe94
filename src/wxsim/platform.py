"""The state of a small WeChat: one account, its followers, their chats, tokens and grants."""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wxsim import push
from wxsim.account import Account
from wxsim.calls import Calls
from wxsim.chats import Chats, Line
from wxsim.clock import Clock, iso
from wxsim.faults import Faults
from wxsim.files import File, Files
from wxsim.follower import Follower, make_openid
from wxsim.kf import KfAccounts
from wxsim.ledger import Ledger, What
from wxsim.live import Live
from wxsim.mark import FailureMark
from wxsim.menus import Menus
from wxsim.oauth import OAuth
from wxsim.push import Push
from wxsim.qrcodes import Codes
from wxsim.quota import Quota
from wxsim.sessions import Sessions
from wxsim.store import Store
from wxsim.tags import Tags
from wxsim.templates import Templates
from wxsim.tickets import Tickets
from wxsim.tokens import AccessToken, Tokens
from wxsim.xml import Element

PUSHES_KEPT = 500
MOST_FOLLOWERS = 100_000
MOST_ANNOUNCED = 10_000  # events on their way; more are not made
_FIRST_MSG_ID = 24_000_000_000_000_000


class NoSuchFollower(Exception):
    """This openid was never given out."""


class Platform:
    """What the platform knows; every change is kept in the store and told to ``live``.

    Attributes:
        paths: What the API answers on.
        announced: Events that nobody's act caused, to be pushed as soon as may be.
    """

    def __init__(self, account: Account, store: Store) -> None:
        self.paths: frozenset[str] = frozenset()
        self.faults = Faults()
        self.live = Live()
        self.calls = Calls()
        self.pushes: deque[dict[str, Any]] = deque(maxlen=PUSHES_KEPT)
        self.announced: asyncio.Queue[Push] = asyncio.Queue(MOST_ANNOUNCED)
        self._store = store
        self._last_msg_id = 0
        self._account = account
        self._load()

    @property
    def account(self) -> Account:
        return self._account

    @account.setter
    def account(self, account: Account) -> None:
        self.kf.configure(account.kf_accounts, before=self._account.kf_accounts)
        self._account = account

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
            muted=follower.muted,
            joined_at=iso(follower.joined_at),
        )
        return follower

    def follow(self, openid: str, how: str = "ADD_SCENE_SEARCH", scene: int | str = "") -> None:
        """From now on; ``how`` and the ``scene`` of a QR code are told by user/info."""
        follower = self.get_follower(openid)
        here = replace(follower, following=True, met=True, subscribed_at=self.now())
        self.keep(replace(here, subscribe_scene=how, scene=scene))

    def unfollow(self, openid: str) -> None:
        self.keep(self.get_follower(openid).unfollowed())
        self.ledger.write(openid, What.CLOSED, self.now())

    def unionid(self, openid: str) -> str | None:
        """The same person's id under their open-platform account, if there is one."""
        if not self.faults.switches.unionids:
            return None
        return make_openid("unionid", openid.encode())

    # What the phones show

    def chat(self, openid: str) -> list[Line]:
        return self.chats.of(openid)

    def show(self, openid: str, author: str, kind: str, **content: Any) -> None:
        """One more line on the follower's phone, by ``me``, ``account`` or ``system``."""
        if openid in self.followers:  # else everything was reset while it was on its way
            line = {"at": iso(self.now()), "from": author, "type": kind}
            self.chats.add(openid, line | content)

    # Events that nobody's act caused

    def announce(self, openid: str, name: str, *elements: Element) -> None:
        at = self.now().replace(microsecond=0)
        made = push.event(self.account, openid, name, elements, at=at, answered=False)
        with contextlib.suppress(asyncio.QueueFull):
            self.announced.put_nowait(made)

    # Tokens, ids, files

    def give_token(self) -> AccessToken:
        token = self.tokens.give(self.now(), self.faults.switches.token_rules)
        self._keep_tokens()
        return token

    def give_stable_token(self, *, force: bool) -> AccessToken:
        """As ``Tokens.give_stable``."""
        rules = self.faults.switches.token_rules
        token = self.tokens.give_stable(self.now(), rules, force=force)
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

    def keep_file(self, body: bytes, content_type: str, kind: str | None = None) -> str:
        """Its media id; what followers send is temporary material as well."""
        kind = kind or content_type.partition("/")[0].replace("audio", "voice")
        return self.files.keep(body, kind, content_type, now=self.now()).media_id

    def find_file(self, media_id: str) -> tuple[str, bytes] | None:
        """Content type and bytes, whether or not it has expired."""
        return self._store.find_file(media_id)

    def get_media(self, media_id: object) -> File:
        """Raises Refused: 40007, no such material, or no more."""
        lifetime = timedelta(seconds=self.faults.switches.media_expires_s)
        return self.files.get(media_id, self.now(), lifetime)

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
        while not self.announced.empty():
            self.announced.get_nowait()
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
        self._load_parts()

    def _load_parts(self) -> None:
        self.quota = Quota(self._store)
        self.ledger = Ledger(self._store)
        self.mark = FailureMark()
        self.chats = Chats(self._store, self.live)
        self.tickets = Tickets(self._store)
        self.files = Files(self._store)
        self.tags = Tags(self._store)
        self.codes = Codes(self._store)
        self.menus = Menus(self._store)
        self.templates = Templates(self._store)
        self.oauth = OAuth(self._store)
        self.sessions = Sessions(self._store)
        self.kf = KfAccounts(self._store)
        self.kf.configure(self._account.kf_accounts)
