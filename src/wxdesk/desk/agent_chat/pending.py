"""What an agent wrote and was asked about: it is sent to whom they name next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from wxdesk.desk.media import Wanted

ASKED_FOR = timedelta(minutes=5)
"""So long a number answers a question; later it turns to a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What is to be said: words, or a picture or a recording that WeChat holds.

    Attributes:
        kind: text, image or voice.
        media_id: WeChat's, of the account it was sent to.
        finer_id: Of a recording, at 16 kHz.
        url: Where a picture is shown without a token.
    """

    kind: str
    text: str = ""
    media_id: str = ""
    finer_id: str = ""
    url: str = ""

    @property
    def wanted(self) -> Wanted | None:
        """The file, for the desk's own copy."""
        if not self.media_id:
            return None
        ids = tuple(each for each in (self.finer_id, self.media_id) if each)
        return Wanted("media", ids, self.kind, self.url or None)

    def as_json(self, now: datetime) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "media_id": self.media_id,
            "finer_id": self.finer_id,
            "url": self.url,
            "at": now.isoformat(),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any] | None, now: datetime) -> Self | None:
        """None: nothing was asked, or too long ago."""
        if kept is None or now - datetime.fromisoformat(kept["at"]) > ASKED_FOR:
            return None
        return cls(**{name: value for name, value in kept.items() if name != "at"})
