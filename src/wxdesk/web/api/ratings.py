"""Ratings (评价): customers are asked, and what they told."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, StringConstraints, TypeAdapter

from wxdesk.desk import ratings
from wxdesk.desk.agents import Role
from wxdesk.desk.allowance import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.conversations import NotAssigned
from wxdesk.desk.ratings import AlreadyInvited, RatingSettings, Way
from wxdesk.errors import Invalid, NotFound
from wxdesk.web.api.conversation import ConversationOut, shown
from wxdesk.web.api.inputs import NO_NUL, AMoment, RowId, RowNumber, blank_is
from wxdesk.web.deps import AnAdmin, AnAgent, ASupervisor, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["ratings"])

Words = Annotated[
    str,
    NO_NUL,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=ratings.LONGEST_TEXT),
]


class Asking(BaseModel):
    """`use_last`: also where that uses up the last message that WeChat allows."""

    use_last: bool = False


class RatedPage(BaseModel):
    """Newest rating first."""

    items: list[ConversationOut]
    next: str | None


class RatingRules(BaseModel):
    """How an account asks: by lines to touch or by a link, by itself when a conversation is ended.

    `head`: the question. `thanks`: said to who has rated; `ask`: instead to who was not content.
    """

    way: Way
    after_closing: bool
    head: Words
    thanks: Words
    ask: Words


@router.post(
    "/conversations/{conversation_id}/rating-invitation",
    responses=problems(NotFound, NotAssigned, AlreadyInvited, WindowClosed, RepliesSpent, LastSend),
)
async def invite(
    conversation_id: RowId,
    agent: AnAgent,
    rt: TheRuntime,
    unit: OpenUnit,
    now: Now,
    asking: Annotated[Asking | None, Body()] = None,
) -> ConversationOut:
    """Ask the customer how it was, once: whoever has it, or had it, and supervisors."""
    asked = await ratings.invite(
        unit,
        conversation_id,
        agent_id=agent.id,
        leads=agent.role.includes(Role.SUPERVISOR),
        base_url=rt.settings.base_url,
        now=now,
        use_last=asking is not None and asking.use_last,
    )
    return (await shown(unit, [asked]))[0]


@router.get("/ratings", responses=problems(Invalid))
async def list_rated(
    _agent: ASupervisor,
    unit: ReadUnit,
    since: AMoment,
    group: Annotated[RowNumber | None, blank_is(None)] = None,
    level: Annotated[RowNumber | None, blank_is(None)] = None,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> RatedPage:
    """What customers have rated since then."""
    found = await ratings.list_rated(
        unit,
        since=since,
        group_id=group,
        level_id=level,
        after=_read(cursor) if cursor else None,
        limit=limit + 1,
    )
    page = found[:limit]
    end = f"{(page[-1][1] - _EPOCH) // _MICROSECOND}.{page[-1][0].id}" if page else None
    return RatedPage(
        items=await shown(unit, [talk for talk, _ in page]),
        next=end if len(found) > limit else None,
    )


@router.get("/accounts/{account_id}/rating-settings", responses=problems(NotFound))
async def read_settings(account_id: RowId, _agent: AnAgent, unit: ReadUnit) -> RatingRules:
    """How customers of an account are asked."""
    kept = await ratings.settings_of(unit, account_id)
    return RatingRules.model_validate(kept, from_attributes=True)


@router.put("/accounts/{account_id}/rating-settings", responses=problems(NotFound, Invalid))
async def set_settings(
    account_id: RowId, wish: RatingRules, _agent: AnAdmin, unit: OpenUnit
) -> RatingRules:
    """Ask them otherwise."""
    wanted = RatingSettings(account_id=account_id, **wish.model_dump())
    kept = await ratings.set_settings(unit, wanted)
    return RatingRules.model_validate(kept, from_attributes=True)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        microseconds, conversation_id = map(int, cursor.split("."))
        moment = _EPOCH + microseconds * _MICROSECOND
        return moment, TypeAdapter(RowNumber).validate_python(conversation_id)
    except (ValueError, OverflowError):
        raise Invalid("not a cursor that the desk gave") from None
