"""Customers (客户): contacts by what they are, many changed at once, filters that are kept."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import contacts, levels, routing
from wxdesk.desk.agents import Role
from wxdesk.desk.contacts import (
    ManyChange,
    PageEnd,
    Segment,
    SegmentForbidden,
    TooManySegments,
    Wanted,
)
from wxdesk.desk.fields import FieldInvalid
from wxdesk.desk.routing import Hidden
from wxdesk.errors import DeskError, NotFound
from wxdesk.web.api.contacts import ContactOut, shown
from wxdesk.web.api.fields import FieldCondition, Value
from wxdesk.web.api.inputs import NO_NUL, AMoment, RowId, RowNumber
from wxdesk.web.api.sight import TheSight
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["customers"])

PAGE = 50
MOST_COUNTED = 10_000
MOST_AT_ONCE = 200

Ids = Annotated[list[RowNumber], Field(max_length=100)]
Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class CustomersWanted(BaseModel):
    """Which customers; what is left out does not matter.

    `text`: in their remark, or the beginning of their openid or unionid. `tag_ids`: they carry one
    of them. `conditions`: all of them hold. `seen_since`, `seen_until`: when they were last seen.
    """

    text: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    account_id: RowNumber | None = None
    level_ids: Ids = []
    tag_ids: Ids = []
    following: bool | None = None
    blacklisted: bool | None = None
    conditions: Annotated[list[FieldCondition], Field(max_length=20)] = []
    seen_since: AMoment | None = None
    seen_until: AMoment | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            text=self.text,
            account_id=self.account_id,
            level_ids=frozenset(self.level_ids),
            tag_ids=frozenset(self.tag_ids),
            following=self.following,
            blacklisted=self.blacklisted,
            conditions=tuple(each.condition() for each in self.conditions),
            seen_since=self.seen_since,
            seen_until=self.seen_until,
        )


class CustomersEnd(BaseModel):
    """Where a page ended."""

    last_seen_at: AMoment
    id: RowNumber


class CustomerSearch(CustomersWanted):
    """`after`: the `next` of the page before."""

    after: CustomersEnd | None = None


class CustomerPage(BaseModel):
    """Newest seen first. `count`: how many fit, on the first page; at most 10 000 are counted.

    Null where it would tell of somebody who is left out.
    """

    items: list[ContactOut]
    count: int | None
    next: CustomersEnd | None


class ManyChanged(BaseModel):
    """What to do with each of them; fields as in `PUT /api/contacts/1/fields`."""

    ids: Annotated[list[RowNumber], Field(min_length=1, max_length=MOST_AT_ONCE)]
    add_tag_ids: Ids = []
    remove_tag_ids: Ids = []
    values: Annotated[dict[RowNumber, Value], Field(max_length=50)] = {}


class OneChanged(BaseModel):
    """`code` null: it was done."""

    id: int
    code: str | None


class ManyResults(BaseModel):
    items: list[OneChanged]


class SegmentIn(BaseModel):
    """`shared`: everybody sees it."""

    name: Name
    wanted: CustomersWanted
    shared: bool = False


class SegmentOut(SegmentIn):
    id: int
    mine: bool

    @classmethod
    def of(cls, kept: Segment, agent_id: int) -> Self:
        return cls(
            id=kept.id,
            name=kept.name,
            wanted=CustomersWanted.model_validate(kept.wanted),
            shared=kept.shared,
            mine=kept.owner_id == agent_id,
        )


class SegmentList(BaseModel):
    """By name."""

    items: list[SegmentOut]


@router.post("/contacts/search", responses=problems())
async def search_customers(wish: CustomerSearch, sight: TheSight, unit: ReadUnit) -> CustomerPage:
    """Find customers. Nothing is changed; who waits where the caller may not see it is left out."""
    default = (await levels.default(unit)).id
    after = PageEnd(wish.after.last_seen_at, wish.after.id) if wish.after else None
    wanted = wish.wanted()
    found = await contacts.search(
        unit, wanted, default_level_id=default, after=after, limit=PAGE + 1
    )
    page, more = found[:PAGE], len(found) > PAGE
    hidden = await routing.hidden_of(unit, sight, [each.id for each in page])
    counted = None
    if after is None and not hidden:
        counted = await contacts.count(unit, wanted, default_level_id=default, most=MOST_COUNTED)
    return CustomerPage(
        items=await shown(unit, [each for each in page if each.id not in hidden]),
        count=counted,
        next=CustomersEnd(last_seen_at=page[-1].last_seen_at, id=page[-1].id) if more else None,
    )


@router.post("/contacts/change", responses=problems(NotFound, FieldInvalid))
async def change_many(
    wish: ManyChanged, agent: AnAgent, sight: TheSight, unit: OpenUnit, now: Now
) -> ManyResults:
    """Give tags and values to many customers, and take them; each is done or told why not."""
    ids = list(dict.fromkeys(wish.ids))
    hidden = await routing.hidden_of(unit, sight, ids)
    change = ManyChange(
        values=wish.values,
        add_tag_ids=frozenset(wish.add_tag_ids),
        remove_tag_ids=frozenset(wish.remove_tag_ids),
    )
    seen = [each for each in ids if each not in hidden]
    done = await levels.change_many(unit, seen, change, by_id=agent.id, now=now)
    return ManyResults(items=[OneChanged(id=each, code=_told(each, done)) for each in ids])


def _told(contact_id: int, done: Mapping[int, DeskError | None]) -> str | None:
    """Why not; None: it was done. Who is not among them may not be seen."""
    if contact_id not in done:
        return Hidden.code
    refused = done[contact_id]
    return refused.code if refused else None


@router.get("/segments", responses=problems())
async def list_segments(agent: AnAgent, unit: ReadUnit) -> SegmentList:
    """The filters one has kept, and those that are shared."""
    found = await contacts.list_segments(unit, agent.id)
    return SegmentList(items=[SegmentOut.of(each, agent.id) for each in found])


@router.post("/segments", status_code=201, responses=problems(TooManySegments))
async def keep_segment(wish: SegmentIn, agent: AnAgent, unit: OpenUnit) -> SegmentOut:
    """Keep a filter."""
    kept: dict[str, Any] = wish.wanted.model_dump(mode="json", exclude_defaults=True)
    made = await contacts.keep_segment(
        unit, name=wish.name, wanted=kept, owner_id=agent.id, shared=wish.shared
    )
    return SegmentOut.of(made, agent.id)


@router.delete(
    "/segments/{segment_id}", status_code=204, responses=problems(NotFound, SegmentForbidden)
)
async def drop_segment(segment_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """Throw a filter away."""
    leads = agent.role.includes(Role.SUPERVISOR)
    await contacts.drop_segment(unit, segment_id, agent_id=agent.id, leads=leads)
