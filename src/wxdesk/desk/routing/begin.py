"""Conversations begin to wait for a person: many at once, in few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from wxdesk.desk import bindings, levels
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing import who_has_what, who_waits
from wxdesk.desk.routing.model import DISPATCH, Wait, need_as_json
from wxdesk.desk.routing.plan import Arrival, wish_of
from wxdesk.desk.routing.promise import NEVER, Level, Target, promised
from wxdesk.desk.routing.relax import Wish, needs, rings
from wxdesk.desk.routing.snapshot import Ring
from wxdesk.desk.routing.terms import Terms
from wxdesk.store import Unit


class Home(NamedTuple):
    """Where a conversation belongs by the plan.

    Attributes:
        group_id: None: the whole desk's.
        wish: Whom it takes.
        target: What it is promised.
    """

    group_id: int | None
    wish: Wish
    target: Target


async def full_groups(unit: Unit, terms: Terms) -> Collection[int]:
    """Groups for which as many wait as may; no statement where none has such a limit."""
    caps = {each.id: each.queue_cap for each in terms.groups.values() if each.queue_cap is not None}
    if not caps:
        return ()
    waiting = await who_waits.count_waiting(unit, caps.keys())
    return frozenset(each for each, most in caps.items() if waiting.get(each, 0) >= most)


def home_of(arrival: Arrival, terms: Terms, now: datetime, *, full: Collection[int] = ()) -> Home:
    """Where a conversation belongs that begins with this.

    Where as many wait as may, it is the next group's that helps, if one has place.
    """
    route = terms.plan.route(arrival, terms.calendars, now)
    group_id = route.group_id if route and route.group_id in terms.groups else None
    if group_id in full:
        group_id = next((each for each in terms.helpers(group_id) if each not in full), group_id)
        route = route and replace(route, group_id=group_id)
    wish = wish_of(route, terms.helpers(group_id), whole_desk=terms.plan.whole_desk)
    is_open = terms.is_open(group_id, arrival.account_id, now)
    return Home(group_id, wish, Target.FIRST if is_open else Target.LEFT_MESSAGE)


async def begin(
    unit: Unit,
    opened: Sequence[tuple[Conversation, Contact, Home]],
    terms: Terms,
    *,
    now: datetime,
) -> None:
    """Let conversations wait that were just opened, with group and level, a promise for each."""
    familiar = await _familiar(unit, [conversation for conversation, _, _ in opened], terms, now)
    selves = await bindings.agents_among(unit, {contact.id for _, contact, _ in opened})
    waits = [
        wait_of(
            conversation,
            contact,
            conversation.level_id or terms.default_id,
            terms,
            wish=home.wish,
            since=conversation.waiting_since or now,
            target=home.target,
            familiar_id=familiar.get(conversation.previous_id or 0),
            excluded=_never(selves.get(contact.id)),
        )
        for conversation, contact, home in opened
    ]
    await who_waits.insert_waits(unit, waits)
    unit.wake(DISPATCH)


async def _familiar(
    unit: Unit, opened: Collection[Conversation], terms: Terms, now: datetime
) -> Mapping[int, int]:
    """Who answered each contact last, not too long ago."""
    previous = {each.previous_id for each in opened if each.previous_id}
    if not previous or not terms.plan.familiar_days:
        return {}
    since = now - timedelta(days=terms.plan.familiar_days)
    return await who_has_what.last_agents(unit, previous, since)


def wait_of(
    conversation: Conversation,
    contact: Contact,
    level_id: int,
    terms: Terms,
    *,
    wish: Wish,
    since: datetime,
    target: Target,
    familiar_id: int | None = None,
    excluded: Mapping[str, str] | None = None,
) -> Wait:
    """A new wait, with its promise, its first need and its rings."""
    group_id = conversation.group_id
    level = terms.level(level_id, group_id)
    promise = promised(
        level,
        since,
        terms.due(group_id, conversation.account_id),
        target=target,
        window_until=contact.window_closes_at,
    )
    first = needs(wish)[0]
    wider = rings_as_json(rings(wish, promise, overflow_at=overflow_at(terms, group_id, since)))
    wait = Wait(
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        group_id=group_id,
        level_id=level_id,
        rank=level.rank,
        pool=f"{conversation.account_id}|{group_id or '*'}",
        since=since,
        target=target,
        wanted=need_as_json(first),
        rings=wider,
        all_rings=wider,
        familiar_id=familiar_id,
        weight=1,
        extra_slots=level.extra_slots,
        hold_seconds=hold_seconds(level) if familiar_id else 0,
        excluded=dict(excluded or {}),
        looked=False,
    )
    wait.promise = promise
    wait.put_in_line(first)
    wait.set_timer()
    return wait


async def fresh_wait(
    unit: Unit, conversation: Conversation, contact: Contact, terms: Terms, now: datetime
) -> Wait:
    """Of a conversation of which nothing is known but that it is open."""
    level = (await levels.effective(unit, [contact]))[contact.id]
    selves = await bindings.agents_among(unit, [contact.id])
    conversation.level_id = level.id
    since = conversation.owed_since or conversation.waiting_since or now
    return wait_of(
        conversation,
        contact,
        level.id,
        terms,
        wish=Wish(),
        since=since,
        target=Target.FIRST,
        excluded=_never(selves.get(contact.id)),
    )


def _never(agent_id: int | None) -> Mapping[str, str]:
    """Agents who write as customers are not given themselves."""
    return {str(agent_id): NEVER.isoformat()} if agent_id is not None else {}


def overflow_at(terms: Terms, group_id: int | None, since: datetime) -> datetime | None:
    """When a group's conversations go over to those who help it; None: by no delay of its own."""
    group = terms.groups.get(group_id or 0)
    if group is None or group.overflow_group_id is None:
        return None
    return since + timedelta(seconds=group.overflow_seconds)


def rings_as_json(wider: Sequence[Ring]) -> list[dict[str, Any]]:
    return [
        {"at": ring.at.isoformat(), "need": need_as_json(ring.need)}
        for ring in wider
        if ring.at < NEVER
    ]


def hold_seconds(level: Level) -> int:
    """So long a place of the agent they know is kept free for its customers."""
    return int(level.hold.total_seconds())
