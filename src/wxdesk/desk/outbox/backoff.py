"""What to do with a delivery that failed. Pure: no clock, no tables, no network."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.wechat import CallFailed, Meaning, Refused, Uncertain

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 30  # with the waits above: about half an hour
SLOW_DOWN_WAIT = timedelta(minutes=1)  # "retry next minute", 45011
QUOTA_WAIT = timedelta(hours=1)  # WeChat gives new calls once a day; we look hourly


@dataclass(frozen=True, slots=True)
class Retry:
    """Nothing was sent: send it again, no sooner than ``at``."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nothing was sent, and trying again changes nothing; ``why`` is told to the agent."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been sent: only a person decides to send it again."""

    why: str


def after_failure(
    error: CallFailed, *, attempts: int, now: datetime, resend_uncertain: bool = False
) -> Retry | GiveUp | Unsure:
    """Decide from the error and how often it was tried.

    Args:
        error: What the last attempt raised.
        attempts: How many attempts were made, the failed one included; at least 1.
        now: When it failed.
        resend_uncertain: The operator prefers twice to perhaps never.
    """
    again = resend_uncertain and attempts < MOST_ATTEMPTS
    if isinstance(error, Uncertain):
        return Retry(now + _wait(attempts), "answer_lost") if again else Unsure("answer_lost")
    why = error.meaning.value if isinstance(error, Refused) else "unreachable"
    if attempts >= MOST_ATTEMPTS:
        return GiveUp(why)
    match error.meaning if isinstance(error, Refused) else Meaning.BUSY:
        case Meaning.TOKEN_STALE | Meaning.BUSY:
            return Retry(now + _wait(attempts), why)
        case Meaning.TOO_FAST | Meaning.CREDENTIALS:
            return Retry(now + SLOW_DOWN_WAIT, why)
        case Meaning.QUOTA_SPENT:
            return Retry(now + QUOTA_WAIT, why)
        case _:
            return GiveUp(why)


def _wait(attempts: int) -> timedelta:
    """2, 4, 8 … s, at most a minute."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
