"""Customer-service accounts.

Source: "Customer-service accounts" (客服管理), 2025.
"""

from dataclasses import replace
from typing import Any

from wxsim import native
from wxsim.api import formats
from wxsim.api.call import OK, Answer, Call
from wxsim.codes import Refused
from wxsim.kf import Invited, KfAccount
from wxsim.lines import media_url
from wxsim.platform import Platform

ONLINE = 1  # by the web client


def add(platform: Platform, call: Call) -> Answer:
    require_tool(platform)
    wanted = call.json()
    platform.kf.add(wanted.get("kf_account"), wanted.get("nickname"))
    return OK


def update(platform: Platform, call: Call) -> Answer:
    require_tool(platform)
    wanted = call.json()
    platform.kf.rename(wanted.get("kf_account"), wanted.get("nickname"))
    return OK


def delete(platform: Platform, call: Call) -> Answer:
    """By POST with JSON or, as older pages say, in the query; their sessions end."""
    require_tool(platform)
    name = call.query.get("kf_account") or call.json().get("kf_account")
    platform.kf.delete(name)
    for session in platform.sessions.of_worker(str(name)):
        native.close(platform, session.openid)
    return OK


def invite(platform: Platform, call: Call) -> Answer:
    require_tool(platform)
    wanted = call.json()
    platform.kf.invite(wanted.get("kf_account"), wanted.get("invite_wx"), platform.now())
    return OK


def upload_picture(platform: Platform, call: Call) -> Answer:
    """``uploadheadimg``; ``kf_account`` stands in the query."""
    require_tool(platform)
    kf = platform.kf.get(call.query.get("kf_account"))
    upload = call.form().file("media")
    content_type = formats.check(upload.body, formats.KF_PICTURE, platform.faults.switches)
    file = platform.files.keep(upload.body, "picture", content_type, now=platform.now())
    platform.kf.keep(replace(kf, picture=file.media_id))
    return OK


def list_(platform: Platform, call: Call) -> Answer:
    require_tool(platform)
    return {"kf_list": [_shown(platform, call, kf) for kf in platform.kf.known.values()]}


def list_online(platform: Platform, _call: Call) -> Answer:
    require_tool(platform)
    native.end_old(platform)
    online = [kf for kf in platform.kf.known.values() if kf.works]
    return {
        "kf_online_list": [
            {
                "kf_account": kf.name,
                "status": ONLINE,
                "kf_id": str(kf.number),
                "accepted_case": len(platform.sessions.of_worker(kf.name)),
            }
            for kf in online
        ]
    }


def set_admin(platform: Platform, call: Call) -> Answer:
    """``setadmin``, ``canceladmin``: of mini programs; nothing of it shows here."""
    require_tool(platform)
    if not call.query.get("kf_openid"):
        raise Refused(40003)
    return OK


def require_tool(platform: Platform) -> None:
    if platform.faults.switches.no_kf_tool:
        raise Refused(65400)


def _shown(platform: Platform, call: Call, kf: KfAccount) -> dict[str, Any]:
    invitation = kf.invitation(platform.now())
    bound = {"kf_wx": kf.wechat_id} if kf.wechat_id else _invited(kf, invitation)
    return {
        "kf_account": kf.name,
        "kf_headimgurl": call.origin + media_url(kf.picture) if kf.picture else "",
        "kf_id": str(kf.number),
        "kf_nick": kf.nickname,
        **bound,
    }


def _invited(kf: KfAccount, invitation: Invited | None) -> dict[str, Any]:
    if invitation is None or kf.invite_ends_at is None:
        return {}
    return {
        "invite_wx": kf.invited,
        "invite_expire_time": int(kf.invite_ends_at.timestamp()),
        "invite_status": invitation,
    }
