"""Files of the account and its followers: temporary ones die after three days, lasting ones stay.

Source: "Temporary material" and "Permanent material" (临时素材, 永久素材), 2025.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from wxsim.codes import Refused
from wxsim.store import Store

MOST_FILES = 1000  # the oldest temporary ones beyond it are gone before their time
MOST_BYTES = 500_000_000
MOST_LASTING_BYTES = 250_000_000
MOST_LASTING = {"image": 100_000, "voice": 1000, "video": 1000, "thumb": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of one file.

    Attributes:
        kind: ``image``, ``voice``, ``video``, ``thumb``; ``picture`` is one for articles.
        lasting: Permanent material; never expires.
        title: Of permanent videos, as ``introduction``.
    """

    media_id: str
    kind: str
    content_type: str
    size: int
    made_at: datetime
    name: str = ""
    lasting: bool = False
    title: str = ""
    introduction: str = ""

    def as_document(self) -> dict[str, Any]:
        return asdict(self) | {"made_at": self.made_at.isoformat()}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        return cls(**document | {"made_at": datetime.fromisoformat(document["made_at"])})


class Files:
    """All files; what is known of them in memory, their bytes in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = sorted(map(File.from_document, store.all("file")), key=lambda file: file.made_at)
        self._known = {file.media_id: file for file in kept}

    def keep(
        self, body: bytes, kind: str, content_type: str, *, now: datetime, **facts: Any
    ) -> File:
        """Keep it under a new id, 64 characters as real ones.

        Raises:
            Refused: 45034, no more lasting ones fit in.
        """
        if facts.get("lasting"):
            self._require_room(kind, len(body))
        file = File(
            media_id=secrets.token_urlsafe(48),
            kind=kind,
            content_type=content_type,
            size=len(body),
            made_at=now,
            **facts,
        )
        self._store.keep_file(file.media_id, content_type, body)
        self._store.put("file", file.media_id, file.as_document())
        self._known[file.media_id] = file
        self._make_room()
        return file

    def find(self, media_id: object) -> File | None:
        return self._known.get(media_id) if isinstance(media_id, str) else None

    def get(self, media_id: object, now: datetime, lifetime: timedelta) -> File:
        """The file, if it may still be used.

        Raises:
            Refused: 40007, unknown, another account's, or too old.
        """
        file = self.find(media_id)
        if file is None or file.kind == "picture":
            raise Refused(40007)
        if not file.lasting and now >= file.made_at + lifetime:
            raise Refused(40007)
        return file

    def body(self, media_id: str) -> bytes:
        found = self._store.find_file(media_id)
        return b"" if found is None else found[1]

    def lasting(self, kind: str) -> list[File]:
        """Permanent material of the kind, newest first."""
        found = [file for file in self._known.values() if file.lasting and file.kind == kind]
        return found[::-1]

    def drop(self, media_id: str) -> None:
        del self._known[media_id]
        self._store.drop("file", media_id)
        self._store.drop_file(media_id)

    def _require_room(self, kind: str, size: int) -> None:
        lasting = [file for file in self._known.values() if file.lasting]
        count = sum(file.kind == kind for file in lasting)
        full = sum(file.size for file in lasting) + size > MOST_LASTING_BYTES
        if full or count >= min(MOST_LASTING.get(kind, MOST_FILES), MOST_FILES):
            raise Refused(45034)

    def _make_room(self) -> None:
        excess = len(self._known) - MOST_FILES
        size = sum(file.size for file in self._known.values()) - MOST_BYTES
        for file in [file for file in self._known.values() if not file.lasting]:
            if excess <= 0 and size <= 0:
                return
            self.drop(file.media_id)
            excess, size = excess - 1, size - file.size
