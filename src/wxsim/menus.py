"""The custom menu (自定义菜单) and personalised ones; what a menu may hold.

Source: "Custom menu" (自定义菜单), "Personalised menu" (个性化菜单), 2025.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxsim.codes import Refused
from wxsim.files import Files
from wxsim.store import Store

MOST_BUTTONS, MOST_SUB_BUTTONS = 3, 5
NAME_BYTES, SUB_NAME_BYTES = 16, 60
KEY_BYTES, URL_BYTES = 128, 1024
MOST_CONDITIONAL = 100
PHONE = "2"  # client_platform_type: the simulated phones are Android
_FIRST_ID = 208_396_938
_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_WITH_KEY = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
_FIELDS = {
    **dict.fromkeys(_WITH_KEY, ("key",)),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}

Button = dict[str, Any]
Menu = dict[str, Any]  # button, menuid; personalised ones have a matchrule


@dataclass(frozen=True, slots=True)
class _Level:
    """The codes and limits of first-level buttons and of those below."""

    type: int
    name: int
    key: int
    url: int
    domain: int
    media_id: int
    name_bytes: int


_FIRST = _Level(40017, 40018, 40019, 40020, 40055, 40117, NAME_BYTES)
_BELOW = _Level(40024, 40025, 40026, 40027, 40054, 40118, SUB_NAME_BYTES)


class Menus:
    """The menu everybody sees, and those for some."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.get("state", "menu") or [None, [], _FIRST_ID]
        self.default: Menu | None = kept[0]
        self.conditional: list[Menu] = kept[1]
        self._last_id: int = kept[2]

    def create(self, wanted: Mapping[str, Any], files: Files) -> None:
        """Raises Refused: what is wrong with it first."""
        self.default = {"button": read_buttons(wanted.get("button"), files), "menuid": self._next()}
        self._keep()

    def delete(self) -> None:
        """All of them."""
        self.default, self.conditional = None, []
        self._keep()

    def add_conditional(self, wanted: Mapping[str, Any], files: Files) -> int:
        """Its id.

        Raises:
            Refused: 65303, 65304, 65305, or what is wrong with its buttons.
        """
        if self.default is None:
            raise Refused(65303)
        rule = wanted.get("matchrule")
        filled = {k: str(v) for k, v in rule.items() if v} if isinstance(rule, dict) else {}
        if not filled:
            raise Refused(65304)
        if len(self.conditional) >= MOST_CONDITIONAL:
            raise Refused(65305)
        buttons = read_buttons(wanted.get("button"), files)
        menu_id = self._next()
        self.conditional.append({"button": buttons, "matchrule": filled, "menuid": menu_id})
        self._keep()
        return menu_id

    def delete_conditional(self, menu_id: object) -> None:
        """Raises Refused: 65301."""
        found = [menu for menu in self.conditional if str(menu["menuid"]) == str(menu_id)]
        if not found:
            raise Refused(65301)
        self.conditional.remove(found[0])
        self._keep()

    def seen_by(self, tag_ids: Collection[int]) -> Menu | None:
        """The newest personalised menu that is meant for them, else everybody's."""
        for menu in reversed(self.conditional):
            if _matches(menu["matchrule"], tag_ids):
                return menu
        return self.default

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id

    def _keep(self) -> None:
        self._store.put("state", "menu", [self.default, self.conditional, self._last_id])


def read_buttons(wanted: object, files: Files) -> list[Button]:
    """The buttons as ``menu/get`` gives them back.

    Raises:
        Refused: One of 40007, 40015 to 40027, 40054, 40055, 40117 to 40121, 40165, 40166.
    """
    if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_BUTTONS:
        raise Refused(40016)
    return [_first_level(button, files) for button in wanted]


def _first_level(button: object, files: Files) -> Button:
    if not isinstance(button, dict):
        raise Refused(47001)
    below = button.get("sub_button")
    if isinstance(below, dict):  # as get_current_selfmenu_info writes it
        below = below.get("list")
    if not below:
        return {**_button(button, _FIRST, files), "sub_button": []}
    if not isinstance(below, list) or len(below) > MOST_SUB_BUTTONS:
        raise Refused(40023)
    name = _name(button, _FIRST)
    return {"name": name, "sub_button": [_second_level(sub, files) for sub in below]}


def _second_level(button: object, files: Files) -> Button:
    if not isinstance(button, dict):
        raise Refused(47001)
    if button.get("sub_button"):
        raise Refused(40022)
    return {**_button(button, _BELOW, files), "sub_button": []}


def _button(button: Button, level: _Level, files: Files) -> Button:
    kind = button.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise Refused(level.type)
    made = {"type": kind, "name": _name(button, level)}
    for field in _FIELDS[kind]:
        made[field] = _field(button, field, level)
    _require_media(made, files)
    return made


def _name(button: Button, level: _Level) -> str:
    name = button.get("name")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= level.name_bytes:
        raise Refused(level.name)
    return name


def _field(button: Button, field: str, level: _Level) -> str:
    value = button.get(field)
    text = value if isinstance(value, str) else ""
    code, most = {
        "key": (level.key, KEY_BYTES),
        "url": (level.url, URL_BYTES),
        "appid": (40166, KEY_BYTES),
        "pagepath": (40165, URL_BYTES),
        "media_id": (level.media_id, KEY_BYTES),
        "article_id": (40035, KEY_BYTES),
    }[field]
    if not 0 < len(text.encode()) <= most or (field == "appid" and not _APP_ID.fullmatch(text)):
        raise Refused(code)
    if field == "url" and not text.startswith(("http://", "https://", "weixin://")):
        raise Refused(level.domain)
    return text


def _require_media(button: Button, files: Files) -> None:
    """A button sends lasting material; articles are made where the simulator does not see them."""
    file = files.find(button.get("media_id"))
    if button["type"] == "media_id" and (file is None or not file.lasting):
        raise Refused(40007)
    if button["type"] == "view_limited" and file is not None:
        raise Refused(40121)


def _matches(rule: Mapping[str, str], tag_ids: Collection[int]) -> bool:
    tag = rule.get("tag_id") or rule.get("group_id")
    phone = rule.get("client_platform_type", PHONE)
    return phone == PHONE and (tag is None or tag in {str(tag_id) for tag_id in tag_ids})


def flat(buttons: Sequence[Button]) -> list[Button]:
    """The buttons that do something, sub-buttons in the place of those that hold them."""
    return [one for button in buttons for one in (button["sub_button"] or [button])]
