"""The menu at the bottom of the account's chat, for everybody or for some.

Source: doc/service/api/custommenu.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.api.buttons import Button, menu_problems
from wxdesk.wechat.call import Lost
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit, Refused, Unanswered

_NO_MENU = 46003


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Who sees a menu of their own: who carries a tag, who uses one kind of phone, or both.

    Attributes:
        client_platform_type: ``1`` iOS, ``2`` Android, ``3`` others; empty for all.
    """

    tag_id: str = ""
    client_platform_type: str = ""

    def to_json(self) -> dict[str, str]:
        """As WeChat writes it."""
        rule = {"tag_id": self.tag_id, "client_platform_type": self.client_platform_type}
        return {name: value for name, value in rule.items() if value}


@dataclass(frozen=True, slots=True)
class ConditionalMenu:
    """A menu that only some see."""

    buttons: tuple[Button, ...]
    rule: MatchRule
    menu_id: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu that everybody else sees, and those for some."""

    buttons: tuple[Button, ...]
    menu_id: str = ""
    conditional: tuple[ConditionalMenu, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What ``menu/create`` takes; menus for some are made apart."""
        return {"button": [button.to_json() for button in self.buttons]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any], lost: Lost = Unanswered) -> Self:
        """What ``menu/get`` tells.

        Raises:
            Unanswered: Something in it is not as documented.
        """
        return cls._read(Answer(said, lost))

    @classmethod
    def _read(cls, said: Answer) -> Self:
        menu = said.part("menu")
        return cls(
            _buttons(menu),
            menu.text("menuid", ""),
            tuple(map(_conditional, said.parts("conditionalmenu"))),
        )


@dataclass(frozen=True, slots=True)
class CurrentMenu:
    """What followers see, though it were made on WeChat's own pages. ``shown``: it is on."""

    shown: bool
    buttons: tuple[Button, ...]


class Menus:
    """``client.menu``. Phones look for a new menu when theirs is older than five minutes."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self) -> Menu | None:
        """The menus made by API, if there are any."""
        try:
            said = await self._caller.read("/cgi-bin/menu/get", max_bytes=limits.MAX_LIST_BYTES)
        except Refused as refused:
            if refused.errcode == _NO_MENU:
                return None
            raise
        if "menu" not in said:
            raise said.odd("menu")
        return Menu._read(said)  # noqa: SLF001 (it is its other half)

    async def set(self, menu: Menu) -> None:
        """Put it in place of the one there is.

        Raises:
            OverLimit: WeChat would not take it; see ``menu_problems``.
        """
        _require_sound(menu.buttons)
        await self._caller.do("/cgi-bin/menu/create", menu.to_json())

    async def delete(self) -> None:
        """Delete it, and those for some with it."""
        await self._caller.do("/cgi-bin/menu/delete")

    async def get_current(self) -> CurrentMenu:
        """What followers see now, however it was made."""
        said = await self._caller.read(
            "/cgi-bin/get_current_selfmenu_info", max_bytes=limits.MAX_LIST_BYTES
        )
        return CurrentMenu(said.flag("is_menu_open"), _buttons(said.part("selfmenu_info")))

    async def add_conditional(self, buttons: tuple[Button, ...], rule: MatchRule) -> str:
        """Make a menu that only some see; return its id. There must be one for everybody."""
        _require_sound(buttons)
        said = await self._caller.change(
            "/cgi-bin/menu/addconditional",
            {**Menu(buttons).to_json(), "matchrule": rule.to_json()},
        )
        return said.text("menuid")

    async def delete_conditional(self, menu_id: str) -> None:
        """Delete one of those for some, by the id that ``add_conditional`` returned."""
        await self._caller.do("/cgi-bin/menu/delconditional", {"menuid": menu_id})

    async def try_match(self, user: str) -> tuple[Button, ...]:
        """What one follower, by OpenID or WeChat id, sees."""
        said = await self._caller.read(
            "/cgi-bin/menu/trymatch", {"user_id": user}, max_bytes=limits.MAX_LIST_BYTES
        )
        return _buttons(said.part("menu") if "menu" in said else said)


def _require_sound(buttons: tuple[Button, ...]) -> None:
    if problems := menu_problems(buttons):
        raise OverLimit("; ".join(problems))


def _buttons(said: Answer) -> tuple[Button, ...]:
    return tuple(map(Button.read, said.parts("button")))


def _conditional(said: Answer) -> ConditionalMenu:
    rule = said.part("matchrule")
    return ConditionalMenu(
        _buttons(said),
        MatchRule(
            rule.text("tag_id", "") or rule.text("group_id", ""),
            rule.text("client_platform_type", ""),
        ),
        said.text("menuid", ""),
    )
