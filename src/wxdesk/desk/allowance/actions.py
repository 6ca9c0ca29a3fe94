"""What happens to allowances: acts grant, messages are reserved, sent, given back, refused.

All of it changes contacts, which the caller has locked.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from wxdesk.desk.allowance import queries
from wxdesk.desk.allowance.errors import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.allowance.grants import Forecast, Grant, Grants, forecast
from wxdesk.desk.allowance.history import Happening, Turn, after, replay
from wxdesk.desk.allowance.model import Act, Entry
from wxdesk.desk.contacts import Contact
from wxdesk.store import Unit
from wxdesk.wechat import Policy

MARGIN = timedelta(seconds=60)
"""So long before a grant ends nothing is begun under it; see ``forecast``."""

Policies = Mapping[int, Policy]
"""By account."""


def grants_of(contact: Contact) -> Grants:
    return tuple(Grant.of_json(kept) for kept in contact.grants)


def forecast_of(contact: Contact, now: datetime, *, sending: bool = False) -> Forecast:
    """What may be sent to a contact, as far as the desk knows.

    Args:
        contact: To whom.
        now: When.
        sending: What was promised before is being sent: to the very end, whatever else waits.
    """
    if sending:
        return forecast(grants_of(contact), 0, now, timedelta(0))
    return forecast(grants_of(contact), contact.reserved, now, MARGIN)


async def record_acts(
    unit: Unit, acts: Sequence[Act], known: Mapping[int, Contact], policies: Policies
) -> None:
    """Note what followers did, and what that grants.

    The contacts are changed and not written: the intake writes them with all else that it learnt.

    Args:
        unit: Of the intake.
        acts: In the order of WeChat's time. One that is older than what was noted before makes
            its contact's grants be worked out anew.
        known: The contacts, locked.
        policies: What each account's rules are.
    """
    if not acts:
        return
    late = {act.contact_id for act in acts if _is_late(act, known[act.contact_id])}
    await queries.insert_acts(unit, acts)
    entries = await queries.entries_of(unit, late) if late else {}
    for contact_id in late:
        contact = known[contact_id]
        _recount(contact, entries[contact_id], policies[contact.account_id])
    for act in acts:
        if act.contact_id not in late:
            contact = known[act.contact_id]
            _apply(contact, act.happening, policies[contact.account_id])


def reserve(contact: Contact, sends: int) -> None:
    """So many messages to them wait to be sent from now on."""
    contact.reserved += sends


def give_back(contact: Contact, sends: int = 1) -> None:
    """So many of them will not be sent."""
    contact.reserved -= sends


def require(contact: Contact, sends: int, *, now: datetime, keep_last: bool = False) -> None:
    """Raise unless so many messages may be sent.

    Raises:
        WindowClosed: None may, until the follower acts.
        RepliesSpent: So many are not left.
        LastSend: ``keep_last``, and none would be left.
    """
    found = forecast_of(contact, now)
    if found.closes_at is None and not found.is_spent:
        raise WindowClosed("WeChat takes nothing until the follower acts")
    if not found.takes(sends):
        raise RepliesSpent("not enough is left", left=found.left, needed=sends)
    if keep_last and found.left == sends:
        raise LastSend("this would use up the last one", left=found.left, needed=sends)


def record_sent(
    unit: Unit, contact: Contact, policy: Policy, *, message_id: int, now: datetime
) -> None:
    """A reserved message was sent, or may have been."""
    contact.reserved -= 1
    _note(unit, contact, Happening(Turn.SENT, now), policy, message_id)


def record_refusal(
    unit: Unit, contact: Contact, policy: Policy, turn: Turn, *, message_id: int, now: datetime
) -> None:
    """WeChat refused a message for want of a grant: that is the truth.

    The message is given back by itself, as any that was not sent.
    """
    _note(unit, contact, Happening(turn, now), policy, message_id)


async def recount(unit: Unit, contacts: Collection[Contact], policy: Policy) -> None:
    """Work out anew what is granted to these contacts: the rules have changed."""
    entries = await queries.entries_of(unit, {contact.id for contact in contacts})
    for contact in contacts:
        _recount(contact, entries[contact.id], policy)
        unit.tell("contact", contact.id)


def _note(
    unit: Unit, contact: Contact, happening: Happening, policy: Policy, message_id: int
) -> None:
    unit.session.add(
        Entry(contact_id=contact.id, at=happening.at, turn=happening.turn, message_id=message_id)
    )
    _apply(contact, happening, policy)
    unit.tell("contact", contact.id)


def _is_late(act: Act, contact: Contact) -> bool:
    return contact.settled_at is not None and act.at < contact.settled_at


def _apply(contact: Contact, happening: Happening, policy: Policy) -> None:
    contact.settled_at = happening.at
    _set(contact, after(grants_of(contact), happening, policy).grants)


def _recount(contact: Contact, entries: Iterable[Entry], policy: Policy) -> None:
    happenings = [entry.happening for entry in entries]
    contact.settled_at = max((each.at for each in happenings), default=None)
    _set(contact, replay(happenings, policy))


def _set(contact: Contact, grants: Grants) -> None:
    contact.grants = [grant.as_json() for grant in grants]
    worth = [grant for grant in grants if grant.left != 0]
    lasting = max(worth, key=lambda grant: grant.expires_at, default=None)
    contact.window_closes_at = lasting.expires_at if lasting else None
    contact.lasting_sends = lasting.left if lasting else None
