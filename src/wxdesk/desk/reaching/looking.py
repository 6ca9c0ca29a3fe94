"""Alerts that are due are looked at: whether they still stand, and who is to be told how."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk import alerts, conversations, notices, routing
from wxdesk.desk.alerts import COMMON, Address, Alert, Device, Kind, Situation, Way, Wishes
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.notices import Notice
from wxdesk.desk.routing import Presence, Seat
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that alerts of a round are judged by."""

    seats: Mapping[int, Seat]
    talks: Mapping[int, Conversation]
    notices: Mapping[int, Notice]
    devices: Mapping[int, Collection[Device]]
    addresses: Mapping[int, Collection[Address]]
    wishes: Mapping[int, Wishes]
    visible: Mapping[int, datetime]


async def look(unit: Unit, *, now: datetime, limit: int) -> tuple[int, int]:
    """Look at some alerts that are due; how many those were, and how many sendings that made.

    Cost: a handful of statements, however many they are.
    """
    due = await alerts.claim_due(unit, now=now, limit=limit)
    if not due:
        return 0, 0
    seen = await _see(unit, due, now)
    sent = 0
    for alert in due:
        devices, addresses = seen.devices[alert.agent_id], seen.addresses[alert.agent_id]
        verdict = alerts.choose(_situation(alert, seen, now), now)
        if verdict.again_at is None:
            sent += await alerts.settle(unit, alert, devices, now=now)
            continue
        sent += alerts.tell(unit, alert, verdict, devices, addresses, now)
        alert.due_at = verdict.again_at
    return len(due), sent


async def _see(unit: Unit, due: Collection[Alert], now: datetime) -> _Seen:
    people = {each.agent_id for each in due}
    talks = await conversations.by_ids(
        unit, {each.conversation_id for each in due if each.conversation_id}
    )
    ids = {each.facts["notice_id"] for each in due if "notice_id" in each.facts}
    told = await notices.by_ids(unit, ids)
    seats = await routing.seats_by_ids(unit, people)
    return _Seen(
        seats={each.agent_id: each for each in seats},
        talks={each.id: each for each in talks},
        notices={each.id: each for each in told},
        devices=await alerts.devices_of(unit, people, now),
        addresses=await alerts.addresses_of(unit, people),
        wishes=await alerts.wishes_of(unit, people),
        visible=await alerts.last_visible(unit, people),
    )


def _situation(alert: Alert, seen: _Seen, now: datetime) -> Situation:
    agent_id = alert.agent_id
    held = ((Way.PUSH, seen.devices[agent_id]), (Way.ADDRESS, seen.addresses[agent_id]))
    ways = frozenset(way for way, places in held if places)
    told = frozenset(Way(each) for each in alert.ways)
    stands = _stands(alert, seen.talks.get(alert.conversation_id or 0), seen.notices)
    common = Situation(
        kind=alert.kind,
        raised_at=alert.newest_at,
        until=alert.until,
        stands=stands,
        ways=ways,
        told=told,
        told_at=alert.told_at,
    )
    if agent_id == COMMON:
        return common
    seat, wishes = seen.seats.get(agent_id), seen.wishes[agent_id]
    online = seat is not None and seat.presence is Presence.ONLINE
    return Situation(
        kind=alert.kind,
        raised_at=alert.newest_at,
        until=alert.until,
        stands=stands,
        visible_until=seen.visible.get(agent_id),
        seen_at=seat.seen_at if seat else None,
        online=online,
        left=bool(seat and seat.since is not None and seat.presence is Presence.OFFLINE),
        muted=frozenset(Kind(each) for each in wishes.muted),
        quiet=wishes.quiet is not None and wishes.quiet.covers(now),
        in_chat=bool(online and seat and seat.reachable_until and seat.reachable_until > now),
        ways=ways,
        told=told,
        told_at=alert.told_at,
    )


def _stands(alert: Alert, talk: Conversation | None, told: Mapping[int, Notice]) -> bool:
    """Whether there is still something to hear of."""
    asked = talk is not None and talk.offered_to == alert.agent_id
    match alert.kind:
        case Kind.TEAM_BREACH | Kind.TEAM_WAITING:
            return True
        case Kind.OFFER:
            return asked
        case Kind.HANDED_OVER | Kind.MENTION:
            notice = told.get(alert.facts.get("notice_id", 0))
            offered = alert.kind is Kind.HANDED_OVER and asked  # the offer says it
            return notice is not None and notice.read_at is None and not offered
        case _:
            return talk is not None and _is_owed(alert, talk)


def _is_owed(alert: Alert, talk: Conversation) -> bool:
    """Whether it is still theirs, and something is still to be done."""
    if talk.assignee_id != alert.agent_id or talk.state is ConversationState.CLOSED:
        return False
    if alert.kind is Kind.MESSAGE:
        return talk.unread > 0
    return alert.facts.get("clock") == "resolution" or talk.owed_since is not None


async def note_ways(unit: Unit, *, now: datetime) -> None:
    """Note of all agents whether an offer would reach them beside the page: some count as here."""
    await routing.set_alerted(unit, await alerts.reached(unit, now))
