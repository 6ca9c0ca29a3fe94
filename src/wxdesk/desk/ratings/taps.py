"""The lines of an invitation: which conversation, and how it was, in one number. Pure.

WeChat gives back the id of a tapped line as it was sent; its examples are numbers. No operator
numbers the lines of their own menus like this, and a tap counts only where its customer was asked.
"""

import re
from typing import NamedTuple

from wxdesk.desk.ratings.model import Score
from wxdesk.wechat import Push, Text

_ID = re.compile(r"7260(\d{1,18})([123])")
LINES = {Score.GOOD: "满意", Score.FAIR: "一般", Score.BAD: "不满意"}


class Tap(NamedTuple):
    """A tapped line."""

    conversation_id: int
    score: Score


def line_id(conversation_id: int, score: Score) -> str:
    return f"7260{conversation_id}{score:d}"


def tap_of(push: Push | None) -> Tap | None:
    """What a push rates, if it is a tap on a line of an invitation."""
    content = push.content if push else None
    if not isinstance(content, Text) or not content.menu_id:
        return None
    found = _ID.fullmatch(content.menu_id)
    return Tap(int(found[1]), Score(int(found[2]))) if found else None
