"""Users: what the account may know of its followers.

Source: "User information", "Follower list" (获取用户基本信息, 获取用户列表), 2025. Names and
pictures have not been told since 2021-12-27.
"""

from dataclasses import replace
from typing import Any

from wxsim.api.call import OK, Answer, Call
from wxsim.api.openids import known, page
from wxsim.codes import Refused
from wxsim.follower import Follower
from wxsim.platform import Platform

MOST_IN_BATCH = 100
MOST_IN_PAGE = 10_000
REMARK_BYTES = 29  # "shorter than 30 bytes"
LANGUAGES = ("zh_CN", "zh_TW", "en")


def info(platform: Platform, call: Call) -> Answer:
    openid = call.query.get("openid")
    if not openid:
        raise Refused(41009)
    return _shown(platform, known(platform, openid), call.query.get("lang"))


def info_batch(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 40031, 40032, 40003."""
    wanted = call.json().get("user_list")
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise Refused(40031)
    if not 0 < len(wanted) <= MOST_IN_BATCH:
        raise Refused(40032)
    shown = [_shown(platform, known(platform, w.get("openid")), w.get("lang")) for w in wanted]
    return {"user_info_list": shown}


def list_(platform: Platform, call: Call) -> Answer:
    """``user/get``: those who follow, oldest first."""
    followers = [f.openid for f in platform.followers.values() if f.following]
    after = call.query.get("next_openid") or ""
    return {"total": len(followers), **page(followers, after, MOST_IN_PAGE)}


def set_remark(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 40003, 40092, 43004."""
    wanted = call.json()
    follower, remark = known(platform, wanted.get("openid")), wanted.get("remark")
    if not isinstance(remark, str) or len(remark.encode()) > REMARK_BYTES:
        raise Refused(40092)
    if not follower.following:
        raise Refused(43004)
    platform.keep(replace(follower, remark=remark))
    return OK


def _shown(platform: Platform, follower: Follower, language: object) -> dict[str, Any]:
    if not follower.following:
        return {"subscribe": 0, "openid": follower.openid, "tagid_list": []}
    unionid = platform.unionid(follower.openid)
    scene = follower.scene
    return {
        "subscribe": 1,
        "openid": follower.openid,
        "language": language if language in LANGUAGES else LANGUAGES[0],
        "subscribe_time": int((follower.subscribed_at or follower.joined_at).timestamp()),
        **({"unionid": unionid} if unionid else {}),
        "remark": follower.remark,
        "groupid": follower.tag_ids[0] if follower.tag_ids else 0,
        "tagid_list": list(follower.tag_ids),
        "subscribe_scene": follower.subscribe_scene,
        "qr_scene": scene if isinstance(scene, int) else 0,
        "qr_scene_str": scene if isinstance(scene, str) else "",
    }
