"""What an endpoint is told: one shape for each thing, the same in every event.

These shapes are a promise to programs that nobody here knows: they may grow, and ``version`` says
when they change otherwise. They are described as webhooks in the API's description.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from wxdesk.desk.agents import Agent
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState, Direction, MessageState
from wxdesk.desk.conversations import Message as Line
from wxdesk.desk.ratings import Rating as Rated
from wxdesk.desk.summaries import Result
from wxdesk.desk.summaries import Summary as Summed

VERSION = 1


class Told(BaseModel):
    """Read from the desk's own rows."""

    model_config = ConfigDict(from_attributes=True)


class Named(Told):
    """Somebody or something, by number and name."""

    id: int
    name: str


class Person(Told):
    """Who the conversation is with. `name`: what the desk calls them; often nothing."""

    id: int
    openid: str
    unionid: str | None
    name: str
    level_id: int | None


class Visit(Told):
    """The conversation, as it was when this was written down: soon after it happened."""

    id: int
    state: ConversationState
    account: Named
    contact: Person
    assignee: Named | None
    group: Named | None
    opened_at: datetime
    closed_at: datetime | None


class Said(Told):
    """A message, as `GET /api/conversations/{id}/messages` shows it.

    `state`, of an own one: how far it had got when this was written down; `type` says what it is
    told for.
    """

    id: int
    direction: Direction
    kind: str
    text: str
    content: dict[str, Any]
    state: MessageState | None
    reason: str | None
    errcode: int | None
    client_id: str | None
    author: Named | None
    sent_at: datetime


class Deed(Told):
    """What somebody did with the conversation.

    `how` is the line in the thread: `assigned`, `taken`, `taken_over`, `given_back`, `handed_over`,
    `put_back`, `closed`, `closed_by_itself`, `abandoned`. `agent`: who has it from now on, or, of
    what was handed over, put back or closed, who did it or had it; null: the desk. `to_agent`,
    `to_group`: for whom it was meant.
    """

    how: str
    agent: Named | None
    to_agent: Named | None
    to_group: Named | None
    reason: str
    at: datetime


class SummedUp(Told):
    """What it was about: `category` from the top down."""

    category: list[str]
    result: Result
    note: str
    by: Named | None
    given_at: datetime


class Rating(Told):
    """3 content, 2 so-so, 1 not."""

    score: int
    comment: str
    rated_at: datetime


class Data(BaseModel):
    """What happened, and to what. What an event is not about is null."""

    conversation: Visit | None = None
    message: Said | None = None
    deed: Deed | None = None
    summary: SummedUp | None = None
    rating: Rating | None = None


class Body(BaseModel):
    """One event. `id`: the same however often it is told; `timestamp`: when it was written down."""

    id: str
    type: str
    version: int = VERSION
    timestamp: datetime
    data: Data

    @property
    def text(self) -> str:
        """As it is sent and signed: what is not ASCII stands as it is."""
        return self.model_dump_json()


@dataclass(frozen=True, slots=True)
class Known:
    """What bodies are made of, read for many at once."""

    conversations: Mapping[int, Conversation]
    contacts: Mapping[int, Contact]
    agents: Mapping[int, Agent]
    accounts: Mapping[int, str]
    groups: Mapping[int, str]
    summaries: Mapping[int, Summed]
    paths: Mapping[int, Sequence[str]]
    ratings: Mapping[int, Rated]

    def agent(self, agent_id: int | None) -> Named | None:
        found = self.agents.get(agent_id or 0)
        return Named(id=found.id, name=found.name) if found else None

    def group(self, group_id: int | None) -> Named | None:
        name = self.groups.get(group_id or 0)
        return Named(id=group_id or 0, name=name) if name is not None else None

    def visit(self, conversation_id: int) -> Visit:
        found = self.conversations[conversation_id]
        person = self.contacts[found.contact_id]
        return Visit(
            id=found.id,
            state=found.state,
            account=Named(id=found.account_id, name=self.accounts[found.account_id]),
            contact=Person(
                id=person.id,
                openid=person.openid,
                unionid=person.unionid,
                name=person.remark,
                level_id=person.level_id,
            ),
            assignee=self.agent(found.assignee_id),
            group=self.group(found.group_id),
            opened_at=found.opened_at,
            closed_at=found.closed_at,
        )

    def said(self, line: Line) -> Said:
        return Said(
            id=line.id,
            direction=line.direction,
            kind=line.kind,
            text=line.text,
            content=line.content,
            state=line.state,
            reason=line.reason,
            errcode=line.errcode,
            client_id=line.client_id,
            author=self.agent(line.author_id),
            sent_at=line.sent_at,
        )

    def deed(self, line: Line) -> Deed:
        return Deed(
            how=line.kind,
            agent=self.agent(line.author_id),
            to_agent=self.agent(line.content.get("agent_id")),
            to_group=self.group(line.content.get("group_id")),
            reason=line.content.get("reason") or line.content.get("message") or "",
            at=line.received_at,
        )

    def summary(self, conversation_id: int) -> SummedUp | None:
        kept = self.summaries.get(conversation_id)
        if kept is None or kept.category_id is None or kept.result is None or not kept.given_at:
            return None
        return SummedUp(
            category=list(self.paths[kept.category_id]),
            result=kept.result,
            note=kept.note,
            by=self.agent(kept.by_id),
            given_at=kept.given_at,
        )

    def rating(self, conversation_id: int) -> Rating | None:
        kept = self.ratings.get(conversation_id)
        if kept is None or kept.score is None or kept.rated_at is None:
            return None
        return Rating(score=kept.score, comment=kept.comment, rated_at=kept.rated_at)
