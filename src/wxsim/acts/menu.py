"""Pressing the account's menu: each type of button has its own pushes, in the platform's order.

Source: "Custom menu push events" (自定义菜单事件推送), 2025.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from wxdesk.wechat.policies import Trigger
from wxsim import film, lines
from wxsim.acts.doing import Doing, Done
from wxsim.acts.errors import BadAct
from wxsim.acts.following import is_page
from wxsim.acts.messages import picture, place, where
from wxsim.menus import Menu, flat
from wxsim.push import Push
from wxsim.scanner import Code, written
from wxsim.xml import Element

Button = Mapping[str, Any]

_NO_MENU = 433851207  # the id told where a button is pressed that no menu has


def click(doing: Doing) -> Done:
    """The button at ``path`` (places in the menu, from 0), or the one with this ``key``.

    A key the menu does not have is pressed as if it had it, as a ``button`` of the type named.
    """
    button = _at(doing) if "path" in doing.wish else _named(doing)
    kind = str(button.get("type", ""))
    press = _PRESSES.get(kind)
    if press is None:
        raise BadAct(f"button is one of {', '.join(_PRESSES)}; a menu below is opened, not pressed")
    return press(doing, button)


def _at(doing: Doing) -> Button:
    path, level = doing.wish["path"], _menu(doing)
    if not isinstance(path, list) or not 1 <= len(path) <= 2:  # noqa: PLR2004  levels of a menu
        raise BadAct("path is one place in the menu, or two")
    button: Button = {}
    for at in path:
        if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(level):
            raise BadAct(f"the menu has no button at {path}")
        button = level[at]
        level = button.get("sub_button") or []
    return button


def _named(doing: Doing) -> Button:
    key = doing.text("key")
    known = next((b for b in flat(_menu(doing)) if key in _names(b)), None)
    kind = doing.wish.get("button")
    if known is not None and kind in {None, known.get("type")}:
        return known
    fields = ("key", "url", "pagepath", "media_id", "article_id")
    return {"type": kind or "click", **dict.fromkeys(fields, key)}


def _menu(doing: Doing) -> list[Any]:
    menu = _seen(doing)
    return list(menu["button"]) if menu else []


def _seen(doing: Doing) -> Menu | None:
    follower = doing.platform.get_follower(doing.openid)
    return doing.platform.menus.seen_by(follower.tag_ids)


def _names(button: Button) -> set[str]:
    return {button[name] for name in ("key", "url", "media_id", "article_id") if name in button}


def _click(doing: Doing, button: Button) -> Done:
    doing.grant(Trigger.MENU)
    return Done([doing.event("CLICK", ("EventKey", str(button["key"])))])


def _view(doing: Doing, button: Button) -> Done:
    url = str(button["url"])
    event = doing.event("VIEW", ("EventKey", url), _menu_id(doing), answered=False)
    return Done([event], opens=url)


def _mini_program(doing: Doing, button: Button) -> Done:
    path = str(button["pagepath"])
    event = doing.event("view_miniprogram", ("EventKey", path), _menu_id(doing), answered=False)
    return Done([event], opens=f"weapp://{button.get('appid', '')}/{path}")


def _menu_id(doing: Doing) -> Element:
    menu = _seen(doing)
    return ("MenuId", menu["menuid"] if menu else _NO_MENU)


def _scan_and_open(doing: Doing, button: Button) -> Done:
    code = _code(doing)
    doing.grant(Trigger.MENU)
    event = _scanned(doing, "scancode_push", button, code)
    opens = is_page(code.result)
    return Done([event], opens=code.result if opens else None, reads=None if opens else code.result)


def _scan_and_wait(doing: Doing, button: Button) -> Done:
    code = _code(doing)
    doing.grant(Trigger.MENU)
    return Done([_scanned(doing, "scancode_waitmsg", button, code)])


def _scanned(doing: Doing, name: str, button: Button, code: Code) -> Push:
    info = [("ScanType", code.kind), ("ScanResult", code.result)]
    return doing.event(name, ("EventKey", str(button["key"])), ("ScanCodeInfo", info))


def _code(doing: Doing) -> Code:
    return doing.files.code or written("https://shop.example.com/p/8842")


def _pictures(doing: Doing, button: Button) -> Done:
    """What was chosen is told first; then each picture comes as a message of its own."""
    bodies = doing.files.pictures or (film.picture(),)
    sums = [hashlib.md5(body, usedforsecurity=False).hexdigest() for body in bodies]
    chosen = [("item", [("PicMd5Sum", md5)]) for md5 in sums]
    info: list[Element] = [("Count", len(bodies)), ("PicList", chosen)]
    key = ("EventKey", str(button["key"]))
    event = doing.event(str(button["type"]), key, ("SendPicsInfo", info))
    return Done([event, *(picture(doing, body) for body in bodies)])


def _place(doing: Doing, button: Button) -> Done:
    """Likewise: the event, then the place as a message."""
    latitude, longitude, scale, label = where(doing)
    info: list[Element] = [
        ("Location_X", f"{latitude:.6f}"),
        ("Location_Y", f"{longitude:.6f}"),
        ("Scale", str(scale)),
        ("Label", label),
        ("Poiname", doing.text("poi_name", "")),
    ]
    key = ("EventKey", str(button["key"]))
    return Done([doing.event("location_select", key, ("SendLocationInfo", info)), place(doing)])


def _material(doing: Doing, button: Button) -> Done:
    """The platform sends the material by itself; the account is not told."""
    media_id = str(button["media_id"])
    file = doing.platform.files.find(media_id)
    if file is None:
        raise BadAct("the material of this button is gone")
    kind = "image" if file.kind not in _SHOWN else file.kind
    doing.platform.show(doing.openid, "account", kind, **_SHOWN[kind](media_id), via="menu")
    return Done()


def _article(doing: Doing, button: Button) -> Done:
    """A card; what stands in articles is not simulated, so its title is its id."""
    article_id = str(button["article_id"])
    article = lines.article(title=article_id, url=_article_url(article_id))
    content = lines.news([article]) | {"article_id": article_id}
    doing.platform.show(doing.openid, "account", "mpnewsarticle", **content, via="menu")
    return Done()


def _open_material(_doing: Doing, button: Button) -> Done:
    return Done(opens=_article_url(str(button["media_id"])))


def _open_article(_doing: Doing, button: Button) -> Done:
    return Done(opens=_article_url(str(button["article_id"])))


def _article_url(article: str) -> str:
    return f"https://mp.weixin.qq.com/s/{article}"


_SHOWN = {"image": lines.image, "voice": lines.voice, "video": lines.video}

_PRESSES: dict[str, Callable[[Doing, Button], Done]] = {
    "click": _click,
    "view": _view,
    "miniprogram": _mini_program,
    "scancode_push": _scan_and_open,
    "scancode_waitmsg": _scan_and_wait,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _place,
    "media_id": _material,
    "article_id": _article,
    "view_limited": _open_material,
    "article_view_limited": _open_article,
}
