"""The log of webhooks: what endpoints were told, and telling it once more."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import webhooks
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import Logged, NotReplayable, TellingState
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import AMoment, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.deps import AnAdmin, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["webhooks"])


class WebhookTelling(BaseModel):
    """A line of the log. `why`: in a word, why there was no answer; `excerpt`: its beginning."""

    id: int
    event_id: str
    kind: str
    conversation_id: int | None
    state: TellingState
    attempts: int
    status: int | None
    why: str | None
    excerpt: str
    took_ms: int | None
    created_at: datetime
    tried_at: datetime | None
    finished_at: datetime | None
    next_try_at: datetime | None

    @classmethod
    def of(cls, logged: Logged) -> Self:
        telling, event = logged
        return cls(
            id=telling.id,
            event_id=event.uid,
            kind=event.kind,
            conversation_id=telling.conversation_id,
            state=telling.state,
            attempts=telling.attempts,
            status=telling.status,
            why=telling.why,
            excerpt=telling.excerpt,
            took_ms=telling.took_ms,
            created_at=telling.created_at,
            tried_at=telling.tried_at,
            finished_at=telling.finished_at,
            next_try_at=telling.due_at if telling.state is TellingState.WAITING else None,
        )


class WebhookLog(BaseModel):
    """Newest first; ``next`` is the ``cursor`` of the page of older ones."""

    items: list[WebhookTelling]
    next: int | None


class ToldBody(BaseModel):
    """What was told, byte for byte."""

    body: str


class ReplaySince(BaseModel):
    since: AMoment


class Replayed(BaseModel):
    replayed: int


@router.post("/webhooks/{webhook_id}/test", status_code=201, responses=problems(NotFound))
async def try_webhook(
    webhook_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None
) -> WebhookTelling:
    """Tell it `webhook.test`; what came of it stands in the log a moment later."""
    endpoint = await webhooks.get_endpoint(unit, webhook_id)
    return WebhookTelling.of(await webhooks.try_out(unit, endpoint, now=now))


@router.get("/webhooks/{webhook_id}/deliveries", responses=problems(NotFound))
async def list_deliveries(
    webhook_id: RowId,
    _agent: AnAdmin,
    unit: ReadUnit,
    state: Annotated[TellingState | None, blank_is(None)] = None,
    kind: Annotated[Happening | None, blank_is(None)] = None,
    conversation: Annotated[RowNumber | None, blank_is(None)] = None,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> WebhookLog:
    """What it was told in the last fourteen days, and is to be told."""
    await webhooks.get_endpoint(unit, webhook_id)
    found = await webhooks.list_tellings(
        unit,
        webhook_id,
        state=state,
        kind=kind,
        conversation_id=conversation,
        before=cursor,
        limit=limit + 1,
    )
    page = found[:limit]
    return WebhookLog(
        items=[WebhookTelling.of(each) for each in page],
        next=page[-1].telling.id if len(found) > limit else None,
    )


@router.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", responses=problems(NotFound))
async def read_delivery(
    webhook_id: RowId, delivery_id: RowId, _agent: AnAdmin, unit: ReadUnit
) -> ToldBody:
    """What was told, as it was signed."""
    telling = await webhooks.get_telling(unit, webhook_id, delivery_id)
    return ToldBody(body=(await webhooks.get_logged(unit, telling)).event.body)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    responses=problems(NotFound, NotReplayable),
)
async def replay_delivery(
    webhook_id: RowId,
    delivery_id: RowId,
    _agent: AnAdmin,
    unit: OpenUnit,
    now: Now,
    _body: NoBody = None,
) -> WebhookTelling:
    """Tell it once more, under the same id."""
    return WebhookTelling.of(await webhooks.replay(unit, webhook_id, delivery_id, now=now))


@router.post("/webhooks/{webhook_id}/replay", responses=problems(NotFound))
async def replay_failed(
    webhook_id: RowId, wish: ReplaySince, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> Replayed:
    """Tell all once more that failed since then, in order."""
    await webhooks.get_endpoint(unit, webhook_id)
    return Replayed(
        replayed=await webhooks.replay_failed(unit, webhook_id, since=wish.since, now=now)
    )
