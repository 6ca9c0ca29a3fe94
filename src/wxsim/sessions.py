"""Sessions of the native customer-service tool (会话控制), and what is said in them.

A customer waits in the queue or is served by one worker; while served, what they write goes to
the worker and not to the account's server.

Source: "Session control", "Forward messages to the native tool" (会话控制, 将消息转发到客服), 2025.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wxsim.codes import Refused
from wxsim.store import Store

AGENT_SENT, AGENT_RECEIVED = 2002, 2003
RECORDS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """A customer and the worker who serves them; ``kf_account`` None: still in the queue."""

    openid: str
    kf_account: str | None
    began_at: datetime
    latest_at: datetime


class Sessions:
    """Who is served by whom, who waits, and the records."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all: dict[str, Session] = {}
        for openid, kf_account, *moments in store.all("session"):
            began_at, latest_at = map(datetime.fromisoformat, moments)
            self._all[openid] = Session(openid, kf_account, began_at, latest_at)
        self._records: deque[dict[str, Any]] = deque(store.all("record"), maxlen=RECORDS_KEPT)
        self._last_id: int = self._records[-1]["id"] if self._records else 0

    def serving(self, openid: str) -> Session | None:
        """The session of this customer, if somebody serves them."""
        session = self._all.get(openid)
        return session if session and session.kf_account else None

    def of_worker(self, kf_account: str) -> list[Session]:
        return [session for session in self._all.values() if session.kf_account == kf_account]

    def waiting(self) -> list[Session]:
        """The queue, in order of arrival."""
        queue = [session for session in self._all.values() if session.kf_account is None]
        return sorted(queue, key=lambda session: session.began_at)

    def wait(self, openid: str, now: datetime) -> None:
        """Into the queue, or once more heard of in it."""
        session = self._all.get(openid)
        self._keep(Session(openid, None, session.began_at if session else now, now))

    def open(self, openid: str, kf_account: str, now: datetime) -> bool:
        """Let this worker serve them; False: they do already.

        Raises:
            Refused: 65414, another does.
        """
        session = self.serving(openid)
        if session is not None and session.kf_account != kf_account:
            raise Refused(65414)
        if session is None:
            self._keep(Session(openid, kf_account, now, now))
        return session is None

    def close(self, openid: str, kf_account: str) -> None:
        """Raises Refused: 65413 nobody serves them, 65414 another does."""
        session = self.serving(openid)
        if session is None:
            raise Refused(65413)
        if session.kf_account != kf_account:
            raise Refused(65414)
        self.drop(openid)

    def switch(self, openid: str, kf_account: str) -> str:
        """Another worker goes on; returns the one before.

        Raises:
            Refused: 65413, nobody serves them.
        """
        session = self.serving(openid)
        if session is None or session.kf_account is None:
            raise Refused(65413)
        self._keep(Session(openid, kf_account, session.began_at, session.latest_at))
        return session.kf_account

    def ended(self, now: datetime, lasts: timedelta) -> list[Session]:
        """Those that are over by the clock."""
        return [s for s in self._all.values() if s.kf_account and now >= s.began_at + lasts]

    def drop(self, openid: str) -> None:
        self._all.pop(openid, None)
        self._store.drop("session", openid)

    def write_down(
        self, openid: str, kf_account: str, opercode: int, text: str, now: datetime
    ) -> None:
        """One line of a chat in the native tool; those of the API are not recorded."""
        if len(self._records) == RECORDS_KEPT:
            self._store.drop("record", f"{self._records[0]['id']:012d}")
        self._last_id += 1
        record = {
            "id": self._last_id,
            "openid": openid,
            "opercode": opercode,
            "text": text,
            "time": int(now.timestamp()),
            "worker": kf_account,
        }
        self._records.append(record)
        self._store.put("record", f"{self._last_id:012d}", record)

    def records(self, start: int, end: int, after: int, most: int) -> list[dict[str, Any]]:
        """At most ``most`` from id ``after`` on, of the seconds from ``start`` to ``end``."""
        found = (r for r in self._records if r["id"] >= after and start <= r["time"] <= end)
        return [record for record, _ in zip(found, range(most), strict=False)]

    def _keep(self, session: Session) -> None:
        self._all[session.openid] = session
        moments = [session.began_at.isoformat(), session.latest_at.isoformat()]
        self._store.put("session", session.openid, [session.openid, session.kf_account, *moments])


def recorded(kind: str, text: str) -> str:
    """How a message stands in the records."""
    return text if kind == "text" else f"[{kind}]"
