"""What people did to the queue, to conversations and to agents by hand, and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import agents, contacts, conversations, groups, routing
from wxdesk.desk.agents import Agent
from wxdesk.desk.routing import HAD_BY, Act, Presence, RoutingNote
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.conversation import GroupRef
from wxdesk.web.api.inputs import RowNumber, blank_is
from wxdesk.web.deps import ASupervisor, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["routing"])


class ActTalk(BaseModel):
    """Which conversation it was done to, and whose it is; `id` is the conversation's."""

    id: int
    contact_id: int
    openid: str
    remark: str


class ActOut(BaseModel):
    """One act. `agent`: who got the conversation, or to whom it was done; `had_by`: whose it was.

    `presence`, `limit` (null: as usual again) and `group` belong to the acts of those names.
    """

    id: int
    at: datetime
    act: Act
    by: AgentRef | None
    agent: AgentRef | None
    had_by: AgentRef | None
    group: GroupRef | None
    conversation: ActTalk | None
    presence: Presence | None
    limit: int | None
    reason: str

    @classmethod
    def of(
        cls,
        kept: RoutingNote,
        people: Mapping[int, Agent],
        groups_: Mapping[int, GroupRef],
        talks: Mapping[int, ActTalk],
    ) -> Self:
        def ref(agent_id: int | None) -> AgentRef | None:
            agent = people.get(agent_id or 0)
            return AgentRef.of(agent) if agent else None

        facts = kept.facts
        return cls(
            id=kept.id,
            at=kept.at,
            act=Act(kept.kind),
            by=ref(kept.by_id),
            agent=ref(kept.agent_id),
            had_by=ref(facts.get(HAD_BY)),
            group=groups_.get(facts.get("group_id") or 0),
            conversation=talks.get(kept.conversation_id or 0),
            presence=facts.get("presence"),
            limit=facts.get("limit"),
            reason=kept.reason,
        )


class ActPage(BaseModel):
    """Newest first; `next` is the `cursor` of older ones."""

    items: list[ActOut]
    next: int | None


@router.get("/routing/log", responses=problems())
async def list_acts(
    _agent: ASupervisor,
    unit: ReadUnit,
    agent: Annotated[RowNumber | None, blank_is(None)] = None,
    conversation: Annotated[RowNumber | None, blank_is(None)] = None,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> ActPage:
    """What supervisors did, and why: all of it, or only what touched an agent or a conversation."""
    found = await routing.list_acts(
        unit, agent_id=agent, conversation_id=conversation, before=cursor, limit=limit + 1
    )
    page = found[:limit]
    named = {
        agent_id
        for each in page
        for agent_id in (each.by_id, each.agent_id, each.facts.get(HAD_BY))
    }
    people = await agents.by_ids(unit, named)
    inside = await groups.by_ids(
        unit, {each.facts["group_id"] for each in page if "group_id" in each.facts}
    )
    refs = {each.id: GroupRef(id=each.id, name=each.name) for each in inside.values()}
    talks = await _talks(unit, page)
    return ActPage(
        items=[ActOut.of(each, people, refs, talks) for each in page],
        next=page[-1].id if len(found) > limit else None,
    )


async def _talks(unit: Unit, page: Sequence[RoutingNote]) -> Mapping[int, ActTalk]:
    ids = {each.conversation_id for each in page if each.conversation_id is not None}
    found = await conversations.by_ids(unit, ids)
    met = await contacts.by_ids(unit, {each.contact_id for each in found})
    return {
        each.id: ActTalk(
            id=each.id,
            contact_id=each.contact_id,
            openid=met[each.contact_id].openid,
            remark=met[each.contact_id].remark,
        )
        for each in found
    }
