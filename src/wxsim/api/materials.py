"""Permanent material.

Source: "Permanent material" (永久素材), 2025.
"""

import json
from typing import Any

from wxsim.api import formats
from wxsim.api.call import OK, Answer, Call, whole_number
from wxsim.api.form import Form
from wxsim.api.media import as_attachment
from wxsim.codes import Refused
from wxsim.files import File
from wxsim.lines import media_url
from wxsim.menus import flat
from wxsim.platform import Platform

MOST_LISTED = 20
_KINDS = ("voice", "video", "image", "news")


def add(platform: Platform, call: Call) -> Answer:
    """``add_material``: pictures come back with an address, too.

    Raises:
        Refused: 40004, 45034, or as for temporary material.
    """
    form = call.form()
    kind = call.query.get("type") or form.fields.get("type", "")
    if kind not in formats.LASTING:
        raise Refused(40004)
    upload = form.file("media")
    content_type = formats.check(upload.body, formats.LASTING[kind], platform.faults.switches)
    facts = _described(call, form) if kind == "video" else {}
    file = platform.files.keep(
        upload.body,
        kind,
        content_type,
        now=platform.now(),
        name=upload.name,
        lasting=True,
        **facts,
    )
    answer = {"media_id": file.media_id}
    return answer | ({"url": call.origin + media_url(file.media_id)} if kind == "image" else {})


def get(platform: Platform, call: Call) -> Answer:
    """``get_material``: the bytes; of a video where they are."""
    file = _lasting(platform, call.json().get("media_id"))
    if file.kind != "video":
        return as_attachment(platform, file)
    address = call.origin + media_url(file.media_id)
    return {"title": file.title, "description": file.introduction, "down_url": address}


def delete(platform: Platform, call: Call) -> Answer:
    """``del_material``.

    Raises:
        Refused: 40007, 48005 a menu uses it.
    """
    file = _lasting(platform, call.json().get("media_id"))
    menus = [menu for menu in (platform.menus.default, *platform.menus.conditional) if menu]
    buttons = [button for menu in menus for button in flat(menu["button"])]
    if any(button.get("media_id") == file.media_id for button in buttons):
        raise Refused(48005)
    platform.files.drop(file.media_id)
    return OK


def count(platform: Platform, _call: Call) -> Answer:
    return {f"{kind}_count": len(platform.files.lasting(kind)) for kind in _KINDS}


def list_(platform: Platform, call: Call) -> Answer:
    """``batchget_material``: newest first.

    Raises:
        Refused: 40004, 40097.
    """
    wanted = call.json()
    kind = wanted.get("type")
    if kind not in _KINDS:
        raise Refused(40004)
    offset = whole_number(wanted.get("offset", 0), lowest=0, highest=10**9, errcode=40097)
    most = whole_number(wanted.get("count", 20), lowest=1, highest=MOST_LISTED, errcode=40097)
    found = platform.files.lasting(kind)
    page = [_item(call, file) for file in found[offset : offset + most]]
    return {"item": page, "total_count": len(found), "item_count": len(page)}


def _item(call: Call, file: File) -> dict[str, Any]:
    return {
        "media_id": file.media_id,
        "name": file.title or file.name,
        "update_time": int(file.made_at.timestamp()),
        "url": call.origin + media_url(file.media_id) if file.kind == "image" else "",
    }


def _lasting(platform: Platform, media_id: object) -> File:
    file = platform.files.find(media_id)
    if file is None or not file.lasting:
        raise Refused(40007)
    return file


def _described(call: Call, form: Form) -> dict[str, str]:
    """``description``, JSON in a field of the form or, from some clients, in the query."""
    text = form.fields.get("description") or call.query.get("description") or "{}"
    try:
        described = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(47001) from None
    if not isinstance(described, dict):
        raise Refused(47001)
    names = ("title", "introduction")
    return {name: str(described.get(name) or "")[:1000] for name in names}
