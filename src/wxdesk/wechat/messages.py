"""Customer-service messages, as typed values.

Source: "Send customer-service message" (doc/service/api/customer/message/api_sendcustommessage).
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from wxdesk.wechat.limits import TEXT_BYTES


class _Outgoing(ABC):
    """What all kinds have in common.

    Attributes:
        kind: WeChat's ``msgtype``.
        required: The fields without which WeChat refuses it.
    """

    __slots__ = ()
    kind: ClassVar[str]
    required: ClassVar[tuple[str, ...]]

    def body(self, openid: str, kf_account: str | None = None, *, ai: bool = False) -> bytes:
        """What is posted: raw UTF-8, as WeChat refuses JSON's escapes or shows them to people.

        Args:
            openid: Who gets it.
            kf_account: In whose name; None for the account's own.
            ai: WeChat says under it that an AI made it.
        """
        message = {"touser": openid, "msgtype": self.kind, self.kind: self._content()}
        if kf_account is not None:
            message["customservice"] = {"kf_account": kf_account}
        if ai:
            message["aimsgcontext"] = {"is_ai_msg": 1}
        written = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        return written.encode(errors="replace")  # half a surrogate pair is in no encoding

    @abstractmethod
    def _content(self) -> dict[str, Any]:
        """What WeChat wants under the name of the kind."""


@dataclass(frozen=True, slots=True)
class _Uploaded(_Outgoing):
    required = ("media_id",)
    media_id: str

    def _content(self) -> dict[str, Any]:
        return {"media_id": self.media_id}


@dataclass(frozen=True, slots=True)
class TextMessage(_Outgoing):
    """A text of at most ``limits.TEXT_BYTES``; longer ones go through ``split_text`` first.

    WeChat shows ``<a>`` as a link and everything else as it is, so nothing is escaped.
    """

    kind = "text"
    required = ("text",)
    text: str

    def _content(self) -> dict[str, Any]:
        return {"content": self.text}


@dataclass(frozen=True, slots=True)
class ImageMessage(_Uploaded):
    """A picture, uploaded before; temporary or lasting media."""

    kind = "image"


@dataclass(frozen=True, slots=True)
class VoiceMessage(_Uploaded):
    """A recording, uploaded before."""

    kind = "voice"


@dataclass(frozen=True, slots=True)
class VideoMessage(_Outgoing):
    """A film; the documentation asks for the picture in front of it, too."""

    kind = "video"
    required = ("media_id", "thumb_media_id")
    media_id: str
    thumb_media_id: str = ""
    title: str = ""
    description: str = ""

    def _content(self) -> dict[str, Any]:
        return {
            "media_id": self.media_id,
            **_given(
                thumb_media_id=self.thumb_media_id, title=self.title, description=self.description
            ),
        }


@dataclass(frozen=True, slots=True)
class MusicMessage(_Outgoing):
    """A piece of music at an address; ``hq_url`` is what is played on Wi-Fi."""

    kind = "music"
    required = ("title", "description", "url", "thumb_media_id")
    title: str
    description: str
    url: str
    hq_url: str
    thumb_media_id: str

    def _content(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "description": self.description,
            "musicurl": self.url,
            **_given(hqmusicurl=self.hq_url),
            "thumb_media_id": self.thumb_media_id,
        }


@dataclass(frozen=True, slots=True)
class NewsMessage(_Outgoing):
    """A card that opens a page; WeChat takes one, no more."""

    kind = "news"
    required = ("title", "description", "url", "picture_url")
    title: str
    description: str
    url: str
    picture_url: str

    def _content(self) -> dict[str, Any]:
        article = {
            "title": self.title,
            "description": self.description,
            "url": self.url,
            "picurl": self.picture_url,
        }
        return {"articles": [article]}


@dataclass(frozen=True, slots=True)
class MpNewsMessage(_Uploaded):
    """An article from lasting media, on accounts that have no drafts yet."""

    kind = "mpnews"


@dataclass(frozen=True, slots=True)
class ArticleMessage(_Outgoing):
    """An article that the account has published."""

    kind = "mpnewsarticle"
    required = ("article_id",)
    article_id: str

    def _content(self) -> dict[str, Any]:
        return {"article_id": self.article_id}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line to touch; touched, it comes back as a ``Text`` with its id as ``menu_id``."""

    id: str
    content: str


@dataclass(frozen=True, slots=True)
class MenuMessage(_Outgoing):
    """A question and lines to touch. WeChat limits both and does not say how (45098, 45099)."""

    kind = "msgmenu"
    required = ("items",)
    head: str
    items: tuple[MenuItem, ...]
    tail: str = ""

    def _content(self) -> dict[str, Any]:
        return {
            **_given(head_content=self.head),
            "list": [{"id": item.id, "content": item.content} for item in self.items],
            **_given(tail_content=self.tail),
        }


@dataclass(frozen=True, slots=True)
class CardMessage(_Outgoing):
    """A card; only of those whose codes WeChat makes."""

    kind = "wxcard"
    required = ("card_id",)
    card_id: str

    def _content(self) -> dict[str, Any]:
        return {"card_id": self.card_id}


@dataclass(frozen=True, slots=True)
class MiniProgramMessage(_Outgoing):
    """A card that opens a page of a mini program, which has to be linked to the account."""

    kind = "miniprogrampage"
    required = ("title", "app_id", "page_path", "thumb_media_id")
    title: str
    app_id: str
    page_path: str
    thumb_media_id: str

    def _content(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "appid": self.app_id,
            "pagepath": self.page_path,
            "thumb_media_id": self.thumb_media_id,
        }


Message = (
    TextMessage
    | ImageMessage
    | VoiceMessage
    | VideoMessage
    | MusicMessage
    | NewsMessage
    | MpNewsMessage
    | ArticleMessage
    | MenuMessage
    | CardMessage
    | MiniProgramMessage
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why WeChat would not take a message, known before it is asked."""

    field: str
    why: Literal["empty", "too_long"]


def problems_of(message: Message) -> list[Problem]:
    """What is against the documentation, as far as that states it; most limits it does not."""
    found = [Problem(name, "empty") for name in message.required if not getattr(message, name)]
    match message:
        case TextMessage(text) if len(text.encode(errors="replace")) > TEXT_BYTES:
            found.append(Problem("text", "too_long"))
        case MenuMessage(items=items) if not all(item.id and item.content for item in items):
            found.append(Problem("items", "empty"))
    return found


def _given(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}
