"""What happens to webhooks. Each verb changes rows and wakes the sender; none commits."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from wxdesk.desk import agents, events, notices
from wxdesk.desk.agents import Role
from wxdesk.desk.notices import Notice
from wxdesk.desk.webhooks import queries
from wxdesk.desk.webhooks.model import (
    LONGEST_EXCERPT,
    LOOP,
    MOST_ENDPOINTS,
    Endpoint,
    EndpointState,
    NotReplayable,
    Telling,
    TellingState,
    TooManyEndpoints,
    WebhookEvent,
)
from wxdesk.desk.webhooks.patience import GONE, Outcome, has_failed_for_good, next_try, rest
from wxdesk.desk.webhooks.queries import Due, Logged
from wxdesk.desk.webhooks.reading import events_of, happenings, ping
from wxdesk.desk.webhooks.signing import new_secret
from wxdesk.store import Unit, Vault
from wxdesk.store.database import hold_alone, take_turn

PAGE = 500
BOTH_HOLD = timedelta(days=1)
"""So long what is told is signed by the old secret as well."""


async def add(
    unit: Unit,
    vault: Vault,
    *,
    name: str,
    url: str,
    kinds: Collection[str],
    by_id: int,
    now: datetime,
) -> tuple[Endpoint, str]:
    """Tell an address what happens from now on; its secret, which cannot be read again.

    Raises:
        TooManyEndpoints: Take one away first.
    """
    await take_turn(unit, "webhook endpoints")
    known = await queries.list_endpoints(unit)
    if len(known) >= MOST_ENDPOINTS:
        raise TooManyEndpoints("there are enough", most=MOST_ENDPOINTS)
    _, newest = await events.bounds(unit)
    if not known:
        await queries.move_place(unit, newest)
    secret = new_secret()
    endpoint = Endpoint(
        name=name,
        url=url,
        kinds=sorted(kinds),
        sealed=vault.seal(secret),
        since_number=newest,
        made_by=by_id,
        created_at=now,
        failures=0,
        state=EndpointState.ACTIVE,
    )
    unit.session.add(endpoint)
    await unit.session.flush()
    return endpoint, secret


async def rotate(unit: Unit, vault: Vault, endpoint: Endpoint, *, now: datetime) -> str:
    """Give it a new secret; for a day what is told is signed by both."""
    secret = new_secret()
    endpoint.sealed_before, endpoint.before_until = endpoint.sealed, now + BOTH_HOLD
    endpoint.sealed = vault.seal(secret)
    await unit.session.flush()
    return secret


def secrets_of(endpoint: Endpoint, vault: Vault, now: datetime) -> Sequence[str]:
    """By which what is told is signed, the new one first."""
    found = [vault.open(endpoint.sealed)]
    if endpoint.sealed_before and endpoint.before_until and now < endpoint.before_until:
        found.append(vault.open(endpoint.sealed_before))
    return found


async def pause(unit: Unit, endpoint: Endpoint) -> None:
    """It is told nothing; what happens is kept for it."""
    endpoint.state = EndpointState.PAUSED
    await unit.session.flush()


async def resume(unit: Unit, endpoint: Endpoint, *, now: datetime) -> None:
    """It is told again, and first of all that it was not told meanwhile."""
    endpoint.state, endpoint.why = EndpointState.ACTIVE, None
    endpoint.failures, endpoint.failing_since, endpoint.rest_until = 0, None, None
    await queries.hurry(unit, endpoint.id, now)
    unit.wake(LOOP)


async def try_out(unit: Unit, endpoint: Endpoint, *, now: datetime) -> Logged:
    """Tell it that it is being tried."""
    event = ping(now)
    unit.session.add(event)
    await unit.session.flush()
    telling = _telling(endpoint, event, now)
    unit.session.add(telling)
    await unit.session.flush()
    unit.wake(LOOP)
    return Logged(telling, event)


async def replay(unit: Unit, endpoint_id: int, telling_id: int, *, now: datetime) -> Logged:
    """Tell something once more, under the same id; what is newer of its conversation waits.

    Raises:
        NotFound: The endpoint was told no such thing.
        NotReplayable: It is on its way.
    """
    telling = await queries.get_telling(unit, endpoint_id, telling_id)
    if telling.state is TellingState.WAITING:
        raise NotReplayable("it is on its way")
    telling.state, telling.attempts, telling.due_at = TellingState.WAITING, 0, now
    telling.finished_at = None
    await unit.session.flush()
    unit.wake(LOOP)
    return await queries.get_logged(unit, telling)


async def replay_failed(unit: Unit, endpoint_id: int, *, since: datetime, now: datetime) -> int:
    """Tell all once more that failed since then; how many."""
    unit.wake(LOOP)
    return await queries.replay_failed(unit, endpoint_id, since=since, now=now)


async def follow(unit: Unit, *, now: datetime) -> int:
    """Write down what happened since the last time for everybody who is to be told of it.

    How many events were looked at. The place in the log moves in the same unit: what happened is
    written down once.
    """
    if not await hold_alone(unit, LOOP):
        return 0
    endpoints = await queries.list_endpoints(unit)
    if not endpoints:
        return 0
    told = await events.list_after(unit, await queries.place(unit), limit=PAGE)
    if not told:
        return 0
    wanted = {kind for each in endpoints for kind in each.kinds}
    happened = [each for each in await happenings(unit, told) if each.kind in wanted]
    if happened:
        written = await events_of(unit, happened, now)
        unit.session.add_all(written)
        await unit.session.flush()
        unit.session.add_all(
            _telling(endpoint, event, now)
            for each, event in zip(happened, written, strict=True)
            for endpoint in endpoints
            if event.kind in endpoint.kinds and each.number > endpoint.since_number
        )
        unit.wake(LOOP)
    await queries.move_place(unit, told[-1].number)
    return len(told)


async def claim_due(
    unit: Unit, *, now: datetime, lease: timedelta, busy: Mapping[int, int], most: int
) -> Sequence[Due]:
    """Take what is due, of each endpoint as much as there is room for.

    Args:
        unit: Commit it before sending.
        now: When.
        lease: How long the sender has.
        busy: How many are under way already, by endpoint.
        most: Of one endpoint at once.
    """
    claimed: list[Due] = []
    for endpoint_id in await queries.who_is_due(unit, now):
        free = most - busy.get(endpoint_id, 0)
        if free > 0:
            claimed += await queries.claim(unit, endpoint_id, now=now, lease=lease, limit=free)
    return claimed


async def record(unit: Unit, due: Due, outcome: Outcome, *, now: datetime) -> None:
    """Note what came of an attempt, and what follows from it.

    Nothing, where somebody else has claimed it since, or it was answered well meanwhile.
    """
    endpoint = await _find_endpoint(unit, due.endpoint.id)
    telling = await queries.find_telling(unit, due.telling.id)
    if endpoint is None or telling is None or telling.attempts != due.telling.attempts:
        return
    if telling.state is not TellingState.WAITING:
        return
    telling.status, telling.why = outcome.status, outcome.why or None
    telling.excerpt = outcome.excerpt[:LONGEST_EXCERPT].replace("\0", "")
    telling.took_ms = int(outcome.took / timedelta(milliseconds=1))
    if outcome.is_good:
        telling.state, telling.finished_at = TellingState.DELIVERED, now
        endpoint.failures, endpoint.failing_since, endpoint.rest_until = 0, None, None
        endpoint.last_good_at = now
    else:
        chance = random.random()  # noqa: S311  nobody gains by guessing it
        again = next_try(outcome, attempts=telling.attempts, now=now, chance=chance)
        if again is None:
            telling.state, telling.finished_at = TellingState.FAILED, now
        else:
            telling.due_at = again
        await _count_failure(unit, endpoint, outcome, now)
    await unit.session.flush()
    unit.wake(LOOP)


async def _count_failure(unit: Unit, endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rest_until = rest(endpoint.failures, now)
    gone = outcome.status == GONE
    lasting = has_failed_for_good(endpoint.failures, endpoint.failing_since, now)
    if endpoint.state is EndpointState.ACTIVE and (gone or lasting):
        endpoint.state, endpoint.why = EndpointState.DISABLED, "gone" if gone else "failing"
        team = await agents.list_all(unit)
        await notices.add(
            unit,
            [
                Notice(
                    agent_id=each.id,
                    kind=notices.Kind.WEBHOOK,
                    text=endpoint.name,
                    facts={"why": endpoint.why},
                    at=now,
                )
                for each in team
                if each.active and each.role is Role.ADMIN
            ],
        )


async def _find_endpoint(unit: Unit, endpoint_id: int) -> Endpoint | None:
    known = {each.id for each in await queries.list_endpoints(unit)}
    return await queries.get_endpoint(unit, endpoint_id) if endpoint_id in known else None


def _telling(endpoint: Endpoint, event: WebhookEvent, now: datetime) -> Telling:
    return Telling(
        endpoint_id=endpoint.id,
        event_id=event.id,
        conversation_id=event.conversation_id,
        state=TellingState.WAITING,
        due_at=now,
        attempts=0,
        excerpt="",
        created_at=now,
    )
