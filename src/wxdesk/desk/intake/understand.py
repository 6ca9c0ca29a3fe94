"""What a push says to an agent. Pure."""

from dataclasses import dataclass, field
from typing import Any

from wxdesk.desk.conversations import Direction
from wxdesk.wechat import Push, Subscribed, Text, Unsubscribed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread.

    Attributes:
        opens: Somebody wants an answer: where there is no open conversation, open one.
        introduces: A follower did this, so one the desk has not met is now met. What we do not
            understand may come from WeChat itself (the results of jobs) and introduces nobody.
    """

    direction: Direction
    kind: str
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    opens: bool = False
    introduces: bool = True


def understand(push: Push) -> Line:
    """The line that an agent reads for a push; honest about what is not understood yet."""
    match push.content:
        case Text(text, menu_id):
            content = {"menu_id": menu_id} if menu_id else {}
            return Line(Direction.IN, "text", text, content, opens=True)
        case Subscribed(scene, _, trade_no):
            facts = {"scene": scene, "trade_no": trade_no}
            content = {name: fact for name, fact in facts.items() if fact}
            return Line(Direction.SYSTEM, "subscribe", content=content)
        case Unsubscribed():
            return Line(Direction.SYSTEM, "unsubscribe")
    kind = push.kind.removeprefix("event/")
    if kind != push.kind:
        return Line(Direction.SYSTEM, "event", content={"raw_kind": kind}, introduces=False)
    return Line(Direction.IN, kind, content={"raw_kind": kind}, opens=True)
