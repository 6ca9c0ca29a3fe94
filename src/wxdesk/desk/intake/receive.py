"""Kept pushes become contacts, conversations and messages: many in one unit, or one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk import contacts, conversations
from wxdesk.desk.contacts import Contact, Follower
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.intake import queries
from wxdesk.desk.intake.model import KeptPush, PushState
from wxdesk.desk.intake.understand import Line, understand
from wxdesk.store import Unit
from wxdesk.wechat import Push, Subscribed, Unsubscribed, parse

LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Received:
    """A kept push, read."""

    kept: KeptPush
    push: Push
    line: Line

    @property
    def follower(self) -> Follower:
        return self.kept.account_id, self.kept.openid


async def receive(unit: Unit, kept: Sequence[KeptPush], *, now: datetime) -> None:
    """Let agents see what was pushed.

    Cost: a handful of statements for all, O(pushes) rows.

    Args:
        unit: All of it comes to be, or none.
        kept: In any order; each follower's are taken in WeChat's order of time.
        now: When.
    """
    received = sorted((_read(each) for each in kept), key=_in_order)
    known = await _meet(unit, received)
    received = [each for each in received if each.follower in known]
    await _note_presence(unit, received, known)
    spoken = await _conversations(unit, received, known, now)
    await conversations.add_incoming(
        unit, [_message(each, known[each.follower], spoken) for each in received]
    )
    await queries.record_done(unit, [each.id for each in kept])


def park(kept: KeptPush, error: BaseException) -> None:
    """Set a push aside that could not be understood, with the reason; nothing waits for it.

    Only the first line of the reason: databases quote the row in those below.
    """
    kept.state = PushState.PARKED
    kept.error = f"{type(error).__name__}: {error}".partition("\n")[0][:LONGEST_ERROR]


def _read(kept: KeptPush) -> Received:
    push = parse(kept.body)
    return Received(kept, push, understand(push))


def _in_order(received: Received) -> tuple[datetime, int, int]:
    """Pushes carry no sequence; WeChat's time and its growing MsgId are the order they had."""
    return received.push.sent_at, received.push.msg_id or 0, received.kept.id


async def _meet(unit: Unit, received: Iterable[Received]) -> dict[Follower, Contact]:
    known = await contacts.find(unit, {each.follower for each in received})
    first_seen: dict[Follower, datetime] = {}
    for each in received:
        if each.line.introduces and each.follower not in known:
            first_seen.setdefault(each.follower, each.push.sent_at)
    met = await contacts.meet(unit, first_seen.items()) if first_seen else []
    return known | {contact.follower: contact for contact in met}


async def _note_presence(
    unit: Unit, received: Iterable[Received], known: Mapping[Follower, Contact]
) -> None:
    """Whoever does something follows the account, until they say otherwise."""
    seen: dict[int, Contact] = {}
    for each in received:
        contact = known[each.follower]
        if each.push.sent_at < contact.last_seen_at:
            continue
        seen[contact.id] = contact
        contact.last_seen_at = each.push.sent_at
        following = not isinstance(each.push.content, Unsubscribed)
        if isinstance(each.push.content, Subscribed | Unsubscribed) or each.line.opens:
            if contact.following != following:
                unit.tell("contact", contact.id)
            contact.following = following
    await contacts.record_seen(unit, list(seen.values()))


async def _conversations(
    unit: Unit,
    received: Iterable[Received],
    known: Mapping[Follower, Contact],
    now: datetime,
) -> dict[int, Conversation]:
    """The open conversation by contact, after those were opened that these pushes ask for."""
    spoken = await conversations.find_open(unit, {known[each.follower].id for each in received})
    asking = {
        contact.id: contact
        for each in received
        if each.line.opens and (contact := known[each.follower]).id not in spoken
    }
    if asking:
        opened = await conversations.open(unit, [(contact, now) for contact in asking.values()])
        await conversations.adopt_strays(unit, opened)
        spoken |= {conversation.contact_id: conversation for conversation in opened}
    return spoken


def _message(
    received: Received, contact: Contact, spoken: Mapping[int, Conversation]
) -> tuple[Message, Conversation | None]:
    conversation = spoken.get(contact.id)
    line = received.line
    message = Message(
        conversation_id=conversation.id if conversation else None,
        contact_id=contact.id,
        push_id=received.kept.id,
        direction=line.direction,
        kind=line.kind,
        text=line.text,
        content=line.content,
        sent_at=received.push.sent_at,
        received_at=received.kept.received_at,
    )
    return message, conversation
