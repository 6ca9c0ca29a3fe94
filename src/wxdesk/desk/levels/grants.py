"""Contacts are granted levels and lose them; which one counts is worked out and written down."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from wxdesk.desk import contacts
from wxdesk.desk.contacts import Contact, LevelSource
from wxdesk.desk.levels import queries
from wxdesk.desk.levels.earned import Claim, Earned, Ladder, Rung, choose
from wxdesk.desk.levels.model import CHANGED, LevelInvalid
from wxdesk.errors import NotFound
from wxdesk.store import Unit

LONGEST = timedelta(days=20 * 366)
GRANTED = frozenset({LevelSource.HAND, LevelSource.API, LevelSource.IMPORT})
"""Sources of grants; the others speak for themselves."""


async def grant(
    unit: Unit,
    contact_id: int,
    level_id: int,
    *,
    source: LevelSource,
    until: datetime | None = None,
    note: str = "",
    by_id: int | None = None,
    now: datetime,
) -> Contact:
    """Give a contact a level; what the same source gave before is over.

    Args:
        unit: Of the request.
        contact_id: Who.
        level_id: What.
        source: By hand it overrides all else; otherwise the best of all sources counts.
        until: So long; None: for good.
        note: Why.
        by_id: Who gives it.
        now: When.

    Raises:
        NotFound: There is no such contact, or no such level, or it was retired.
        LevelInvalid: It would be over already, or last too long.
    """
    assert source in GRANTED
    contact = await contacts.get(unit, contact_id)
    level = (await queries.by_ids(unit, [level_id])).get(level_id)
    if level is None or level.retired_at:
        raise NotFound(f"there is no level {level_id}")
    if until is not None and not now < until <= now + LONGEST:
        raise LevelInvalid("it ends in the past, or too late", problem="until")
    await queries.end_grants(unit, [contact.id], source, now=now)
    await queries.add_grant(
        unit, contact.id, Claim(level_id, source, until, note.strip(), by_id), now=now
    )
    await evaluate(unit, [contact], now=now)
    return contact


async def revoke(unit: Unit, contact_id: int, source: LevelSource, *, now: datetime) -> Contact:
    """Take back what a source gave, if it did; what counts beside it counts again.

    Raises:
        NotFound: There is no such contact.
    """
    contact = await contacts.get(unit, contact_id)
    await queries.end_grants(unit, [contact.id], source, now=now)
    await evaluate(unit, [contact], now=now)
    return contact


async def set_tags(
    unit: Unit, contact_id: int, tag_ids: Collection[int], *, now: datetime
) -> Contact:
    """Give a contact these tags and no others, and the level that they earn.

    Raises:
        NotFound, TagsNotSynced, TooManyTags: As ``contacts.set_tags``.
    """
    contact = await contacts.set_tags(unit, contact_id, tag_ids, now=now)
    await evaluate(unit, [contact], now=now)
    return contact


async def set_fields(
    unit: Unit, contact_id: int, values: Mapping[int, Any], *, by_id: int | None, now: datetime
) -> Contact:
    """Keep values of a contact's fields, and give them the level that they earn.

    Raises:
        NotFound, FieldInvalid: As ``contacts.set_fields``.
    """
    contact = await contacts.set_fields(unit, contact_id, values, by_id=by_id, now=now)
    await evaluate(unit, [contact], now=now)
    return contact


async def evaluate(unit: Unit, people: Iterable[Contact], *, now: datetime) -> Sequence[Contact]:
    """Work out which level counts for these contacts, and write down where it is another.

    Cost: three statements for all of them, two more where a level changes.

    Args:
        unit: In which the contacts are locked; whether they are in its session does not matter.
        people: Who. What the levels ask for is current on them: tags, scene, fields.
        now: When.

    Returns:
        For whom another level counts now, or the same for another reason or time.
    """
    people = list(people)
    if not people:
        return ()
    ladder = await _ladder(unit)
    granted = await queries.grants_of(unit, {each.id for each in people})
    tags = await contacts.tags_of(unit, people) if ladder.asks_tags else {}
    changed = []
    for each in people:
        carried = (tags.get((each.account_id, wechat_id)) for wechat_id in each.tag_ids)
        claim = choose(
            ladder,
            granted.get(each.id, ()),
            tag_ids={tag.id for tag in carried if tag},
            scene=each.qr_scene,
            fields=each.fields,
            now=now,
        )
        if claim.kept != (each.level_id, each.level_source, each.level_until):
            changed.append((each, claim))
    if changed:
        await _write(unit, changed, now=now)
    return [contact for contact, _ in changed]


async def expire(unit: Unit, *, now: datetime, limit: int) -> int:
    """Work out anew some of the levels that are over or were retired; how many."""
    over = await queries.list_over(unit, now=now, limit=limit)
    await evaluate(unit, over, now=now)
    return len(over)


async def _ladder(unit: Unit) -> Ladder:
    levels = await queries.list_levels(unit)
    rungs = (Rung(each.id, each.rank, Earned.of_json(each.earned)) for each in levels)
    return Ladder.of(rungs, next(each.id for each in levels if each.is_default))


async def _write(unit: Unit, changed: Sequence[tuple[Contact, Claim]], *, now: datetime) -> None:
    await unit.session.flush()
    await queries.record_levels(unit, changed, now=now)
    for contact, claim in changed:
        values = zip(("level_id", "level_source", "level_until"), claim.kept, strict=True)
        for name, value in (*values, ("version", contact.version + 1)):
            set_committed_value(contact, name, value)
        unit.tell("contact", contact.id)
    unit.wake(CHANGED)
