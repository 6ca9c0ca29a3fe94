"""How fast things go, pool by pool, as the desk keeps it between decisions. Pure.

Kept is JSON: gaps between places that become free (the guard follows from them), starts and
arrivals and patience (waits are predicted from them), and what predictions were worth. Of each
there are at most so many pools; the one that was not heard of for longest is forgotten first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk.routing.calibrate import Calibration
from wxdesk.desk.routing.order import guard
from wxdesk.desk.routing.predict import FEWEST_STARTS
from wxdesk.desk.routing.rates import PACE_WEIGHT, Arrivals, Gaps, Patience
from wxdesk.desk.routing.snapshot import Waiting

USUAL_GUARD = timedelta(seconds=30)
"""Of a pool that was not measured yet."""

LONGEST_GAP = timedelta(minutes=30)
"""What took longer was a night or a pause, no pace."""

NIGHT = timedelta(hours=3)
"""So long without a start, and the next one is the first of a day: with other agents, perhaps."""

MOST_POOLS = 200
MOST_ABANDONED = 200
MOST_WAITED = timedelta(days=365)
"""Beyond these, patience forgets half of what it knows: it is that of lately."""

FAINTEST = 1e-6
"""Arrivals a second that are not worth keeping."""

Kept = Mapping[str, Any]


def guards(kept: Kept) -> dict[str, timedelta]:
    """By pool: so long before its end a promise counts as nearly broken."""
    return {
        pool: guard(timedelta(seconds=each["mean"]), timedelta(0))
        for pool, each in kept.get("gaps", {}).items()
    }


def after_release(kept: Kept, heads: Iterable[Waiting], now: datetime) -> dict[str, Any]:
    """An agent got room while these waited."""
    for pool in sorted({each.pool for each in heads}):
        before = _gaps(_get(kept, "gaps", pool))
        if before.last_at and now - before.last_at > LONGEST_GAP:
            before = before.after_calm()
        kept = _with(kept, "gaps", pool, _gaps_as_json(before.after(now)))
    return dict(kept)


# Starts


def after_start(kept: Kept, pool: str, at: datetime, *, waited: bool) -> dict[str, Any]:
    """Somebody of a pool was given to an agent.

    Args:
        kept: As the desk has it.
        pool: Whose.
        at: When. Of two that are told in the wrong order the later one told counts as at once.
        waited: They had to wait: else nobody waits, and the gap to the next start is no pace.
    """
    known = _get(kept, "starts", pool)
    if known is None and not waited:
        return dict(kept)
    before = _starts(known, at)
    if waited:
        at = max(at, before.last_at or at)
        after = before.after(at, weight=max(PACE_WEIGHT, 1 / (before.count + 1)))
    else:
        after = before.after_calm()
    return _with(kept, "starts", pool, _gaps_as_json(after) | {"seen": at.isoformat()})


def pace_of(kept: Kept, pool: str, now: datetime) -> float | None:
    """Starts a second while somebody waits; None: fewer today than say anything."""
    found = _starts(_get(kept, "starts", pool), now)
    return found.per_second or None if found.count >= FEWEST_STARTS else None


def _starts(known: Kept | None, at: datetime) -> Gaps:
    """As they count at a moment: the mean is today's from the first gap on."""
    if known is None or at - datetime.fromisoformat(known["seen"]) > NIGHT:
        return Gaps(0.0)
    found = _gaps(known)
    late = found.last_at is not None and at - found.last_at > LONGEST_GAP
    return found.after_calm() if late else found


# Arrivals, patience


def after_arrival(kept: Kept, pool: str, rank: int, at: datetime) -> dict[str, Any]:
    """One more of a level has come."""
    known = _get(kept, "arrivals", pool) or {}
    rates = {each: rate for each, rate in known.items() if _rate(rate).now(at) > FAINTEST}
    after = _rate(known.get(str(rank))).after(at)
    rates[str(rank)] = [after.per_second, at.isoformat()]
    return _with(kept, "arrivals", pool, rates)


def arrivals_of(kept: Kept, pool: str, now: datetime) -> dict[int, float]:
    """A second, by rank."""
    known = _get(kept, "arrivals", pool) or {}
    return {int(rank): _rate(rate).now(now) for rank, rate in known.items()}


def after_wait(kept: Kept, pool: str, waited: timedelta, *, gave_up: bool) -> dict[str, Any]:
    """A wait is over."""
    after = _patience(kept, pool).after(waited, gave_up=gave_up)
    abandoned, seconds = after.abandoned, after.waited
    if abandoned > MOST_ABANDONED or seconds > MOST_WAITED.total_seconds():
        abandoned, seconds = abandoned // 2, seconds / 2
    return _with(kept, "patience", pool, [abandoned, seconds])


def abandonment_of(kept: Kept, pool: str) -> float:
    """Of one who waits, a second; 0 where too few gave up to tell."""
    return _patience(kept, pool).per_second


# What predictions are worth


def after_calibration(kept: Kept, pool: str, rank: int, found: Calibration) -> dict[str, Any]:
    """Of one level of a pool."""
    known = _get(kept, "calibration", pool) or {}
    return _with(kept, "calibration", pool, {**known, str(rank): asdict(found)})


def calibration_of(kept: Kept, pool: str, rank: int) -> Calibration:
    """What is known of it; nothing, at first."""
    known = _get(kept, "calibration", pool) or {}
    return Calibration(**known[str(rank)]) if str(rank) in known else Calibration()


# Values as JSON


def _get(kept: Kept, of: str, pool: str) -> Any:
    return kept.get(of, {}).get(pool)


def _with(kept: Kept, of: str, pool: str, value: object) -> dict[str, Any]:
    others = {name: each for name, each in kept.get(of, {}).items() if name != pool}
    for name in list(others)[: max(0, len(others) + 1 - MOST_POOLS)]:
        del others[name]
    return {**kept, of: {**others, pool: value}}


def _gaps(kept: Kept | None) -> Gaps:
    if kept is None:
        return Gaps(USUAL_GUARD.total_seconds() / 4)
    last_at = kept["last_at"]
    return Gaps(kept["mean"], datetime.fromisoformat(last_at) if last_at else None, kept["count"])


def _gaps_as_json(gaps: Gaps) -> dict[str, Any]:
    last_at = gaps.last_at and gaps.last_at.isoformat()
    return {"mean": gaps.mean, "last_at": last_at, "count": gaps.count}


def _rate(kept: Any) -> Arrivals:
    return Arrivals(kept[0], datetime.fromisoformat(kept[1])) if kept else Arrivals()


def _patience(kept: Kept, pool: str) -> Patience:
    return Patience(*(_get(kept, "patience", pool) or ()))
