"""Kept pushes become contacts, conversations and messages: many in one unit, or one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from wxdesk.desk import (
    account_log,
    accounts,
    agent_chat,
    allowance,
    answers,
    contacts,
    conversations,
    media,
    outbox,
    qrcodes,
    replies,
    routing,
    sla,
)
from wxdesk.desk.accounts import Account
from wxdesk.desk.allowance import Act
from wxdesk.desk.contacts import Contact, Follower, Place
from wxdesk.desk.conversations import Conversation, ConversationState, Direction, Incoming
from wxdesk.desk.intake import agents, queries, rating
from wxdesk.desk.intake.acts import trigger_of, trigger_of_feedback
from wxdesk.desk.intake.keep import FROM_PAY
from wxdesk.desk.intake.model import Claimed
from wxdesk.desk.intake.naming import name_things
from wxdesk.desk.intake.occasions import occasion_of
from wxdesk.desk.intake.opening import open_all
from wxdesk.desk.intake.received import Received
from wxdesk.desk.intake.understand import Line, note_of, understand, understand_feedback
from wxdesk.desk.media import Expected
from wxdesk.desk.replies import Slot
from wxdesk.store import Unit
from wxdesk.wechat import (
    LocationReported,
    MassFinished,
    Scanned,
    Subscribed,
    TemplateFinished,
    Unsubscribed,
    parse,
    parse_pay_feedback,
)

LONGEST_ERROR = 500
WITHIN_A_SECOND = timedelta(microseconds=999_999)


async def receive(
    unit: Unit,
    kept: Sequence[Claimed],
    *,
    now: datetime,
    passive_wait: timedelta = timedelta(0),
    base_url: str = "",
) -> None:
    """Let agents see what was pushed.

    Cost: a handful of statements for all, O(pushes) rows.

    Args:
        unit: All of it comes to be, or none.
        kept: In any order; each follower's are taken in WeChat's order of time.
        now: When.
        passive_wait: So long after it came a push's answer waits for what the desk says by itself.
        base_url: Where customers reach the desk.
    """
    received = sorted((_read(each) for each in kept), key=_in_order)
    await _hold_desk(unit, received)
    at_work = await agents.find(unit, received)
    await _record_results(unit, received, now)
    await _write_log(unit, received)
    known = await _meet(unit, received)
    received = [each for each in received if each.follower in known]
    served = await accounts.by_ids(unit, {each.kept.account_id for each in received})
    await _note_acts(unit, received, known, served)
    await _note_presence(unit, received, known)
    await _count_scans(unit, received)
    diverted = await agents.divert(
        unit, received, known, at_work, passive_wait=passive_wait, now=now
    )
    received = diverted.others
    if at_work.talks:
        await conversations.lock(unit, at_work.talks)
    told = await rating.take(unit, received, known, now=now)
    said = [each for each in received if each.kept.id not in told.push_ids]
    lines = await _lines(unit, said)
    spoken, openers = await _conversations(unit, lines, known, now)
    await _wake(unit, lines, known, spoken)
    new_from = await _add_messages(unit, lines, known, spoken, now)
    await sla.promise(unit, spoken.values(), now=now)
    await _abandon(unit, lines, known, spoken, now)
    taken = await _send_parked(unit, received, known, served, passive_wait, now)
    answering = {account.id for account in served.values() if account.answers}
    asking = [each for each in said if each.kept.account_id in answering]
    acts = _acts(asking, known, passive_wait, taken, openers)
    await answers.answer(unit, acts, served, new_from=new_from, now=now)
    await rating.thank(unit, told, known, taken, passive_wait=passive_wait, now=now)
    for line in diverted.lines:
        await agent_chat.hear(unit, line, base_url=base_url, now=now)
    await queries.record_done(unit, [each.id for each in kept])


async def park(unit: Unit, kept: Claimed, error: BaseException) -> None:
    """Set a push aside that could not be understood, with the reason; nothing waits for it.

    Only the first line of the reason: databases quote the row in those below.
    """
    why = f"{type(error).__name__}: {error}".partition("\n")[0][:LONGEST_ERROR]
    await queries.park(unit, kept.id, why)


def _read(kept: Claimed) -> Received:
    if kept.kind.startswith(FROM_PAY):
        feedback = parse_pay_feedback(kept.body)
        line, trigger = understand_feedback(feedback), trigger_of_feedback(feedback)
        return Received(kept, None, line, feedback.at, trigger)
    push = parse(kept.body)
    return Received(kept, push, understand(push), push.sent_at, trigger_of(push))


def _in_order(received: Received) -> tuple[datetime, int, int]:
    """Pushes carry no sequence; WeChat's time and its growing MsgId are the order they had."""
    msg_id = received.push.msg_id if received.push else None
    return received.sent_at, msg_id or 0, received.kept.id


async def _hold_desk(unit: Unit, received: Iterable[Received]) -> None:
    """Where several leave, several agents may lose an offer: two seats, so the desk before all."""
    left = {each.follower for each in received if isinstance(each.content, Unsubscribed)}
    if len(left) > 1:
        await routing.lock_desk(unit)


async def _record_results(unit: Unit, received: Iterable[Received], now: datetime) -> None:
    """Tell on our own messages what became of them, where WeChat reports it later."""
    for each in received:
        if isinstance(each.content, TemplateFinished):
            await outbox.record_job_result(
                unit, each.kept.account_id, each.content.msg_id, each.content.outcome, now=now
            )
    await sla.follow_told(unit, now=now)


async def _write_log(unit: Unit, received: Iterable[Received]) -> None:
    account_log.write(
        unit,
        (
            (each.kept.account_id, each.kept.id, each.sent_at, note)
            for each in received
            if each.push and (note := note_of(each.push))
        ),
    )
    for each in received:
        if isinstance(each.content, MassFinished):
            articles = each.content.articles
            await account_log.remember_articles(unit, each.kept.account_id, articles)


async def _meet(unit: Unit, received: Iterable[Received]) -> dict[Follower, Contact]:
    known = await contacts.find(unit, {each.follower for each in received})
    first_seen: dict[Follower, datetime] = {}
    for each in received:
        if each.line and each.line.introduces and each.follower not in known:
            first_seen.setdefault(each.follower, each.sent_at)
    met = await contacts.meet(unit, first_seen.items()) if first_seen else []
    return known | {contact.follower: contact for contact in met}


async def _note_acts(
    unit: Unit,
    received: Iterable[Received],
    known: Mapping[Follower, Contact],
    served: Mapping[int, Account],
) -> None:
    """What WeChat lets us send from now on; the contacts are written with their presence."""
    acts = [
        Act(known[each.follower].id, each.kept.id, _moment(each), each.trigger)
        for each in received
        if each.trigger or isinstance(each.content, Unsubscribed)
    ]
    policies = {account.id: account.rules for account in served.values()}
    people = {contact.id: contact for contact in known.values()}
    await allowance.record_acts(unit, acts, people, policies)
    for contact_id in {act.contact_id for act in acts}:
        unit.tell("contact", contact_id)


def _moment(received: Received) -> datetime:
    """When it happened: WeChat tells the second, and within that we know when it came to us."""
    came = max(received.kept.received_at, received.sent_at)
    return min(came, received.sent_at + WITHIN_A_SECOND)


async def _note_presence(
    unit: Unit, received: Iterable[Received], known: Mapping[Follower, Contact]
) -> None:
    """Whoever does something follows the account, until they say otherwise."""
    seen: dict[int, Contact] = {}
    for each in received:
        contact = known[each.follower]
        if not _acted(each):
            continue
        seen[contact.id] = contact
        if each.sent_at < contact.last_seen_at:
            continue
        contact.last_seen_at = each.sent_at
        following = not isinstance(each.content, Unsubscribed)
        if isinstance(each.content, Subscribed | Unsubscribed) or (each.line and each.line.opens):
            if contact.following != following:
                unit.tell("contact", contact.id)
            contact.following = following
    await contacts.record_seen(unit, list(seen.values()))
    await contacts.record_places(
        unit,
        (
            (known[each.follower], _place(each.content, each.sent_at))
            for each in received
            if isinstance(each.content, LocationReported)
        ),
    )


def _place(told: LocationReported, at: datetime) -> Place:
    return Place(told.latitude, told.longitude, told.precision or 0, at)


def _acted(received: Received) -> bool:
    """Whether the follower did something: results of jobs come in their name as well."""
    if received.trigger or isinstance(received.content, LocationReported):
        return True
    return received.line is not None and received.line.introduces


async def _count_scans(unit: Unit, received: Iterable[Received]) -> None:
    scans = [
        (each.kept.account_id, scene, isinstance(each.content, Subscribed), each.sent_at)
        for each in received
        if isinstance(each.content, Scanned | Subscribed) and (scene := each.content.scene)
    ]
    if scans:
        await qrcodes.record_scan(unit, scans)


async def _lines(unit: Unit, received: Iterable[Received]) -> list[tuple[Received, Line]]:
    """What there is to read, with the names that the desk has for scenes, buttons and articles."""
    lines = [(each, each.line) for each in received if each.line]
    await name_things(unit, [(each.kept.account_id, line) for each, line in lines])
    return lines


async def _conversations(
    unit: Unit,
    lines: Iterable[tuple[Received, Line]],
    known: Mapping[Follower, Contact],
    now: datetime,
) -> tuple[dict[int, Conversation], Collection[int]]:
    """The open conversation by contact, after those were opened that these lines ask for.

    With them the numbers of the pushes that opened some.
    """
    spoken = await conversations.find_open(unit, {known[each.follower].id for each, _ in lines})
    asking: dict[int, Received] = {}
    for each, line in lines:
        contact_id = known[each.follower].id
        if line.opens and contact_id not in spoken:
            asking.setdefault(contact_id, each)
    if asking:
        pushes = {contact_id: each.push for contact_id, each in asking.items()}
        people = {contact.id: contact for contact in known.values() if contact.id in asking}
        opened = await open_all(unit, people, pushes, now=now)
        spoken |= {conversation.contact_id: conversation for conversation in opened}
    return spoken, {each.kept.id for each in asking.values()}


async def _wake(
    unit: Unit,
    lines: Sequence[tuple[Received, Line]],
    known: Mapping[Follower, Contact],
    spoken: Mapping[int, Conversation],
) -> None:
    """What rested rests no more once its customer writes."""
    written = {known[each.follower].id for each, line in lines if line.direction is Direction.IN}
    await routing.wake(unit, [spoken[each] for each in written & spoken.keys()])


async def _abandon(
    unit: Unit,
    lines: Sequence[tuple[Received, Line]],
    known: Mapping[Follower, Contact],
    spoken: Mapping[int, Conversation],
    now: datetime,
) -> None:
    """Who has left the account while they waited waits no more."""
    left = {
        known[each.follower].id
        for each, _ in lines
        if isinstance(each.content, Unsubscribed) and not known[each.follower].following
    }
    for contact_id in sorted(left & spoken.keys()):
        if spoken[contact_id].state is ConversationState.WAITING:
            conversation = await conversations.get(unit, spoken[contact_id].id)
            await routing.abandon(unit, conversation, now=now)
            await sla.follow(unit, [conversation], now=now)


async def _add_messages(
    unit: Unit,
    lines: Sequence[tuple[Received, Line]],
    known: Mapping[Follower, Contact],
    spoken: Mapping[int, Conversation],
    now: datetime,
) -> int:
    """Add each line, and have its files fetched before WeChat forgets them.

    The number of the first one; 0 where there is none.
    """
    added = []
    for each, line in lines:
        contact = known[each.follower]
        conversation = spoken.get(contact.id)
        added.append((_message(each, line, contact, conversation), conversation))
    await conversations.add_incoming(unit, added)
    expected = [
        Expected(message.id, each.kept.account_id, wanted, each.sent_at)
        for (message, _), (each, line) in zip(added, lines, strict=True)
        for wanted in line.wanted
    ]
    await media.expect_all(unit, expected, now=now)
    return min((message.id for message, _ in added), default=0)


async def _send_parked(
    unit: Unit,
    received: Iterable[Received],
    known: Mapping[Follower, Contact],
    served: Mapping[int, Account],
    passive_wait: timedelta,
    now: datetime,
) -> Collection[int]:
    """What waited for this very act leaves, where the account's setting says so.

    The pushes whose answers carry some of it.
    """
    taken = set()
    for each in received:
        if each.trigger and served[each.kept.account_id].send_parked:
            contact = await contacts.get(unit, known[each.follower].id)
            if await replies.release_all(
                unit,
                contact,
                push_id=each.kept.id,
                slot_until=each.kept.received_at + passive_wait,
                now=now,
            ):
                taken.add(each.kept.id)
    return taken


def _acts(
    received: Iterable[Received],
    known: Mapping[Follower, Contact],
    passive_wait: timedelta,
    taken: Collection[int],
    openers: Collection[int],
) -> list[answers.Act]:
    """What the rules of the accounts may answer."""
    return [
        answers.Act(
            account_id=each.kept.account_id,
            contact_id=known[each.follower].id,
            occasion=occasion,
            at=each.kept.received_at,
            push_id=each.kept.id,
            slot=None
            if each.kept.id in taken
            else Slot(each.kept.id, each.kept.received_at + passive_wait),
            opened=each.kept.id in openers,
        )
        for each in received
        if each.push and (occasion := occasion_of(each.push))
    ]


def _message(
    received: Received, line: Line, contact: Contact, conversation: Conversation | None
) -> Incoming:
    return Incoming(
        conversation_id=conversation.id if conversation else None,
        contact_id=contact.id,
        push_id=received.kept.id,
        direction=line.direction,
        kind=line.kind,
        text=line.text,
        content=line.content,
        sent_at=received.sent_at,
        received_at=received.kept.received_at,
    )
