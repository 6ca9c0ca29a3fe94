"""QR codes with a scene, and their pictures.

Source: "Create QR code" (生成带参数二维码), 2025.
"""

import io
from datetime import timedelta
from typing import Any

import segno

from wxsim.api.call import Answer, Call, Raw, whole_number
from wxsim.codes import Refused
from wxsim.platform import Platform

LONGEST_S = 2_592_000  # thirty days
USUAL_S = 60
LONGEST_SCENE = 64  # characters
HIGHEST_LASTING = 100_000
PIXELS_A_MODULE = 10
_TEMPORARY = ("QR_SCENE", "QR_STR_SCENE")
_ACTIONS = (*_TEMPORARY, "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")


def create(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 40052, 40053, 45029."""
    wanted = call.json()
    action = wanted.get("action_name")
    if action not in _ACTIONS:
        raise Refused(40052)
    scene = _scene(action, wanted.get("action_info"))
    if action not in _TEMPORARY:
        code = platform.codes.make(scene, None, platform.now())
        return {"ticket": code.ticket, "url": code.url}
    seconds = wanted.get("expire_seconds", USUAL_S)
    lasts = min(whole_number(seconds, lowest=1, highest=2**31, errcode=40053), LONGEST_S)
    code = platform.codes.make(scene, timedelta(seconds=lasts), platform.now())
    return {"ticket": code.ticket, "expire_seconds": lasts, "url": code.url}


def show(platform: Platform, call: Call) -> Answer:
    """``showqrcode``: the picture of the code's url; 404 for a ticket that is not good."""
    code = platform.codes.find_by_ticket(call.query.get("ticket", ""), platform.now())
    if code is None:
        return Raw(b"", "text/html", status=404)
    picture = io.BytesIO()
    segno.make(code.url, error="m", micro=False).save(picture, kind="png", scale=PIXELS_A_MODULE)
    return Raw(picture.getvalue(), "image/jpg", headers={"Cache-Control": "max-age=604800"})


def _scene(action: str, info: object) -> int | str:
    scene: Any = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise Refused(40053)
    if action.endswith("STR_SCENE"):
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_SCENE:
            raise Refused(40053)
        return text
    highest = 2**32 - 1 if action in _TEMPORARY else HIGHEST_LASTING
    return whole_number(scene.get("scene_id"), lowest=1, highest=highest, errcode=40053)
