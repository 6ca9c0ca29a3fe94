"""The bell: what one is to hear of though one looks elsewhere."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator

from wxdesk.desk import agents, contacts, conversations, notices, routing
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.notices import Kind, Notice
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import RowNumber, blank_is
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["notices"])

MOST_IDS = 200


class Named(BaseModel):
    """A contact where only what they are called matters."""

    id: int
    openid: str
    name: str | None
    remark: str

    @classmethod
    def of(cls, contact: Contact) -> Self:
        return cls(
            id=contact.id,
            openid=contact.openid,
            name=contact.remark or contact.platform_remark or None,
            remark=contact.remark,
        )


class NoticeOut(BaseModel):
    """One notice; in events only its agent is shown it.

    `by`: the colleague who has done it. `text`: what they wrote, never a customer's words. `facts`:
    of a `warning` or a `breach`, which `clock` it is; of a `rating`, its `score`, 1 to 3; of a
    `mention`, the `group` that was named, where it was not oneself.
    `contact`: the customer, where it may be known who they are.
    """

    id: int
    agent_id: int
    kind: Kind
    conversation_id: int | None
    contact: Named | None
    by: AgentRef | None
    text: str
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None
    version: int


class BellOut(BaseModel):
    """How many one has not read, and of which kinds one does not want to hear."""

    id: int
    unread: int
    muted: list[Kind]

    @property
    def agent_id(self) -> int:
        return self.id


class NoticePage(BaseModel):
    """Newest first; `next` is the `cursor` of the page of older ones."""

    items: list[NoticeOut]
    next: int | None
    bell: BellOut


class Read(BaseModel):
    """All up to a number, or some by their numbers."""

    up_to: RowNumber | None = None
    ids: Annotated[list[RowNumber], Field(max_length=MOST_IDS)] = []

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.up_to is None) == (not self.ids):
            raise ValueError("up to one, or some")
        return self


class MutedKinds(BaseModel):
    """Of these one hears nothing: they are not kept for one."""

    kinds: Annotated[list[Kind], Field(max_length=len(Kind))]


async def shown(unit: Unit, found: Sequence[Notice]) -> list[NoticeOut]:
    """Notices as browsers see them."""
    people = await agents.by_ids(unit, {each.by_id for each in found})
    names = await _names(unit, found)
    return [
        NoticeOut(
            id=each.id,
            agent_id=each.agent_id,
            kind=each.kind,
            conversation_id=each.conversation_id,
            contact=names.get(each.id),
            by=AgentRef.of(people[each.by_id]) if each.by_id in people else None,
            text=each.text,
            facts=each.facts,
            at=each.at,
            read_at=each.read_at,
            version=each.version,
        )
        for each in found
    ]


async def _names(unit: Unit, found: Sequence[Notice]) -> dict[int, Named]:
    """The customer of each; who waits unseen, by a blind plan, is told to nobody."""
    ids = {each.conversation_id for each in found if each.conversation_id}
    talks = {each.id: each for each in await conversations.by_ids(unit, ids)}
    people = await contacts.by_ids(unit, {each.contact_id for each in talks.values()})
    is_blind = await routing.is_blind(unit)
    names = {}
    for notice in found:
        talk = talks.get(notice.conversation_id or 0)
        if talk is None:
            continue
        unseen = talk.state is ConversationState.WAITING and talk.offered_to != notice.agent_id
        if not (is_blind and unseen):
            names[notice.id] = Named.of(people[talk.contact_id])
    return names


async def bells(unit: Unit, agent_ids: Collection[int]) -> list[BellOut]:
    """The bells of these agents, in two statements."""
    unread = await notices.count_unread(unit, agent_ids)
    muted = await notices.muted_by(unit, agent_ids)
    return [BellOut(id=each, unread=unread[each], muted=sorted(muted[each])) for each in unread]


@router.get("/notices", responses=problems())
async def list_notices(
    agent: AnAgent,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(30), Query(ge=1, le=100)] = 30,
) -> NoticePage:
    """One's own notices of the last thirty days, newest first."""
    found = await notices.list_notices(unit, agent.id, before=cursor, limit=limit + 1)
    page = found[:limit]
    (bell,) = await bells(unit, [agent.id])
    more = len(found) > limit
    return NoticePage(items=await shown(unit, page), next=page[-1].id if more else None, bell=bell)


@router.post("/notices/read", responses=problems())
async def mark_read(wish: Read, agent: AnAgent, unit: OpenUnit, now: Now) -> BellOut:
    """One has read these; one's other screens hear of it."""
    await notices.mark_read(unit, agent.id, up_to=wish.up_to, ids=wish.ids, now=now)
    return (await bells(unit, [agent.id]))[0]


@router.put("/notices/muted", responses=problems())
async def set_muted(wish: MutedKinds, agent: AnAgent, unit: OpenUnit) -> BellOut:
    """Choose of which kinds one does not want to hear from now on."""
    await notices.set_muted(unit, agent.id, wish.kinds)
    return (await bells(unit, [agent.id]))[0]
