"""The push that a line of a thread came with, for those who run the desk."""

from datetime import datetime

from wxdesk.desk import contacts, conversations
from wxdesk.desk.contacts import ChangeKind
from wxdesk.desk.intake import queries
from wxdesk.desk.intake.model import KEPT_FOR, KeptPush
from wxdesk.errors import NotFound
from wxdesk.store import Unit


class PushForgotten(NotFound):
    """It came with a push, which was kept for ``days`` and is not any more."""

    code = "push_forgotten"


async def show(unit: Unit, message_id: int, *, by_id: int, now: datetime) -> KeptPush:
    """The push behind a message; that it was shown stands on the customer's timeline.

    Raises:
        NotFound: There is no such message, or it came with no push.
        PushForgotten: It is too long ago.
    """
    contact = await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await conversations.get_message(unit, message_id)
    if message.push_id is None:
        raise NotFound(f"message {message_id} came with no push")
    push = await queries.find(unit, message.push_id)
    if push is None:
        raise PushForgotten(f"push {message.push_id} is forgotten", days=KEPT_FOR.days)
    contacts.note(unit, contact, ChangeKind.PUSH_SHOWN, None, message.id, by_id=by_id, now=now)
    return push
