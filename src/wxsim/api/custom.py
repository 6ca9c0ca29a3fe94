"""Customer-service messages: ``message/custom/send`` and ``typing``.

Source: "Send customer-service message", "Typing state" (发送客服消息, 客服输入状态), 2025.
"""

from datetime import datetime, timedelta
from typing import Any

from wxsim import lines, sending
from wxsim.api.call import OK, Answer, Call
from wxsim.api.content import read_content
from wxsim.codes import Refused
from wxsim.follower import Follower
from wxsim.platform import NoSuchFollower, Platform
from wxsim.switches import UnicodeEscapes

TYPING_LASTS = timedelta(seconds=15)
TYPING_AFTER = timedelta(seconds=30)  # an exchange not longer ago than this


def send(platform: Platform, call: Call) -> Answer:
    """Show it on the follower's phone, if all is well.

    Raises:
        Refused: The first thing that is not.
    """
    message = _read(platform, call)
    openid = recipient(platform, message)
    kind, content = read_content(platform, message)
    shown = {**_kf_account(platform, message), **_made_by_ai(message)}
    require_reachable(platform.get_follower(openid))
    sending.spend(platform, openid, kind, content["content"])
    platform.show(openid, "account", kind, **content, via="custom", **shown)
    return OK


def type_(platform: Platform, call: Call) -> Answer:
    """``typing``: "the other side is typing" for 15 seconds.

    Raises:
        Refused: 40003, 45072, 45080, 45081, or what a message would meet.
    """
    wanted = call.json()
    openid, command = recipient(platform, wanted), wanted.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise Refused(45072)
    require_reachable(platform.get_follower(openid))
    sending.payer(platform, openid)
    if command == "CancelTyping":
        platform.chats.stop_typing(openid)
        return OK
    now = platform.now()
    if not _exchanged(platform, openid, now):
        raise Refused(45080)
    if platform.chats.is_typing(openid, now):
        raise Refused(45081)
    platform.chats.start_typing(openid, now + TYPING_LASTS)
    return OK


def recipient(platform: Platform, message: dict[str, Any]) -> str:
    """``touser``, known.

    Raises:
        Refused: 40003.
    """
    openid = message.get("touser")
    if not isinstance(openid, str):
        raise Refused(40003)
    try:
        return platform.get_follower(openid).openid
    except NoSuchFollower:
        raise Refused(40003) from None


def require_reachable(follower: Follower) -> None:
    """Raises Refused: 50002, 43019, 43004, 45015, 48002."""
    if follower.frozen:
        raise Refused(50002)
    if follower.blacklisted:
        raise Refused(43019)
    if not follower.met:
        raise Refused(43004)
    if not follower.following:
        raise Refused(45015)
    if follower.muted:
        raise Refused(48002)


def _read(platform: Platform, call: Call) -> dict[str, Any]:
    if not call.has_unicode_escapes():
        return call.json()
    if platform.faults.switches.unicode_escapes is UnicodeEscapes.REFUSE:
        raise Refused(47002)
    return call.json_with_literal_escapes()


def _kf_account(platform: Platform, message: dict[str, Any]) -> dict[str, Any]:
    """The agent shown with the message, if one is named and exists."""
    service = message.get("customservice")
    if not service:
        return {}
    name = service.get("kf_account") if isinstance(service, dict) else None
    kf = platform.kf.known.get(name) if isinstance(name, str) else None
    if kf is None:
        raise Refused(61451)
    picture = lines.media_url(kf.picture) if kf.picture else None
    return {"kf_account": kf.name, "kf_name": kf.nickname, "kf_picture": picture}


def _made_by_ai(message: dict[str, Any]) -> dict[str, bool]:
    context = message.get("aimsgcontext")
    return {"ai": True} if isinstance(context, dict) and context.get("is_ai_msg") == 1 else {}


def _exchanged(platform: Platform, openid: str, now: datetime) -> bool:
    """Whether either has said something in the last half minute."""
    said = (line["at"] for line in reversed(platform.chat(openid)) if line["from"] != "system")
    last = next(said, None)
    return last is not None and now - datetime.fromisoformat(last) <= TYPING_AFTER
