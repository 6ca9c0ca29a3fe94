"""A customer is asked how a conversation was, once; that costs a message."""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from wxdesk.desk import accounts, allowance, contacts, conversations, replies
from wxdesk.desk.conversations import Conversation, MessageState, NotAssigned
from wxdesk.desk.ratings import queries
from wxdesk.desk.ratings.model import (
    LONGEST_TEXT,
    AlreadyInvited,
    Rating,
    RatingSettings,
    Score,
    Way,
)
from wxdesk.desk.ratings.taps import LINES, line_id
from wxdesk.desk.replies import Own, Reply
from wxdesk.errors import Invalid
from wxdesk.store import Unit

PATH = "/rate/"
SECRET_BYTES = 16
_FELL_THROUGH = (MessageState.FAILED, MessageState.WITHDRAWN)


async def invite(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int | None,
    leads: bool,
    base_url: str,
    now: datetime,
    use_last: bool = False,
) -> Conversation:
    """Ask the customer, as their account asks; the last message is kept unless it is to be used.

    Args:
        unit: Of the request.
        conversation_id: Which.
        agent_id: Who asks; None: the account's setting does.
        leads: They may ask about what is not theirs.
        base_url: Where customers reach the desk.
        now: When.
        use_last: Also where that uses up the last message.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's, or nobody has had it.
        AlreadyInvited: They were asked.
        WindowClosed, RepliesSpent, LastSend: It cannot be sent, or should not.
    """
    contact = await contacts.get(unit, await conversations.whose(unit, conversation_id))
    conversation = await conversations.get(unit, conversation_id)
    if conversation.assignee_id is None or not (leads or conversation.assignee_id == agent_id):
        raise NotAssigned(f"conversation {conversation_id} is not agent {agent_id}'s")
    kept = await queries.find(unit, conversation_id)
    if kept and not await _fell_through(unit, kept):
        raise AlreadyInvited("they were asked already")
    allowance.require(contact, 1, now=now, keep_last=not use_last)
    settings = await settings_of(unit, contact.account_id)
    secret = token_urlsafe(SECRET_BYTES) if settings.way is Way.LINK else None
    reply = _invitation(settings, conversation_id, f"{base_url}{PATH}{secret}" if secret else "")
    own = Own(contact=contact, conversation=conversation, reply=reply, marks={"rating": True})
    (message,) = await replies.say(unit, [own], now=now)
    rating = kept or Rating(conversation_id=conversation_id, contact_id=contact.id)
    rating.way, rating.digest = settings.way, digest_of(secret) if secret else None
    rating.invited_at, rating.invited_by, rating.message_id = now, agent_id, message.id
    unit.session.add(rating)
    tell(unit, conversation)
    await unit.session.flush()
    return conversation


async def invite_after_closing(
    unit: Unit, closed: Conversation, *, base_url: str, now: datetime
) -> None:
    """Ask where the account's setting says so and it can be sent without using up the last one."""
    settings = await settings_of(unit, closed.account_id)
    contact = await contacts.get(unit, closed.contact_id)
    forecast = allowance.forecast_of(contact, now)
    if not settings.after_closing or not forecast.takes(2) or closed.assignee_id is None:
        return
    if await queries.find(unit, closed.id) is None:
        await invite(unit, closed.id, agent_id=None, leads=True, base_url=base_url, now=now)


async def settings_of(unit: Unit, account_id: int) -> RatingSettings:
    """How an account asks.

    Raises:
        NotFound: There is no such account.
    """
    await accounts.get(unit, account_id)
    found = await queries.find_settings(unit, account_id)
    return found or RatingSettings.as_default(account_id)


async def settings_of_contact(unit: Unit, contact_id: int) -> RatingSettings:
    """How the account of a contact asks."""
    (contact,) = (await contacts.by_ids(unit, [contact_id])).values()
    return await settings_of(unit, contact.account_id)


async def set_settings(unit: Unit, wish: RatingSettings) -> RatingSettings:
    """Have an account ask otherwise.

    Raises:
        NotFound: There is no such account.
        Invalid: A text is empty, or too long.
    """
    await accounts.lock(unit, wish.account_id)
    for said in (wish.head, wish.thanks, wish.ask):
        if not 0 < len(said.strip()) <= LONGEST_TEXT:
            raise Invalid("each text needs words", most=LONGEST_TEXT)
    kept = await unit.session.merge(wish)
    await unit.session.flush()
    return kept


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def tell(unit: Unit, conversation: Conversation) -> None:
    """Its copies are old from now on."""
    conversation.touch()
    unit.tell("conversation", conversation.id)


def _invitation(settings: RatingSettings, conversation_id: int, link: str) -> Reply:
    if settings.way is Way.LINK:
        return Reply("text", f"{settings.head}\n{link}")
    lines = [{"id": line_id(conversation_id, each), "content": LINES[each]} for each in _ORDER]
    return Reply("msgmenu", settings.head, {"head": settings.head, "items": lines, "tail": ""})


_ORDER = (Score.GOOD, Score.FAIR, Score.BAD)


async def _fell_through(unit: Unit, rating: Rating) -> bool:
    """The invitation never came to them."""
    (message,) = await conversations.messages_by_ids(unit, [rating.message_id])
    return rating.rated_at is None and message.state in _FELL_THROUGH
