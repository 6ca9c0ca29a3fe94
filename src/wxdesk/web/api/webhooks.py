"""Webhooks: which addresses are told what happens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from wxdesk.desk import agents, webhooks
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import (
    Endpoint,
    EndpointState,
    TellingState,
    TooManyEndpoints,
)
from wxdesk.errors import NotFound
from wxdesk.outbound import LONGEST_URL, BadAddress, require_address
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId
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
