"""What became of something the account sent.

Sources: "Template messages", "Mass messages" and "Subscription notifications"
(doc/offiaccount/Message_Management, Subscription_Messages/api), "Publishing finished"
(doc/offiaccount/Publish/Callback_on_finish).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.push.fields import Fields

Outcome = Literal["delivered", "blocked", "failed"]
Asked = Literal["popup", "change"]


@dataclass(frozen=True, slots=True)
class TemplateFinished:
    """A template message arrived, or did not; ``msg_id`` is what sending it answered."""

    msg_id: int
    status: str

    @property
    def outcome(self) -> Outcome:
        """``blocked`` where the follower wants no messages of this account."""
        match self.status.replace(" ", "").lower():
            case "success":
                return "delivered"
            case "failed:userblock":
                return "blocked"
        return "failed"


@dataclass(frozen=True, slots=True)
class MassFinished:
    """A mass message was sent, as far as it was.

    Attributes:
        status: ``send success``, ``send fail``, or ``err(…)`` with the reason's number.
        total: Followers it was for; ``filtered`` of them were left after WeChat's own choice.
        articles: Index, from 1, and address of each.
        check_state: Whether it is original: 0 not looked at, 1 no reprint, 2 a reprint that may be
            sent, 3 one that may not.
    """

    msg_id: int
    status: str
    total: int | None = None
    filtered: int | None = None
    sent: int | None = None
    failed: int | None = None
    articles: tuple[tuple[int, str], ...] = ()
    check_state: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A draft was published, or not.

    Attributes:
        status: 0 success, 1 in progress, 2 not original, 3 failed, 4 not approved, 5 deleted by
            its author afterwards, 6 banned afterwards.
        failed_indexes: Of the articles, from 1, that kept it from being published.
    """

    publish_id: str
    status: int
    article_id: str | None = None
    urls: tuple[str, ...] = ()
    failed_indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether a follower takes one kind of notice.

    Attributes:
        scene: Where they were asked: ``1`` on a page, ``2`` in an article.
    """

    template_id: str
    accepted: bool
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A follower answered, when asked (``popup``) or later in their settings (``change``)."""

    answers: tuple[Consent, ...]
    how: Asked


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """What became of one subscription notice; ``errcode`` is 0 where it arrived."""

    template_id: str
    msg_id: int
    errcode: int
    status: str


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """Subscription notices arrived, or did not."""

    results: tuple[NoticeResult, ...]


Result = TemplateFinished | MassFinished | Published | ConsentGiven | NoticeSent


def _template_finished(fields: Fields) -> TemplateFinished:
    return TemplateFinished(_msg_id(fields), fields.take("Status"))


def _mass_finished(fields: Fields) -> MassFinished:
    checked = _counted(fields.inside("CopyrightCheckResult"))
    _counted(fields.inside("ArticleUrlResult"))
    return MassFinished(
        msg_id=_msg_id(fields),
        status=fields.take("Status"),
        total=fields.find_whole("TotalCount"),
        filtered=fields.find_whole("FilterCount"),
        sent=fields.find_whole("SentCount"),
        failed=fields.find_whole("ErrorCount"),
        articles=tuple(
            (item.take_whole("ArticleIdx"), item.take("ArticleUrl"))
            for item in fields.each("ArticleUrlResult/ResultList/item")
        ),
        check_state=checked.find_whole("CheckState"),
    )


def _published(fields: Fields) -> Published:
    job = fields.inside("PublishEventInfo")
    detail = _counted(job.inside("article_detail"))
    detail.texts_of("item/idx")  # they stand in this order
    return Published(
        publish_id=job.take("publish_id"),
        status=job.take_whole("publish_status"),
        article_id=job.find("article_id"),
        urls=detail.texts_of("item/article_url"),
        failed_indexes=job.wholes_of("fail_idx"),
    )


def _consent_given(fields: Fields, wrapper: str, *, how: Asked) -> ConsentGiven:
    answers = (
        Consent(
            template_id=answer.take("TemplateId"),
            accepted=answer.take("SubscribeStatusString").lower() == "accept",
            scene=answer.find("PopupScene"),
        )
        for answer in _listed(fields, wrapper)
    )
    return ConsentGiven(tuple(answers), how)


def _notice_sent(fields: Fields) -> NoticeSent:
    results = (
        NoticeResult(
            template_id=result.take("TemplateId"),
            msg_id=_msg_id(result),
            errcode=result.take_whole("ErrorCode"),
            status=result.find_text("ErrorStatus"),
        )
        for result in _listed(fields, "SubscribeMsgSentEvent")
    )
    return NoticeSent(tuple(results))


def _counted(listed: Fields) -> Fields:
    """A list without the number of what stands in it."""
    listed.find("Count" if "Count" in listed.texts else "count")
    return listed


def _msg_id(fields: Fields) -> int:
    """Spelt with a capital D where it is about what we sent; not everywhere."""
    return fields.take_whole("MsgID" if "MsgID" in fields.texts else "MsgId")


def _listed(fields: Fields, wrapper: str) -> list[Fields]:
    """In XML the list stands in an element of its own, in JSON it does not."""
    listed = [*fields.each(f"{wrapper}/List"), *fields.each("List")]
    if not listed:
        raise Malformed("no List")
    return listed


READERS: dict[str, Callable[[Fields], Result]] = {
    "event/templatesendjobfinish": _template_finished,
    "event/masssendjobfinish": _mass_finished,
    "event/publishjobfinish": _published,
    "event/freepublishjobfinish": _published,  # as one SDK has it
    "event/subscribe_msg_popup_event": partial(
        _consent_given, wrapper="SubscribeMsgPopupEvent", how="popup"
    ),
    "event/subscribe_msg_change_event": partial(
        _consent_given, wrapper="SubscribeMsgChangeEvent", how="change"
    ),
    "event/subscribe_msg_sent_event": _notice_sent,
}
