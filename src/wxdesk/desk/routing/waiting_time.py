"""How long those who wait will wait: asked for, said, and held against what became of it.

What was said is kept when an agent was looked for in vain, and ended by whoever settles; the paces
of the desk are only written under its lock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from wxdesk.desk.routing import paces, predictions, terms, who_is_here, who_waits
from wxdesk.desk.routing.calibrate import calibrated
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.foretell import Asked, Foreteller, Prediction, Queued
from wxdesk.desk.routing.model import Wait
from wxdesk.desk.routing.paces import Kept
from wxdesk.desk.routing.predictions import Ended, Foretold, Start
from wxdesk.desk.routing.round import Round
from wxdesk.desk.routing.snapshot import Agent
from wxdesk.desk.routing.terms import Terms
from wxdesk.desk.routing.who_is_here import read_agents
from wxdesk.store import Unit

MOST_COUNTED = 2000
"""Where more wait, nobody is told anything: the longest step of the display is passed by far."""

MOST_SETTLED = 200


async def predict_for(
    unit: Unit, conversation_ids: Collection[int], now: datetime
) -> Mapping[int, Prediction]:
    """How long these will wait yet: of those who wait, and are offered to nobody.

    Cost: ten statements, rows of all who wait in their groups, at most 2 000.
    """
    waits = await who_waits.waits_by_ids(unit, conversation_ids) if conversation_ids else {}
    if not waits:
        return {}
    known = await terms.read(unit)
    agents = await read_agents(unit, known, now)
    kept = (await who_is_here.read_desk(unit)).paces
    return await _predict(unit, waits.values(), known, agents.values(), kept, now)


async def _predict(
    unit: Unit,
    waits: Iterable[Wait],
    known: Terms,
    agents: Iterable[Agent],
    kept: Kept,
    now: datetime,
) -> Mapping[int, Prediction]:
    asked = [each for each in waits if each.offered_to is None]
    groups = {each.group_id for each in asked}
    queue = await predictions.queue_of(unit, groups, limit=MOST_COUNTED) if asked else None
    teller = Foreteller(queue, agents, known.levels.values(), kept, now)
    return {
        each.conversation_id: teller.of(Asked(_queued(each), each.waiting(now))) for each in asked
    }


def _queued(wait: Wait) -> Queued:
    return Queued(*(getattr(wait, name) for name in Queued._fields))


async def foretell(round_: Round) -> None:
    """Keep what is to be said of those for whom an agent was looked for the first time, in vain."""
    if not round_.fresh:
        return
    known = await predictions.still_open(round_.unit, round_.fresh)
    fresh = [wait for number, wait in round_.fresh.items() if number not in known]
    found = await _predict(
        round_.unit, fresh, round_.terms, round_.agents.values(), round_.desk.paces, round_.now
    )
    said = [_foretold(each, prediction, round_.now) for each, prediction in found.items()]
    await predictions.insert(round_.unit, said)
    round_.fresh.clear()


def say(
    unit: Unit,
    conversation_id: int,
    prediction: Prediction,
    *,
    now: datetime,
    shown: bool = False,
) -> None:
    """Keep what was said of a wait; of one nothing was kept before.

    Args:
        unit: Of whoever says it.
        conversation_id: Of the wait.
        prediction: What was said.
        now: When.
        shown: To the customer.
    """
    unit.session.add(_foretold(conversation_id, prediction, now, shown=shown))


def _foretold(
    conversation_id: int, prediction: Prediction, now: datetime, *, shown: bool = False
) -> Foretold:
    wait = prediction.wait
    return Foretold(
        conversation_id=conversation_id,
        pool=prediction.pool,
        rank=prediction.rank,
        at=now,
        basis=prediction.basis,
        mean=wait.mean if wait else None,
        q90=wait.q90 if wait else None,
        position=prediction.position,
        shown=shown,
    )


async def settle(unit: Unit, *, now: datetime) -> int:
    """Hold what was said against waits that are over; learn from it. How many there were.

    Whoever settles waits for the desk's lock, and then looks at what is open yet: each is counted
    once, however many do it.
    """
    ids = await predictions.over(unit, limit=MOST_SETTLED)
    if not ids:
        return 0
    desk = await who_is_here.lock_desk(unit)
    found = await predictions.open_by_ids(unit, ids)
    starts = await _end(unit, found, now)
    kept: Kept = desk.paces
    for each in found:
        waited = timedelta(seconds=each.waited or 0.0)
        left = each.outcome is Ended.ABANDONED
        kept = paces.after_wait(kept, each.pool, waited, gave_up=left)
    by_hand = [start for start in starts if start[1].rule is Rule.TAKEN]
    for pool, start in sorted(by_hand, key=lambda each: each[1].at):
        kept = paces.after_start(kept, pool, start.at, waited=True)
    await unit.session.flush()
    for pool, rank in sorted({(each.pool, each.rank) for each in found}):
        outcomes = await predictions.outcomes(unit, pool, rank, now=now)
        kept = paces.after_calibration(kept, pool, rank, calibrated(outcomes))
    desk.paces = dict(kept)
    return len(found)


async def _end(unit: Unit, found: Sequence[Foretold], now: datetime) -> Sequence[tuple[str, Start]]:
    """Give each its outcome; the starts that ended them, with their pools."""
    ids = {each.conversation_id for each in found}
    given: defaultdict[int, list[Start]] = defaultdict(list)
    for start in await predictions.starts_of(unit, ids):
        given[start.conversation_id].append(start)
    left = await predictions.gave_up(unit, ids)
    closed = await predictions.closed_at(unit, ids)
    ending = []
    for each in found:
        later = [start for start in given[each.conversation_id] if start.at >= each.at]
        if later:
            each.end(Ended.GIVEN, later[0].at)
            ending.append((each.pool, later[0]))
        else:
            why = Ended.ABANDONED if each.conversation_id in left else Ended.CLOSED
            each.end(why, closed.get(each.conversation_id) or now)
    return ending
