"""Coming, going, scanning, and being found on the map.

Source: "Receiving event pushes" (接收事件推送), 2025.
"""

import base64
import hashlib
from dataclasses import replace
from urllib.parse import urlsplit

from wxdesk.wechat.policies import Trigger
from wxsim import native
from wxsim.acts.doing import Doing, Done
from wxsim.acts.errors import BadAct
from wxsim.push import Push


def subscribe(doing: Doing) -> Done:
    """By search, by a code (``scene``), or from the page that says "paid" (``trade_no``)."""
    if doing.wish.get("trade_no") is not None:
        return Done([follow_after_paying(doing, doing.text("trade_no"))])
    scene = doing.text("scene", "")
    return Done([_follow_by(doing, scene) if scene else _follow(doing, "ADD_SCENE_SEARCH")])


def follow_after_paying(doing: Doing, trade_no: str) -> Push:
    doing.platform.follow(doing.openid, "ADD_SCENE_PAID")
    doing.grant(Trigger.FOLLOW)
    return doing.event("subscribe", ("EventKey", f"last_trade_no_{trade_no}"))


def unsubscribe(doing: Doing) -> Done:
    doing.platform.unfollow(doing.openid)
    native.close(doing.platform, doing.openid)
    return Done([doing.event("unsubscribe", ("EventKey", ""), answered=False)])


def scan(doing: Doing) -> Done:
    """A scene by name, or what a code says: a scene of ours, a page, or just a text."""
    code = doing.files.code
    if code is None:
        return Done([_scanned(doing, doing.text("scene"))])
    known = doing.platform.codes.find_by_url(code.result, doing.now)
    if known is not None:
        return Done([_scanned(doing, str(known.scene))])
    if urlsplit(code.result).hostname == "weixin.qq.com":
        raise BadAct("this code has expired, or another account made it")
    return Done(opens=code.result) if is_page(code.result) else Done(reads=code.result)


def is_page(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def report_location(doing: Doing) -> Done:
    """By itself, on entering the chat and every five seconds in it, where the account asks."""
    event = doing.event(
        "LOCATION",
        ("Latitude", float(doing.number("latitude", 23.130997))),
        ("Longitude", float(doing.number("longitude", 113.327002))),
        ("Precision", float(doing.number("precision", 65))),
    )
    return Done([event])


def enter(doing: Doing) -> Done:
    """Opens the chat from a mini program; official accounts are not told of a chat opened."""
    session_from = doing.text("session_from", "")
    event = doing.event("user_enter_tempsession", ("SessionFrom", session_from), answered=False)
    return Done([event])


def block(doing: Doing) -> Done:
    """Switch off "receive messages": nobody is told; sends are refused with 48002."""
    return _mute(doing, muted=True)


def unblock(doing: Doing) -> Done:
    return _mute(doing, muted=False)


def _mute(doing: Doing, *, muted: bool) -> Done:
    doing.platform.keep(replace(doing.platform.get_follower(doing.openid), muted=muted))
    return Done()


def _scanned(doing: Doing, scene: str) -> Push:
    """Whoever does not follow yet follows by it, and only that is told."""
    if not doing.platform.get_follower(doing.openid).following:
        return _follow_by(doing, scene)
    doing.grant(Trigger.SCAN)
    return doing.event("SCAN", ("EventKey", scene), ("Ticket", _ticket(doing, scene)))


def _follow(doing: Doing, how: str) -> Push:
    doing.platform.follow(doing.openid, how)
    doing.grant(Trigger.FOLLOW)
    return doing.event("subscribe", ("EventKey", ""))


def _follow_by(doing: Doing, scene: str) -> Push:
    doing.platform.follow(doing.openid, "ADD_SCENE_QR_CODE", scene)
    doing.grant(Trigger.FOLLOW)
    key, ticket = f"qrscene_{scene}", _ticket(doing, scene)
    return doing.event("subscribe", ("EventKey", key), ("Ticket", ticket))


def _ticket(doing: Doing, scene: str) -> str:
    """The code's own; where nobody made one, the same for every scan of the scene."""
    code = doing.platform.codes.find_by_scene(scene, doing.now)
    if code is not None:
        return code.ticket
    digest = hashlib.sha256(scene.encode(errors="replace")).digest()
    return f"gQ{base64.b64encode(digest * 2).decode()[:92]}=="
