"""Acts that are messages.

Source: "Receiving standard messages" (接收普通消息), 2025; ``miniprogrampage`` is documented for
mini programs only and ``file`` not at all, both are as SDKs model them.
"""

import hashlib
import secrets

from wxdesk.wechat.policies import Trigger
from wxsim import film, lines
from wxsim.acts.doing import Doing, Done
from wxsim.acts.errors import BadAct
from wxsim.acts.files import picture_type
from wxsim.push import Push
from wxsim.xml import Bare, Element, as_number

# What reaches the developer instead of a sticker or a name card, by the phone's language.
PLACEHOLDERS = {
    "zh_CN": "【收到不支持的消息类型，暂无法显示】",
    "zh_TW": "【收到不支援的訊息類型，無法顯示】",
    "en": "[Unsupported Message]",
}


def text(doing: Doing) -> Done:
    """With ``data_id`` and ``index`` it was written under an article."""
    content = doing.text("content")
    last: list[Element] = []
    if doing.wish.get("data_id") is not None:
        last = [("MsgDataId", as_number(doing.text("data_id"))), ("Idx", doing.whole("index", 1))]
    return Done([doing.say("text", ("Content", content), last=last, shown={"content": content})])


def unsupported(doing: Doing) -> Done:
    """A sticker: the phone shows it, the developer gets a sentence."""
    placeholder = PLACEHOLDERS[doing.choice("language", tuple(PLACEHOLDERS))]
    shown = {"content": placeholder, "sticker": doing.text("sticker", "smile")}
    said = doing.say("text", ("Content", placeholder), shown=shown)
    return Done([said])


def image(doing: Doing) -> Done:
    return Done([picture(doing, doing.files.pictures[0])])


def picture(doing: Doing, body: bytes) -> Push:
    """One picture as a message."""
    media_id = doing.keep(body, picture_type(body))
    shown = lines.image(media_id)
    pic_url = doing.origin + shown["url"]
    return doing.say("image", ("PicUrl", pic_url), ("MediaId", media_id), shown=shown)


def voice(doing: Doing) -> Done:
    recorded = doing.files.voice
    assert recorded is not None
    media_id = doing.keep(recorded.amr, "audio/amr")
    finer = doing.keep(recorded.finer, "audio/amr")
    last: list[Element] = [("MediaId16K", finer)]
    if doing.wish.get("recognition") is not None:  # retired in 2023, still sent empty by some
        last.append(("Recognition", doing.text("recognition", "")))
    said = doing.say(
        "voice",
        ("MediaId", media_id),
        ("Format", doing.text("format", "amr")),
        last=last,
        shown=lines.voice(media_id, round(recorded.seconds, 1)),
    )
    return Done([said])


def video(doing: Doing) -> Done:
    return _film(doing, "video")


def short_video(doing: Doing) -> Done:
    return _film(doing, "shortvideo")


def _film(doing: Doing, kind: str) -> Done:
    clip = doing.files.film
    assert clip is not None
    media_id = doing.keep(clip.mp4, "video/mp4")
    thumb = doing.keep(clip.thumb, "image/jpeg", "thumb")
    shown = lines.video(media_id, thumb=thumb) | {"seconds": clip.seconds}
    elements: tuple[Element, ...] = (("MediaId", media_id), ("ThumbMediaId", thumb))
    return Done([doing.say(kind, *elements, shown=shown)])


def location(doing: Doing) -> Done:
    return Done([place(doing)])


def place(doing: Doing) -> Push:
    """One place as a message."""
    latitude, longitude, scale, label = where(doing)
    return doing.say(
        "location",
        ("Location_X", latitude),
        ("Location_Y", longitude),
        ("Scale", scale),
        ("Label", label),
        shown={"latitude": latitude, "longitude": longitude, "label": label},
    )


def where(doing: Doing) -> tuple[float, float, int, str]:
    """Latitude, longitude, scale and label of the place that was chosen."""
    latitude = float(doing.number("latitude", 23.130997))
    longitude = float(doing.number("longitude", 113.327002))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  the Earth
        raise BadAct("latitude is within ±90, longitude within ±180")
    label = doing.text("label", "广东省广州市天河区体育西路1号")
    return latitude, longitude, doing.whole("scale", 15), label


def link(doing: Doing) -> Done:
    title, url = doing.text("title"), doing.text("url")
    description = doing.text("description", "")
    said = doing.say(
        "link",
        ("Title", title),
        ("Description", description),
        ("Url", url),
        shown={"title": title, "description": description, "url": url},
    )
    return Done([said])


def mini_program_page(doing: Doing) -> Done:
    """Here MsgId stands before what is said."""
    title, page_path = doing.text("title", "商品详情"), doing.text("page_path", "pages/index/index")
    app_id = doing.text("app_id", "wx0c8e5b7a1f3d2946")
    thumb = doing.keep(film.picture(), "image/jpeg", "thumb")
    shown = lines.mini_program(title=title, app_id=app_id, page_path=page_path, thumb=thumb)
    said = doing.say(
        "miniprogrampage",
        last=[
            ("Title", title),
            ("AppId", app_id),
            ("PagePath", page_path),
            ("ThumbUrl", doing.origin + shown["thumb_url"]),
            ("ThumbMediaId", thumb),
        ],
        shown=shown,
    )
    return Done([said])


def file(doing: Doing) -> Done:
    """Only told of: it has no media id and cannot be fetched."""
    body, title = doing.files.body, doing.text("title", "对账单-2025-12.xlsx")
    said = doing.say(
        "file",
        ("Title", title),
        ("Description", doing.text("description", "")),
        ("FileKey", Bare(secrets.token_hex(7))),
        ("FileMd5", hashlib.md5(body, usedforsecurity=False).hexdigest()),
        ("FileTotalLen", len(body)),
        shown={"title": title, "size_bytes": len(body)},
    )
    return Done([said])


def menu_line(doing: Doing) -> Done:
    """A tapped line of a ``msgmenu``: arrives as a text, counts as a click on the menu only."""
    item, content = doing.text("id"), doing.text("content")
    said = doing.say(
        "text",
        ("Content", content),
        last=[("bizmsgmenuid", as_number(item))],
        shown={"content": content},
        trigger=Trigger.MENU,
    )
    return Done([said])
