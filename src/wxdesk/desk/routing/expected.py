"""How long somebody would wait who came now: by level, in each group that customers come to.

Nobody comes: whoever is asked about stands last in the line of their level, for a moment, in a
picture of the desk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing import predictions, terms, who_is_here
from wxdesk.desk.routing.begin import wait_of
from wxdesk.desk.routing.calibrate import NoNumber, Range
from wxdesk.desk.routing.foretell import Asked, Foreteller, Prediction, Queued
from wxdesk.desk.routing.paces import Kept
from wxdesk.desk.routing.promise import Target
from wxdesk.desk.routing.relax import Wish
from wxdesk.desk.routing.snapshot import Agent, Waiting
from wxdesk.desk.routing.terms import Terms
from wxdesk.desk.routing.who_is_here import read_agents
from wxdesk.store import Unit

MOST_POOLS = 12
MOST_COUNTED = 2000
LATELY = timedelta(hours=3)
LAST = 2**62
"""A number that no conversation has: of two who come at once they are behind."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A wait that nobody waits.

    Attributes:
        mean: Seconds; 0: somebody could take it at once. None: there is no number.
        shown: In minutes, by the steps that customers are told; None as above.
        why_not: Why there is no number.
    """

    account_id: int
    group_id: int | None
    level_id: int
    mean: float | None
    shown: Range | None
    why_not: NoNumber | None


async def expected_waits(unit: Unit, *, now: datetime) -> list[Expected]:
    """Of whoever came now, in the groups to which customers come.

    Cost: eight statements; rows of all who wait in these groups, at most 2 000, for each level and
    group once. Whoever asks often keeps it for a while.
    """
    known = await terms.read(unit)
    agents = list((await read_agents(unit, known, now)).values())
    kept = (await who_is_here.read_desk(unit)).paces
    pools = await _pools(unit, known, kept, now)
    queue = await predictions.queue_of(
        unit, {group_id for _, group_id in pools}, limit=MOST_COUNTED
    )
    return [
        _of(newcomer, queue, agents, known, kept, now)
        for pool in pools
        for newcomer in _newcomers(*pool, known, now)
    ]


async def _pools(
    unit: Unit, known: Terms, kept: Kept, now: datetime
) -> list[tuple[int, int | None]]:
    """Account and group of each line to which customers come: first those in which some wait."""
    started = kept.get("starts", {}).items()
    since = now - LATELY
    lately = [pool for pool, each in started if datetime.fromisoformat(each["seen"]) > since]
    waiting = await predictions.pools_waiting(unit, limit=MOST_POOLS)
    found = dict.fromkeys([*waiting, *lately, *kept.get("arrivals", {})])
    pools = (pool.split("|") for pool in found)
    read = [(int(account), None if group == "*" else int(group)) for account, group in pools]
    return [each for each in read if each[1] is None or each[1] in known.groups][:MOST_POOLS]


@dataclass(frozen=True, slots=True)
class _Newcomer:
    account_id: int
    group_id: int | None
    level_id: int
    queued: Queued
    waiting: Waiting


def _newcomers(
    account_id: int, group_id: int | None, known: Terms, now: datetime
) -> Iterable[_Newcomer]:
    """One of each level."""
    wish = Wish()
    if group_id is not None:
        helpers = known.helpers(group_id)
        wish = Wish(groups=frozenset({group_id}), helpers=helpers, whole_desk=known.plan.whole_desk)
    is_open = known.is_open(group_id, account_id, now)
    target = Target.FIRST if is_open else Target.LEFT_MESSAGE
    for level_id in known.levels:
        talk = Conversation(id=LAST, account_id=account_id, group_id=group_id)
        wait = wait_of(talk, Contact(), level_id, known, wish=wish, since=now, target=target)
        queued = Queued(LAST, wait.pool, group_id, wait.rank, target, now, wait.due_at, looked=True)
        yield _Newcomer(account_id, group_id, level_id, queued, wait.waiting(now))


def _of(
    newcomer: _Newcomer,
    queue: Iterable[Queued] | None,
    agents: Iterable[Agent],
    known: Terms,
    kept: Kept,
    now: datetime,
) -> Expected:
    with_them = None if queue is None else [*queue, newcomer.queued]
    teller = Foreteller(with_them, agents, known.levels.values(), kept, now)
    found = teller.of(Asked(newcomer.queued, newcomer.waiting))
    return Expected(
        newcomer.account_id,
        newcomer.group_id,
        newcomer.level_id,
        mean=_mean(found),
        shown=None if found.is_free else found.shown,
        why_not=_why_not(found),
    )


def _mean(found: Prediction) -> float | None:
    if found.is_free:
        return 0.0
    return round(found.corrected.mean, 1) if found.corrected else None


def _why_not(found: Prediction) -> NoNumber | None:
    """Supervisors are told what customers are not: what was not usually right lately."""
    if found.is_free or found.corrected:
        return None
    return found.why_not or NoNumber.UNKNOWN
