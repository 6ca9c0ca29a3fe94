"""Quick replies (快捷回复): what an agent may use, and keep."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import quick_replies
from wxdesk.desk.agents import Role
from wxdesk.desk.quick_replies import (
    QuickReply,
    QuickReplyForbidden,
    QuickReplyInvalid,
    Scope,
    TooManyQuickReplies,
)
from wxdesk.errors import Forbidden, NotFound
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.deps import AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["quick replies"])

Folder = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=120)]
Title = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
]
Text = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]
Place = Annotated[int, Field(ge=1, le=quick_replies.MOST_FAVOURITES)]


class QuickReplyIn(BaseModel):
    """`folder`: its place in the tree, as `售后/退款`; empty: at the top. `group_id`: of a group's.

    A text may hold `{称呼}`, `{等级}`, `{我的昵称}`, which are filled in when it is used, and other
    words in braces, which whoever uses it fills in.
    """

    scope: Scope
    group_id: RowNumber | None = None
    folder: Folder = ""
    title: Title
    text: Text


class QuickReplyWish(BaseModel):
    """What is left out stays."""

    folder: Folder | None = None
    title: Title | None = None
    text: Text | None = None


class QuickReplyOut(QuickReplyIn):
    """`find`: pinyin of the title, and its initials. `used`: how often."""

    id: int
    find: str
    used: int
    last_used_at: datetime | None
    version: int

    @classmethod
    def of(cls, kept: QuickReply) -> Self:
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})


class QuickReplyList(BaseModel):
    """By folder and title. `favourites`: the number of the quick reply at each place, 1 to 9."""

    items: list[QuickReplyOut]
    favourites: dict[int, int]


class Favourites(BaseModel):
    """By place, 1 to 9: Alt and that digit."""

    favourites: Annotated[dict[Place, RowNumber], Field(max_length=quick_replies.MOST_FAVOURITES)]


@router.get("/quick-replies", responses=problems())
async def list_quick_replies(agent: AnAgent, unit: ReadUnit) -> QuickReplyList:
    """What one may use: public ones, those of one's groups, one's own."""
    found = await quick_replies.visible(unit, agent.id)
    return QuickReplyList(
        items=[QuickReplyOut.of(each) for each in found],
        favourites=await quick_replies.favourites_of(unit, agent.id),
    )


@router.get("/quick-replies/kept", responses=problems(Forbidden))
async def list_kept(_agent: ASupervisor, unit: ReadUnit) -> QuickReplyList:
    """Public ones and those of all groups."""
    found = await quick_replies.of_all_groups(unit)
    return QuickReplyList(items=[QuickReplyOut.of(each) for each in found], favourites={})


@router.post(
    "/quick-replies",
    status_code=201,
    responses=problems(QuickReplyInvalid, QuickReplyForbidden, TooManyQuickReplies),
)
async def add_quick_reply(wish: QuickReplyIn, agent: AnAgent, unit: OpenUnit) -> QuickReplyOut:
    """Keep one; supervisors keep public ones and those of groups, everybody their own."""
    made = await quick_replies.add(
        unit, wish.model_dump(), agent_id=agent.id, leads=agent.role.includes(Role.SUPERVISOR)
    )
    return QuickReplyOut.of(made)


@router.put("/quick-replies/favourites", responses=problems(NotFound))
async def set_favourites(wish: Favourites, agent: AnAgent, unit: OpenUnit) -> Favourites:
    """Choose what Alt+1 to Alt+9 insert."""
    await quick_replies.set_favourites(unit, agent.id, wish.favourites)
    return wish


@router.patch(
    "/quick-replies/{reply_id}",
    responses=problems(NotFound, QuickReplyInvalid, QuickReplyForbidden),
)
async def change_quick_reply(
    reply_id: RowId, wish: QuickReplyWish, agent: AnAgent, unit: OpenUnit
) -> QuickReplyOut:
    """Say it otherwise, or keep it in another folder."""
    given = wish.model_dump(exclude_none=True)
    leads = agent.role.includes(Role.SUPERVISOR)
    return QuickReplyOut.of(
        await quick_replies.change(unit, reply_id, given, agent_id=agent.id, leads=leads)
    )


@router.delete(
    "/quick-replies/{reply_id}", status_code=204, responses=problems(NotFound, QuickReplyForbidden)
)
async def remove_quick_reply(reply_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """Throw it away."""
    leads = agent.role.includes(Role.SUPERVISOR)
    await quick_replies.remove(unit, reply_id, agent_id=agent.id, leads=leads)


@router.post("/quick-replies/{reply_id}/used", status_code=204, responses=problems(NotFound))
async def record_use(
    reply_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> None:
    """Count that it was used once more."""
    await quick_replies.record_use(unit, reply_id, agent_id=agent.id, now=now)
