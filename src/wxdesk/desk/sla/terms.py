"""What a conversation is promised: the targets of its level, in the hours of its group.

A group may have other targets for a level; a group without hours has those of the account.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from wxdesk.desk import accounts, calendars, groups, levels
from wxdesk.desk.calendars import Calendar, always
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.groups import Group
from wxdesk.desk.levels import Level
from wxdesk.store import Unit

MARK_CHARS = 16
NEXT_IN_FIRST = 2
"""A level that says nothing of later replies promises them in so many times the first."""


class Kind(StrEnum):
    """What a clock runs for."""

    FIRST = "first"  # the first reply by a person
    NEXT = "next"  # every later one
    RESOLUTION = "resolution"  # the conversation's end


class Key(NamedTuple):
    """Whose terms; no level: the default one, no group: none has it yet."""

    level_id: int | None = None
    group_id: int | None = None
    account_id: int | None = None


USUAL = Key()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Targets in seconds, and the time that counts.

    Attributes:
        left_message: Of a first reply to what came in while nobody is there.
        resolution: None: there is no such promise.
        pause_while_waiting: The resolution is not counted while the customer is to answer.
        is_known: Its group is there; clocks of one that is gone keep the hours they had.
    """

    key: Key = USUAL
    first: float = 300
    next: float = 600
    left_message: float = 3600
    resolution: float | None = 24 * 3600
    calendar_id: int | None = None
    calendar: Calendar = field(default_factory=always)
    pause_while_waiting: bool = True
    is_known: bool = True

    def seconds(self, kind: Kind, at: datetime) -> float | None:
        """The target of a clock that starts then; None: none is promised."""
        match kind:
            case Kind.FIRST:
                return self.first if self.calendar.is_open(at) else self.left_message
            case Kind.NEXT:
                return self.next
            case Kind.RESOLUTION:
                return self.resolution

    @cached_property
    def mark(self) -> str:
        """By which a clock is known that was reckoned by other targets, or other hours."""
        told = [self.first, self.next, self.left_message, self.resolution, self.calendar.as_json()]
        if not self.pause_while_waiting:
            told.append(False)
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:MARK_CHARS]


def key_of(conversation: Conversation) -> Key:
    """By what the terms of a conversation are found."""
    return Key(conversation.level_id, conversation.group_id, conversation.account_id)


async def terms_for(unit: Unit, keys: Collection[Key]) -> Mapping[Key, Terms]:
    """What is promised under each of these keys, in up to five statements.

    Of a level that is gone, what the default one promises; a group that is gone has no hours.
    """
    promised = {level.id: level for level in await levels.list_levels(unit)}
    missing = {key.level_id for key in keys if key.level_id} - promised.keys()
    promised |= await levels.by_ids(unit, missing)
    usual = next((each for each in promised.values() if each.is_default), None)
    teams = await groups.by_ids(unit, {key.group_id for key in keys if key.group_id})
    served = await accounts.by_ids(unit, {key.account_id for key in keys if key.account_id})
    chosen = {team.calendar_id for team in teams.values()}
    chosen |= {account.calendar_id for account in served.values()}
    kept = await calendars.by_ids(unit, {each for each in chosen if each})
    hours = {calendar_id: each.calendar for calendar_id, each in kept.items()}
    found = {}
    for key in keys:
        group, account = teams.get(key.group_id or 0), served.get(key.account_id or 0)
        own = group.calendar_id if group else None
        calendar_id = own or (account.calendar_id if account else None)
        level = promised.get(key.level_id or 0, usual)
        found[key] = _terms(key, level, group, calendar_id, hours)
    return found


def _terms(
    key: Key,
    level: Level | None,
    group: Group | None,
    calendar_id: int | None,
    hours: Mapping[int, Calendar],
) -> Terms:
    calendar = hours[calendar_id] if calendar_id else always()
    known = group is not None or key.group_id is None
    terms = Terms(key=key, calendar_id=calendar_id, calendar=calendar, is_known=known)
    if level is None:
        return terms
    own = group.targets_of(level.id) if group else None
    first = own["first_seconds"] if own else level.first_seconds
    later = own["next_seconds"] if own else level.next_seconds
    return replace(
        terms,
        first=first,
        next=NEXT_IN_FIRST * first if later is None else later,
        left_message=level.left_message_seconds,
        resolution=own["resolution_seconds"] if own else level.resolution_seconds,
        pause_while_waiting=level.pause_resolution,
    )
