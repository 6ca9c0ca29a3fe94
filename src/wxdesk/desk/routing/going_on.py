"""Waits that go on: where they had ended, for a later answer, at a level or in a group of now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing.begin import hold_seconds, overflow_at, rings_as_json
from wxdesk.desk.routing.model import Wait, need_as_json, need_of_json
from wxdesk.desk.routing.promise import Target, after_level_change, promised
from wxdesk.desk.routing.relax import Wish, needs, rings
from wxdesk.desk.routing.snapshot import Need
from wxdesk.desk.routing.terms import Terms
from wxdesk.errors import NotFound

_MOMENTS = ("since", "warn_at", "due_at", "hard_at")


def go_on(conversation: Conversation, kept: Mapping[str, Any]) -> Wait:
    """A wait that had ended goes on at its old place; see ``Wait.as_json``."""
    moments = {name: datetime.fromisoformat(kept[name]) for name in _MOMENTS}
    wait = Wait(
        conversation_id=conversation.id,
        account_id=kept["account_id"],
        group_id=kept["group_id"],
        level_id=kept["level_id"],
        rank=kept["rank"],
        pool=kept["pool"],
        target=Target(kept["target"]),
        wanted=kept["wanted"],
        rings=kept["rings"],
        all_rings=kept["rings"],
        weight=kept["weight"],
        extra_slots=kept["extra_slots"],
        hold_seconds=0,
        excluded=dict(kept["excluded"]),
        looked=False,
        **moments,
    )
    wait.put_in_line(need_of_json(wait.wanted))
    wait.set_timer()
    return wait


def again(
    conversation: Conversation,
    contact: Contact,
    kept: Mapping[str, Any],
    terms: Terms,
    *,
    since: datetime,
    familiar_id: int | None = None,
) -> Wait:
    """A wait for a later answer, by the target that holds for these."""
    wait = go_on(conversation, kept)
    level_id = wait.level_id if wait.level_id in terms.levels else terms.default_id
    level = terms.level(level_id, conversation.group_id)
    wait.since, wait.target = since, Target.NEXT
    promise = promised(
        level,
        since,
        terms.due(conversation.group_id, conversation.account_id),
        target=Target.NEXT,
        window_until=contact.window_closes_at,
    )
    wait.promise, wait.weight, wait.extra_slots = promise, 1, level.extra_slots
    wait.familiar_id = familiar_id
    wait.hold_seconds = hold_seconds(level) if familiar_id else 0
    wait.rings = wait.all_rings = [
        ring | {"at": (promise.due_at if passed else promise.warn_at).isoformat()}
        for passed, ring in enumerate(wait.all_rings)
    ]
    wait.set_timer()
    return wait


def raise_level(wait: Wait, level_id: int, terms: Terms) -> None:
    """A better level counts from when the wait began; what was promised before stays at least."""
    level = terms.level(level_id, wait.group_id)
    due = terms.due(wait.group_id, wait.account_id)
    offered = promised(level, wait.since, due, target=wait.target)
    rank, promise = after_level_change(wait.rank, wait.promise, level, offered)
    wait.level_id, wait.rank, wait.promise = level_id, rank, promise
    wait.extra_slots = max(wait.extra_slots, level.extra_slots)
    wait.put_in_line(need_of_json(wait.need))
    wait.looked = wait.offered_to is not None
    wait.set_timer()


def take_default_level(wait: Wait, terms: Terms) -> None:
    """Its level was retired: it keeps rank and promise, and those take it who serve the default."""
    wait.level_id = terms.default_id
    wait.put_in_line(need_of_json(wait.need))
    wait.looked = wait.offered_to is not None


def put_in_group(wait: Wait, conversation: Conversation, group_id: int, terms: Terms) -> None:
    """It is another group's from now on, at its old place; skills are not asked for any more.

    Raises:
        NotFound: There is no such group.
    """
    if group_id not in terms.groups:
        raise NotFound(f"there is no group {group_id}")
    conversation.group_id = wait.group_id = group_id
    wait.pool = f"{conversation.account_id}|{group_id}"
    wish = Wish(
        groups=frozenset({group_id}),
        helpers=terms.helpers(group_id),
        whole_desk=terms.plan.whole_desk,
    )
    first = needs(wish)[0]
    wait.wanted, wait.ring = need_as_json(first), 0
    helped_at = overflow_at(terms, group_id, wait.since)
    wait.rings = wait.all_rings = rings_as_json(rings(wish, wait.promise, overflow_at=helped_at))
    wait.put_in_line(first)
    wait.set_timer()


def leave_group(wait: Wait, conversation: Conversation) -> None:
    """Its group is no more: it is the whole desk's, at its old place, with the skills it asks."""
    conversation.group_id = wait.group_id = None
    wait.pool = f"{conversation.account_id}|*"
    first = Need(need_of_json(wait.wanted).skills)
    wait.wanted, wait.ring = need_as_json(first), 0
    wait.rings = wait.all_rings = []
    wait.put_in_line(first)
    wait.looked = wait.offered_to is not None
    wait.set_timer()
