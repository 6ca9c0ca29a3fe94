"""What happens to contacts: they are met, named, tagged, blacklisted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk import accounts, fields
from wxdesk.desk.accounts import Account
from wxdesk.desk.contacts import errands, queries, tags
from wxdesk.desk.contacts.model import (
    ChangeKind,
    Contact,
    ContactChange,
    ErrandKind,
    Follower,
    Tag,
)
from wxdesk.desk.fields import Value
from wxdesk.errors import Conflict, Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.wechat import limits


class TagsNotSynced(Conflict):
    """Tags are WeChat's, and the account's setting keeps the desk from changing them there."""

    code = "tags_not_synced"


class TooManyTags(Invalid):
    """WeChat takes no more of them for one follower."""

    code = "too_many_tags"


REFRESH = "refresh"
"""The loop that asks WeChat about contacts."""


async def meet(unit: Unit, followers: Iterable[tuple[Follower, datetime]]) -> list[Contact]:
    """Add followers that were not known, each with the moment they were first seen.

    Who was added meanwhile, by an import, is found instead.
    """
    rows: list[dict[str, Any]] = [
        {
            "account_id": account_id,
            "openid": openid,
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
            "refresh_at": seen_at,
            "version": 1,
        }
        for (account_id, openid), seen_at in followers
    ]
    met = await queries.add(unit, rows)
    for contact in met:
        unit.tell("contact", contact.id)
    unit.wake(REFRESH)
    if len(met) < len(rows):
        wanted = {(row["account_id"], row["openid"]) for row in rows}
        met += (await queries.find(unit, wanted - {each.follower for each in met})).values()
    return met


async def set_remark(
    unit: Unit, contact_id: int, remark: str, *, by_id: int | None = None, now: datetime
) -> Contact:
    """Note what the desk calls a contact, and the other contacts of the same person.

    WeChat is told where the account's setting says so.

    Raises:
        NotFound: There is no such contact.
    """
    family = await queries.get_family(unit, contact_id)
    await call(unit, family, remark.strip(), by_id=by_id, now=now)
    return family[0]


async def call(
    unit: Unit, family: Sequence[Contact], remark: str, *, by_id: int | None, now: datetime
) -> None:
    """The same for contacts of one person that are held; it is noted of the first of them."""
    first = family[0]
    note(unit, first, ChangeKind.REMARK, first.remark, remark, by_id=by_id, now=now)
    known = await accounts.by_ids(unit, {each.account_id for each in family})
    for contact in family:
        contact.remark = remark
        syncs = known[contact.account_id].sync_remark
        if syncs and fitting_remark(remark) != contact.platform_remark:
            await errands.ask(unit, contact, ErrandKind.REMARK, now=now)
        await changed(unit, contact)


def note(
    unit: Unit,
    contact: Contact,
    kind: ChangeKind,
    before: Any,
    after: Any,
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """Write down that something of a contact has become another; where it has not, nothing."""
    if before != after:
        unit.session.add(
            ContactChange(
                contact_id=contact.id, kind=kind, before=before, after=after, by_id=by_id, at=now
            )
        )


def fitting_remark(remark: str) -> str:
    """As much of a remark as WeChat takes, in whole characters."""
    return remark.encode()[: limits.REMARK_BYTES].decode(errors="ignore")


async def set_tags(
    unit: Unit,
    contact_id: int,
    tag_ids: Collection[int],
    *,
    by_id: int | None = None,
    now: datetime,
) -> Contact:
    """Give a contact these tags and no others, here and at WeChat.

    Raises:
        NotFound: There is no such contact, or no such tag of its account.
        TagsNotSynced: The account's setting keeps the desk from it.
        TooManyTags: WeChat takes no more of them for one follower.
    """
    contact = await queries.get(unit, contact_id)
    carried = (await tags.tags_of(unit, [contact])).values()
    account = await accounts.get(unit, contact.account_id)
    wanted = await tags.tags_by_ids(unit, tag_ids)
    if {tag.id for tag in wanted} != set(tag_ids):
        raise NotFound("there is no such tag on this account")
    await give_tags(unit, contact, account, wanted, carried, by_id=by_id, now=now)
    return contact


async def give_tags(
    unit: Unit,
    contact: Contact,
    account: Account,
    wanted: Collection[Tag],
    carried: Collection[Tag],
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """The same for a contact that is held, of its account, with the tags it carries so far."""
    if not account.sync_tags:
        raise TagsNotSynced("tags of this account are changed at WeChat only")
    if any(tag.account_id != account.id for tag in wanted):
        raise NotFound("there is no such tag on this account")
    if len(wanted) > limits.TAGS_PER_USER:
        raise TooManyTags("too many tags for one follower", most=limits.TAGS_PER_USER)
    if set(contact.tag_ids) != {tag.wechat_id for tag in wanted}:
        contact.tag_ids = sorted(tag.wechat_id for tag in wanted)
        before, after = (sorted(tag.name for tag in each) for each in (carried, wanted))
        note(unit, contact, ChangeKind.TAGS, before, after, by_id=by_id, now=now)
        await errands.ask(unit, contact, ErrandKind.TAGS, now=now)
    await changed(unit, contact)


async def set_fields(
    unit: Unit, contact_id: int, values: Mapping[int, Any], *, by_id: int | None, now: datetime
) -> Sequence[Contact]:
    """Keep values of a contact's fields, and of the other contacts of the same person.

    Those that are not named stay.

    Args:
        unit: Of the request.
        contact_id: Who.
        values: By the field's number; None: nothing is kept any more.
        by_id: Who changes them.
        now: When.

    Returns:
        The contact, and behind it the others of the same person.

    Raises:
        NotFound: There is no such contact or field.
        FieldInvalid: A field takes no such value.
    """
    family = await queries.get_family(unit, contact_id)
    wished = await read_values(unit, values)
    await keep_values(unit, family, wished, by_id=by_id, now=now)
    return family


async def read_values(unit: Unit, values: Mapping[int, Any]) -> dict[str, Value | None]:
    """Values as they are kept, by the field's number as text.

    Raises:
        NotFound: There is no such field.
        FieldInvalid: A field takes no such value.
    """
    known = await fields.by_ids(unit, values.keys())
    if unknown := values.keys() - known.keys():
        raise NotFound(f"there is no field {min(unknown)}")
    return {str(each): known[each].read(value) for each, value in values.items()}


async def keep_values(
    unit: Unit,
    family: Sequence[Contact],
    wished: Mapping[str, Value | None],
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """Keep values of contacts of one person that are held; it is noted of the first of them."""
    for place, contact in enumerate(family):
        kept = {**contact.fields, **wished}
        after = {key: value for key, value in kept.items() if value is not None}
        if place == 0:
            fields.record_changes(unit, contact.id, contact.fields, after, by_id=by_id, now=now)
        contact.fields = after
        await changed(unit, contact)


async def blacklist(
    unit: Unit,
    contact_id: int,
    *,
    on: bool,
    agent_id: int,
    reason: str = "",
    at_wechat: bool | None = None,
    now: datetime,
) -> Contact:
    """Put a contact on the blacklist, or take them off.

    Args:
        unit: Of the request.
        contact_id: Who.
        on: Put on, or take off.
        agent_id: Who does it.
        reason: Why.
        at_wechat: WeChat is to hold their messages back, too; None: as the account's setting says.
            Whoever is taken off is taken off there in any case.
        now: When.

    Raises:
        NotFound: There is no such contact.
    """
    contact = await queries.get(unit, contact_id)
    account = await accounts.get(unit, contact.account_id)
    there = on and (account.blacklist_at_wechat if at_wechat is None else at_wechat)
    if there != contact.blacklisted_at_wechat:
        await errands.ask(unit, contact, ErrandKind.BLACKLIST, now=now)
    contact.blacklisted_at_wechat = there
    contact.blacklisted_at = (contact.blacklisted_at or now) if on else None
    contact.blacklisted_by = agent_id if on else None
    contact.blacklist_reason = reason.strip() if on else ""
    return await changed(unit, contact)


async def changed(unit: Unit, contact: Contact) -> Contact:
    """Write it, and let browsers know."""
    await unit.session.flush()
    unit.tell("contact", contact.id)
    return contact
