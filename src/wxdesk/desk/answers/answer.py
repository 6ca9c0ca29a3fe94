"""Answer what followers did, many in one unit and in few statements; nothing where no rule asks.

Cost: one statement where an account has rules, about ten where one of them may answer.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wxdesk.desk import (
    accounts,
    allowance,
    contacts,
    conversations,
    levels,
    replies,
    routing,
    sla,
)
from wxdesk.desk.accounts import Account
from wxdesk.desk.answers import queries
from wxdesk.desk.answers.in_line import WAIT, InLine, filled, names
from wxdesk.desk.answers.model import Firing
from wxdesk.desk.answers.plan import Plan, Unsent, Way, plan
from wxdesk.desk.answers.rules import (
    Cause,
    Occasion,
    Online,
    Rule,
    Situation,
    What,
    choose,
    may_answer,
)
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.levels import Level
from wxdesk.desk.media import File
from wxdesk.desk.replies import MediaUnusable, Own, Reply, Slot
from wxdesk.desk.routing import Prediction
from wxdesk.store import Unit

FRESH = timedelta(minutes=10)
"""What came longer ago is answered by nobody but people: after an outage, or after an update that
lets the desk understand old pushes, robots stay silent."""

COUNTED = timedelta(hours=1)
WRITTEN = frozenset({What.MESSAGE, What.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that a rule may answer.

    Attributes:
        slot: The answer to its push, where nothing else is in it.
        conversation: The one it is about, where that is not the open one.
        opened: It has opened the conversation.
    """

    account_id: int
    contact_id: int
    occasion: Occasion
    at: datetime
    push_id: int | None = None
    slot: Slot | None = None
    conversation: Conversation | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules ask about, read once for all acts."""

    served: Mapping[int, Account]
    rules: Mapping[int, Sequence[Rule]]
    people: Mapping[int, Contact]
    talks: Mapping[int, Conversation]
    tags: Mapping[contacts.TagKey, int]
    levels: Mapping[int, Level]
    predictions: Mapping[int, Prediction]
    fired: defaultdict[int, Counter[int]]
    first: Collection[int]
    online: bool
    hours: Mapping[int, Calendar]
    reserved: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Fired:
    act: Act
    rule: Rule
    says: Sequence[Reply]
    plan: Plan
    why: str | None


async def answer(
    unit: Unit,
    acts: Sequence[Act],
    served: Mapping[int, Account],
    *,
    new_from: int = 0,
    now: datetime,
) -> None:
    """Let the rules of the accounts answer.

    Args:
        unit: Of the intake, or of whoever ended a conversation.
        acts: In the order in which they happened; their contacts are locked.
        served: The accounts.
        new_from: The number of the first message that these acts brought.
        now: When.
    """
    asked = {act.account_id for act in acts if served[act.account_id].answers}
    if not asked:
        return
    rules = await queries.enabled_of(unit, asked)
    of_interest = [
        act for act in acts if may_answer(rules.get(act.account_id, ()), act.occasion.what)
    ]
    if not of_interest:
        return
    known = await _learn(unit, of_interest, rules, served, new_from, now)
    fired = [
        each
        for at, act in enumerate(of_interest)
        if act.at > now - FRESH and (each := _fire(at, act, known, now))
    ]
    if fired:
        await _say(unit, fired, known, now)


async def close(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    may_close_any: bool,
    now: datetime,
    reason: str = "",
) -> Conversation:
    """End a conversation, and say what the account's rules say then.

    Raises:
        NotFound, NotAssigned, ConversationClosed: As ``conversations.close``.
    """
    contact = await contacts.get(unit, await conversations.whose(unit, conversation_id))
    closed = await routing.close(
        unit,
        conversation_id,
        agent_id=agent_id,
        may_close_any=may_close_any,
        now=now,
        reason=reason,
    )
    await sla.follow(unit, [closed], now=now)
    act = Act(
        account_id=contact.account_id,
        contact_id=contact.id,
        occasion=Occasion(What.CLOSED),
        at=now,
        conversation=closed,
    )
    await answer(unit, [act], await accounts.by_ids(unit, [contact.account_id]), now=now)
    return closed


async def _learn(
    unit: Unit,
    acts: Sequence[Act],
    rules: Mapping[int, Sequence[Rule]],
    served: Mapping[int, Account],
    new_from: int,
    now: datetime,
) -> _Known:
    ids = {act.contact_id for act in acts}
    asked = [rule for of_account in rules.values() for rule in of_account]
    people = await contacts.by_ids(unit, ids)
    talks = await conversations.find_open(unit, ids)
    talks |= {act.contact_id: act.conversation for act in acts if act.conversation}
    tags = {}
    if any(rule.tag_ids for rule in asked):
        tags = await contacts.tags_of(unit, people.values())
    asks_level = any(rule.level_ids for rule in asked)
    waiting = [act.contact_id for act in acts if act.opened and act.contact_id in talks]
    if all(rule.cause is not Cause.QUEUED for rule in asked):
        waiting = []
    online = any(rule.agents is not Online.ANY for rule in asked)
    return _Known(
        served=served,
        rules=rules,
        people=people,
        talks=talks,
        tags={key: tag.id for key, tag in tags.items()},
        levels=await levels.effective(unit, people.values()) if asks_level else {},
        predictions=await routing.predict_for(unit, [talks[each].id for each in waiting], now),
        fired=await queries.fired_since(unit, ids, now - COUNTED),
        first=await _first(unit, acts, asked, new_from),
        online=online and await routing.anybody_here(unit, now),
        hours=await accounts.hours_of(unit, served.values()),
    )


async def _first(
    unit: Unit, acts: Sequence[Act], rules: Collection[Rule], new_from: int
) -> Collection[int]:
    """The places among the acts of those that are the first message of their contact."""
    if all(rule.cause is not Cause.FIRST_MESSAGE for rule in rules):
        return ()
    writers = {act.contact_id for act in acts if act.occasion.what in WRITTEN}
    wrote = set(await conversations.who_wrote_before(unit, writers, new_from))
    first = []
    for at, act in enumerate(acts):
        if act.occasion.what in WRITTEN and act.contact_id not in wrote:
            wrote.add(act.contact_id)
            first.append(at)
    return frozenset(first)


def _fire(at: int, act: Act, known: _Known, now: datetime) -> _Fired | None:
    """The rule that answers an act, and how it is to leave; both are counted at once."""
    account, contact = known.served[act.account_id], known.people[act.contact_id]
    talk = known.talks.get(contact.id)
    level = known.levels.get(contact.id)
    of_contact = ((contact.account_id, wechat_id) for wechat_id in contact.tag_ids)
    in_line = _in_line(act, talk, known)
    situation = Situation(
        occasion=act.occasion,
        is_open=known.hours[account.id].is_open(act.at),
        agents_online=known.online,
        with_agent=talk is not None and talk.state is ConversationState.ACTIVE,
        is_first=at in known.first,
        tag_ids={known.tags[key] for key in of_contact if key in known.tags},
        level_id=level.id if level else None,
        group_id=talk.group_id if talk else None,
        in_line=in_line,
        fired=known.fired[contact.id],
    )
    rule = choose(known.rules[act.account_id], situation).rule
    if rule is None:
        return None
    says = [filled(each, in_line) for each in rule.answers] if in_line else rule.answers
    known.fired[contact.id][rule.id] += 1
    forecast = allowance.forecast_of(contact, now)
    left = None if forecast.left is None else forecast.left - known.reserved[contact.id]
    slot = act.slot is not None and now < act.slot.until
    found = plan(says, slot=slot, may_cost=rule.costs_at_most(left), left=left)
    known.reserved[contact.id] += found.reserves
    why = _why(found, spent=forecast.is_spent or bool(forecast.left))
    return _Fired(act, rule, says, found, why)


def _in_line(act: Act, talk: Conversation | None, known: _Known) -> InLine | None:
    """Where somebody stands who begins to wait with this; None: they do not, or need not."""
    found = known.predictions.get(talk.id) if act.opened and talk else None
    if found is None or found.is_free:
        return None
    told = found.told
    wait = (told.about, told.to) if told and told.about and told.to else None
    return InLine(found.position, wait)


def _why(found: Plan, *, spent: bool) -> str | None:
    """The reason that its messages tell."""
    if found.why is not Unsent.NOTHING_LEFT:
        return found.why
    return "replies_spent" if spent else "window_closed"


async def _say(unit: Unit, fired: Sequence[_Fired], known: _Known, now: datetime) -> None:
    """Say all of it, and note in the log what is said."""
    files = await replies.files_for(unit, (each for it in fired for each in it.rule.answers))
    sayings = [_sayings(each, known, files) for each in fired]
    said = await replies.say(unit, [own for owns in sayings for own in owns], now=now)
    messages = iter(said)
    for each, owns in zip(fired, sayings, strict=True):
        unit.session.add(
            Firing(
                account_id=each.act.account_id,
                contact_id=each.act.contact_id,
                rule_id=each.rule.id,
                rule_name=each.rule.name,
                cause=each.rule.cause,
                push_id=each.act.push_id,
                at=now,
                message_ids=[next(messages).id for _ in owns],
            )
        )
        if owns and each.why is None:
            _note_told(unit, each, known, now)


def _note_told(unit: Unit, fired: _Fired, known: _Known, now: datetime) -> None:
    """A number that a customer was told is held against what becomes of it."""
    talk = known.talks.get(fired.act.contact_id)
    prediction = known.predictions.get(talk.id) if talk else None
    asks = fired.rule.cause is Cause.QUEUED and names(fired.rule.answers, WAIT)
    if talk and prediction and asks:
        routing.say_prediction(unit, talk.id, prediction, now=now, shown=True)


def _sayings(fired: _Fired, known: _Known, files: Mapping[int, File]) -> Sequence[Own]:
    """What is to be said; nothing where a file of it is gone, which its log tells."""
    act, rule = fired.act, fired.rule
    try:
        for reply in fired.says:
            replies.check_files(reply, files)
    except MediaUnusable:
        return ()
    in_slot = fired.plan.way is Way.PASSIVE
    return [
        Own(
            contact=known.people[act.contact_id],
            conversation=known.talks.get(act.contact_id),
            reply=reply,
            files=files,
            marks={"rule": {"id": rule.id, "name": rule.name}},
            slot=act.slot if in_slot and place == 0 else None,
            passive_only=in_slot and place == 0 and fired.plan.passive_only,
            unsent=fired.why,
        )
        for place, reply in enumerate(fired.says)
    ]
