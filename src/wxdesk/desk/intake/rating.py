"""What customers tell when asked how it was: it opens nothing, and nobody owes an answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.desk import conversations, ratings, replies
from wxdesk.desk.contacts import Contact, Follower
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.intake.received import Received
from wxdesk.desk.ratings import Rating, Score, Tap
from wxdesk.desk.replies import Own, Reply, Slot
from wxdesk.store import Unit
from wxdesk.wechat import Text


@dataclass(frozen=True, slots=True)
class Rated:
    """Somebody has told; the desk thanks them in the answer to their push."""

    received: Received
    rating: Rating
    conversation: Conversation
    score: Score


@dataclass(frozen=True, slots=True)
class Told:
    """What was told, and the numbers of all pushes that are nothing else than that."""

    rated: Sequence[Rated]
    push_ids: Collection[int]


async def take(
    unit: Unit,
    received: Sequence[Received],
    known: Mapping[Follower, Contact],
    *,
    now: datetime,
) -> Told:
    """Note ratings and what was written about bad ones, in order.

    Cost: one statement where anybody wrote; four more where somebody rates.
    """
    taps = {each.kept.id: tap for each in received if (tap := ratings.tap_of(each.push))}
    writers = {known[each.follower].id for each in received if isinstance(each.content, Text)}
    commenting = dict(await ratings.open_comments(unit, writers)) if writers else {}
    if not taps and not commenting:
        return Told((), frozenset())
    asked = {tap.conversation_id for tap in taps.values()}
    asked |= {each.conversation_id for each in commenting.values()}
    talks = await _lock(unit, asked)
    found = await ratings.of(unit, asked)
    spoken = set(await conversations.find_open(unit, writers))
    rated, done = list[Rated](), set[int]()
    for each in received:
        contact, tap = known[each.follower], taps.get(each.kept.id)
        rating = found.get(tap.conversation_id) if tap else None
        if tap and rating and rating.contact_id == contact.id:
            talk = talks[tap.conversation_id]
            if await _rate(unit, each, rating, talk, tap, now):
                rated.append(Rated(each, rating, talk, tap.score))
                commenting[contact.id] = rating
            done.add(each.kept.id)
            continue
        rating = commenting.get(contact.id)
        if rating and isinstance(each.content, Text) and not each.content.menu_id:
            talk = talks[rating.conversation_id]
            if await _comment(unit, each, rating, talk, contact.id in spoken, now):
                done.add(each.kept.id)
                continue
        if each.line and each.line.opens:
            spoken.add(contact.id)
    return Told(rated, done)


async def thank(
    unit: Unit,
    told: Told,
    known: Mapping[Follower, Contact],
    taken: Collection[int],
    *,
    passive_wait: timedelta,
    now: datetime,
) -> None:
    """Thank those who have told, or ask what was bad, where that costs nothing."""
    sayings = []
    for each in told.rated:
        kept, contact = each.received.kept, known[each.received.follower]
        slot = Slot(kept.id, kept.received_at + passive_wait)
        if kept.id in taken or now >= slot.until:
            continue
        says = await ratings.settings_of(unit, contact.account_id)
        asks = each.score is Score.BAD and not each.rating.comment
        each.rating.asked = asks
        sayings.append(
            Own(
                contact=contact,
                conversation=each.conversation,
                reply=Reply("text", says.ask if asks else says.thanks),
                marks={"rating": True},
                slot=slot,
                passive_only=True,
            )
        )
    if sayings:
        await replies.say(unit, sayings, now=now)


async def _lock(unit: Unit, ids: Collection[int]) -> Mapping[int, Conversation]:
    await conversations.lock(unit, ids)
    return {each.id: each for each in await conversations.by_ids(unit, ids)}


async def _rate(
    unit: Unit, each: Received, rating: Rating, talk: Conversation, tap: Tap, now: datetime
) -> bool:
    return await ratings.record(
        unit, rating, talk, tap.score, at=each.sent_at, now=now, push_id=each.kept.id
    )


async def _comment(
    unit: Unit, each: Received, rating: Rating, talk: Conversation, spoken: bool, now: datetime
) -> bool:
    """Keep it where it came in time; whether it is nothing else: asked for, and nobody is here."""
    if rating.comment_until is None or each.sent_at >= rating.comment_until or each.line is None:
        return False
    alone = rating.asked and not spoken
    await ratings.comment(
        unit,
        rating,
        talk,
        each.line.text,
        at=each.sent_at,
        now=now,
        push_id=each.kept.id,
        shown=alone,
    )
    return alone
