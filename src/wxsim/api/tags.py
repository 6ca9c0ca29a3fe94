"""Tags and the blacklist.

Source: "Tag management", "Blacklist" (标签管理, 黑名单管理), 2025.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from wxsim.api.call import OK, Answer, Call
from wxsim.api.openids import known, known_list, page
from wxsim.api.users import MOST_IN_PAGE
from wxsim.codes import Refused
from wxsim.platform import Platform

MOST_OPENIDS = 50
MOST_BLACKLISTED = 20  # in one call
MOST_OF_ONE = 20  # tags of one follower


def create(platform: Platform, call: Call) -> Answer:
    name = _tag(call).get("name")
    return {"tag": {"id": platform.tags.create(name), "name": name}}


def list_(platform: Platform, _call: Call) -> Answer:
    followers = [f for f in platform.followers.values() if f.following]
    carried = Counter(tag_id for follower in followers for tag_id in follower.tag_ids)
    return {
        "tags": [
            {"id": tag_id, "name": name, "count": carried[tag_id]}
            for tag_id, name in platform.tags.names.items()
        ]
    }


def rename(platform: Platform, call: Call) -> Answer:
    tag = _tag(call)
    platform.tags.rename(tag.get("id"), tag.get("name"))
    return OK


def delete(platform: Platform, call: Call) -> Answer:
    gone = platform.tags.delete(_tag(call).get("id"))
    for follower in list(platform.followers.values()):
        if gone in follower.tag_ids:
            left = tuple(tag_id for tag_id in follower.tag_ids if tag_id != gone)
            platform.keep(replace(follower, tag_ids=left))
    return OK


def members(platform: Platform, call: Call) -> Answer:
    """``user/tag/get``."""
    wanted = call.json()
    tag_id = platform.tags.require(wanted.get("tagid"))
    carriers = [f.openid for f in platform.followers.values() if tag_id in f.tag_ids]
    return page(carriers, str(wanted.get("next_openid") or ""), MOST_IN_PAGE)


def tag(platform: Platform, call: Call) -> Answer:
    """``batchtagging``: all of them or none.

    Raises:
        Refused: 45159, 40031, 40032, 49003, 45059.
    """
    wanted = call.json()
    tag_id = platform.tags.require(wanted.get("tagid"))
    followers = known_list(platform, wanted, MOST_OPENIDS)
    new = [follower for follower in followers if tag_id not in follower.tag_ids]
    if any(len(follower.tag_ids) >= MOST_OF_ONE for follower in new):
        raise Refused(45059)
    for follower in new:
        platform.keep(replace(follower, tag_ids=(*follower.tag_ids, tag_id)))
    return OK


def untag(platform: Platform, call: Call) -> Answer:
    wanted = call.json()
    tag_id = platform.tags.require(wanted.get("tagid"))
    for follower in known_list(platform, wanted, MOST_OPENIDS):
        left = tuple(kept for kept in follower.tag_ids if kept != tag_id)
        platform.keep(replace(follower, tag_ids=left))
    return OK


def of_follower(platform: Platform, call: Call) -> Answer:
    """``getidlist``."""
    return {"tagid_list": list(known(platform, call.json().get("openid")).tag_ids)}


def blacklist(platform: Platform, call: Call) -> Answer:
    after = call.json().get("begin_openid") if call.body.strip() else ""
    listed = [f.openid for f in platform.followers.values() if f.blacklisted]
    return {"total": len(listed), **page(listed, str(after or ""), MOST_IN_PAGE)}


def blacklist_add(platform: Platform, call: Call) -> Answer:
    return _blacklisted(platform, call, blacklisted=True)


def blacklist_remove(platform: Platform, call: Call) -> Answer:
    return _blacklisted(platform, call, blacklisted=False)


def _blacklisted(platform: Platform, call: Call, *, blacklisted: bool) -> Answer:
    for follower in known_list(platform, call.json(), MOST_BLACKLISTED):
        platform.keep(replace(follower, blacklisted=blacklisted))
    return OK


def _tag(call: Call) -> dict[str, Any]:
    wanted = call.json().get("tag")
    if not isinstance(wanted, dict):
        raise Refused(47001)
    return wanted
