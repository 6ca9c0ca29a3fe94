"""What a delivery holds, and WeChat's message made of it. Pure.

A delivery's content is the message's own words, with files as their numbers: an image is
``{"media": 7}``. WeChat knows files by ids of its own, which are only known when it is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxdesk.desk.media import PlatformCopy
from wxdesk.wechat import (
    ArticleMessage,
    CardMessage,
    ImageMessage,
    ImageReply,
    MenuItem,
    MenuMessage,
    Message,
    MiniProgramMessage,
    MpNewsMessage,
    MusicMessage,
    MusicReply,
    NewsMessage,
    NewsReply,
    NoReply,
    PassiveArticle,
    PassiveReply,
    TextMessage,
    TextReply,
    VideoMessage,
    VideoReply,
    VoiceMessage,
    VoiceReply,
)

TEMPLATE = "template"
"""Not a customer-service message: it leaves by a call of its own."""

HELD_ALREADY = "media_id"
"""In the content of a picture or a recording: WeChat holds it under this id of its own, as somebody
has sent it there; the desk uploads nothing."""

_FILES: dict[str, dict[str, str]] = {
    "image": {"media": "image"},
    "voice": {"media": "voice"},
    "video": {"media": "video", "thumb": "thumb"},
    "music": {"thumb": "thumb"},
    "miniprogrampage": {"thumb": "image"},
}
"""By kind of message: which files it shows, and as what WeChat is to hold each."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A file that a delivery shows.

    Attributes:
        role: What it is called in the content.
        file_id: Which.
        kind: As what WeChat holds it: image, voice, video, thumb.
    """

    role: str
    file_id: int
    kind: str


def files_of(kind: str, content: Mapping[str, Any]) -> Sequence[Needed]:
    """The files that WeChat must hold before it takes this."""
    known = _FILES.get(kind, {}) if HELD_ALREADY not in content else {}
    return [Needed(role, content[role], as_) for role, as_ in known.items()]


def message_of(kind: str, content: Mapping[str, Any], media_ids: Mapping[str, str]) -> Message:
    """WeChat's message, its files by the ids that WeChat holds them under, by role."""
    return _MESSAGES[kind](content, media_ids)


class NotHeld(Exception):
    """Not an error: a file of it has to be uploaded first, again."""


def media_ids_of(
    needed: Sequence[Needed], copies: Mapping[tuple[int, str], PlatformCopy]
) -> dict[str, str]:
    """WeChat's ids of the files, by role.

    Raises:
        NotHeld: WeChat does not have one of them.
    """
    held = {key: copy.media_id for key, copy in copies.items() if copy.media_id}
    try:
        return {each.role: held[each.file_id, each.kind] for each in needed}
    except KeyError:
        raise NotHeld("a file is not at WeChat") from None


def held_until(
    needed: Sequence[Needed], copies: Mapping[tuple[int, str], PlatformCopy]
) -> datetime | None:
    """So long WeChat holds all of these files; None: not all of them now."""
    found = [copies.get((each.file_id, each.kind)) for each in needed]
    ends = [copy.expires_at for copy in found if copy and copy.media_id and copy.expires_at]
    return min(ends) if ends and len(ends) == len(needed) else None


def passive_of(kind: str, content: Mapping[str, Any], media_ids: Mapping[str, str]) -> PassiveReply:
    """The same as the answer to a push.

    Raises:
        NoReply: That cannot be of this kind.
    """
    if kind not in _PASSIVE:
        raise NoReply(f"an answer cannot be a {kind}")
    return _PASSIVE[kind](content, media_ids)


def _media_id(said: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    return str(said.get(HELD_ALREADY) or ids["media"])


def _menu(said: Mapping[str, Any]) -> MenuMessage:
    items = tuple(MenuItem(item["id"], item["content"]) for item in said["items"])
    return MenuMessage(said["head"], items, said["tail"])


_MESSAGES: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], Message]] = {
    "text": lambda said, _: TextMessage(said["text"]),
    "image": lambda said, ids: ImageMessage(_media_id(said, ids)),
    "voice": lambda said, ids: VoiceMessage(_media_id(said, ids)),
    "video": lambda said, ids: VideoMessage(
        ids["media"], ids["thumb"], said["title"], said["description"]
    ),
    "music": lambda said, ids: MusicMessage(
        said["title"], said["description"], said["url"], said["hq_url"], ids["thumb"]
    ),
    "news": lambda said, _: NewsMessage(
        said["title"], said["description"], said["url"], said["picture_url"]
    ),
    "miniprogrampage": lambda said, ids: MiniProgramMessage(
        said["title"], said["app_id"], said["page_path"], ids["thumb"]
    ),
    "mpnewsarticle": lambda said, _: ArticleMessage(said["article_id"]),
    "mpnews": lambda said, _: MpNewsMessage(said["media_id"]),
    "msgmenu": lambda said, _: _menu(said),
    "wxcard": lambda said, _: CardMessage(said["card_id"]),
}

_PASSIVE: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], PassiveReply]] = {
    "text": lambda said, _: TextReply(said["text"]),
    "image": lambda _, ids: ImageReply(ids["media"]),
    "voice": lambda _, ids: VoiceReply(ids["media"]),
    "video": lambda said, ids: VideoReply(ids["media"], said["title"], said["description"]),
    "music": lambda said, ids: MusicReply(
        ids["thumb"], said["title"], said["description"], said["url"], said["hq_url"]
    ),
    "news": lambda said, _: NewsReply(
        (PassiveArticle(said["title"], said["description"], said["picture_url"], said["url"]),)
    ),
}

PASSIVE_KINDS = frozenset(_PASSIVE)
"""What the answer to a push can be."""
