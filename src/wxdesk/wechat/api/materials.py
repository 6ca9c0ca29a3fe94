"""Lasting material: files and articles that stay at WeChat until they are deleted.

Source: doc/service/api/material/permanent.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.api.media import MEDIA_BYTES, MediaKind, require_size
from wxdesk.wechat.caller import Caller, json_body
from wxdesk.wechat.download import Download, downloading
from wxdesk.wechat.errors import OverLimit, Uncertain
from wxdesk.wechat.form import FileContent, Form

_GET = "/cgi-bin/material/get_material"


@dataclass(frozen=True, slots=True)
class Material:
    """A file in the library.

    Attributes:
        url: Of a picture; opens within WeChat only.
        name: What it was called; empty where WeChat does not say.
        updated_at: None where WeChat does not say.
    """

    media_id: str
    url: str = ""
    name: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """A page of the library, newest first. ``total`` counts all of this kind."""

    materials: tuple[Material, ...]
    total: int


@dataclass(frozen=True, slots=True)
class MaterialCount:
    """How many of each kind the library holds."""

    images: int
    voices: int
    videos: int
    news: int


@dataclass(frozen=True, slots=True)
class VideoMaterial:
    """A video in the library; the address of its file expires soon."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """One article of a news material; ``content`` is HTML as its author wrote it."""

    title: str
    author: str
    digest: str
    content: str
    url: str
    source_url: str
    thumb_media_id: str
    shows_cover: bool


class Materials:
    """``client.materials``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def add(
        self,
        kind: MediaKind,
        content: FileContent,
        *,
        filename: str,
        content_type: str,
        size_bytes: int | None = None,
        title: str = "",
        introduction: str = "",
    ) -> Material:
        """Add a file. Title and introduction are a video's.

        Raises:
            OverLimit: It is longer than WeChat takes.
            Refused: WeChat does not take it.
            Uncertain: It may be in the library now.
        """
        about = {"title": title, "introduction": introduction}
        form = Form(
            content,
            filename=filename,
            content_type=content_type,
            size_bytes=size_bytes,
            texts={"description": _text(about)} if kind is MediaKind.VIDEO else None,
        )
        require_size(form, MEDIA_BYTES[kind])
        said = await self._caller.upload(
            "/cgi-bin/material/add_material", form, Uncertain, type=kind
        )
        return Material(said.text("media_id"), said.text("url", ""), filename)

    @asynccontextmanager
    async def get(
        self, media_id: str, *, max_bytes: int = limits.MAX_DOWNLOAD_BYTES
    ) -> AsyncIterator[Download]:
        """Fetch a picture, voice, thumb or video. Errors as ``client.media.download``."""
        async with downloading(
            self._caller, _GET, {"media_id": media_id}, address="down_url", max_bytes=max_bytes
        ) as found:
            yield found

    async def get_video(self, media_id: str) -> VideoMaterial:
        """What a video is called and where it is."""
        said = await self._caller.read(_GET, {"media_id": media_id})
        return VideoMaterial(
            said.text("title", ""), said.text("description", ""), said.text("down_url")
        )

    async def get_news(self, media_id: str) -> tuple[NewsArticle, ...]:
        """The articles of a news material."""
        said = await self._caller.read(
            _GET, {"media_id": media_id}, max_bytes=limits.MAX_TEXTS_BYTES
        )
        if "news_item" not in said:
            raise said.odd("news_item")
        return tuple(map(_article, said.parts("news_item")))

    async def list(
        self,
        kind: Literal["image", "voice", "video", "news"],
        *,
        offset: int = 0,
        count: int = limits.MATERIALS_PER_PAGE,
    ) -> MaterialPage:
        """A page of one kind.

        Raises:
            OverLimit: More than ``limits.MATERIALS_PER_PAGE`` at once.
        """
        if not 0 < count <= limits.MATERIALS_PER_PAGE:
            raise OverLimit(f"a page has 1 to {limits.MATERIALS_PER_PAGE} materials")
        said = await self._caller.read(
            "/cgi-bin/material/batchget_material",
            {"type": kind, "offset": offset, "count": count},
            max_bytes=limits.MAX_TEXTS_BYTES,
        )
        return MaterialPage(tuple(map(_material, said.parts("item"))), said.integer("total_count"))

    async def count(self) -> MaterialCount:
        """How many there are of each kind."""
        said = await self._caller.read("/cgi-bin/material/get_materialcount")
        return MaterialCount(
            said.integer("image_count"),
            said.integer("voice_count"),
            said.integer("video_count"),
            said.integer("news_count"),
        )

    async def delete(self, media_id: str) -> None:
        """Delete for good; 48005 while the menu or an automatic reply uses it."""
        await self._caller.do("/cgi-bin/material/del_material", {"media_id": media_id})


def _text(about: dict[str, str]) -> str:
    return (json_body(about) or b"").decode()


def _material(said: Answer) -> Material:
    return Material(
        said.text("media_id"),
        said.text("url", ""),
        said.text("name", ""),
        said.find_moment("update_time"),
    )


def _article(said: Answer) -> NewsArticle:
    return NewsArticle(
        title=said.text("title", ""),
        author=said.text("author", ""),
        digest=said.text("digest", ""),
        content=said.text("content", ""),
        url=said.text("url", ""),
        source_url=said.text("content_source_url", ""),
        thumb_media_id=said.text("thumb_media_id", ""),
        shows_cover=said.flag("show_cover_pic"),
    )
