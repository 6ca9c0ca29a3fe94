"""Forget what is old: events no browser resumes from, pushes long understood, ledgers, media."""

from datetime import timedelta

from wxdesk.desk import (
    agents,
    alerts,
    allowance,
    answers,
    drafts,
    events,
    intake,
    notices,
    outbox,
    routing,
    sheets,
    webhooks,
)
from wxdesk.runtime import Runtime
from wxdesk.worker.media_retention import forget_media

EVERY = timedelta(minutes=10)
KEEP_TRIES = timedelta(days=1)
KEEP_RESULTS = timedelta(days=1)
MOST_RESULTS = 200
KEEP_ANSWERS = timedelta(days=90)  # what rules did; what they said stays in the threads
KEEP_ENTRIES = timedelta(days=90)  # no rule known reaches back more than two days
KEEP_PREDICTIONS = timedelta(days=90)
KEEP_PRESENCE = timedelta(days=100)  # staffing looks back eight weeks
KEEP_TOLD = timedelta(days=14)  # what webhooks were told; so long it can be told once more
KEEP_NOTICES = timedelta(days=30)
KEEP_ALERTS = timedelta(days=2)
KEEP_SENT_DRAFTS = timedelta(days=7)  # so long a screen that was away learns that they were sent
KEEP_DRAFTS = timedelta(days=90)


async def forget_old(rt: Runtime) -> None:
    """One round."""
    now = rt.clock.now()
    async with rt.db.unit() as unit:
        await events.forget_before(
            unit,
            now - timedelta(hours=rt.settings.keep_events_hours),
            up_to=await webhooks.place(unit) if await webhooks.any_endpoint(unit) else None,
        )
    async with rt.db.unit() as unit:
        await webhooks.forget_before(unit, now - KEEP_TOLD)
    async with rt.db.unit() as unit:
        await intake.forget_done_before(unit, now - intake.KEPT_FOR)
    async with rt.db.unit() as unit:
        await allowance.forget_before(unit, now - KEEP_ENTRIES)
    async with rt.db.unit() as unit:
        await answers.forget_before(unit, now - KEEP_ANSWERS)
    async with rt.db.unit() as unit:
        await routing.forget_predictions_before(unit, now - KEEP_PREDICTIONS)
    async with rt.db.unit() as unit:
        await routing.forget_presence_before(unit, now - KEEP_PRESENCE)
    async with rt.db.unit() as unit:
        await notices.forget_before(unit, now - KEEP_NOTICES)
    async with rt.db.unit() as unit:
        await alerts.forget_before(unit, now - KEEP_ALERTS, now=now)
    async with rt.db.unit() as unit:
        await drafts.forget(
            unit, sent_before=now - KEEP_SENT_DRAFTS, written_before=now - KEEP_DRAFTS
        )
    async with rt.db.unit() as unit:
        await agents.forget_tries_before(unit, now - KEEP_TRIES)
    async with rt.db.unit() as unit:
        await sheets.forget_files(unit, now=now)
    async with rt.db.unit() as unit:
        await outbox.settle_results(unit, limit=MOST_RESULTS, now=now)
        await outbox.forget_results_before(unit, now - KEEP_RESULTS)
    await forget_media(rt, every=EVERY)
