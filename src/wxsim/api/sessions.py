"""Sessions of the native customer-service tool, and its records.

Source: "Session control", "Chat records" (会话控制, 获取聊天记录), 2025.
"""

from typing import Any

from wxsim import native
from wxsim.api.call import OK, Answer, Call, whole_number
from wxsim.api.kf import require_tool
from wxsim.codes import Refused
from wxsim.kf import KfAccount
from wxsim.platform import NoSuchFollower, Platform

MOST_WAITING = 100
LONGEST_SPAN_S = 24 * 3600
MOST_RECORDS = 10_000
_FAR = 2**53


def create(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 65401, 65402, 65415, 40003, 65414."""
    kf, openid = _parties(platform, call.json())
    if kf.wechat_id is None:
        raise Refused(65402)
    if not kf.works:
        raise Refused(65415)
    native.open_(platform, openid, kf.name)
    return OK


def close(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 65401, 40003, 65413, 65414."""
    kf, openid = _parties(platform, call.json())
    session = native.serving(platform, openid)
    if session is None:
        raise Refused(65413)
    if session.kf_account != kf.name:
        raise Refused(65414)
    native.close(platform, openid)
    return OK


def get(platform: Platform, call: Call) -> Answer:
    """``getsession``: nobody serves them is an empty ``kf_account``."""
    require_tool(platform)
    session = native.serving(platform, _openid(platform, call.query.get("openid")))
    if session is None:
        return {"createtime": 0, "kf_account": ""}
    return {"createtime": int(session.began_at.timestamp()), "kf_account": session.kf_account}


def list_(platform: Platform, call: Call) -> Answer:
    require_tool(platform)
    kf = platform.kf.get(call.query.get("kf_account"))
    native.end_old(platform)
    return {
        "sessionlist": [
            {"createtime": int(session.began_at.timestamp()), "openid": session.openid}
            for session in platform.sessions.of_worker(kf.name)
        ]
    }


def list_waiting(platform: Platform, _call: Call) -> Answer:
    """``getwaitcase``: the first hundred of the queue."""
    require_tool(platform)
    queue = platform.sessions.waiting()
    shown = [
        {"latest_time": int(session.latest_at.timestamp()), "openid": session.openid}
        for session in queue[:MOST_WAITING]
    ]
    return {"count": len(queue), "waitcaselist": shown}


def list_records(platform: Platform, call: Call) -> Answer:
    """``getmsglist``: what was said in the native tool, page by page.

    Raises:
        Refused: 65416, 65417.
    """
    require_tool(platform)
    wanted = call.json()
    start, end, after = (_number(wanted, name) for name in ("starttime", "endtime", "msgid"))
    most = whole_number(wanted.get("number"), lowest=1, highest=MOST_RECORDS, errcode=65416)
    if end < start:
        raise Refused(65416)
    if end - start > LONGEST_SPAN_S:
        raise Refused(65417)
    found = platform.sessions.records(start, end, after, most)
    shown = [{name: record[name] for name in _RECORDED} for record in found]
    last = found[-1]["id"] + 1 if found else after
    return {"recordlist": shown, "number": len(shown), "msgid": last}


_RECORDED = ("openid", "opercode", "text", "time", "worker")


def _parties(platform: Platform, wanted: dict[str, Any]) -> tuple[KfAccount, str]:
    require_tool(platform)
    return platform.kf.get(wanted.get("kf_account")), _openid(platform, wanted.get("openid"))


def _openid(platform: Platform, openid: object) -> str:
    try:
        return platform.get_follower(str(openid)).openid
    except NoSuchFollower:
        raise Refused(40003) from None


def _number(wanted: dict[str, Any], name: str) -> int:
    return whole_number(wanted.get(name), lowest=0, highest=_FAR, errcode=65416)
