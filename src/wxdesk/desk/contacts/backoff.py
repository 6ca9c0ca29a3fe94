"""How long to leave WeChat alone after it failed to answer about contacts. Pure.

What is asked or told here may be repeated at will, so an answer that was lost is no more than
a failure.
"""

from datetime import timedelta

from wxdesk.wechat import CallFailed, Meaning, OverLimit, Refused

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
MOST_ATTEMPTS = 30  # with the waits above: about two hours
SLOW_DOWN_WAIT = timedelta(minutes=1)  # "retry next minute", 45011
QUOTA_WAIT = timedelta(hours=1)  # WeChat gives new calls once a day; we look hourly


def wait_after(error: CallFailed, *, attempts: int) -> timedelta | None:
    """How long to wait before trying again; None: it will never work.

    Args:
        error: What the last attempt raised.
        attempts: Failures in a row, this one included; at least 1.
    """
    if isinstance(error, OverLimit):
        return None
    meaning = error.meaning if isinstance(error, Refused) else Meaning.BUSY
    match meaning:
        case Meaning.QUOTA_SPENT:
            return QUOTA_WAIT  # it comes back, however often we look
        case Meaning.TOKEN_STALE | Meaning.BUSY if attempts < MOST_ATTEMPTS:
            return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
        case Meaning.TOO_FAST | Meaning.CREDENTIALS if attempts < MOST_ATTEMPTS:
            return SLOW_DOWN_WAIT
        case _:
            return None
