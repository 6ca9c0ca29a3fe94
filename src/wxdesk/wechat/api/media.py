"""Temporary media: what followers send and what they are sent. WeChat keeps it for three days.

Source: doc/service/api/material/temporary (upload, get, get/jssdk) and …/permanent (uploadimg).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wxdesk.wechat import limits
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.download import Download, downloading
from wxdesk.wechat.errors import OverLimit, Unanswered
from wxdesk.wechat.form import FileContent, Form


class MediaKind(StrEnum):
    """What WeChat takes, and in what form.

    A picture is PNG, JPEG or GIF; a voice AMR or MP3 of 60 s; a video MP4; a thumb JPEG. How large
    each may be: ``MEDIA_BYTES``.
    """

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    THUMB = "thumb"


MEDIA_BYTES = {
    MediaKind.IMAGE: limits.IMAGE_BYTES,
    MediaKind.VOICE: limits.VOICE_BYTES,
    MediaKind.VIDEO: limits.VIDEO_BYTES,
    MediaKind.THUMB: limits.THUMB_BYTES,
}


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file at WeChat, which this account may send as often as it likes until it expires.

    Attributes:
        at: When WeChat took it; it forgets it ``limits.MEDIA_KEPT`` later.
    """

    kind: MediaKind
    media_id: str
    at: datetime | None


class Media:
    """``client.media``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def upload(
        self,
        kind: MediaKind,
        content: FileContent,
        *,
        filename: str,
        content_type: str,
        size_bytes: int | None = None,
    ) -> Uploaded:
        """Upload a file for sending; nobody sees it before it is sent.

        Args:
            kind: What it is.
            content: The file. Memory does not grow with a file that is iterated.
            filename: Any name; WeChat wants one.
            content_type: What the file is.
            size_bytes: Its length; needed where the content is no ``bytes``.

        Raises:
            OverLimit: It is longer than WeChat takes; see ``MEDIA_BYTES``.
            Refused: WeChat does not take it.
            Unreached, Unanswered: Safe to repeat, with the content from its beginning.
        """
        form = Form(content, filename=filename, content_type=content_type, size_bytes=size_bytes)
        require_size(form, MEDIA_BYTES[kind])
        said = await self._caller.upload("/cgi-bin/media/upload", form, Unanswered, type=kind)
        media_id = said.find_text("thumb_media_id") or said.text("media_id")
        if not media_id:
            raise said.odd("media_id")
        return Uploaded(kind, media_id, said.find_moment("created_at"))

    async def upload_picture(
        self,
        content: FileContent,
        *,
        filename: str,
        content_type: str,
        size_bytes: int | None = None,
    ) -> str:
        """Upload a picture for the text of an article and return its address, which never expires.

        Args and errors as ``upload``; PNG or JPEG of ``limits.ARTICLE_PICTURE_BYTES``.
        """
        form = Form(content, filename=filename, content_type=content_type, size_bytes=size_bytes)
        require_size(form, limits.ARTICLE_PICTURE_BYTES)
        said = await self._caller.upload("/cgi-bin/media/uploadimg", form, Unanswered)
        return said.text("url")

    @asynccontextmanager
    async def download(
        self,
        media_id: str,
        *,
        hd_voice: bool = False,
        max_bytes: int = limits.MAX_DOWNLOAD_BYTES,
    ) -> AsyncIterator[Download]:
        """Fetch a file; where WeChat tells an address instead (videos), from there.

        Args:
            media_id: Of a push, or of an upload of this account.
            hd_voice: It was recorded on a web page by the JS-SDK: as Speex of 16 kHz. (For voices
                of the chat the push has a ``MediaId16K``, which is fetched like any other.)
            max_bytes: The longest file that is wanted.

        Raises:
            Refused: WeChat has no such file (any more): 40007.
            OverLimit: It is longer than wanted.
            Unreached, Unanswered: Safe to repeat.
        """
        path = "/cgi-bin/media/get/jssdk" if hd_voice else "/cgi-bin/media/get"
        async with downloading(
            self._caller, path, address="video_url", max_bytes=max_bytes, media_id=media_id
        ) as found:
            yield found


def require_size(form: Form, most: int) -> None:
    """Refuse a file that WeChat would refuse after all of it has been sent.

    Raises:
        OverLimit: Empty, or longer than WeChat takes.
    """
    if not 0 < form.size_bytes <= most:
        raise OverLimit(f"the file has {form.size_bytes} bytes, WeChat takes 1 to {most}")
