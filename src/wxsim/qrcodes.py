"""QR codes with a scene (带参数二维码): ticket, picture, and what a phone reads from it.

Source: "Create QR code" (生成带参数二维码), 2025.
"""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from wxsim.codes import Refused
from wxsim.store import Store

MOST_LASTING = 100_000
MOST_TEMPORARY = 20_000  # the oldest beyond it are forgotten


@dataclass(frozen=True, slots=True)
class Code:
    """One code; ``scene`` an int or a text, as it was made; ``expires_at`` None: for ever."""

    ticket: str
    url: str
    scene: int | str
    made_at: datetime
    expires_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at

    def as_document(self) -> dict[str, Any]:
        expires_at = self.expires_at and self.expires_at.isoformat()
        return asdict(self) | {"made_at": self.made_at.isoformat(), "expires_at": expires_at}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        until = document["expires_at"]
        moments = {
            "made_at": datetime.fromisoformat(document["made_at"]),
            "expires_at": until and datetime.fromisoformat(until),
        }
        return cls(**document | moments)


class Codes:
    """The codes made so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_ticket: dict[str, Code] = {}
        self._by_url: dict[str, Code] = {}
        self._lasting: dict[int | str, Code] = {}
        for code in sorted(map(Code.from_document, store.all("code")), key=lambda c: c.made_at):
            self._know(code)

    def make(self, scene: int | str, lasts: timedelta | None, now: datetime) -> Code:
        """A new code; a lasting one of the same scene is made once.

        Raises:
            Refused: 45029, too many lasting ones.
        """
        if lasts is None and scene in self._lasting:
            return self._lasting[scene]
        if lasts is None and len(self._lasting) >= MOST_LASTING:
            raise Refused(45029)
        url = f"http://weixin.qq.com/q/02{secrets.token_urlsafe(15)}"
        ends = None if lasts is None else now + lasts
        code = Code(_ticket(url, now, lasts), url, scene, now, ends)
        self._store.put("code", code.ticket, code.as_document())
        self._know(code)
        self._forget_old()
        return code

    def find_by_ticket(self, ticket: str, now: datetime) -> Code | None:
        return _good(self._by_ticket.get(ticket), now)

    def find_by_url(self, url: str, now: datetime) -> Code | None:
        """What a phone has read from the picture; None: no code of ours, or expired."""
        return _good(self._by_url.get(url.strip()), now)

    def find_by_scene(self, scene: str, now: datetime) -> Code | None:
        """The newest good code of this scene, an integer one written as a text."""
        found: Iterable[Code] = reversed(self._by_ticket.values())
        return next((c for c in found if str(c.scene) == scene and c.is_good(now)), None)

    def _know(self, code: Code) -> None:
        self._by_ticket[code.ticket] = self._by_url[code.url] = code
        if code.expires_at is None:
            self._lasting[code.scene] = code

    def _forget_old(self) -> None:
        if len(self._by_ticket) - len(self._lasting) <= MOST_TEMPORARY:
            return
        oldest = next(code for code in self._by_ticket.values() if code.expires_at is not None)
        del self._by_ticket[oldest.ticket], self._by_url[oldest.url]
        self._store.drop("code", oldest.ticket)


def _good(code: Code | None, now: datetime) -> Code | None:
    return code if code is not None and code.is_good(now) else None


def _ticket(url: str, now: datetime, lasts: timedelta | None) -> str:
    """96 characters; as in real ones the url, the moment and the seconds stand in its bytes."""
    made_at = int(now.timestamp()).to_bytes(4, "little")
    seconds = (0 if lasts is None else int(lasts.total_seconds())).to_bytes(4, "little")
    head = b"\x81\x01" + secrets.token_bytes(3) + bytes(7) + b"\x01"
    body = bytes([len(url) + 1]) + url.encode() + b"\x00\x02\x04" + made_at + b"\x03\x04" + seconds
    return base64.b64encode(head + body).decode()
