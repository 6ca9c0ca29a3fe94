"""What WeChat tells of contacts, and how what it was to be told of them came out."""

from collections.abc import Collection, Sequence
from datetime import datetime

from wxdesk.desk.contacts import errands, queries
from wxdesk.desk.contacts.actions import REFRESH, changed
from wxdesk.desk.contacts.facts import Lesson, learn
from wxdesk.desk.contacts.model import Contact, Errand, ErrandKind
from wxdesk.store import Unit
from wxdesk.wechat import UserInfo


async def ask_refresh(unit: Unit, contact_id: int, *, now: datetime) -> Contact:
    """Let WeChat be asked about a contact as soon as may be.

    Raises:
        NotFound: There is no such contact.
    """
    contact = await queries.get(unit, contact_id)
    contact.refresh_at = now
    unit.wake(REFRESH)
    await unit.session.flush()
    return contact


async def record_facts(
    unit: Unit, account_id: int, told: Sequence[UserInfo], lesson: Lesson
) -> Collection[Contact]:
    """Take in what WeChat tells about followers the desk has met; who they are."""
    known = await _learn_known(unit, account_id, told, lesson)
    for contact in known.values():
        unit.tell("contact", contact.id)
    return known.values()


async def record_followers(
    unit: Unit, account_id: int, told: Sequence[UserInfo], lesson: Lesson
) -> Collection[Contact]:
    """Take in what WeChat tells about followers, and meet those that are new.

    Browsers are not told: there may be a million of them.

    Returns:
        Who was known before.
    """
    known = await _learn_known(unit, account_id, told, lesson)
    new = {each.openid: _unmet(account_id, each, lesson) for each in told}
    await queries.add(unit, [queries.row_of(new[openid]) for openid in new.keys() - known])
    return known.values()


async def _learn_known(
    unit: Unit, account_id: int, told: Sequence[UserInfo], lesson: Lesson
) -> dict[str, Contact]:
    known = await queries.find_of_account(unit, account_id, {each.openid for each in told})
    pending = await errands.pending_of(unit, {each.id for each in known.values()})
    for each in told:
        if contact := known.get(each.openid):
            learn(contact, each, lesson, {kind for of, kind in pending if of == contact.id})
    await queries.record_learnt(unit, list(known.values()))
    return known


def _unmet(account_id: int, told: UserInfo, lesson: Lesson) -> Contact:
    """Somebody who has only ever followed: that is when they were seen."""
    seen_at = told.subscribed_at or lesson.asked_at
    contact = Contact(
        account_id=account_id,
        openid=told.openid,
        remark="",
        following=told.subscribed,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        language="",
        subscribe_scene="",
        qr_scene="",
        platform_remark="",
        tag_ids=[],
        fields={},
    )
    learn(contact, told, lesson)
    return contact


async def record_errand_done(unit: Unit, errand: Errand, *, remark: str | None = None) -> None:
    """WeChat knows now.

    Args:
        unit: Of the runner.
        errand: As it was claimed.
        remark: What WeChat calls the contact from now on.
    """
    if remark is not None:
        contact = await queries.get(unit, errand.contact_id)
        contact.platform_remark = remark
        await changed(unit, contact)
    await errands.drop(unit, errand)


async def give_up_errand(unit: Unit, errand: Errand, *, now: datetime) -> None:
    """WeChat will not have it: show how things are there instead."""
    contact = await queries.get(unit, errand.contact_id)
    if await errands.drop(unit, errand):
        if errand.kind is ErrandKind.BLACKLIST:
            contact.blacklisted_at_wechat = not contact.blacklisted_at_wechat
        contact.refresh_at = now
        unit.wake(REFRESH)
        await changed(unit, contact)
