"""What clocks promise is made better, or reckoned anew: levels, targets and hours change."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from wxdesk.desk import conversations
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.sla import queries
from wxdesk.desk.sla.actions import follow, wake_for
from wxdesk.desk.sla.model import Clock
from wxdesk.desk.sla.terms import Key, Kind, Terms, key_of, terms_for
from wxdesk.store import Unit


async def repromise(unit: Unit, found: Collection[Conversation], *, now: datetime) -> None:
    """The level of these conversations is another: what is better counts from when they began.

    What would be worse changes nothing, and what is late already is late. Whoever calls has
    locked the conversations.
    """
    terms = await terms_for(unit, {key_of(each) for each in found})
    by_id = {each.id: each for each in found}
    changed = []
    for clock in await queries.all_running(unit, by_id.keys()):
        offered = terms[key_of(by_id[clock.conversation_id])]
        seconds = offered.seconds(clock.kind, clock.started_at)
        better = clock.course.improve(seconds, offered.calendar) if seconds else clock.course
        if clock.keep(better):
            clock.take_terms(offered)
            changed.append(clock)
    await _show_and_write(unit, by_id, changed, now)


async def recompute(unit: Unit, *, limit: int, now: datetime) -> int:
    """Reckon some running clocks anew whose hours or targets have changed; how many.

    By other hours a clock may come due sooner or later, by another target only sooner. What has
    ended or is late stays as it is.
    """
    found = await _outdated(unit)
    if not found:
        return 0
    key, mark, terms, _ = found[0]
    ids = {each.conversation_id for each in await queries.of_mark(unit, key, mark, limit=limit)}
    await conversations.lock(unit, ids)
    by_id = {each.id: each for each in await conversations.by_ids(unit, ids)}
    changed = [
        clock
        for clock in await queries.all_running(unit, ids)
        if (clock.key, clock.mark) == (key, mark)
    ]
    for clock in changed:
        seconds = terms.seconds(clock.kind, clock.started_at) or clock.seconds
        clock.keep(clock.course.recount(min(clock.seconds, seconds), terms.calendar))
        clock.take_terms(terms)
    await _show_and_write(unit, by_id, changed, now)
    return len(changed)


async def count_outdated(unit: Unit) -> int:
    """How many clocks are still to be reckoned anew."""
    return sum(count for _, _, _, count in await _outdated(unit))


async def catch_up(unit: Unit, *, limit: int, now: datetime) -> int:
    """Begin the clocks of conversations that have none: they were open before there were clocks."""
    ids = await queries.unclocked(unit, limit=limit)
    await conversations.lock(unit, ids)
    await follow(unit, await conversations.by_ids(unit, ids), now=now)
    return len(ids)


async def _show_and_write(
    unit: Unit, found: Mapping[int, Conversation], changed: Sequence[Clock], now: datetime
) -> None:
    due = [
        (found[clock.conversation_id], clock.due_at)
        for clock in changed
        if clock.kind is not Kind.RESOLUTION
    ]
    await conversations.set_due(unit, due)
    await queries.write(unit, begun=[], changed=changed, forgotten=[])
    wake_for(unit, changed, now)


async def _outdated(unit: Unit) -> list[tuple[Key, str, Terms, int]]:
    """Terms by which clocks run that are others by now, as they are now, and of how many."""
    marks = await queries.marks(unit)
    terms = await terms_for(unit, {key for key, _, _ in marks})
    return [
        (key, mark, terms[key], count)
        for key, mark, count in marks
        if terms[key].is_known and terms[key].mark != mark
    ]
