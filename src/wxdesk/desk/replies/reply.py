"""What an agent answers, the files that it shows, and the parts that it leaves in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wxdesk.desk import media, outbox
from wxdesk.desk.conversations import Message
from wxdesk.desk.media import As, File
from wxdesk.desk.outbox import Needed
from wxdesk.errors import Invalid
from wxdesk.store import Unit
from wxdesk.wechat import split_text


class MediaUnusable(Invalid):
    """A file of the reply is gone, or WeChat would not take it; ``problem`` says why."""

    code = "media_unusable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent answers.

    Attributes:
        kind: WeChat's name of this kind of message, or ``template``.
        text: What lists and searches show of it; the text itself, where it is one.
        content: The rest of its words, as messages show them and deliveries hold them.
        files: What it shows, by role; a video shows itself where it has no ``thumb``.
    """

    kind: str
    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)


def parts_of(message: Message) -> Sequence[Mapping[str, Any]]:
    """What the deliveries of a message hold; see ``outbox.compose``.

    Raises:
        MediaUnusable: A file of it is gone by now.
    """
    if message.kind == "text":
        return [{"text": part} for part in split_text(message.text)]
    if is_held(message.kind, message.content):
        return [{outbox.HELD_ALREADY: message.content[outbox.HELD_ALREADY]}]
    content = dict(message.content)
    for role in ROLES & content.keys():
        content[role] = _file_id(message, role)
    return [_with_thumb(message.kind, content)]


ROLES = {"media", "thumb"}
HELD_KINDS = {"image", "voice"}


def is_held(kind: str, content: Mapping[str, Any]) -> bool:
    """Whether it leaves under an id that WeChat gave somebody else, without a file of ours."""
    return kind in HELD_KINDS and outbox.HELD_ALREADY in content


def _file_id(message: Message, role: str) -> int:
    shown: Mapping[str, Any] = message.content[role]
    if shown["id"] is None:
        raise MediaUnusable("a file of it is gone", role=role, problem="gone")
    return int(shown["id"])


def _with_thumb(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """WeChat wants a picture in front of every video."""
    return {"thumb": content["media"], **content} if kind == "video" else content


def needed_by(reply: Reply) -> Sequence[Needed]:
    """The files that WeChat must hold before it takes this."""
    if is_held(reply.kind, reply.content):
        return []
    return outbox.files_of(reply.kind, _with_thumb(reply.kind, dict(reply.files)))


async def require_files(unit: Unit, reply: Reply) -> dict[str, File]:
    """The files a reply shows, by role, all of which WeChat takes.

    Raises:
        MediaUnusable: One of them it does not, or it is gone.
    """
    found = await media.files_by_ids(unit, set(reply.files.values()))
    return check_files(reply, found)


def check_files(reply: Reply, found: Mapping[int, File]) -> dict[str, File]:
    """The same, of files that were looked up before.

    Raises:
        MediaUnusable: One of them WeChat does not take, or it is gone.
    """
    for needed in needed_by(reply):
        file = found.get(needed.file_id)
        problem = media.problem_with(file, As(needed.kind)) if file else "gone"
        if problem:
            raise MediaUnusable(
                f"media {needed.file_id} is no {needed.kind} that WeChat takes: {problem}",
                media=needed.file_id,
                role=needed.role,
                problem=str(problem),
            )
    return {role: found[file_id] for role, file_id in reply.files.items()}
