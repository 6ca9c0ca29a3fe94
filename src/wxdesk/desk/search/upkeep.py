"""The index follows what is said: it reads the change log, and what was there before it began.

Events are numbered in the order of commits (ADR 3), so that whoever has looked at number 10 has
missed nothing before it. How far it is stands in the same unit as what was written: whoever dies
leaves the rest to the next, and nothing is done by halves.
"""

from collections.abc import Sequence

from wxdesk.desk import events
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Message
from wxdesk.desk.events import Told
from wxdesk.desk.search import queries
from wxdesk.desk.search.model import Progress
from wxdesk.desk.search.pieces import RULES
from wxdesk.store import Unit


async def is_behind(unit: Unit) -> bool:
    """Whether there is anything to do. Reads are enough."""
    progress = await queries.find_progress(unit)
    if progress is None or progress.rules != RULES or progress.left:
        return True
    return progress.followed != (await events.bounds(unit))[1]


async def left(unit: Unit) -> int | None:
    """At most so many rows of before are not found yet; None: it has not begun."""
    progress = await queries.find_progress(unit)
    return progress.left if progress and progress.rules == RULES else None


async def catch_up(unit: Unit, *, limit: int) -> int:
    """Look at some of what has changed; nothing has: index some of what was there before.

    Returns how many events and rows were looked at. One process at a time.
    """
    progress = await _progress(unit)
    told = await events.list_after(unit, progress.followed, limit=limit)
    if told:
        progress.followed = told[-1].number
        await queries.index_messages(unit, _ids(told, "message"))
        await queries.index_contacts(unit, _ids(told, "contact"))
        return len(told)
    return await _fill(unit, progress, limit)


def _ids(told: Sequence[Told], kind: str) -> set[int]:
    return {each.thing_id for each in told if each.kind == kind}


async def _progress(unit: Unit) -> Progress:
    """Where it stands; all over again where texts are cut otherwise now, or events are gone."""
    progress = await queries.find_progress(unit)
    oldest, newest = await events.bounds(unit)
    if progress and progress.rules == RULES and oldest <= progress.followed + 1:
        return progress
    last_message, last_contact = await queries.newest_ids(unit)
    return await unit.session.merge(
        Progress(
            id=1,
            rules=RULES,
            followed=newest,
            messages_left=last_message,
            contacts_left=last_contact,
        )
    )


async def _fill(unit: Unit, progress: Progress, limit: int) -> int:
    """People first, who are fewer; of messages the newest first."""
    if progress.contacts_left:
        ids = await queries.ids_up_to(unit, Contact, progress.contacts_left, limit=limit)
        await queries.index_contacts(unit, ids)
        progress.contacts_left = ids[-1] - 1 if len(ids) == limit else 0
    elif progress.messages_left:
        ids = await queries.ids_up_to(unit, Message, progress.messages_left, limit=limit)
        await queries.index_messages(unit, ids)
        progress.messages_left = ids[-1] - 1 if len(ids) == limit else 0
    else:
        return 0
    return len(ids)
