"""Template messages, one-time subscriptions and subscription notices.

Source: "Template messages", "One-time subscription", "Subscription notices"
(模板消息, 一次性订阅消息, 订阅通知), 2025.
"""

import re
from collections.abc import Mapping
from typing import Any

from wxsim import lines
from wxsim.api.call import OK, Answer, Call
from wxsim.api.custom import recipient
from wxsim.codes import Refused
from wxsim.platform import Platform
from wxsim.switches import Outcome
from wxsim.templates import TEMPLATE_ID, Template, read_data, require_all

LONGEST_CLIENT_ID = 32
LONGEST_TITLE = 15
LONGEST_VALUE = 200
LONGEST_URL = 1024
_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_ROW = re.compile(r"(.*?)[:：]?\{\{(\w+)\.DATA\}\}")


def send(platform: Platform, call: Call) -> Answer:
    """``template/send``: onto the phone, and how it ended as an event.

    Raises:
        Refused: 40003, 40037, 43004, 47003, 40039, 40165, 40166.
    """
    message = call.json()
    openid = recipient(platform, message)
    template = platform.templates.get(message.get("template_id"))
    if not platform.get_follower(openid).following:
        raise Refused(43004)
    data = read_data(message.get("data"))
    require_all(template, data)
    aim = _aim(message, "url")
    msg_id = platform.next_msg_id()
    first = platform.templates.sent_as(_client_name(openid, message), msg_id, platform.now())
    if first != msg_id:
        return {**OK, "msgid": first}
    outcome = _outcome(platform, openid)
    if outcome is Outcome.DELIVERED:
        rows = _rows(template, data)
        _show(platform, openid, template.template_id, template.title, rows, aim, msg_id)
    platform.announce(openid, "TEMPLATESENDJOBFINISH", ("MsgID", msg_id), ("Status", outcome.value))
    return {**OK, "msgid": msg_id}


def send_once(platform: Platform, call: Call) -> Answer:
    """``template/subscribe``: one for each consent, to whoever gave it, following or not.

    Raises:
        Refused: 40003, 40037, 40062, 47003, 43101.
    """
    message = call.json()
    openid, template_id = recipient(platform, message), _template_id(message)
    title, scene = message.get("title"), str(message.get("scene", ""))
    if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TITLE:
        raise Refused(40062)
    data = read_data(message.get("data"))
    if any(len(value) > LONGEST_VALUE for value in data.values()):
        raise Refused(47003)
    aim = _aim(message, "url")
    platform.templates.use(openid, template_id, scene)
    _show(platform, openid, template_id, title, data, aim, platform.next_msg_id())
    return OK


def send_notice(platform: Platform, call: Call) -> Answer:
    """``subscribe/bizsend``: one for each consent.

    Raises:
        Refused: 40003, 40037, 47003, 43101.
    """
    message = call.json()
    openid, template_id = recipient(platform, message), _template_id(message)
    data = read_data(message.get("data"))
    if not data:
        raise Refused(47003)
    aim = _aim(message, "page")
    platform.templates.use(openid, template_id)
    msg_id = platform.next_msg_id()
    if _outcome(platform, openid) is Outcome.DELIVERED:
        _show(platform, openid, template_id, "订阅通知", data, aim, msg_id)
        ended = [("ErrorCode", "0"), ("ErrorStatus", "success")]
    else:
        ended = [("ErrorCode", "43101"), ("ErrorStatus", "user refuse to accept the msg")]
    sent = [("TemplateId", template_id), ("MsgID", str(msg_id)), *ended]
    platform.announce(
        openid, "subscribe_msg_sent_event", ("SubscribeMsgSentEvent", [("List", sent)])
    )
    return {**OK, "msgid": msg_id}


def _template_id(message: Mapping[str, Any]) -> str:
    template_id = message.get("template_id")
    if not isinstance(template_id, str) or not TEMPLATE_ID.fullmatch(template_id):
        raise Refused(40037)
    return template_id


def _aim(message: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Where a tap leads."""
    url = message.get(field) or ""
    if not isinstance(url, str) or len(url.encode()) > LONGEST_URL:
        raise Refused(40039)
    program = message.get("miniprogram")
    if not isinstance(program, dict) or not program.get("appid"):
        return {"url": url}
    app_id, page_path = str(program["appid"]), program.get("pagepath") or ""
    if not _APP_ID.fullmatch(app_id):
        raise Refused(40166)
    if not isinstance(page_path, str) or len(page_path) > LONGEST_URL:
        raise Refused(40165)
    return {"url": url, "mini_program": {"app_id": app_id, "page_path": page_path}}


def _outcome(platform: Platform, openid: str) -> Outcome:
    switched = platform.faults.switches.template_outcome
    if switched is not Outcome.AUTO:
        return switched
    return Outcome.BLOCKED if platform.get_follower(openid).muted else Outcome.DELIVERED


def _show(
    platform: Platform,
    openid: str,
    template_id: str,
    title: str,
    rows: Mapping[str, str],
    aim: dict[str, Any],
    msg_id: int,
) -> None:
    content = lines.template(template_id, title=title, rows=rows, **aim)
    shown = {"content": title, **content, "msg_id": str(msg_id)}
    platform.show(openid, "account", "template", **shown, via="template")


def _rows(template: Template, data: Mapping[str, str]) -> dict[str, str]:
    found = (_ROW.fullmatch(line) for line in template.content.splitlines())
    return {row[1]: data[row[2]] for row in found if row}


def _client_name(openid: str, message: Mapping[str, Any]) -> str | None:
    client_id = message.get("client_msg_id")
    if not client_id:
        return None
    if not isinstance(client_id, str) or len(client_id) > LONGEST_CLIENT_ID:
        raise Refused(45067)
    return f"{openid}/{client_id}"
