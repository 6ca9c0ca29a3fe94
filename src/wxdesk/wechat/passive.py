"""Passive replies: what may be answered to a push itself, within WeChat's five seconds.

They need no permission and no token, and there is one at most; nobody is told whether it arrived.
``Callback.answer`` puts them into the envelope where that is due.

Sources: "Passive user reply message" (doc/service/guide/product/message), "Forwarding messages to
customer service" (doc/service/guide/product/kf/forwarding).
"""

from dataclasses import dataclass
from datetime import datetime

from wxdesk.wechat.elements import cdata
from wxdesk.wechat.errors import WeChatError
from wxdesk.wechat.limits import (
    PASSIVE_ARTICLES,
    PASSIVE_ARTICLES_TO_MESSAGE,
    TEXT_BYTES,
)
from wxdesk.wechat.push import Push


class NoReply(WeChatError):
    """WeChat would show the follower an error in place of this reply, or nothing.

    Attributes:
        why: A few words; never what was to be said.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class TextReply:
    """A text of at most ``limits.TEXT_BYTES``, and not blank."""

    text: str


@dataclass(frozen=True, slots=True)
class ImageReply:
    """A picture, uploaded before."""

    media_id: str


@dataclass(frozen=True, slots=True)
class VoiceReply:
    """A recording, uploaded before."""

    media_id: str


@dataclass(frozen=True, slots=True)
class VideoReply:
    """A film, uploaded before."""

    media_id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class MusicReply:
    """A piece of music at an address; ``hq_url`` is what is played on Wi-Fi."""

    thumb_media_id: str
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""


@dataclass(frozen=True, slots=True)
class PassiveArticle:
    """A card that opens a page."""

    title: str
    description: str
    picture_url: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsReply:
    """Cards that open pages: one to a message, up to eight to an event."""

    articles: tuple[PassiveArticle, ...]


@dataclass(frozen=True, slots=True)
class TransferReply:
    """Hand a message to WeChat's own customer-service tool, or to one account in it.

    From when somebody there takes the follower until 30 minutes after, their messages are not
    pushed to us: a desk that takes its place never answers with this.
    """

    kf_account: str | None = None


PassiveReply = (
    TextReply | ImageReply | VoiceReply | VideoReply | MusicReply | NewsReply | TransferReply
)


def passive_xml(reply: PassiveReply, push: Push, now: datetime) -> bytes:
    """The reply to a push, as WeChat reads it.

    Raises:
        NoReply: It is not one, or not one to this push.
    """
    kind, content = _content(reply, push)
    return (
        f"<xml><ToUserName>{cdata(push.openid)}</ToUserName>"
        f"<FromUserName>{cdata(push.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType>{cdata(kind)}</MsgType>{content}</xml>"
    ).encode()


def _content(reply: PassiveReply, push: Push) -> tuple[str, str]:
    """WeChat's name of the kind, and what stands behind it."""
    match reply:
        case TextReply(text):
            kind, content = "text", _elements(Content=_sayable(text))
        case ImageReply(media_id):
            kind, content = "image", _nested("Image", MediaId=_given(media_id, "media id"))
        case VoiceReply(media_id):
            kind, content = "voice", _nested("Voice", MediaId=_given(media_id, "media id"))
        case VideoReply():
            kind, content = "video", _video(reply)
        case MusicReply():
            kind, content = "music", _music(reply)
        case NewsReply(articles):
            kind, content = "news", _news(articles, push)
        case TransferReply(kf_account):
            kind, content = "transfer_customer_service", _transfer(kf_account, push)
    return kind, content


def _sayable(text: str) -> str:
    if not text.strip():
        raise NoReply("no text")
    if len(text.encode(errors="replace")) > TEXT_BYTES:
        raise NoReply("text too long")
    return text


def _video(reply: VideoReply) -> str:
    return _nested(
        "Video",
        MediaId=_given(reply.media_id, "media id"),
        Title=reply.title,
        Description=reply.description,
    )


def _music(reply: MusicReply) -> str:
    return _nested(
        "Music",
        Title=reply.title,
        Description=reply.description,
        MusicUrl=reply.url,
        HQMusicUrl=reply.hq_url,
        ThumbMediaId=_given(reply.thumb_media_id, "media id"),
    )


def _news(articles: tuple[PassiveArticle, ...], push: Push) -> str:
    if not articles:
        raise NoReply("no article")
    if len(articles) > (PASSIVE_ARTICLES if push.is_event else PASSIVE_ARTICLES_TO_MESSAGE):
        raise NoReply("too many articles")
    items = "".join(
        _nested(
            "item",
            Title=article.title,
            Description=article.description,
            PicUrl=article.picture_url,
            Url=_given(article.url, "address"),
        )
        for article in articles
    )
    return f"<ArticleCount>{len(articles)}</ArticleCount><Articles>{items}</Articles>"


def _transfer(kf_account: str | None, push: Push) -> str:
    if push.is_event:
        raise NoReply("an event cannot be transferred")
    return "" if kf_account is None else _nested("TransInfo", KfAccount=kf_account)


def _given(value: str, what: str) -> str:
    if not value:
        raise NoReply(f"no {what}")
    return value


def _nested(name: str, **elements: str) -> str:
    return f"<{name}>{_elements(**elements)}</{name}>"


def _elements(**texts: str) -> str:
    return "".join(f"<{name}>{cdata(text)}</{name}>" for name, text in texts.items())
