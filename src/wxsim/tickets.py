"""Tickets of the JS-SDK: the same one of a kind, as long as it is good.

Source: "JS-SDK" (JS-SDK使用权限签名算法), 2025.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxsim.store import Store

LIFETIME = timedelta(seconds=7200)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Good until ``expires_at``."""

    value: str
    expires_at: datetime


class Tickets:
    """The tickets given so far."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def give(self, kind: str, now: datetime) -> Ticket:
        kept = self._store.get("ticket", kind)
        if kept is not None and now < datetime.fromisoformat(kept[1]):
            return Ticket(kept[0], datetime.fromisoformat(kept[1]))
        ticket = Ticket(secrets.token_hex(43), now + LIFETIME)
        self._store.put("ticket", kind, [ticket.value, ticket.expires_at.isoformat()])
        return ticket
