"""Webhooks: which addresses are told what happens, and the log of what they were told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, FastAPI, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from wxdesk.desk import agents, webhooks
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import (
    Body,
    Endpoint,
    EndpointState,
    Logged,
    NotReplayable,
    TellingState,
    TooManyEndpoints,
)
from wxdesk.errors import NotFound
from wxdesk.outbound import LONGEST_URL, BadAddress, require_address
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, AMoment, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.deps import AnAdmin, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["webhooks"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def _askable(url: str) -> str:
    try:
        require_address(url)
    except BadAddress as error:
        raise ValueError(str(error)) from None
    return url


Address = Annotated[
    str,
    NO_NUL,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_URL),
    AfterValidator(_askable),
]
"""Where it leads is looked at when it is asked."""

Kinds = Annotated[list[Happening], Field(min_length=1, max_length=len(Happening))]


class WebhookIn(BaseModel):
    """`url` is told of each of these `kinds` from now on."""

    name: Name
    url: Address
    kinds: Kinds = list(Happening)


class WebhookOut(BaseModel):
    """An endpoint.

    `state`: `paused` by a person, `disabled` by the desk (`why`: `gone`, it answered 410;
    `failing`, for a day); what happens is kept for it meanwhile, for fourteen days. `failures` in a
    row, since `failing_since`; it is left alone until `rest_until`. `both_until`: so long what is
    told is signed by the secret before, too. `waiting`, `delivered`, `failed`: in the log;
    `oldest_waiting_at`: since when the oldest has waited.
    """

    id: int
    name: str
    url: str
    kinds: list[Happening]
    state: EndpointState
    why: Literal["gone", "failing"] | None
    failures: int
    failing_since: datetime | None
    rest_until: datetime | None
    last_good_at: datetime | None
    both_until: datetime | None
    waiting: int
    delivered: int
    failed: int
    oldest_waiting_at: datetime | None
    made_by: AgentRef | None
    created_at: datetime


class NewWebhook(WebhookOut):
    """`secret`: shown this once."""

    secret: str


class WebhookList(BaseModel):
    items: list[WebhookOut]
    next: None = None


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


@router.get("/webhooks", responses=problems())
async def list_webhooks(_agent: AnAdmin, unit: ReadUnit) -> WebhookList:
    """The endpoints, and how they are doing."""
    found = await webhooks.list_endpoints(unit)
    return WebhookList(items=[WebhookOut(**each) for each in await _shown(unit, *found)])


@router.post("/webhooks", status_code=201, responses=problems(TooManyEndpoints))
async def add_webhook(
    wish: WebhookIn, agent: AnAdmin, rt: TheRuntime, unit: OpenUnit, now: Now
) -> NewWebhook:
    """Tell an address what happens from now on; its secret is told this once."""
    endpoint, secret = await webhooks.add(
        unit,
        rt.vault,
        name=wish.name,
        url=wish.url,
        kinds=set(wish.kinds),
        by_id=agent.id,
        now=now,
    )
    return NewWebhook(**(await _shown(unit, endpoint))[0], secret=secret)


@router.put("/webhooks/{webhook_id}", responses=problems(NotFound))
async def change_webhook(
    webhook_id: RowId, wish: WebhookIn, _agent: AnAdmin, unit: OpenUnit
) -> WebhookOut:
    """Another name or address, or other kinds; what waits goes to the new address."""
    endpoint = await webhooks.get_endpoint(unit, webhook_id)
    endpoint.name, endpoint.url, endpoint.kinds = wish.name, wish.url, sorted(set(wish.kinds))
    return WebhookOut(**(await _shown(unit, endpoint))[0])


@router.delete("/webhooks/{webhook_id}", status_code=204, responses=problems(NotFound))
async def remove_webhook(webhook_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """It is told nothing any more; its log goes with it."""
    await webhooks.remove_endpoint(unit, await webhooks.get_endpoint(unit, webhook_id))


@router.post("/webhooks/{webhook_id}/rotate", responses=problems(NotFound))
async def rotate_secret(
    webhook_id: RowId,
    _agent: AnAdmin,
    rt: TheRuntime,
    unit: OpenUnit,
    now: Now,
    _body: NoBody = None,
) -> NewWebhook:
    """Give it a new secret, told this once; for a day what is told is signed by both."""
    endpoint = await webhooks.get_endpoint(unit, webhook_id)
    secret = await webhooks.rotate(unit, rt.vault, endpoint, now=now)
    return NewWebhook(**(await _shown(unit, endpoint))[0], secret=secret)


@router.post("/webhooks/{webhook_id}/pause", responses=problems(NotFound))
async def pause_webhook(
    webhook_id: RowId, _agent: AnAdmin, unit: OpenUnit, _body: NoBody = None
) -> WebhookOut:
    """Tell it nothing for a while; what happens is kept for it."""
    endpoint = await webhooks.get_endpoint(unit, webhook_id)
    await webhooks.pause(unit, endpoint)
    return WebhookOut(**(await _shown(unit, endpoint))[0])


@router.post("/webhooks/{webhook_id}/resume", responses=problems(NotFound))
async def resume_webhook(
    webhook_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None
) -> WebhookOut:
    """Tell it again, and first of all what was kept for it; also where the desk gave it up."""
    endpoint = await webhooks.get_endpoint(unit, webhook_id)
    await webhooks.resume(unit, endpoint, now=now)
    return WebhookOut(**(await _shown(unit, endpoint))[0])


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


async def _shown(unit: Unit, *found: Endpoint) -> list[Mapping[str, Any]]:
    await unit.session.flush()
    people = await agents.by_ids(unit, {each.made_by for each in found})
    counts = await webhooks.counts(unit)
    oldest = await webhooks.oldest_waiting(unit)
    return [
        {
            "id": each.id,
            "name": each.name,
            "url": each.url,
            "kinds": each.kinds,
            "state": each.state,
            "why": each.why,
            "failures": each.failures,
            "failing_since": each.failing_since,
            "rest_until": each.rest_until,
            "last_good_at": each.last_good_at,
            "both_until": each.before_until,
            **{state.value: counts.get((each.id, state), 0) for state in TellingState},
            "oldest_waiting_at": oldest.get(each.id),
            "made_by": AgentRef.of(people[each.made_by]),
            "created_at": each.created_at,
        }
        for each in found
    ]


def describe_told(app: FastAPI) -> None:
    """Write into the API's description what endpoints are told."""
    for kind in (*Happening, webhooks.PING):
        app.webhooks.post(
            str(kind), summary=_SUMMARIES[str(kind)], tags=["webhooks"], status_code=204
        )(_receive)


async def _receive(body: Body) -> None:
    """Signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

    Any 2xx says that it has arrived. What is not answered so within 15 seconds is told again, for
    a day, and until then nothing newer of the same conversation.
    """


_SUMMARIES = {
    Happening.OPENED: "A conversation has begun",
    Happening.ASSIGNED: "An agent has it from now on",
    Happening.TRANSFERRED: "It was handed over to an agent, or to a group",
    Happening.QUEUED: "It waits for somebody else again",
    Happening.CLOSED: "It has ended; with its summary, if there is one",
    Happening.SUMMARIZED: "It was summed up, or summed up otherwise",
    Happening.RECEIVED: "A customer has written, sent or done something",
    Happening.SENT: "WeChat has accepted a message",
    Happening.FAILED: "A message was refused, or came to nothing",
    Happening.UNCERTAIN: "WeChat's answer was lost: a message may have arrived",
    Happening.RATED: "A customer has said how it was",
    Happening.RATED_ANEW: "They have said it otherwise, or why",
    webhooks.PING: "Somebody tries the endpoint",
}
