"""Several lines that leave as one message, which costs one send instead of several. Pure.

A delivery's content then holds ``lines``, each with its message, beside the whole ``text``.
"""

from collections.abc import Mapping
from typing import Any

from wxdesk.wechat.limits import TEXT_BYTES

Content = Mapping[str, Any]


def joined(content: Content, message_id: int, text: str, *, first_id: int) -> dict[str, Any] | None:
    """The content with one more line; None where WeChat would not take so long a text.

    Args:
        content: Of the delivery so far.
        message_id: The message that comes as its next line.
        text: What that says.
        first_id: The message that the delivery was written for.
    """
    lines = content.get("lines") or [{"message": first_id, "text": content["text"]}]
    return _content([*lines, {"message": message_id, "text": text}])


def without(content: Content, message_id: int) -> dict[str, Any]:
    """The content without the line of one message; at least one other is left."""
    rest = [line for line in content["lines"] if line["message"] != message_id]
    found = _content(rest)
    assert found is not None  # it has become shorter
    return found


def _content(lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    text = "\n".join(line["text"] for line in lines)
    return {"text": text, "lines": lines} if len(text.encode()) <= TEXT_BYTES else None
