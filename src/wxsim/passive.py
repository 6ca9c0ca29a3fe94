"""The answer to a push, read as strictly as the platform reads it.

Source: "Passive user reply message" (被动回复用户消息) and "Forward messages to the native tool"
(将消息转发到客服), 2025.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from wxsim import lines
from wxsim.account import Account, Mode
from wxsim.envelope import BrokenEnvelope, sign
from wxsim.lines import Content

MAX_BYTES = 1_000_000
TEXT_BYTES = 2048

Reply = dict[str, Any]  # type, and what the phone shows (``lines``)

MOST_ARTICLES = 8
# What a follower sends is answered with one article; what happens, with up to eight.
ONE_ARTICLE = {"text", "image", "voice", "video", "shortvideo", "link", "location"}


class BrokenReply(Exception):
    """Not an answer the platform understands; the follower is told to try later."""


def read(
    body: bytes,
    account: Account,
    openid: str,
    *,
    to: str = "event",
    has_media: Callable[[str], bool] = bool,
) -> Reply | None:
    """The passive reply, or None where the answer says there is none.

    Args:
        body: What the account's server answered.
        account: Whose server it is.
        openid: Whose push was answered.
        to: The kind of the push: a message is answered with one article, others are cut off.
        has_media: Whether a media id may be used.

    Raises:
        BrokenReply: The body is neither ``success``, nor empty, nor a reply to this follower.
    """
    if body in {b"", b"success"}:
        return None
    if len(body) > MAX_BYTES:
        raise BrokenReply("the answer is longer than 1 MB")
    fields = _parse(body)
    if fields.find("Encrypt") is not None:
        fields = _parse(_decrypt(fields, account))
    elif account.mode is Mode.SECURE:
        raise BrokenReply("secure mode takes encrypted replies only")
    _require_address(fields, account, openid)
    return _understand(_Answer(fields, has_media), to)


def _parse(body: bytes) -> ET.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BrokenReply("a DTD is not taken")
    try:
        root = ET.fromstring(body)  # noqa: S314  no DTD, no entities, and never over 1 MB
    except (ET.ParseError, ValueError, LookupError) as error:
        kind = "JSON" if _is_json(body) else "not XML"
        raise BrokenReply(f"the answer is {kind}") from error
    if root.tag != "xml":
        raise BrokenReply("the answer's root is not <xml>")
    return root


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _decrypt(fields: ET.Element, account: Account) -> bytes:
    if account.mode is Mode.PLAIN:
        raise BrokenReply("plaintext mode takes no encrypted reply")
    sealed = _text(fields, "Encrypt")
    signed = (account.token, _text(fields, "TimeStamp"), _text(fields, "Nonce"), sealed)
    if sign(*signed) != _text(fields, "MsgSignature"):
        raise BrokenReply("MsgSignature is wrong")
    try:
        return account.envelope.open(sealed)
    except BrokenEnvelope as error:
        raise BrokenReply(f"Encrypt cannot be opened: {error}") from error


def _require_address(fields: ET.Element, account: Account, openid: str) -> None:
    for name, value in (("ToUserName", openid), ("FromUserName", account.original_id)):
        if _text(fields, name) != value:
            raise BrokenReply(f"{name} is not {value}")
    if not _text(fields, "CreateTime").strip().isdecimal():
        raise BrokenReply("CreateTime is not a number")


@dataclass(frozen=True, slots=True)
class _Answer:
    """The reply's elements, and what may be named in them."""

    fields: ET.Element
    has_media: Callable[[str], bool]

    def text(self, name: str) -> str:
        """What has to be there."""
        value = _text(self.fields, name)
        if not value:
            raise BrokenReply(f"{name} is empty")
        return value

    def maybe(self, name: str) -> str:
        return self.fields.findtext(name) or ""

    def media(self, name: str) -> str:
        media_id = self.text(name)
        if not self.has_media(media_id):
            raise BrokenReply(f"{name} is no media id of this account, or has expired")
        return media_id


def _understand(answer: _Answer, to: str) -> Reply:
    kind = answer.text("MsgType")
    reader = _READERS.get(kind)
    if reader is None:
        raise BrokenReply(f"MsgType {kind} is unknown")
    if kind == "transfer_customer_service" and to.startswith("event"):
        raise BrokenReply("an event cannot be handed to the native tool")
    reply = {"type": kind, **reader(answer)}
    if kind == "news":
        reply["articles"] = reply["articles"][: 1 if to in ONE_ARTICLE else MOST_ARTICLES]
    return reply


def _words(answer: _Answer) -> Content:
    content = answer.text("Content")
    if len(content.encode()) > TEXT_BYTES:
        raise BrokenReply(f"Content is longer than {TEXT_BYTES} bytes")
    return {"content": content}


def _image(answer: _Answer) -> Content:
    return lines.image(answer.media("Image/MediaId"))


def _voice(answer: _Answer) -> Content:
    return lines.voice(answer.media("Voice/MediaId"))


def _video(answer: _Answer) -> Content:
    return lines.video(
        answer.media("Video/MediaId"),
        title=answer.maybe("Video/Title"),
        description=answer.maybe("Video/Description"),
    )


def _music(answer: _Answer) -> Content:
    return lines.music(
        answer.media("Music/ThumbMediaId"),
        title=answer.maybe("Music/Title"),
        description=answer.maybe("Music/Description"),
        url=answer.maybe("Music/MusicUrl"),
        hq_url=answer.maybe("Music/HQMusicUrl"),
    )


def _news(answer: _Answer) -> Content:
    items = answer.fields.findall("Articles/item")
    count = answer.text("ArticleCount").strip()
    if not items or not count.isdecimal() or int(count[:4]) != len(items):
        raise BrokenReply("ArticleCount is not the number of articles")
    return lines.news([_article(_Answer(item, answer.has_media)) for item in items])


def _article(item: _Answer) -> Content:
    """All four elements have to be there; only the title has to say something."""
    return lines.article(
        title=item.text("Title"),
        description=_text(item.fields, "Description"),
        url=_text(item.fields, "Url"),
        picture_url=_text(item.fields, "PicUrl"),
    )


def _transfer(answer: _Answer) -> Content:
    """``kf_account`` is null where any agent may take it."""
    named = answer.fields.find("TransInfo") is not None
    return {"kf_account": answer.text("TransInfo/KfAccount") if named else None}


_READERS: dict[str, Callable[[_Answer], Content]] = {
    "text": _words,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "news": _news,
    "transfer_customer_service": _transfer,
}


def _text(fields: ET.Element, name: str) -> str:
    found = fields.find(name)
    if found is None:
        raise BrokenReply(f"{name} is missing")
    return found.text or ""
