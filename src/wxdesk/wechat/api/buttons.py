"""The buttons of a menu, and what WeChat takes for one.

Source: "Create custom menu" (doc/service/api/custommenu/api_createcustommenu).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer

BUTTON_NEEDS = {
    "click": ("key",),
    "view": ("url",),
    "miniprogram": ("url", "app_id", "page_path"),
    "scancode_push": ("key",),
    "scancode_waitmsg": ("key",),
    "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",),
    "pic_weixin": ("key",),
    "location_select": ("key",),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
"""Every type of button that can be made by API, and the fields it cannot do without."""

_WECHAT_NAMES = {
    "type": "type",
    "key": "key",
    "url": "url",
    "app_id": "appid",
    "page_path": "pagepath",
    "media_id": "media_id",
    "article_id": "article_id",
    "value": "value",
}


@dataclass(frozen=True, slots=True)
class Button:
    """One button: of a type with what that needs, or a name over others.

    Attributes:
        type: See ``BUTTON_NEEDS``; menus made on WeChat's pages know more. Empty over others.
        value: What a button made on WeChat's pages says or shows.
    """

    name: str
    type: str = ""
    key: str = ""
    url: str = ""
    app_id: str = ""
    page_path: str = ""
    media_id: str = ""
    article_id: str = ""
    sub: tuple["Button", ...] = ()
    value: str = ""

    def to_json(self) -> dict[str, Any]:
        """As WeChat writes it."""
        fields = {theirs: getattr(self, ours) for ours, theirs in _WECHAT_NAMES.items()}
        button: dict[str, Any] = {name: value for name, value in fields.items() if value}
        if self.sub:
            button["sub_button"] = [one.to_json() for one in self.sub]
        return {"name": self.name, **button}

    @classmethod
    def read(cls, said: Answer) -> Self:
        """As WeChat wrote it, on either of its two ways of listing the buttons below."""
        fields = {ours: said.text(theirs, "") for ours, theirs in _WECHAT_NAMES.items()}
        below = _buttons_below(said)
        return cls(said.text("name", ""), sub=tuple(map(cls.read, below)), **fields)


def menu_problems(buttons: tuple[Button, ...]) -> list[str]:
    """Why WeChat would not take these buttons; empty if it would, as far as its pages tell."""
    return list(_problems(buttons))


def _problems(buttons: tuple[Button, ...]) -> Iterator[str]:
    if not 0 < len(buttons) <= limits.MENU_BUTTONS:
        yield f"a menu has 1 to {limits.MENU_BUTTONS} buttons"
    for number, button in enumerate(buttons, start=1):
        yield from _problems_of(button, f"button {number}", limits.MENU_NAME_BYTES)
        if len(button.sub) > limits.MENU_SUB_BUTTONS:
            yield f"button {number} has more than {limits.MENU_SUB_BUTTONS} below it"
        for below, sub in enumerate(button.sub, start=1):
            where = f"button {number}.{below}"
            yield from _problems_of(sub, where, limits.MENU_SUB_NAME_BYTES)
            if sub.sub:
                yield f"{where} has others below it"


def _problems_of(button: Button, where: str, name_bytes: int) -> Iterator[str]:
    for field, most in (
        ("name", name_bytes),
        ("key", limits.MENU_KEY_BYTES),
        ("url", limits.MENU_URL_BYTES),
    ):
        if len(getattr(button, field).encode(errors="replace")) > most:
            yield f"the {field} of {where} has more than {most} bytes"
    if not button.name:
        yield f"{where} has no name"
    if button.sub:
        return
    if button.type not in BUTTON_NEEDS:
        yield f"{where} is of no type that WeChat knows"
    for need in BUTTON_NEEDS.get(button.type, ()):
        if not getattr(button, need):
            yield f"{where} has no {need}"


def _buttons_below(said: Answer) -> Iterator[Answer]:
    """A list (menu/get), or an object with a list (get_current_selfmenu_info)."""
    if said.holds("sub_button", list):
        return said.parts("sub_button")
    return said.part("sub_button").parts("list")
