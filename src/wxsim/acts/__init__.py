"""What a follower can do: each act changes the platform and becomes pushes."""

from collections.abc import Callable, Mapping
from typing import Any

from wxsim.acts import following, menu, messages, others, paying
from wxsim.acts.doing import MAX_TEXT, Doing, Done
from wxsim.acts.errors import BadAct, NotFollowing
from wxsim.acts.files import MAX_FILE_BYTES, Files, files_of
from wxsim.platform import Platform

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_TEXT",
    "BadAct",
    "Done",
    "Files",
    "NotFollowing",
    "files_of",
    "perform",
]


def perform(
    platform: Platform,
    openid: str,
    wish: Mapping[str, Any],
    *,
    files: Files | None = None,
    origin: str = "",
) -> Done:
    """Do what the follower wishes, at this moment; the pushes are still to be delivered.

    Args:
        platform: Changed by the act.
        openid: Who acts.
        wish: ``type`` and what the type needs, as the control API takes it.
        files: ``files_of(wish)``, where it was made ready beforehand.
        origin: Where the simulator's own files are reached, as ``http://host:port``.

    Raises:
        NoSuchFollower: Nobody has this openid.
        BadAct: The wish is not understood.
        NotFollowing: The act needs a follower.
    """
    follower = platform.get_follower(openid)
    kind = wish.get("type")
    act = _ACTS.get(kind) if isinstance(kind, str) else None
    if act is None:
        raise BadAct(f"type is one of {', '.join(_ACTS)}")
    if not follower.following and kind not in _OPEN_TO_ALL:
        raise NotFollowing(f"{follower.name} does not follow the account; subscribe first")
    now = platform.now().replace(microsecond=0)  # CreateTime knows whole seconds
    return act(Doing(platform, openid, wish, files or files_of(wish), now, origin))


_OPEN_TO_ALL = {"subscribe", "scan", "pay", "complain", "consent", "raw"}

_ACTS: dict[str, Callable[[Doing], Done]] = {
    "text": messages.text,
    "unsupported": messages.unsupported,
    "image": messages.image,
    "voice": messages.voice,
    "video": messages.video,
    "shortvideo": messages.short_video,
    "location": messages.location,
    "link": messages.link,
    "miniprogrampage": messages.mini_program_page,
    "file": messages.file,
    "menu_click": menu.click,
    "msgmenu_click": messages.menu_line,
    "subscribe": following.subscribe,
    "unsubscribe": following.unsubscribe,
    "scan": following.scan,
    "location_report": following.report_location,
    "enter": following.enter,
    "block": following.block,
    "unblock": following.unblock,
    "pay": paying.pay,
    "complain": paying.complain,
    "card": paying.card,
    "consent": others.consent,
    "raw": others.raw,
}
