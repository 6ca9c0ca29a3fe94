"""Clocks follow what happens to conversations, which whoever calls has locked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from wxdesk.desk import alerts, conversations, notices
from wxdesk.desk.conversations import Conversation, ConversationState, Message
from wxdesk.desk.notices import Notice
from wxdesk.desk.sla import decide, queries
from wxdesk.desk.sla.decide import Decision, Reply, Situation
from wxdesk.desk.sla.model import Clock
from wxdesk.desk.sla.terms import Kind, key_of, terms_for
from wxdesk.store import Unit

LOOP = "clocks"
TEAM_BREACH, TEAM_BREACH_LASTS = "team_breach", timedelta(minutes=15)
"""Told to those who supervise together, however many come."""

REENTRY = timedelta(hours=24)
"""Whoever comes back so soon after a conversation was closed has come back with the same."""


async def follow(unit: Unit, found: Collection[Conversation], *, now: datetime) -> None:
    """Let the clocks of these conversations do what follows from how they are.

    To be called after anything that may have changed what is owed. Doing it again changes nothing.
    Each conversation's ``due_at`` is that of the response that is waited for.

    Cost: two statements, up to eight others where clocks begin or end, however many they are.
    """
    if not found:
        return
    await unit.session.flush()
    kept = await queries.concerned(unit, {each.id for each in found})
    keys = {clock.key for rows in kept.values() for clock, _ in rows}
    terms = await terms_for(unit, keys | {key_of(each) for each in found})
    known = {
        each.id: [clock.known(terms[clock.key], lost=lost) for clock, lost in kept.get(each.id, ())]
        for each in found
    }
    seen = await _look_at(unit, found, known)
    decided = {
        each.id: decide.decide(known[each.id], seen[each.id], terms[key_of(each)], now)
        for each in found
    }
    rows = {clock.id: clock for of_one in kept.values() for clock, _ in of_one}
    await _write(unit, found, decided, rows, now)


async def follow_told(unit: Unit, *, now: datetime) -> None:
    """Let the clocks follow all conversations that this unit has told of, which it holds locked."""
    if ids := {thing_id for kind, thing_id in unit.told if kind == "conversation"}:
        await follow(unit, await conversations.by_ids(unit, ids), now=now)


async def promise(unit: Unit, found: Collection[Conversation], *, now: datetime) -> None:
    """Customers have written: promise an answer in those conversations where none is promised."""
    await follow(unit, [each for each in found if each.due_at is None], now=now)


async def follow_message(unit: Unit, message: Message, *, now: datetime) -> None:
    """Let the clocks follow the conversation in which a message stands, if in any."""
    if message.conversation_id is not None:
        found = await conversations.by_ids(unit, {message.conversation_id})
        await follow(unit, found, now=now)


async def notice(unit: Unit, *, now: datetime, limit: int) -> Sequence[Clock]:
    """Note of which clocks little is left and which are late, each of it once; those clocks."""
    found = await queries.claim_next(unit, now=now, limit=limit)
    for clock in found:
        clock.keep(clock.course.notice(now))
        unit.tell("conversation", clock.conversation_id)
    await queries.write(unit, begun=[], changed=found, forgotten=[])
    await _tell_owners(unit, found, now)
    return found


async def _tell_owners(unit: Unit, noticed: Sequence[Clock], now: datetime) -> None:
    """Whose conversations these clocks run for."""
    talks = await conversations.by_ids(unit, {clock.conversation_id for clock in noticed})
    owners = {each.id: each.assignee_id for each in talks}
    await notices.add(
        unit,
        [
            Notice(
                agent_id=owners[clock.conversation_id],
                kind=notices.Kind.BREACH if clock.breached_at else notices.Kind.WARNING,
                conversation_id=clock.conversation_id,
                facts={"clock": clock.kind.value},
                at=now,
            )
            for clock in noticed
            if owners[clock.conversation_id] is not None
        ],
    )
    if broken := [each.conversation_id for each in noticed if each.breached_at]:
        await alerts.raise_for_team(
            unit,
            alerts.Kind.TEAM_BREACH,
            TEAM_BREACH,
            lasts=TEAM_BREACH_LASTS,
            now=now,
            beside={owners[each] for each in broken} if len(broken) == 1 else (),
            count=len(broken),
        )


async def _look_at(
    unit: Unit, found: Collection[Conversation], known: Mapping[int, Sequence[decide.Clock]]
) -> dict[int, Situation]:
    asking = {
        each.id
        for each in found
        if decide.asks_for_replies(
            known[each.id], _situation(each), taken=each.state is not ConversationState.WAITING
        )
    }
    replies = await conversations.replies_of(unit, asking) if asking else {}
    return {each.id: _situation(each, replies.get(each.id, ())) for each in found}


def _situation(
    conversation: Conversation, replies: Sequence[tuple[datetime, int]] = ()
) -> Situation:
    return Situation(
        opened_at=conversation.opened_at,
        owed_since=conversation.owed_since,
        closed_at=conversation.closed_at,
        rests=conversation.rests_since is not None,
        replies=[Reply(*each) for each in replies],
    )


async def _write(
    unit: Unit,
    found: Collection[Conversation],
    decided: Mapping[int, Decision],
    rows: Mapping[int, Clock],
    now: datetime,
) -> None:
    returned = await _who_returned(unit, found, decided)
    begun, changed = [], []
    for conversation in found:
        for clock in decided[conversation.id].clocks:
            if clock.id is None:
                begun.append(_row(clock, conversation, is_reentry=conversation.id in returned))
            elif _keep(rows[clock.id], clock, conversation):
                changed.append(rows[clock.id])
    forgotten = {each.id for decision in decided.values() for each in decision.forgotten if each.id}
    await queries.write(unit, begun=begun, changed=changed, forgotten=forgotten)
    await conversations.set_due(unit, [(each, _due(decided[each.id])) for each in found])
    wake_for(unit, [*begun, *changed], now)


async def _who_returned(
    unit: Unit, found: Collection[Conversation], decided: Mapping[int, Decision]
) -> set[int]:
    """Those that begin soon after the conversation before them was closed."""
    previous = {
        each.previous_id: each
        for each in found
        if each.previous_id
        and any(new.id is None and new.kind is Kind.FIRST for new in decided[each.id].clocks)
    }
    closed = await queries.closed_before(unit, previous.keys()) if previous else {}
    return {
        previous[before].id
        for before, closed_at in closed.items()
        if previous[before].opened_at - closed_at <= REENTRY
    }


def _row(clock: decide.Clock, conversation: Conversation, *, is_reentry: bool) -> Clock:
    row = Clock(
        conversation_id=conversation.id,
        kind=clock.kind,
        is_reentry=is_reentry and clock.kind is Kind.FIRST,
    )
    row.begin(clock.course)
    row.take_terms(clock.terms)
    return row


def _keep(row: Clock, clock: decide.Clock, conversation: Conversation) -> bool:
    """Whether there is anything to write."""
    changed = row.keep(clock.course)
    if row.reply_id == clock.reply_id and not changed:
        return False
    row.reply_id = clock.reply_id
    row.agent_id = conversation.assignee_id if clock.course.is_over else None
    return True


def _due(decision: Decision) -> datetime | None:
    return decision.promised.course.due_at if decision.promised else None


def wake_for(unit: Unit, clocks: Collection[Clock], now: datetime) -> None:
    """One that came back may have been late for long."""
    if any(each.next_at and each.next_at < now for each in clocks):
        unit.wake(LOOP)
