"""A conversation as browsers see it, in answers and in events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from wxdesk.desk import accounts, agents, contacts, groups, ratings, routing, sla, summaries
from wxdesk.desk.agents import Agent
from wxdesk.desk.conversations import Conversation, ConversationState, Direction, MessageState
from wxdesk.desk.groups import Group
from wxdesk.desk.sla import Clock, Kind
from wxdesk.desk.summaries import Summary
from wxdesk.store import Unit
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.contacts import ContactOut
from wxdesk.web.api.rating import RatingOut
from wxdesk.web.api.summary import SummaryOut


class AccountRef(BaseModel):
    """The Official Account a conversation came in on, with what agents ask of its settings."""

    id: int
    slug: str
    name: str
    simulated: bool
    sync_tags: bool
    blacklist_at_wechat: bool


class GroupRef(BaseModel):
    """A group where only the name matters."""

    id: int
    name: str


class Offer(BaseModel):
    """An agent is asked whether they take it, until then."""

    agent: AgentRef
    until: datetime


class LastMessage(BaseModel):
    """The newest line, as a list shows it."""

    id: int
    direction: Direction
    kind: str
    text: str
    state: MessageState | None
    sent_at: datetime
    author: str | None


class ConversationOut(BaseModel):
    """A conversation as browsers see it, here and in events.

    `owed_since`: when the customer wrote the first message that no agent has answered. `due_at`: by
    when they are promised an answer, the `first` or the `next` (`due_kind`); `warn_at`: when little
    of that time is left; `breached`: it was noticed that nobody has answered in time.
    `rests_since`: the customer owes the answer, and it takes none of its agent's room.
    `snoozed_until`: its agent has put it off until then. `joined`:
    supervisors who write in it, though it is somebody else's. `hidden`: by the plan the caller is
    not shown who waits; the contact tells their level, and has a number that is no contact's.
    `handed`: a colleague has handed it over to whoever has it, or is asked.
    `needs_summary`: its group wants a summary when it ends, or one is owed since it has ended.
    """

    id: int
    state: ConversationState
    account: AccountRef
    contact: ContactOut
    assignee: AgentRef | None
    joined: list[AgentRef]
    group: GroupRef | None
    offer: Offer | None
    unread: int
    waiting_since: datetime | None
    rests_since: datetime | None
    snoozed_until: datetime | None
    owed_since: datetime | None
    due_at: datetime | None
    due_kind: Kind | None
    warn_at: datetime | None
    breached: bool
    opened_at: datetime
    closed_at: datetime | None
    previous_id: int | None
    last_message: LastMessage | None
    summary: SummaryOut | None
    needs_summary: bool
    rating: RatingOut | None
    handed: bool = False
    hidden: bool = False
    version: int

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        account: AccountRef,
        contact: ContactOut,
        people: dict[int, Agent],
        group: GroupRef | None,
        clock: Clock | None,
        joined: Sequence[int],
        summary: SummaryOut | None,
        needs_summary: bool,
        rating: RatingOut | None,
        handed: bool,
    ) -> Self:
        owner = people.get(conversation.assignee_id or 0)
        asked, until = people.get(conversation.offered_to or 0), conversation.offer_until
        return cls(
            id=conversation.id,
            state=conversation.state,
            account=account,
            contact=contact,
            assignee=AgentRef.of(owner) if owner else None,
            joined=[AgentRef.of(people[each]) for each in joined],
            group=group,
            offer=Offer(agent=AgentRef.of(asked), until=until) if asked and until else None,
            unread=conversation.unread,
            waiting_since=conversation.waiting_since,
            rests_since=conversation.rests_since,
            snoozed_until=conversation.snoozed_until,
            owed_since=conversation.owed_since,
            due_at=clock.due_at if clock else None,
            due_kind=clock.kind if clock else None,
            warn_at=clock.warn_at if clock else None,
            breached=clock is not None and clock.breached_at is not None,
            opened_at=conversation.opened_at,
            closed_at=conversation.closed_at,
            previous_id=conversation.previous_id,
            last_message=_last_message(conversation, people),
            summary=summary,
            needs_summary=needs_summary,
            rating=rating,
            handed=handed,
            version=conversation.version,
        )


async def shown(unit: Unit, found: Sequence[Conversation]) -> list[ConversationOut]:
    """Conversations as browsers see them, in a handful of statements for all."""
    await unit.session.flush()
    served = await accounts.by_ids(unit, {each.account_id for each in found})
    refs = {
        each.id: AccountRef.model_validate(each, from_attributes=True) for each in served.values()
    }
    met = await contacts.by_ids(unit, {each.contact_id for each in found})
    known = {each.id: each for each in await contacts_api.shown(unit, met.values())}
    active = {each.id for each in found if each.state is ConversationState.ACTIVE}
    joined = await routing.joined(unit, active) if active else {}
    given = active | {each.id for each in found if each.offered_to}
    handed = await routing.handed(unit, given) if given else ()
    ended = {each.id for each in found if each.state is ConversationState.CLOSED}
    summed = await summaries.of(unit, ended)
    rated = await ratings.of(unit, {each.id for each in found})
    paths = await summaries.paths_of(
        unit, {each.category_id for each in summed.values() if each.category_id}
    )
    named = {each.by_id for each in summed.values()}
    named |= {agent_id for inside in joined.values() for agent_id in inside} | {
        agent_id
        for each in found
        for agent_id in (each.assignee_id, each.last_author_id, each.offered_to)
    }
    people = await agents.by_ids(unit, named)
    inside = await groups.by_ids(unit, {each.group_id for each in found if each.group_id})
    refs_of = {each.id: GroupRef(id=each.id, name=each.name) for each in inside.values()}
    clocks = await sla.running(unit, {each.id for each in found})
    return [
        ConversationOut.of(
            each,
            refs[each.account_id],
            known[each.contact_id],
            people,
            refs_of.get(each.group_id or 0),
            clocks.get(each.id),
            joined.get(each.id, ()),
            SummaryOut.of(summed.get(each.id), paths, people),
            _needs_summary(each, summed.get(each.id), inside.get(each.group_id or 0)),
            RatingOut.of(rated.get(each.id)),
            each.id in handed,
        )
        for each in found
    ]


def masked(out: ConversationOut) -> ConversationOut:
    """A conversation as those see it who may not know who waits: how long, and how important."""
    nobody = contacts_api.nobody(out.contact, -out.id, out.opened_at)
    return out.model_copy(
        update={
            "contact": nobody,
            "group": None,
            "unread": 0,
            "previous_id": None,
            "last_message": None,
            "hidden": True,
        }
    )


def _last_message(conversation: Conversation, people: dict[int, Agent]) -> LastMessage | None:
    if conversation.last_message_id is None:
        return None
    assert conversation.last_direction is not None
    assert conversation.last_kind is not None
    author = people.get(conversation.last_author_id or 0)
    return LastMessage(
        id=conversation.last_message_id,
        direction=conversation.last_direction,
        kind=conversation.last_kind,
        text=conversation.last_text,
        state=conversation.last_state,
        sent_at=conversation.last_at,
        author=author.name if author else None,
    )


def _needs_summary(conversation: Conversation, kept: Summary | None, group: Group | None) -> bool:
    if conversation.state is ConversationState.CLOSED:
        return kept is not None and kept.owed_since is not None
    return group is not None and group.needs_summary
