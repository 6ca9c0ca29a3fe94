"""What happened on a day, read for its replay."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from wxdesk.desk import contacts
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, Direction, Message
from wxdesk.desk.routing import presence_log, terms
from wxdesk.desk.routing.model import Assignment, RoutingNote
from wxdesk.desk.routing.plan import Arrival
from wxdesk.desk.routing.replay import MOST_ARRIVALS, Came, Day, Was
from wxdesk.desk.routing.snapshot import Agent, Presence
from wxdesk.desk.routing.terms import Terms
from wxdesk.desk.routing.who_is_here import read_agents
from wxdesk.errors import Conflict
from wxdesk.store import Unit

USUAL_HOLD, USUAL_REPLY = timedelta(minutes=5), timedelta(seconds=30)
"""Of a day that tells neither."""

LOOKING_BACK = timedelta(days=2)
"""Whoever has not changed since then before the day counts as gone."""

AFTER = timedelta(hours=12)
"""So long after the day presences are known, for those who wait when it ends."""


class TooManyArrivals(Conflict):
    """More customers came on that day than a replay takes."""

    code = "too_many_arrivals"


async def read_day(unit: Unit, since: datetime, until: datetime) -> tuple[Day, Terms]:
    """A day as it was, and the terms in force; in about fifteen statements.

    Raises:
        TooManyArrivals: It was too large.
    """
    known = await terms.read(unit)
    rows = await _opened(unit, since, until)
    if len(rows) > MOST_ARRIVALS:
        raise TooManyArrivals("more customers came than a replay takes", most=MOST_ARRIVALS)
    held, agent_ids = await _held(unit, since, until)
    arrivals = await _arrivals(unit, rows, since, until)
    patience = await _patience(unit, since, until)
    hold, reply = (
        _usual([each.holds for each in held.values()], USUAL_HOLD),
        _usual([each.replies for each in held.values() if each.replies is not None], USUAL_REPLY),
    )
    came = []
    for row in rows:
        times = held.get(row.id)
        came.append(
            Came(
                id=row.id,
                at=row.opened_at,
                level_id=arrivals[row.id].level_id or known.default_id,
                arrival=arrivals[row.id],
                holds=times.holds if times else hold,
                replies_after=reply if times is None or times.replies is None else times.replies,
                patience=patience.get(row.id),
                familiar_id=row.familiar_id,
                familiar_at=row.familiar_at,
            )
        )
    agents, presences = await _agents(unit, known, agent_ids, since, until)
    return Day(came=came, agents=agents, presences=presences), known


class _Opened(NamedTuple):
    id: int
    account_id: int
    contact_id: int
    level_id: int | None
    opened_at: datetime
    familiar_id: int | None
    familiar_at: datetime | None


async def _opened(unit: Unit, since: datetime, until: datetime) -> Sequence[_Opened]:
    before = aliased(Conversation)
    own = [getattr(Conversation, name) for name in _Opened._fields[:5]]
    query = (
        select(*own, before.assignee_id, before.closed_at)
        .outerjoin(before, before.id == Conversation.previous_id)
        .where(Conversation.opened_at >= since, Conversation.opened_at < until)
        .order_by(Conversation.opened_at, Conversation.id)
        .limit(MOST_ARRIVALS + 1)
    )
    return [_Opened._make(row) for row in await unit.session.execute(query)]


class _Held(NamedTuple):
    holds: timedelta
    replies: timedelta | None


async def _held(
    unit: Unit, since: datetime, until: datetime
) -> tuple[Mapping[int, _Held], set[int]]:
    """How long agents had each in all, as far as it has ended or rests; and which agents."""
    query = (
        select(Assignment)
        .join(Conversation, Conversation.id == Assignment.conversation_id)
        .where(Conversation.opened_at >= since, Conversation.opened_at < until)
        .where(Assignment.accepted_at.is_not(None))
        .order_by(Assignment.id)
    )
    found: dict[int, _Held] = {}
    agent_ids = set()
    for each in await unit.session.scalars(query):
        agent_ids.add(each.agent_id)
        ended = min((at for at in (each.ended_at, each.rests_since) if at), default=None)
        if each.accepted_at is None or ended is None:
            continue
        known = found.get(each.conversation_id, _Held(timedelta(0), None))
        first = each.first_reply_at
        replies = max(timedelta(0), first - each.accepted_at) if first else None
        found[each.conversation_id] = _Held(
            known.holds + max(timedelta(0), ended - each.accepted_at),
            replies if known.replies is None else known.replies,
        )
    return found, agent_ids


async def _arrivals(
    unit: Unit, rows: Sequence[_Opened], since: datetime, until: datetime
) -> Mapping[int, Arrival]:
    """What each began with: its first line, and what its contact carries by now."""
    first = (
        select(func.min(Message.id))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.opened_at >= since, Conversation.opened_at < until)
        .where(Message.direction == Direction.IN)
        .group_by(Message.conversation_id)
    )
    lines = await unit.session.scalars(select(Message).where(Message.id.in_(first)))
    said = {each.conversation_id: each for each in lines}
    there = select(Conversation.contact_id).where(
        Conversation.opened_at >= since, Conversation.opened_at < until
    )
    people = {
        each.id: each
        for each in await unit.session.scalars(select(Contact).where(Contact.id.in_(there)))
    }
    tags = await contacts.tags_of(unit, people.values())
    return {row.id: _arrival(row, said.get(row.id), people[row.contact_id], tags) for row in rows}


_BUTTONS = {"menu_click": "key", "menu_scan": "key"}


def _arrival(
    row: _Opened,
    line: Message | None,
    contact: Contact,
    tags: Mapping[contacts.TagKey, contacts.Tag],
) -> Arrival:
    carried = [tags.get((contact.account_id, wechat_id)) for wechat_id in contact.tag_ids]
    content = line.content if line else {}
    button = _BUTTONS.get(line.kind) if line else None
    return Arrival(
        account_id=row.account_id,
        level_id=row.level_id,
        tag_ids=frozenset(each.id for each in carried if each),
        text=line.text if line and line.kind in ("text", "voice") else "",
        key=str(content.get(button) or "") if button else "",
        scene=str(content.get("scene") or contact.qr_scene or ""),
    )


async def _patience(unit: Unit, since: datetime, until: datetime) -> Mapping[int, timedelta]:
    query = (
        select(RoutingNote.conversation_id, RoutingNote.facts)
        .where(RoutingNote.kind == "abandoned")
        .where(RoutingNote.at >= since, RoutingNote.at < until + AFTER)
    )
    return {
        row[0]: timedelta(seconds=row[1].get("waited_seconds", 0.0))
        for row in await unit.session.execute(query)
    }


async def _agents(
    unit: Unit, known: Terms, worked: set[int], since: datetime, until: datetime
) -> tuple[Sequence[Agent], Sequence[Was]]:
    """Those who were there, as they are set up by now, and when they were.

    Of a time from before presence was kept, and of agents who never told theirs: whoever had
    conversations was there all day.
    """
    log = await presence_log.presence_between(
        unit, since=since, until=until + AFTER, looking_back=since - LOOKING_BACK
    )
    told = {each.agent_id for each in log}
    seats = await read_agents(unit, known, since, only=told | worked)
    agents = [
        replace(each, presence=Presence.OFFLINE, paused_until=None, load=0, last_assigned_at=None)
        for each in seats.values()
    ]
    presences = [Was(since, each, Presence.ONLINE) for each in sorted(worked - told)]
    for each in log:
        here = Presence.AWAY if each.presence is Presence.ONLINE else each.presence
        presence = Presence.ONLINE if each.takes else here
        presences.append(Was(max(each.at, since), each.agent_id, presence))
    known_ids = {each.id for each in agents}
    return agents, [each for each in presences if each.agent_id in known_ids]


def _usual(times: Sequence[timedelta], otherwise: timedelta) -> timedelta:
    if not times:
        return otherwise
    return timedelta(seconds=statistics.median(each.total_seconds() for each in times))
