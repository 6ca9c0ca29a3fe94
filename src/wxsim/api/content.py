"""The kinds of customer-service messages: what each has to hold, and how it stands on a phone.

Source: "Send customer-service message" (发送客服消息), 2025; the limits of msgmenu are not
published, these are the simulator's.
"""

import re
from collections.abc import Callable
from typing import Any

from wxsim import lines
from wxsim.codes import Refused
from wxsim.platform import Platform

MOST_ITEMS = 10  # of a msgmenu
ITEM_BYTES = 200
LONGEST_FIELD = 2048  # bytes of a title, a description, a link
_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_LINKED_APP = re.compile(r"""data-miniprogram-appid\s*=\s*["']?([^"'\s>]*)""")

Branch = dict[str, Any]
_TOO_LONG = {"title": 45003, "description": 45004, "url": 45005, "picurl": 45006}


def read_content(platform: Platform, message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and line of the message.

    Raises:
        Refused: What is wrong with it.
    """
    kind = message.get("msgtype")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if not isinstance(kind, str) or read is None:
        raise Refused(40008)
    branch = message.get(kind)
    if not isinstance(branch, dict):
        raise Refused(44004 if kind == "text" else 47001)
    content = read(platform, branch)
    return kind, content if kind == "text" else {"content": f"[{kind}]", **content}


def _text(platform: Platform, branch: Branch) -> dict[str, Any]:
    content = branch.get("content")
    if content is None or content == "":
        raise Refused(44004)
    if not isinstance(content, str):
        raise Refused(47001)
    if len(content.encode(errors="replace")) > platform.faults.switches.text_bytes:
        raise Refused(45002)
    if any(not _APP_ID.fullmatch(app_id) for app_id in _LINKED_APP.findall(content)):
        raise Refused(45086)
    return {"content": content}


def _image(platform: Platform, branch: Branch) -> dict[str, Any]:
    return lines.image(_media(platform, branch, "media_id", "image"))


def _voice(platform: Platform, branch: Branch) -> dict[str, Any]:
    return lines.voice(_media(platform, branch, "media_id", "voice"))


def _video(platform: Platform, branch: Branch) -> dict[str, Any]:
    """Without a thumbnail it is taken, as SDKs have it."""
    media_id = _media(platform, branch, "media_id", "video")
    thumb = _thumb(platform, branch) if branch.get("thumb_media_id") else None
    words = {name: _field(branch, name) for name in ("title", "description")}
    return lines.video(media_id, thumb=thumb, **words)


def _music(platform: Platform, branch: Branch) -> dict[str, Any]:
    thumb = _thumb(platform, branch)
    words = {name: _field(branch, name) for name in ("title", "description")}
    url, hq_url = _field(branch, "musicurl"), _field(branch, "hqmusicurl")
    return lines.music(thumb, **words, url=url, hq_url=hq_url)


def _news(_platform: Platform, branch: Branch) -> dict[str, Any]:
    articles = branch.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refused(44003)
    if len(articles) > 1:
        raise Refused(45008)
    if not isinstance(articles[0], dict):
        raise Refused(47001)
    words = {name: _field(articles[0], name) for name in ("title", "description", "url")}
    return lines.news([lines.article(**words, picture_url=_field(articles[0], "picurl"))])


def _mp_news(platform: Platform, branch: Branch) -> dict[str, Any]:
    """News are made in the draft box, which is not simulated: any id that is no file's will do."""
    media_id = _required(branch, "media_id", 40007)
    if platform.files.find(media_id) is not None:
        raise Refused(40007)
    return {"media_id": media_id, **lines.news([lines.article(title=media_id)])}


def _mp_news_article(_platform: Platform, branch: Branch) -> dict[str, Any]:
    article_id = _required(branch, "article_id", 47001)
    return {"article_id": article_id, **lines.news([lines.article(title=article_id)])}


def _menu(_platform: Platform, branch: Branch) -> dict[str, Any]:
    items = branch.get("list")
    if not isinstance(items, list) or not items:
        raise Refused(47001)
    if len(items) > MOST_ITEMS:
        raise Refused(45098)
    head, tail = _field(branch, "head_content"), _field(branch, "tail_content")
    return lines.menu(head, [_item(item) for item in items], tail)


def _item(item: object) -> tuple[str, str]:
    if not isinstance(item, dict):
        raise Refused(47001)
    number, content = item.get("id"), item.get("content")
    if not isinstance(number, str | int) or not isinstance(content, str):
        raise Refused(47001)
    if len(content.encode()) > ITEM_BYTES:
        raise Refused(45099)
    return str(number), content


def _card(_platform: Platform, branch: Branch) -> dict[str, Any]:
    return lines.card(_required(branch, "card_id", 47001))


def _mini_program(platform: Platform, branch: Branch) -> dict[str, Any]:
    app_id = _required(branch, "appid", 40166)
    if not _APP_ID.fullmatch(app_id):
        raise Refused(40166)
    page_path = _required(branch, "pagepath", 40165)
    thumb = _media(platform, branch, "thumb_media_id", "image", "thumb")
    title = _field(branch, "title")
    return lines.mini_program(title=title, app_id=app_id, page_path=page_path, thumb=thumb)


def _media(platform: Platform, branch: Branch, field: str, *kinds: str) -> str:
    file = platform.get_media(branch.get(field))
    if file.kind not in kinds:
        raise Refused(40007)
    return file.media_id


def _thumb(platform: Platform, branch: Branch) -> str:
    return _media(platform, branch, "thumb_media_id", "thumb", "image")


def _required(branch: Branch, name: str, errcode: int) -> str:
    value = branch.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(errcode)
    return value


def _field(branch: Branch, name: str) -> str:
    value = branch.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(47001)
    if len(value.encode()) > LONGEST_FIELD:
        raise Refused(_TOO_LONG.get(name, 45002))
    return value


_READERS: dict[str, Callable[[Platform, Branch], dict[str, Any]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "news": _news,
    "mpnews": _mp_news,
    "mpnewsarticle": _mp_news_article,
    "msgmenu": _menu,
    "wxcard": _card,
    "miniprogrampage": _mini_program,
}
