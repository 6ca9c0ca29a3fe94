"""Whether a customer is to be asked to write before their window closes. Pure.

A tapped menu would not keep the window open: only a message does. So they are asked to write any
word, once for each window, and never at night: where the end of a window falls into quiet hours, it
is asked before these begin.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wxdesk.desk import accounts
from wxdesk.desk.answers.model import Keeper


class Kept(StrEnum):
    """What is to be done, or why not."""

    ASK = "ask"
    NOT_OWED = "not_owed"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ASKED = "asked"  # before the end of this window already
    SHORT = "short"  # a window of a minute closes before anybody could answer
    QUIET = "quiet"
    ANSWER_READY = "answer_ready"  # one waits to be sent, or is parked
    LAST_SEND = "last_send"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with a customer.

    Attributes:
        owed: An answer is owed, in an open conversation.
        opened_at: When the window that lasts longest was opened.
        closes_at: When it closes; None: none is open.
        left: Messages that WeChat still allows; None: no count.
        waiting: Messages to them that wait to be sent, or are parked.
        reminded_for: The end of the last window for which they were asked.
    """

    owed: bool
    opened_at: datetime | None
    closes_at: datetime | None
    left: int | None
    waiting: int = 0
    reminded_for: datetime | None = None


def decide(keeper: Keeper, standing: Standing, *, now: datetime, zone: ZoneInfo) -> Kept:
    """Decide for one customer."""
    if not standing.owed:
        return Kept.NOT_OWED
    if standing.closes_at is None or standing.opened_at is None or now >= standing.closes_at:
        return Kept.CLOSED
    if standing.reminded_for is not None and standing.closes_at <= standing.reminded_for:
        return Kept.ASKED
    lasts = standing.closes_at - standing.opened_at
    return _when(keeper, standing.closes_at, lasts, now, zone) or _may_be_sent(keeper, standing)


def _when(
    keeper: Keeper, closes_at: datetime, lasts: timedelta, now: datetime, zone: ZoneInfo
) -> Kept | None:
    """Why not now; None: it is time."""
    before = timedelta(minutes=keeper.minutes_before)
    if lasts <= before:
        return Kept.SHORT
    if now < _last_chance(keeper, closes_at, zone) - before:
        return Kept.NOT_YET
    if accounts.is_between(keeper.quiet_from, keeper.quiet_to, now, zone):
        return Kept.QUIET
    return None


def _may_be_sent(keeper: Keeper, standing: Standing) -> Kept:
    if standing.waiting:
        return Kept.ANSWER_READY
    if standing.left is not None and standing.left < 1:
        return Kept.NOTHING_LEFT
    if standing.left == 1 and not keeper.may_use_last:
        return Kept.LAST_SEND
    return Kept.ASK


def _last_chance(keeper: Keeper, closes_at: datetime, zone: ZoneInfo) -> datetime:
    """The end of the window, or the beginning of the quiet hours that it falls into."""
    if not accounts.is_between(keeper.quiet_from, keeper.quiet_to, closes_at, zone):
        return closes_at
    there = closes_at.astimezone(zone)
    hour, minute = divmod(keeper.quiet_from, 60)
    began = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if began > there:
        began -= timedelta(days=1)
    return began.astimezone(closes_at.tzinfo)


def horizon(keeper: Keeper) -> timedelta:
    """No window that closes later can be due: the longest quiet hours, and so long before."""
    return timedelta(days=1, minutes=keeper.minutes_before)
