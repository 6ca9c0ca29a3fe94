"""What the platform answers when it refuses.

The texts are in ``errmsg``.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from wxsim.errmsg import ERRMSG


class Tail(StrEnum):
    """What follows the text of an error, by the age of the platform."""

    RID = "rid"
    HINT = "hint"
    BOTH = "both"
    NONE = "none"


class Refused(Exception):
    """The platform says no; ``text`` and ``facts`` where it says more than the table does."""

    def __init__(self, errcode: int, text: str | None = None, **facts: Any) -> None:
        super().__init__(errcode)
        self.facts = facts
        self.errcode = errcode
        self.text = text if text is not None else ERRMSG.get(errcode, "unknown error")

    def answer(self, tail: Tail, now: datetime, rid: str) -> dict[str, Any]:
        errmsg = self.text + _written(tail, now, rid)
        return {"errcode": self.errcode, "errmsg": errmsg, **self.facts}


def new_rid(now: datetime) -> str:
    """The name of a request: three groups of eight hex digits, the first its Unix time."""
    return f"{int(now.timestamp()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def _written(tail: Tail, now: datetime, rid: str) -> str:
    named = f" rid: {rid}"
    hint = f" hint: [{secrets.token_hex(2)}{int(now.timestamp()) % 10**10}]"
    return {Tail.RID: named, Tail.HINT: hint, Tail.BOTH: hint + named, Tail.NONE: ""}[tail]
