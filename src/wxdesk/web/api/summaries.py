"""Summaries (小结): the categories that administrators keep, and what is still owed."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import summaries
from wxdesk.desk.agents import Role
from wxdesk.desk.summaries import (
    CategoriesChanged,
    Category,
    CategoryInvalid,
    CategoryNameTaken,
    NotEnded,
    SummaryForbidden,
    SummaryInvalid,
    TooManyCategories,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.conversation import ConversationOut, shown
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.summary import SummaryIn
from wxdesk.web.deps import AnAdmin, AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["summaries"])

MOST_RECENT = 5
Name = Annotated[
    str,
    NO_NUL,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=summaries.LONGEST_NAME),
]


class CategoryWish(BaseModel):
    name: Name


class CategoryIn(CategoryWish):
    """`parent_id` null: at the top."""

    parent_id: RowNumber | None = None


class CategoryOut(CategoryIn):
    """What conversations may be about. `find`: pinyin of the name, and its initials."""

    id: int
    find: str
    version: int

    @classmethod
    def of(cls, category: Category) -> Self:
        return cls.model_validate(category, from_attributes=True)


class KeptCategory(CategoryOut):
    """`used`: how many conversations were summed up by it."""

    retired_at: datetime | None
    used: int


class CategoryList(BaseModel):
    """Each in its place among those beside it. `recent`: what one chose last, the newest first."""

    items: list[CategoryOut]
    recent: list[int]


class KeptCategories(BaseModel):
    """Retired ones as well."""

    items: list[KeptCategory]


class CategoryOrder(BaseModel):
    """All that can be chosen below one; null: at the top."""

    parent_id: RowNumber | None = None
    ids: Annotated[list[RowNumber], Field(max_length=summaries.MOST_CATEGORIES)]


class Owed(BaseModel):
    """The one that ended first before the others."""

    items: list[ConversationOut]


@router.get("/summary-categories", responses=problems())
async def list_categories(agent: AnAgent, unit: ReadUnit) -> CategoryList:
    """What can be chosen; of those with others below only the ones below."""
    found = [each for each in await summaries.list_categories(unit) if each.retired_at is None]
    known = {each.id for each in found}
    recent = await summaries.recent_of(unit, agent.id, limit=2 * MOST_RECENT)
    return CategoryList(
        items=[CategoryOut.of(each) for each in found],
        recent=[each for each in recent if each in known][:MOST_RECENT],
    )


@router.get("/summary-categories/kept", responses=problems())
async def list_kept(_agent: ASupervisor, unit: ReadUnit) -> KeptCategories:
    """All of them, and how often each was used."""
    return await _kept(unit)


@router.post(
    "/summary-categories",
    status_code=201,
    responses=problems(CategoryInvalid, CategoryNameTaken, TooManyCategories),
)
async def add_category(wish: CategoryIn, _agent: AnAdmin, unit: OpenUnit) -> CategoryOut:
    """Add one behind those beside it, three levels deep at most."""
    return CategoryOut.of(await summaries.add(unit, wish.name, parent_id=wish.parent_id))


@router.put("/summary-categories/order", responses=problems(CategoriesChanged))
async def order_categories(wish: CategoryOrder, _agent: AnAdmin, unit: OpenUnit) -> KeptCategories:
    """Put those below one, or those at the top, in this order."""
    await summaries.put_in_order(unit, wish.parent_id, wish.ids)
    return await _kept(unit)


@router.patch(
    "/summary-categories/{category_id}",
    responses=problems(NotFound, CategoryInvalid, CategoryNameTaken),
)
async def rename_category(
    category_id: RowId, wish: CategoryWish, _agent: AnAdmin, unit: OpenUnit
) -> CategoryOut:
    """Call it otherwise, in what was summed up as well."""
    return CategoryOut.of(await summaries.rename(unit, category_id, wish.name))


@router.delete("/summary-categories/{category_id}", status_code=204, responses=problems(NotFound))
async def retire_category(category_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now) -> None:
    """Nobody can choose it any more, nor those below; what was never used is thrown away."""
    await summaries.retire(unit, category_id, now=now)


@router.post(
    "/summary-categories/{category_id}/bring-back",
    responses=problems(NotFound, CategoryNameTaken),
)
async def bring_back(
    category_id: RowId, _agent: AnAdmin, unit: OpenUnit, _body: NoBody = None
) -> CategoryOut:
    """It can be chosen again, and so can what it is below."""
    return CategoryOut.of(await summaries.bring_back(unit, category_id))


@router.get("/summaries/pending", responses=problems())
async def list_pending(agent: AnAgent, unit: ReadUnit) -> Owed:
    """What one has ended and not summed up."""
    return Owed(items=await shown(unit, await summaries.list_owed(unit, agent.id)))


@router.put(
    "/conversations/{conversation_id}/summary",
    responses=problems(NotFound, NotEnded, SummaryForbidden, SummaryInvalid),
)
async def sum_up(
    conversation_id: RowId, wish: SummaryIn, agent: AnAgent, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Sum up what has ended, or sum it up otherwise: whoever had it, or a supervisor."""
    leads = agent.role.includes(Role.SUPERVISOR)
    summed = await summaries.give(
        unit, conversation_id, wish.given, agent_id=agent.id, leads=leads, now=now
    )
    return (await shown(unit, [summed]))[0]


async def _kept(unit: Unit) -> KeptCategories:
    found: Collection[Category] = await summaries.list_categories(unit)
    used = await summaries.uses(unit)
    return KeptCategories(
        items=[
            KeptCategory(
                **CategoryOut.of(each).model_dump(),
                retired_at=each.retired_at,
                used=used.get(each.id, 0),
            )
            for each in found
        ]
    )
