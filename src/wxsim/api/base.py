"""The calls about the account itself: addresses, the callback, requests, JS-SDK tickets.

Source: "Base calls" (基础接口), 2025.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from wxsim.api.call import OK, Answer, Call
from wxsim.codes import Refused
from wxsim.platform import Platform

RID_LASTS = timedelta(days=7)
_RID = re.compile(r"([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}")
_ACTIONS = ("dns", "ping", "all")
_OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")
_TICKETS = ("jsapi", "wx_card")


def api_ips(_platform: Platform, _call: Call) -> Answer:
    """``get_api_domain_ip``: some of the platform's own, and where the simulator is."""
    return {"ip_list": ["101.226.62.77", "101.226.62.78", "101.226.62.0/25", "127.0.0.1"]}


def callback_ips(_platform: Platform, _call: Call) -> Answer:
    return {"ip_list": ["101.89.47.18", "101.91.34.103", "101.89.47.0/25", "127.0.0.1"]}


def check_callback(platform: Platform, call: Call) -> Answer:
    """``callback/check``: how the platform reaches the account's server.

    Raises:
        Refused: 40202, 40203, 40201.
    """
    wanted = call.json()
    action, operator = wanted.get("action"), wanted.get("check_operator", "DEFAULT")
    if action not in _ACTIONS:
        raise Refused(40202)
    if operator not in _OPERATORS:
        raise Refused(40203)
    if platform.account.callback is None:
        raise Refused(40201)
    ip = urlsplit(platform.account.callback).hostname
    dns = [{"ip": ip, "real_operator": "CAP"}]
    through = "CAP" if operator == "DEFAULT" else operator
    ping = [{"ip": ip, "from_operator": through, "package_loss": "0%", "time": "0.042ms"}]
    found = {"dns": dns, "ping": ping}
    return found if action == "all" else {action: found[action]}


def give_ticket(platform: Platform, call: Call) -> Answer:
    """``ticket/getticket``."""
    kind = call.query.get("type", "jsapi")
    if kind not in _TICKETS:
        raise Refused(40097)
    ticket = platform.tickets.give(kind, platform.now())
    left = ticket.expires_at - platform.now()
    return {**OK, "ticket": ticket.value, "expires_in": round(left.total_seconds())}


def look_up_request(platform: Platform, call: Call) -> Answer:
    """``openapi/rid/get``.

    Raises:
        Refused: 76002 malformed, 76004 too old, 76001 not found.
    """
    rid = call.json().get("rid")
    found = _RID.fullmatch(rid) if isinstance(rid, str) else None
    if found is None:
        raise Refused(76002)
    asked_at = datetime.fromtimestamp(int(found[1], 16), UTC)
    if platform.now() - asked_at > RID_LASTS:
        raise Refused(76004)
    known = platform.calls.find(found[0])
    if known is None:
        raise Refused(76001)
    request = {
        "invoke_time": int(asked_at.timestamp()),
        "cost_in_ms": 30,
        "request_url": urlencode(known["query"]),
        "request_body": _text(known["body"]),
        "response_body": _text(known["answer"]),
        "client_ip": known["ip"],
    }
    return {**OK, "request": request}


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
