"""Agents say that they are there, busy, on a break or gone; supervisors say it for them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from wxdesk.desk.routing import terms, who_is_here
from wxdesk.desk.routing.model import DISPATCH, RoutingNote, Seat
from wxdesk.desk.routing.presence_log import note_presence
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.errors import Invalid
from wxdesk.store import Unit

MOST_CAPACITY = 50
MOST_SKILLS = 50
PROFICIENCY = range(1, 6)


async def set_presence(
    unit: Unit,
    agent_id: int,
    presence: Presence,
    *,
    reason: str | None = None,
    back_at: datetime | None = None,
    by_id: int | None = None,
    now: datetime,
) -> Seat:
    """From now on an agent is this; what follows from it the dispatcher does at once.

    Whoever says that they are here is not paused any more. Who says again what they are is seen,
    and nobody is told. What somebody leaves unanswered is
    given to others after a grace.

    Args:
        unit: Of whoever says it.
        agent_id: Who.
        presence: What they are.
        reason: Of a break, as it is reported.
        back_at: When it is to end.
        by_id: The supervisor who says it for them; None: they themselves.
        now: When.

    Raises:
        NotFound: There is no such agent.
    """
    seat = await who_is_here.get_seat(unit, agent_id)
    said = presence, reason, back_at
    if by_id is None and said == (seat.presence, seat.reason, seat.back_at) and _is_plain(seat):
        await record_seen(unit, [agent_id], now)
        return seat
    before = seat.presence, seat.reason, seat.paused_since
    if seat.presence is not presence or seat.since is None or seat.reason != reason:
        seat.since = now
    seat.presence, seat.reason, seat.back_at = presence, reason, back_at
    if by_id is None:
        seat.seen_at = now
    if presence is Presence.ONLINE:
        seat.paused_since, seat.missed, seat.hungry = None, 0, True
    if (presence, reason, seat.paused_since) != before:
        note_presence(unit, seat, now)
    if by_id is not None:
        unit.session.add(
            RoutingNote(
                at=now,
                kind="presence",
                agent_id=agent_id,
                by_id=by_id,
                reason=reason or "",
                facts={"presence": presence.value},
            )
        )
    await unit.session.flush()
    unit.tell("seat", agent_id)
    unit.wake(DISPATCH)
    return seat


def _is_plain(seat: Seat) -> bool:
    """Whether who says again what they are says nothing else by it."""
    return seat.since is not None and seat.paused_since is None and not seat.missed


async def record_seen(unit: Unit, agent_ids: Collection[int], now: datetime) -> Collection[int]:
    """They are there. Those of whom it could not be noted, as somebody holds their seats."""
    plan = await terms.plan_in_force(unit)
    return await who_is_here.record_seen(unit, agent_ids, now, silence=plan.silence)


async def set_reachable(unit: Unit, agent_id: int, until: datetime | None) -> None:
    """So long an agent is within reach without a page; None: they are not.

    It changes nothing that others see. Whoever was out of reach looks for work now.
    """
    seat = await who_is_here.get_seat(unit, agent_id)
    if seat.reachable_until == until:
        return
    seat.reachable_until = until
    if until and seat.presence is Presence.ONLINE:
        seat.hungry = True
        unit.wake(DISPATCH)
    await unit.session.flush()


async def set_alerted(unit: Unit, agent_ids: Collection[int]) -> None:
    """These agents, and no others, hear of offers though no page of theirs is open.

    It changes nothing that others see.
    """
    if await who_is_here.set_alerted(unit, agent_ids):
        unit.wake(DISPATCH)


async def set_limit(
    unit: Unit, agent_id: int, limit: int | None, *, by_id: int, reason: str, now: datetime
) -> Seat:
    """For the rest of the day an agent takes more, or less; None: as usual again.

    Raises:
        NotFound: There is no such agent.
        Invalid: Out of bounds.
    """
    if limit is not None and not 0 <= limit <= MOST_CAPACITY:
        raise Invalid("out of bounds", most=MOST_CAPACITY)
    seat = await who_is_here.get_seat(unit, agent_id)
    seat.limit = limit
    seat.limit_until = now + timedelta(hours=12) if limit is not None else None
    seat.hungry = True
    unit.session.add(
        RoutingNote(
            at=now,
            kind="limit",
            agent_id=agent_id,
            by_id=by_id,
            reason=reason,
            facts={"limit": limit},
        )
    )
    await unit.session.flush()
    unit.tell("seat", agent_id)
    unit.wake(DISPATCH)
    return seat


async def set_up(
    unit: Unit,
    agent_id: int,
    *,
    capacity: int | None = None,
    skills: dict[str, int] | None = None,
    level_ids: Collection[int] | None = None,
    all_levels: bool = False,
) -> Seat:
    """What an agent takes from now on; what they have is never taken away.

    Args:
        unit: Of an admin.
        agent_id: Who.
        capacity: Conversations at once; None: as before.
        skills: Proficiency, 1 to 5, by skill; None: as before.
        level_ids: The levels they serve; None: as before.
        all_levels: They serve all levels.

    Raises:
        NotFound: There is no such agent.
        Invalid: Out of bounds.
    """
    seat = await who_is_here.get_seat(unit, agent_id)
    if capacity is not None:
        if not 0 <= capacity <= MOST_CAPACITY:
            raise Invalid("out of bounds", most=MOST_CAPACITY)
        seat.capacity = capacity
    if skills is not None:
        if len(skills) > MOST_SKILLS or not set(skills.values()) <= set(PROFICIENCY):
            raise Invalid("skills are from 1 to 5", most=MOST_SKILLS)
        seat.skills = dict(skills)
    if level_ids is not None or all_levels:
        seat.level_ids = None if all_levels else sorted(level_ids or ())
    seat.hungry = True
    await unit.session.flush()
    unit.tell("seat", agent_id)
    unit.wake(DISPATCH)
    return seat
