"""Search (搜索): over everything, and inside a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from wxdesk.desk import agents, contacts, conversations, search
from wxdesk.desk.conversations import ConversationState, Direction, Message
from wxdesk.desk.routing import Hidden
from wxdesk.desk.search import Asked, Counted, Search, SearchUnclear
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.store.database import OutOfTime
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.contacts import ContactOut
from wxdesk.web.api.inputs import HOME, NO_NUL, RowId, RowNumber, TimeZone, blank_is
from wxdesk.web.api.sight import sight_of
from wxdesk.web.deps import AnAgent, Now
from wxdesk.web.problems import problems
from wxdesk.web.searching import SearchBusy, Searching

router = APIRouter(tags=["search"])

AROUND = 24
Typed = Annotated[str, NO_NUL, Query(max_length=200)]
Limit = Annotated[int, blank_is(20), Query(ge=1, le=50)]
Cursor = Annotated[RowNumber | None, blank_is(None)]
Group = Literal["people", "messages", "notes"]


class PartOut(BaseModel):
    """A stretch of a snippet; `hit`: it is what was looked for."""

    text: str
    hit: bool


class TalkRef(BaseModel):
    """The conversation in which something was said."""

    id: int
    state: ConversationState
    assignee: AgentRef | None


class HitOut(BaseModel):
    """A message or a note, with what stands around what was found in it."""

    id: int
    direction: Direction
    kind: str
    parts: list[PartOut]
    author: AgentRef | None
    sent_at: datetime
    conversation: TalkRef
    contact: ContactOut


class PersonHit(BaseModel):
    """Somebody who answers to it, and their newest conversation."""

    contact: ContactOut
    conversation_id: int | None


class PeoplePage(BaseModel):
    """The last seen first. `count`: on the first page; `more`: there are more than were counted."""

    items: list[PersonHit]
    count: int | None
    more: bool
    next: int | None


class HitPage(BaseModel):
    """The newest first. `kinds`: of those that were counted, how many are of which kind."""

    items: list[HitOut]
    count: int | None
    more: bool
    kinds: dict[str, int]
    next: int | None


class SearchOut(BaseModel):
    """What was found of what was asked for; null: it was not asked for.

    `unindexed`: at most so many older rows cannot be found yet; null: none can.
    """

    people: PeoplePage | None = None
    messages: HitPage | None = None
    notes: HitPage | None = None
    unindexed: int | None


def _searching(request: Request) -> Searching:
    searching: Searching = request.app.state.searching
    return searching


TheSearching = Annotated[Searching, Depends(_searching)]


class Question(NamedTuple):
    """What was typed, and where days begin for whoever typed it."""

    typed: str
    zone: ZoneInfo

    def understood(self, now: datetime) -> Asked:
        today = now.astimezone(self.zone).date()
        return search.understand(self.typed, today=today, zone=self.zone)


def _question(q: Typed = "", timezone: Annotated[TimeZone, blank_is(HOME)] = HOME) -> Question:
    return Question(q, ZoneInfo(timezone))


TheQuestion = Annotated[Question, Depends(_question)]
REFUSALS = (SearchUnclear, SearchBusy, OutOfTime)


@router.get("/search", responses=problems(NotFound, *REFUSALS))
async def search_everything(
    question: TheQuestion,
    agent: AnAgent,
    searching: TheSearching,
    now: Now,
    of: Annotated[Group | None, blank_is(None)] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> SearchOut:
    """Find people, messages and notes; of one group, with a `cursor`, the next page.

    `q`: words, all of which have to be there, and operators: `客户:` (`customer:`), `客服:`
    (`agent:`), `标签:` (`tag:`), `日期:` (`date:`), `类型:` (`type:`). Days begin by `timezone`.
    """
    asked, before = question.understood(now), cursor if of else None
    async with searching.unit() as unit:
        sight = await sight_of(unit, agent)
        wanted = await search.prepare(unit, asked, sight, now=now)
        found = SearchOut(unindexed=await search.left(unit))
        if of in (None, "people"):
            found.people = await _people_page(unit, wanted, after=before, limit=limit)
        if of in (None, "messages"):
            found.messages = await _said_page(
                unit, wanted, asked, notes=False, before=before, limit=limit
            )
        if of in (None, "notes"):
            found.notes = await _said_page(
                unit, wanted, asked, notes=True, before=before, limit=limit
            )
    return found


@router.get(
    "/conversations/{conversation_id}/search", responses=problems(NotFound, Hidden, *REFUSALS)
)
async def search_conversation(
    conversation_id: RowId,
    question: TheQuestion,
    agent: AnAgent,
    searching: TheSearching,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> HitPage:
    """Find messages and notes of one conversation, the newest first."""
    async with searching.unit() as unit:
        sight = await sight_of(unit, agent)
        sight.require(await conversations.get(unit, conversation_id))
        asked = question.understood(now)
        wanted = await search.prepare(unit, asked, sight, now=now, conversation_id=conversation_id)
        found = await search.within(unit, wanted, before=cursor, limit=limit + 1)
        counted = None if cursor else await search.count_within(unit, wanted)
        return await _hit_page(unit, found, counted, asked, limit)


async def _people_page(unit: Unit, wanted: Search, *, after: int | None, limit: int) -> PeoplePage:
    found = await search.people(unit, wanted, after=after, limit=limit + 1)
    page = found[:limit]
    newest = await conversations.last_ids(unit, [each.id for each in page])
    counted = None if after else await search.count_people(unit, wanted)
    return PeoplePage(
        items=[
            PersonHit(contact=each, conversation_id=newest.get(each.id))
            for each in await contacts_api.shown(unit, page)
        ],
        count=None if counted is None else min(counted, search.MOST_COUNTED),
        more=(counted or 0) > search.MOST_COUNTED,
        next=page[-1].id if len(found) > limit else None,
    )


async def _said_page(
    unit: Unit, wanted: Search, asked: Asked, *, notes: bool, before: int | None, limit: int
) -> HitPage:
    found = await search.messages(unit, wanted, notes=notes, before=before, limit=limit + 1)
    counted = None if before else await search.count_messages(unit, wanted, notes=notes)
    return await _hit_page(unit, found, counted, asked, limit)


async def _hit_page(
    unit: Unit, found: Sequence[Message], counted: Counted | None, asked: Asked, limit: int
) -> HitPage:
    page = found[:limit]
    return HitPage(
        items=await _hits(unit, page, asked),
        count=None if counted is None else min(counted.count, search.MOST_COUNTED),
        more=bool(counted and counted.more),
        kinds={} if counted is None else dict(counted.kinds),
        next=page[-1].id if len(found) > limit else None,
    )


async def _hits(unit: Unit, found: Sequence[Message], asked: Asked) -> list[HitOut]:
    talks = await conversations.by_ids(unit, {each.conversation_id or 0 for each in found})
    by_id = {each.id: each for each in talks}
    rows = await contacts.by_ids(unit, {each.contact_id for each in found})
    known = {each.id: each for each in await contacts_api.shown(unit, rows.values())}
    written_by = {each.author_id for each in found} | {each.assignee_id for each in talks}
    people = await agents.by_ids(unit, written_by)

    def ref(agent_id: int | None) -> AgentRef | None:
        agent = people.get(agent_id or 0)
        return AgentRef.of(agent) if agent else None

    hits = []
    for each in found:
        talk = by_id[each.conversation_id or 0]
        parts = search.snippet(search.text_of(each), asked.phrases, around=AROUND)
        hits.append(
            HitOut(
                id=each.id,
                direction=each.direction,
                kind=each.kind,
                parts=[PartOut(text=part.text, hit=part.hit) for part in parts],
                author=ref(each.author_id),
                sent_at=each.sent_at,
                conversation=TalkRef(id=talk.id, state=talk.state, assignee=ref(talk.assignee_id)),
                contact=known[each.contact_id],
            )
        )
    return hits
