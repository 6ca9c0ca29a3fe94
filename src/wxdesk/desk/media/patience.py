"""When to try again what could not be fetched. Pure.

That WeChat has no such file (40007) is no last word: a file may be slower than its push, and its
token may have been another account's. It is tried until WeChat forgets files.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.wechat import CallFailed, OverLimit, Refused

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Fetch it again, no sooner than ``at``."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Lose:
    """It will never come; ``why`` is shown."""

    why: str


def after_failure(
    error: CallFailed, *, attempts: int, now: datetime, expires_at: datetime
) -> TryAgain | Lose:
    """Decide from the error and how often it was tried.

    Args:
        error: What the last attempt raised.
        attempts: How many were made, the failed one included; at least 1.
        now: When it failed.
        expires_at: When WeChat forgets the file: there is one last try then.
    """
    if isinstance(error, OverLimit):
        return Lose("too_large")
    if now >= expires_at:
        return Lose("expired")
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    why = error.meaning.value if isinstance(error, Refused) else "unreachable"
    return TryAgain(min(now + wait, expires_at), why)
