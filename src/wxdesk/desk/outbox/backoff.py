"""What to do with a delivery that failed. Pure: no clock, no tables, no network."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.wechat import CallFailed, Meaning, OverLimit, Refused, Uncertain

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


@dataclass(frozen=True, slots=True)
class UploadAgain:
    """Nothing was sent: WeChat has forgotten a file, and takes the message once it has it again."""

    why: str


Decision = Retry | GiveUp | Unsure | UploadAgain


def after_failure(
    error: CallFailed,
    *,
    attempts: int,
    now: datetime,
    resend_uncertain: bool = False,
    may_upload: bool = False,
) -> Decision:
    """Decide from the error and how often it was tried.

    Args:
        error: What the last attempt raised.
        attempts: How many attempts were made, the failed one included; at least 1.
        now: When it failed.
        resend_uncertain: The operator prefers twice to perhaps never.
        may_upload: It shows files that the desk has, and has not uploaded anew for this.
    """
    if isinstance(error, Uncertain):
        again = resend_uncertain and attempts < MOST_ATTEMPTS
        return Retry(now + _wait(attempts), "answer_lost") if again else Unsure("answer_lost")
    if isinstance(error, OverLimit):
        return GiveUp("over_limit")
    meaning = error.meaning if isinstance(error, Refused) else Meaning.BUSY
    why = meaning.value if isinstance(error, Refused) else "unreachable"
    if meaning is Meaning.MEDIA_STALE and may_upload:
        return UploadAgain(why)
    wait = _wait_after(meaning, attempts)
    return Retry(now + wait, why) if wait and attempts < MOST_ATTEMPTS else GiveUp(why)


def _wait_after(meaning: Meaning, attempts: int) -> timedelta | None:
    """How long to wait before trying again; None: that would change nothing."""
    match meaning:
        case Meaning.TOKEN_STALE | Meaning.BUSY:
            return _wait(attempts)
        case Meaning.TOO_FAST | Meaning.CREDENTIALS:
            return SLOW_DOWN_WAIT
        case Meaning.QUOTA_SPENT:
            return QUOTA_WAIT
        case _:
            return None


def _wait(attempts: int) -> timedelta:
    """2, 4, 8 … s, at most a minute."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
