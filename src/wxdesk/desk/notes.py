"""Notes (便签): what agents write to each other in a conversation; the customer never sees them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from wxdesk.desk import agents, conversations, groups, notices
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.groups import Group
from wxdesk.desk.notices import Kind, Notice
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit

MOST_TOLD = 200
"""So many hear of one note by their groups."""


class TooManyNamed(Invalid):
    """The groups that a note names are larger than ``most`` together: nobody was told."""

    code = "too_many_named"


async def leave(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    text: str,
    now: datetime,
    client_id: str | None = None,
    mentions: Collection[int] = (),
    group_ids: Collection[int] = (),
    kind: str = "note",
) -> Message:
    """Leave a note; those whom it names, and whose conversation it is, are told, each once.

    Under a known ``client_id`` nothing is changed, and the first note returned.

    Args:
        unit: Of the request.
        conversation_id: Where.
        agent_id: Who leaves it.
        text: What it says.
        now: When.
        client_id: The same for what is tried again.
        mentions: Agents whom it names.
        group_ids: Groups that it names: all who are in them.
        kind: ``note``, or ``whisper``.

    Raises:
        NotFound: There is no such conversation or group, or nobody works here whom it names.
        TooManyNamed: More are in the groups than may be told at once.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    if client_id:
        known = await conversations.find_by_client_id(unit, conversation_id, client_id)
        if known:
            return known
    named = await _colleagues(unit, mentions)
    inside = await _members(unit, group_ids, but=agent_id)
    note = await conversations.add_note(
        unit,
        conversation_id,
        agent_id=agent_id,
        text=text,
        now=now,
        kind=kind,
        client_id=client_id,
        content=_content(named, inside),
    )
    facts = {each: {"group": group.name} for group, ids in inside.items() for each in ids}
    facts |= {each.id: {} for each in named}
    await notices.add(unit, _notices(conversation, note, Kind.MENTION, facts, now))
    return note


async def ask_for_help(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    text: str,
    client_id: str,
    now: datetime,
) -> Message:
    """Leave a note that asks supervisors, and the group whose conversation it is, to help.

    So many of the group are told as may be: asking for help is never refused for their number.
    Under a known ``client_id`` nothing is changed, and the first note returned.

    Raises:
        NotFound: There is no such conversation.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    known = await conversations.find_by_client_id(unit, conversation_id, client_id)
    if known:
        return known
    note = await conversations.add_note(
        unit,
        conversation_id,
        agent_id=agent_id,
        text=text,
        now=now,
        kind="help",
        client_id=client_id,
    )
    asked: dict[int, dict[str, Any]] = {each: {} for each in await _helpers(unit, conversation)}
    await notices.add(unit, _notices(conversation, note, Kind.HELP, asked, now))
    return note


async def _helpers(unit: Unit, conversation: Conversation) -> list[int]:
    """Whose conversation it is, supervisors, and its group, as many as may be told."""
    group_id = conversation.group_id
    inside = (await groups.members_of(unit, [group_id]))[group_id] if group_id else []
    there = [each for each in await agents.list_all(unit) if each.active]
    leads = [each.id for each in there if each.role.includes(Role.SUPERVISOR)]
    wanted = dict.fromkeys([*leads, *(each.id for each in there if each.id in inside)])
    owner = [conversation.assignee_id] if conversation.assignee_id else []
    return [*owner, *(each for each in wanted if each not in owner)][:MOST_TOLD]


async def _colleagues(unit: Unit, mentions: Collection[int]) -> list[Agent]:
    people = await agents.by_ids(unit, set(mentions))
    named = [people[each] for each in sorted(set(mentions)) if each in people]
    if len(named) < len(set(mentions)) or not all(each.active for each in named):
        raise NotFound("nobody works here whom this note names")
    return named


async def _members(
    unit: Unit, group_ids: Collection[int], *, but: int
) -> Mapping[Group, Collection[int]]:
    """Who works in each of these groups."""
    found = await groups.by_ids(unit, set(group_ids))
    if len(found) < len(set(group_ids)):
        raise NotFound("there is no group that this note names")
    members = await groups.members_of(unit, found)
    people = await agents.by_ids(unit, {each for ids in members.values() for each in ids})
    there = {each.id for each in people.values() if each.active}
    if len(there - {but}) > MOST_TOLD:
        raise TooManyNamed("too many are in these groups", most=MOST_TOLD)
    return {found[each]: there.intersection(members[each]) for each in sorted(found)}


def _content(named: Iterable[Agent], inside: Iterable[Group]) -> dict[str, Any] | None:
    mentions = [{"id": each.id, "name": each.name} for each in named]
    in_groups = [{"id": each.id, "name": each.name} for each in inside]
    content = {"mentions": mentions} | ({"groups": in_groups} if in_groups else {})
    return content if mentions or in_groups else None


def _notices(
    conversation: Conversation,
    note: Message,
    kind: Kind,
    facts: Mapping[int, dict[str, Any]],
    now: datetime,
) -> list[Notice]:
    """One for each agent who is meant, and one for whose conversation it is."""
    kinds = dict.fromkeys(facts, kind)
    if conversation.assignee_id is not None:
        kinds.setdefault(conversation.assignee_id, Kind.NOTE)
    return [
        Notice(
            agent_id=agent_id,
            kind=each,
            conversation_id=conversation.id,
            by_id=note.author_id,
            text=note.text,
            facts=facts.get(agent_id, {}),
            at=now,
        )
        for agent_id, each in kinds.items()
    ]
