"""Alive, ready, and how it is doing."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)

from wxdesk.desk import intake, outbox, routing, search
from wxdesk.store import schema
from wxdesk.web.deps import ReadUnit, TheRuntime
from wxdesk.web.hub import Hub

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def ready(rt: TheRuntime) -> PlainTextResponse:
    """The database answers, and its schema is the one this program wants."""
    if await schema.is_current(rt.db):
        return PlainTextResponse("ok\n")
    return PlainTextResponse("the schema is not current\n", 503)


@router.get("/metrics")
async def metrics(request: Request, unit: ReadUnit) -> Response:
    """For Prometheus: this process's counters, and what waits in the database."""
    hub: Hub = request.app.state.hub
    seen = CollectorRegistry()
    pushes = Gauge("wxdesk_pushes_kept", "Pushes by state.", ["state"], registry=seen)
    for push_state, count in (await intake.count_backlog(unit)).items():
        pushes.labels(push_state).set(count)
    Gauge("wxdesk_deliveries_waiting", "Replies on their way.", registry=seen).set(
        await outbox.count_waiting(unit)
    )
    Gauge("wxdesk_waiting", "Conversations that wait for a person.", registry=seen).set(
        await routing.count_all_waiting(unit)
    )
    here = Gauge("wxdesk_agents", "Agents by presence.", ["presence"], registry=seen)
    for presence, count in (await routing.count_present(unit)).items():
        here.labels(presence).set(count)
    repairs = Counter(
        "wxdesk_routing_repairs",
        "Who waited though somebody could take them; each is a fault of ours.",
        registry=seen,
    )
    repairs.inc(await routing.repairs(unit))
    unindexed = Gauge("wxdesk_search_unindexed", "Older rows no search finds yet.", registry=seen)
    unindexed.set(await search.left(unit) or 0)
    Gauge("wxdesk_stream_connections", "Live connections here.", registry=seen).set(hub.connections)
    return Response(generate_latest() + generate_latest(seen), media_type=CONTENT_TYPE_LATEST)
