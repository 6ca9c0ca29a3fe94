"""The custom menu.

Source: "Custom menu" (自定义菜单), 2025.
"""

from typing import Any

from wxsim.api.call import OK, Answer, Call
from wxsim.codes import Refused
from wxsim.menus import Button
from wxsim.platform import NoSuchFollower, Platform


def create(platform: Platform, call: Call) -> Answer:
    platform.menus.create(call.json(), platform.files)
    platform.live.tell("menu")
    return OK


def get(platform: Platform, _call: Call) -> Answer:
    """Raises Refused: 46003."""
    menu, conditional = platform.menus.default, platform.menus.conditional
    if menu is None:
        raise Refused(46003)
    return {"menu": menu, **({"conditionalmenu": conditional[::-1]} if conditional else {})}


def delete(platform: Platform, _call: Call) -> Answer:
    platform.menus.delete()
    platform.live.tell("menu")
    return OK


def get_current(platform: Platform, _call: Call) -> Answer:
    """``get_current_selfmenu_info``, which writes sub-buttons in another way."""
    menu = platform.menus.default
    if menu is None:
        return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    return {"is_menu_open": 1, "selfmenu_info": {"button": [_current(b) for b in menu["button"]]}}


def add_conditional(platform: Platform, call: Call) -> Answer:
    menu_id = platform.menus.add_conditional(call.json(), platform.files)
    platform.live.tell("menu")
    return {"menuid": str(menu_id)}


def delete_conditional(platform: Platform, call: Call) -> Answer:
    platform.menus.delete_conditional(call.json().get("menuid"))
    platform.live.tell("menu")
    return OK


def try_match(platform: Platform, call: Call) -> Answer:
    """The menu that this user sees.

    Raises:
        Refused: 65302, 46003.
    """
    try:
        follower = platform.get_follower(str(call.json().get("user_id")))
    except NoSuchFollower:
        raise Refused(65302) from None
    menu = platform.menus.seen_by(follower.tag_ids)
    if menu is None:
        raise Refused(46003)
    return {"button": menu["button"]}


def _current(button: Button) -> dict[str, Any]:
    below = button["sub_button"]
    bare = {name: value for name, value in button.items() if name != "sub_button"}
    return {**bare, "sub_button": {"list": [_current(sub) for sub in below]}} if below else bare
