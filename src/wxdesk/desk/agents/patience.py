"""How long somebody who mistyped a password has to wait. Pure."""

from datetime import datetime, timedelta

FREE_TRIES = 3
LOCK_AFTER = 10
LOCKED_FOR = timedelta(minutes=15)


def next_try_at(failures: int, now: datetime) -> datetime:
    """When the next try is looked at: 1, 2, 4 … s from the third on, then locked for a while.

    Args:
        failures: Wrong passwords in a row, the last one included.
        now: When the last one was tried.
    """
    if failures >= LOCK_AFTER:
        return now + LOCKED_FOR
    if failures < FREE_TRIES:
        return now
    return now + timedelta(seconds=2 ** (failures - FREE_TRIES))
