"""What those are told who have to wait: their place, and how long it takes, where that is known.

Pure. A text may hold {position} and {wait}; filled in, it is never longer than before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wxdesk.desk.replies import Reply

POSITION, WAIT = "{position}", "{wait}"


@dataclass(frozen=True, slots=True)
class InLine:
    """Where somebody stands who has begun to wait, and for whom nobody is free.

    Attributes:
        position: Among those of their level and group, 1 being the next. None: it says nothing.
        wait: Minutes, from and to. None: they may not be told.
    """

    position: int | None = None
    wait: tuple[int, int] | None = None


def names(answers: Iterable[Reply], variable: str) -> bool:
    """Whether one of the texts holds it."""
    return any(each.kind == "text" and variable in each.text for each in answers)


def filled(reply: Reply, in_line: InLine) -> Reply:
    """A text with its variables filled in, those that are known."""
    if reply.kind != "text":
        return reply
    text = reply.text
    if in_line.position is not None:
        text = text.replace(POSITION, str(in_line.position))
    if in_line.wait is not None:
        text = text.replace(WAIT, "-".join(map(str, dict.fromkeys(in_line.wait))))
    return replace(reply, text=text)
