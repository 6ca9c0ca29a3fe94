"""Contacts are granted levels and lose them; which one counts is worked out and written down."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from wxdesk.desk import contacts
from wxdesk.desk.contacts import Contact, LevelSource, ManyChange, Wins
from wxdesk.desk.levels import queries
from wxdesk.desk.levels.earned import Claim, Earned, Ladder, Rung, best, choose
from wxdesk.desk.levels.model import CHANGED, LevelInvalid
from wxdesk.errors import DeskError, NotFound
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
    contact = await contacts.get(unit, contact_id)
    level = (await queries.by_ids(unit, [level_id])).get(level_id)
    if level is None or level.retired_at:
        raise NotFound(f"there is no level {level_id}")
    if until is not None and not now < until <= now + LONGEST:
        raise LevelInvalid("it ends in the past, or too late", problem="until")
    await give(unit, contact.id, Claim(level_id, source, until, note.strip(), by_id), now=now)
    await evaluate(unit, [contact], now=now)
    return contact


async def give(unit: Unit, contact_id: int, claim: Claim, *, now: datetime) -> None:
    """The same for a contact that is held; which level counts is not worked out yet."""
    assert claim.source in GRANTED
    await queries.end_grants(unit, [contact_id], claim.source, now=now)
    await queries.add_grant(unit, contact_id, claim, now=now)


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
    unit: Unit,
    contact_id: int,
    tag_ids: Collection[int],
    *,
    by_id: int | None = None,
    now: datetime,
) -> Contact:
    """Give a contact these tags and no others, and the level that they earn.

    Raises:
        NotFound, TagsNotSynced, TooManyTags: As ``contacts.set_tags``.
    """
    contact = await contacts.set_tags(unit, contact_id, tag_ids, by_id=by_id, now=now)
    await evaluate(unit, [contact], now=now)
    return contact


async def set_fields(
    unit: Unit, contact_id: int, values: Mapping[int, Any], *, by_id: int | None, now: datetime
) -> Contact:
    """Keep values of a contact's fields, and give them the level that they earn.

    Raises:
        NotFound, FieldInvalid: As ``contacts.set_fields``.
    """
    family = await contacts.set_fields(unit, contact_id, values, by_id=by_id, now=now)
    await evaluate(unit, family, now=now)
    return family[0]


async def change_many(
    unit: Unit, ids: Collection[int], change: ManyChange, *, by_id: int | None, now: datetime
) -> dict[int, DeskError | None]:
    """Change many contacts alike, and give them the levels that they earn.

    Raises:
        NotFound, FieldInvalid: As ``contacts.change_many``.
    """
    done, changed = await contacts.change_many(unit, ids, change, by_id=by_id, now=now)
    await evaluate(unit, changed, now=now)
    return done


async def join(
    unit: Unit, ids: Sequence[int], wins: Wins, *, by_id: int, now: datetime
) -> Sequence[Contact]:
    """Make contacts one person's, with one level.

    Raises:
        NotFound, JoinInvalid: As ``contacts.join``.
    """
    family = await contacts.join(unit, ids, wins, by_id=by_id, now=now)
    await evaluate(unit, family, now=now)
    return family


async def part(unit: Unit, contact_id: int, *, by_id: int, now: datetime) -> Sequence[Contact]:
    """Undo the last joining of a contact's person; each has the level that it earns by itself.

    Raises:
        NotFound, NotJoined: As ``contacts.part``.
    """
    family = await contacts.part(unit, contact_id, by_id=by_id, now=now)
    await evaluate(unit, family, now=now)
    return family


async def evaluate(unit: Unit, people: Iterable[Contact], *, now: datetime) -> Sequence[Contact]:
    """Work out which level counts for these contacts, and write down where it is another.

    One level counts for all contacts of a person: the others of theirs are looked at, too, those
    that nobody else holds. Cost: three statements for all of them, two more where there are
    persons, and two more where a level changes.

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
    people += await queries.others_of_persons(unit, people)
    ladder = await _ladder(unit)
    granted = await queries.grants_of(unit, {each.id for each in people})
    tags = await contacts.tags_of(unit, people) if ladder.asks_tags else {}
    claims = {}
    for each in people:
        carried = (tags.get((each.account_id, wechat_id)) for wechat_id in each.tag_ids)
        claims[each.id] = choose(
            ladder,
            granted.get(each.id, ()),
            tag_ids={tag.id for tag in carried if tag},
            scene=each.qr_scene,
            fields=each.fields,
            now=now,
        )
    claims |= await _shared(unit, people, claims, ladder)
    changed = [
        (each, claims[each.id])
        for each in people
        if claims[each.id].kept != (each.level_id, each.level_source, each.level_until)
    ]
    if changed:
        await _write(unit, changed, now=now)
    return [contact for contact, _ in changed]


async def _shared(
    unit: Unit, people: Sequence[Contact], claims: Mapping[int, Claim], ladder: Ladder
) -> dict[int, Claim]:
    """What counts for the contacts of persons, of what counts for each of them by itself."""
    families: dict[int, list[int]] = defaultdict(list)
    for each in people:
        if each.person_id is not None:
            families[each.person_id].append(each.id)
    chosen = await contacts.levels_from(unit, families.keys())
    found: dict[int, Claim] = {}
    for person_id, ids in families.items():
        first = chosen.get(person_id)
        speaking = [first] if first in ids else ids
        claim = best(ladder, [claims[each] for each in speaking])
        found |= dict.fromkeys(ids, claim)
    return found


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
