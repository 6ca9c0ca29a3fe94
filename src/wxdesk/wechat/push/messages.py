"""What a follower sends.

Source: "Receiving standard messages" (doc/service/guide/product/message); ``file`` and the texts of
``Unsupported`` are in no documentation, but in several SDKs and in operators' logs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wxdesk.wechat.push.fields import Fields

_PLACEHOLDERS = frozenset(  # in the language of the follower's WeChat
    {
        "【收到不支持的消息类型，暂无法显示】",
        "【收到不支援的訊息類型，無法顯示】",
        "[Unsupported Message]",
    }
)


@dataclass(frozen=True, slots=True)
class Article:
    """The article from which the follower wrote.

    Attributes:
        data_id: Of the mass message it was in.
        index: Its place in there, from 1.
    """

    data_id: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """The follower wrote, or touched a line of a menu message (``menu_id``)."""

    text: str
    menu_id: str | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sticker, a name card or the like, of which WeChat tells only that there was something."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; ``pic_url`` shows it without a token, for a time."""

    media_id: str
    pic_url: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording.

    Attributes:
        media_id: At 8 kHz.
        format: ``amr``, or ``speex``.
        media_id_16k: The same at 16 kHz.
        recognition: What was said, where WeChat still recognises speech.
    """

    media_id: str
    format: str = ""
    media_id_16k: str | None = None
    recognition: str | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """A film; ``short`` where an old WeChat made it in the chat."""

    media_id: str
    thumb_media_id: str | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """A place, in degrees."""

    latitude: float
    longitude: float
    scale: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A page somebody shared."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class MiniProgramPage:
    """The card of a page in a mini program."""

    title: str
    app_id: str
    page_path: str
    thumb_url: str | None = None
    thumb_media_id: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file, of which WeChat tells but which it does not give: there is no media id."""

    title: str
    description: str = ""
    key: str = ""
    md5: str = ""
    size_bytes: int | None = None


Sent = Text | Unsupported | Image | Voice | Video | Location | Link | MiniProgramPage | File


def _text(fields: Fields) -> Text | Unsupported:
    text = fields.take("Content")
    if text in _PLACEHOLDERS:
        return Unsupported(text)
    return Text(text, fields.find("bizmsgmenuid"), _article(fields))


def _article(fields: Fields) -> Article | None:
    data_id = fields.find("MsgDataId")
    return Article(data_id, fields.find_whole("Idx")) if data_id else None


def _image(fields: Fields) -> Image:
    return Image(fields.take("MediaId"), fields.find_text("PicUrl"))


def _voice(fields: Fields) -> Voice:
    return Voice(
        media_id=fields.take("MediaId"),
        format=fields.find_text("Format").lower(),
        media_id_16k=fields.find("MediaId16K"),
        recognition=fields.find("Recognition"),
    )


def _video(fields: Fields) -> Video:
    return Video(fields.take("MediaId"), fields.find("ThumbMediaId"))


def _short_video(fields: Fields) -> Video:
    return Video(fields.take("MediaId"), fields.find("ThumbMediaId"), short=True)


def _location(fields: Fields) -> Location:
    return Location(
        latitude=fields.take_degrees("Location_X", 90),
        longitude=fields.take_degrees("Location_Y", 180),
        scale=fields.find_whole("Scale"),
        label=fields.find_text("Label"),
    )


def _link(fields: Fields) -> Link:
    return Link(
        url=fields.take("Url"),
        title=fields.find_text("Title"),
        description=fields.find_text("Description"),
    )


def _mini_program_page(fields: Fields) -> MiniProgramPage:
    return MiniProgramPage(
        app_id=fields.take("AppId"),
        title=fields.find_text("Title"),
        page_path=fields.find_text("PagePath"),
        thumb_url=fields.find("ThumbUrl"),
        thumb_media_id=fields.find("ThumbMediaId"),
    )


def _file(fields: Fields) -> File:
    return File(
        title=fields.take("Title"),
        description=fields.find_text("Description"),
        key=fields.find_text("FileKey"),
        md5=fields.find_text("FileMd5"),
        size_bytes=fields.find_whole("FileTotalLen"),
    )


READERS: dict[str, Callable[[Fields], Sent]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _short_video,
    "location": _location,
    "link": _link,
    "miniprogrampage": _mini_program_page,
    "file": _file,
}
