"""What WeChat tells about a contact, and what follows from it. Pure but for the contact."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.desk.contacts.model import Contact, ErrandKind
from wxdesk.wechat import UserInfo


@dataclass(frozen=True, slots=True)
class Lesson:
    """How what WeChat tells is taken in.

    Attributes:
        asked_at: When WeChat was asked: who did something since is left as they are.
        now: When it is taken in.
        lasting: How long it is believed.
        sync_remark: The desk's remark and WeChat's follow each other.
    """

    asked_at: datetime
    now: datetime
    lasting: timedelta
    sync_remark: bool = False


def learn(
    contact: Contact, told: UserInfo, lesson: Lesson, pending: Collection[ErrandKind] = ()
) -> None:
    """Take in what WeChat tells; what WeChat has still to be told by us is ours to say.

    Of whoever does not follow WeChat tells nothing, so what is known of them stays.
    """
    contact.refreshed_at, contact.refresh_at = lesson.now, None
    if contact.last_seen_at <= lesson.asked_at:
        contact.following = told.subscribed
    if not told.subscribed:
        return
    contact.refresh_at = lesson.now + lesson.lasting
    contact.unionid = told.unionid or contact.unionid
    contact.language = told.language or contact.language
    contact.subscribed_at = told.subscribed_at or contact.subscribed_at
    contact.subscribe_scene = told.scene or contact.subscribe_scene
    contact.qr_scene = scene_of(told) or contact.qr_scene
    if ErrandKind.TAGS not in pending:
        contact.tag_ids = list(told.tag_ids)
    if ErrandKind.REMARK not in pending:
        _learn_remark(contact, told.remark, follow=lesson.sync_remark)


def _learn_remark(contact: Contact, told: str, *, follow: bool) -> None:
    """The desk's own name follows when there is none, or when WeChat's was changed elsewhere."""
    changed = told != contact.platform_remark
    if follow and told and (changed or not contact.remark):
        contact.remark = told
    contact.platform_remark = told


def scene_of(told: UserInfo) -> str:
    """The scene of the code they followed by, as a text; number 0 says that there was none."""
    return told.qr_scene_str or (str(told.qr_scene) if told.qr_scene else "")
