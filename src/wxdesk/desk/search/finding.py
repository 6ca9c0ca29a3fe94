"""What somebody is shown who searches: names made numbers, and what they may not see left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false

from wxdesk.desk import agents, contacts, words
from wxdesk.desk.agents import Agent
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState, Message
from wxdesk.desk.routing import Sight
from wxdesk.desk.search import queries
from wxdesk.desk.search.asked import Asked
from wxdesk.desk.search.expression import Expression
from wxdesk.desk.search.pieces import phrases_of
from wxdesk.desk.search.queries import Counted
from wxdesk.desk.search.wording import NOTE, SAID, mark, months
from wxdesk.store import Unit

MOST_CUSTOMERS = 50
"""That one name may stand for: of more the last seen."""

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, as the index and the tables know it.

    Attributes:
        said: Of messages and of notes alike; ``said_rules``: what only rows tell.
        people: Of contacts; None: it asks for what people do not have.
    """

    said: Expression
    said_rules: Sequence[ColumnElement[bool]]
    people: Expression | None
    people_rules: Sequence[ColumnElement[bool]]


async def prepare(
    unit: Unit, asked: Asked, sight: Sight, *, now: datetime, conversation_id: int | None = None
) -> Search:
    """Find out who is meant by the names; what names nobody finds nothing."""
    marks: list[Sequence[str]] = []
    of_said: list[ColumnElement[bool]] = []
    of_people: list[ColumnElement[bool]] = []
    if conversation_id is not None:
        marks.append([mark("c", conversation_id)])
    if asked.customers:
        ids = [each.id for each in await _customers(unit, asked.customers)]
        marks.append([mark("p", each) for each in ids] or [mark("p", "?")])
        of_people.append(Contact.id.in_(ids) if ids else false())
    if asked.agents:
        team = [each for each in await agents.list_all(unit) if _is_called(each, asked.agents)]
        marks.append([mark("a", each.id) for each in team] or [mark("a", "?")])
    if asked.tags:
        tags = [tag for name in asked.tags for tag in await contacts.tags_named(unit, name)]
        of_said.append(contacts.carrying(unit, tags))
        of_people.append(contacts.carrying(unit, tags))
    if asked.kinds:
        marks.append([mark("k", each) for each in asked.kinds])
    if named := months(asked.since, asked.until, now):
        marks.append(named)
    if asked.since:
        of_said.append(Message.sent_at >= asked.since)
    if asked.until:
        of_said.append(Message.sent_at < asked.until)
    if sight.blind:
        of_said.append(sight.rule)
        of_people.append(_not_hidden(sight))
    return Search(
        Expression(asked.phrases, marks),
        of_said,
        None if asked.is_of_messages else Expression(asked.phrases),
        of_people,
    )


async def messages(
    unit: Unit, search: Search, *, notes: bool, before: int | None, limit: int
) -> Sequence[Message]:
    """Of messages or of notes those that answer, the newest first, before one of them."""
    wanted = _one_of(search, notes=notes)
    return await queries.find_messages(unit, wanted, search.said_rules, before=before, limit=limit)


async def count_messages(unit: Unit, search: Search, *, notes: bool) -> Counted:
    """How many of the newest are of which kind."""
    wanted = _one_of(search, notes=notes)
    return await queries.count_messages(unit, wanted, search.said_rules, most=MOST_COUNTED)


async def within(
    unit: Unit, search: Search, *, before: int | None, limit: int
) -> Sequence[Message]:
    """The same of messages and notes together, for one conversation."""
    rules = search.said_rules
    return await queries.find_messages(unit, search.said, rules, before=before, limit=limit)


async def count_within(unit: Unit, search: Search) -> Counted:
    return await queries.count_messages(unit, search.said, search.said_rules, most=MOST_COUNTED)


async def people(unit: Unit, search: Search, *, after: int | None, limit: int) -> Sequence[Contact]:
    """Who answers to it, the last seen first, after one of them."""
    if search.people is None:
        return ()
    rules = search.people_rules
    return await queries.find_people(unit, search.people, rules, after=after, limit=limit)


async def count_people(unit: Unit, search: Search) -> int:
    """How many do; one more than ``MOST_COUNTED`` where they are more."""
    if search.people is None:
        return 0
    most = MOST_COUNTED + 1
    return await queries.count_people(unit, search.people, search.people_rules, most=most)


def _one_of(search: Search, *, notes: bool) -> Expression:
    marks = [*search.said.marks, [NOTE if notes else SAID]]
    return Expression(search.said.phrases, marks)


async def _customers(unit: Unit, names: Sequence[str]) -> list[Contact]:
    found: list[Contact] = []
    for name in names:
        if wanted := Expression(phrases_of(name)):
            found += await queries.find_people(unit, wanted, (), after=None, limit=MOST_CUSTOMERS)
    return found


def _is_called(agent: Agent, names: Sequence[str]) -> bool:
    """By the name, a part of it, or how it is typed."""
    known = [agent.name.casefold(), agent.username]
    spelt = words.found_by(agent.name).split(" ")
    return any(
        any(name.casefold() in each for each in known)
        or any(each.startswith(name.casefold()) for each in spelt)
        for name in names
    )


def _not_hidden(sight: Sight) -> ColumnElement[bool]:
    return ~exists().where(
        Conversation.contact_id == Contact.id,
        Conversation.state == ConversationState.WAITING,
        Conversation.offered_to.is_distinct_from(sight.agent_id),
    )
