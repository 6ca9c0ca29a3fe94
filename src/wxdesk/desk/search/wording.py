"""What a message and a contact say that can be searched for, and the marks they are found by. Pure.

A mark stands in the index beside the pieces of a text: of which conversation it is, who wrote it,
in which month. So what is narrowed down is narrowed down in the index. No text holds a ``§`` there.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from wxdesk.desk import words
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Direction, Message
from wxdesk.desk.search.asked import TYPES
from wxdesk.desk.search.pieces import pieces_of

NOTE, SAID = "§n", "§s"
KINDS = frozenset(kind for kinds in TYPES.values() for kind in kinds)
EVENTS = frozenset({"payment", "complaint"})
"""What customers did that has words to be found by; the rest of it names keys and scenes."""

_TOLD = frozenset(
    {
        *("title", "description", "label", "name", "head", "tail", "content", "filename"),
        *("recognition", "reason", "solution", "order_id"),
    }
)
"""Keys of a message's content, and of what stands in it, that hold words."""

_WITHIN = ("items", "article")
_ALL_OF = ("data", "labels")
"""Of a template message: by whatever names."""

MOST_MONTHS = 36


def text_of(message: Message) -> str:
    """All that a message says, its own text first."""
    told = dict.fromkeys([message.text, *_told(message.content)])
    return "\n".join(text for text in told if text)


def _told(content: dict[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        match value:
            case str() if key in _TOLD:
                yield value
            case dict() if key in _ALL_OF:
                yield from filter(None, map(str, value.values()))
            case dict() if key in _WITHIN:
                yield from _told(value)
            case list() if key in _WITHIN:
                for each in value:
                    yield from _told(each)


def is_found(message: Message) -> bool:
    """Whether it is something that was said, or a note; what is shown to nobody is neither."""
    said = message.direction is not Direction.SYSTEM or message.kind in EVENTS
    return said and message.conversation_id is not None and message.is_shown


def words_of(message: Message) -> str:
    """A message as the index keeps it."""
    marks = [
        NOTE if message.direction is Direction.NOTE else SAID,
        mark("c", message.conversation_id),
        mark("p", message.contact_id),
        month(message.sent_at),
    ]
    if message.kind in KINDS:
        marks.append(mark("k", message.kind))
    if message.author_id is not None:
        marks.append(mark("a", message.author_id))
    return " ".join([*marks, *pieces_of(text_of(message))])


def words_of_contact(contact: Contact) -> str:
    """A contact as the index keeps it: names as they are written and as they are typed.

    What the company keeps of them is left out: any piece of a covered number would find it.
    """
    names = [contact.remark, contact.platform_remark]
    spelt = [words.found_by(name) for name in dict.fromkeys(names) if name]
    told = [*names, *spelt, contact.openid, contact.unionid or ""]
    return " ".join(pieces_of(" ".join(filter(None, told))))


def mark(kind: str, value: int | str | None) -> str:
    """Of what a message is: ``§c7``, of conversation 7."""
    return f"§{kind}{value}"


def month(moment: datetime) -> str:
    return f"§m{moment.astimezone(UTC):%Y%m}"


def months(since: datetime | None, until: datetime | None, now: datetime) -> list[str]:
    """The months in which something was said; none where there are too many to name them."""
    if since is None:
        return []
    begin, end = since.astimezone(UTC), min(until or now, now).astimezone(UTC)
    numbers = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    if len(numbers) > MOST_MONTHS:
        return []
    return [f"§m{number // 12}{number % 12 + 1:02}" for number in numbers]
