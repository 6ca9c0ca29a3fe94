"""Saved views (保存的视图): filters of the conversation list, kept under a name."""

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, model_validator

from wxdesk.desk import saved_views
from wxdesk.desk.agents import Role
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.saved_views import SavedView, TooManyViews, ViewForbidden
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import MOST_CHOSEN, NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAgent, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["saved views"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Sort = Literal["urgency", "newest", "waiting", "level"]
Reason = Literal["owed", "due", "closing", "last_send", "high", "handed", "unowned"]


AnyOf = Annotated[list[RowNumber], Field(max_length=MOST_CHOSEN)]


class ViewFilter(BaseModel):
    """All of it holds; what is left out does not matter. Of lists, any one.

    `only`: `owed`, one's own that owe an answer; `due`, little time is left; `closing`, the window
    closes within two hours and an answer is owed; `last_send`, one message is left; `high`, another
    level than everybody has; `handed`, a colleague has handed it over to oneself; `unowned`, nobody
    has it, and nobody is asked. `whose`: one's own, or somebody else's.
    """

    only: Reason | None = None
    state: ConversationState | None = None
    whose: Literal["mine", "others"] | None = None
    group_ids: AnyOf = []
    level_ids: AnyOf = []
    tag_ids: AnyOf = []
    account_id: RowNumber | None = None
    owed: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_as_several(cls, given: Any) -> Any:
        """Views that were kept, and are sent by older pages, name one group, level or tag."""
        if not isinstance(given, dict):
            return given
        ones = {name: given[name] for name in ("group_id", "level_id", "tag_id") if name in given}
        several = {f"{name}s": [one] for name, one in ones.items() if one}
        return several | {name: each for name, each in given.items() if name not in ones}


class SavedViewIn(BaseModel):
    """`shared`: everybody sees it; supervisors share."""

    name: Name
    filter: ViewFilter
    sort: Sort = "urgency"
    shared: bool = False

    @property
    def values(self) -> dict[str, Any]:
        kept = self.filter.model_dump(mode="json", exclude_defaults=True)
        return {"name": self.name, "filter": kept, "sort": self.sort, "shared": self.shared}


class SavedViewOut(BaseModel):
    """`mine`: whoever asks keeps it."""

    id: int
    name: str
    filter: ViewFilter
    sort: Sort
    shared: bool
    mine: bool

    @classmethod
    def of(cls, kept: SavedView, agent_id: int) -> Self:
        return cls.model_validate(
            {
                "id": kept.id,
                "name": kept.name,
                "filter": kept.filter,
                "sort": kept.sort,
                "shared": kept.shared,
                "mine": kept.owner_id == agent_id,
            }
        )


class SavedViewList(BaseModel):
    """Those that are shared, then one's own, each in their order."""

    items: list[SavedViewOut]


class ViewOrder(BaseModel):
    """From the first to the last; those that are not named stay where they are."""

    ids: Annotated[list[RowNumber], Field(max_length=saved_views.MOST_SHOWN)]


@router.get("/saved-views", responses=problems())
async def list_saved_views(agent: AnAgent, unit: ReadUnit) -> SavedViewList:
    """One's own, and those that are shared."""
    found = await saved_views.visible(unit, agent.id)
    return SavedViewList(items=[SavedViewOut.of(each, agent.id) for each in found])


@router.post("/saved-views", status_code=201, responses=problems(ViewForbidden, TooManyViews))
async def add_saved_view(wish: SavedViewIn, agent: AnAgent, unit: OpenUnit) -> SavedViewOut:
    """Keep a view."""
    leads = agent.role.includes(Role.SUPERVISOR)
    made = await saved_views.add(unit, wish.values, agent_id=agent.id, leads=leads)
    return SavedViewOut.of(made, agent.id)


@router.put("/saved-views/order", responses=problems(NotFound, ViewForbidden))
async def arrange_saved_views(wish: ViewOrder, agent: AnAgent, unit: OpenUnit) -> SavedViewList:
    """Choose what comes first."""
    leads = agent.role.includes(Role.SUPERVISOR)
    await saved_views.arrange(unit, wish.ids, agent_id=agent.id, leads=leads)
    found = await saved_views.visible(unit, agent.id)
    return SavedViewList(items=[SavedViewOut.of(each, agent.id) for each in found])


@router.put("/saved-views/{view_id}", responses=problems(NotFound, ViewForbidden))
async def change_saved_view(
    view_id: RowId, wish: SavedViewIn, agent: AnAgent, unit: OpenUnit
) -> SavedViewOut:
    """Keep it otherwise."""
    leads = agent.role.includes(Role.SUPERVISOR)
    changed = await saved_views.change(unit, view_id, wish.values, agent_id=agent.id, leads=leads)
    return SavedViewOut.of(changed, agent.id)


@router.delete(
    "/saved-views/{view_id}", status_code=204, responses=problems(NotFound, ViewForbidden)
)
async def remove_saved_view(view_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """Throw it away."""
    leads = agent.role.includes(Role.SUPERVISOR)
    await saved_views.remove(unit, view_id, agent_id=agent.id, leads=leads)
