"""How pushes went: one POST after the other, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wxsim.passive import Reply


@dataclass(frozen=True, slots=True)
class Try:
    """One POST: the HTTP status it got, if any; the reply, or what was wrong."""

    status: int | None
    milliseconds: int
    reply: Reply | None = None
    error: str | None = None
    final: bool = True  # an answer came; there is no point in asking again


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a push went: all its POSTs, in order.

    Attributes:
        withheld: Why it was not posted at all, or no more: ``native session``, ``blacklisted``,
            ``MarkFail``.
    """

    tries: Sequence[Try]
    withheld: str | None = None

    @property
    def status(self) -> int | None:
        return self.tries[-1].status if self.tries else None

    @property
    def reply(self) -> Reply | None:
        return next((one.reply for one in self.tries if one.reply), None)

    @property
    def error(self) -> str | None:
        """What was wrong with the last, unless one of them was answered well."""
        if any(one.error is None for one in self.tries):
            return None
        return self.tries[-1].error if self.tries else None

    @property
    def state(self) -> str:
        return self.withheld or ("failed" if self.error else "done")

    def shown(self) -> dict[str, Any]:
        return {
            "attempts": len(self.tries),
            "status": self.status,
            "reply": self.reply,
            "error": self.error,
            "withheld": self.withheld,
            "tries": [
                {"status": one.status, "ms": one.milliseconds, "error": one.error}
                for one in self.tries
            ],
        }
