"""Ask customers to write, before their window closes on an answer that is owed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from wxdesk.desk import allowance, contacts, conversations, replies
from wxdesk.desk.accounts import Account
from wxdesk.desk.answers import queries
from wxdesk.desk.answers.keeping import Kept, Standing, decide, horizon
from wxdesk.desk.answers.model import Keeper
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.replies import Own, Reply
from wxdesk.store import Unit


async def list_due(
    unit: Unit, account: Account, keeper: Keeper, *, now: datetime, after: int, limit: int
) -> tuple[Sequence[int], int | None]:
    """Conversations whose customers are to be asked, and after which to go on looking.

    Nothing is locked: whoever asks looks once more.
    """
    found = await queries.list_closing(
        unit, account.id, now=now, until=now + horizon(keeper), after=after, limit=limit
    )
    parked = await conversations.who_has_parked(unit, {contact.id for _, contact in found})
    due = [
        talk.id
        for talk, contact in found
        if _decide(account, keeper, talk, contact, parked, now) is Kept.ASK
    ]
    return due, found[-1][0].id if len(found) == limit else None


async def remind(unit: Unit, account: Account, conversation_id: int, *, now: datetime) -> Kept:
    """Ask the customer of a conversation, if that is still to be done."""
    contact = await contacts.get(unit, await conversations.whose(unit, conversation_id))
    talk = await conversations.get(unit, conversation_id)
    keeper = await queries.find_keeper(unit, account.id)
    if keeper is None or not keeper.on:
        return Kept.NOT_YET
    parked = await conversations.who_has_parked(unit, [contact.id])
    found = _decide(account, keeper, talk, contact, parked, now)
    if found is Kept.ASK:
        contact.reminded_for = contact.window_closes_at
        reply = Reply("text", keeper.text)
        own = Own(contact=contact, conversation=talk, reply=reply, marks={"keeper": True})
        await replies.say(unit, [own], now=now)
    return found


def _decide(
    account: Account,
    keeper: Keeper,
    talk: Conversation,
    contact: Contact,
    parked: Collection[int],
    now: datetime,
) -> Kept:
    grants = allowance.grants_of(contact)
    lasting = [each for each in grants if each.expires_at == contact.window_closes_at]
    owed = talk.owed_since is not None and talk.state is not ConversationState.CLOSED
    standing = Standing(
        owed=owed,
        opened_at=min((each.opened_at for each in lasting), default=None),
        closes_at=contact.window_closes_at,
        left=allowance.forecast_of(contact, now).left,
        waiting=contact.reserved + (contact.id in parked),
        reminded_for=contact.reminded_for,
    )
    return decide(keeper, standing, now=now, zone=account.zone)
