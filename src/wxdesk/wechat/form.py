"""A file in the one form in which WeChat takes files.

Multipart, the file's field with a name and a content type always (41005 without), the name in raw
UTF-8, and the length told beforehand: chunked bodies are answered with HTTP 412.

Sources: "Upload temporary media" (doc/service/api/material/temporary/api_uploadtempmedia);
fastwego/offiaccount#15 on bodies without a length.
"""

import secrets
from collections.abc import AsyncIterable, AsyncIterator, Mapping

from wxdesk.wechat.errors import OverLimit
from wxdesk.wechat.limits import FILENAME_CHARS

FileContent = bytes | AsyncIterable[bytes]

_CHUNK_BYTES = 64 * 1024


class Form:
    """One file, and perhaps a few fields before it.

    Args:
        content: The file. An iterable that is its own iterator (a generator) can be sent only once.
        filename: What WeChat is told that it is called.
        content_type: What it is.
        size_bytes: Its length; needed where the content is no ``bytes``.
        field: What the file's field is called.
        texts: Other fields.

    Raises:
        OverLimit: No filename, or too long a one.
        ValueError: No length.
    """

    def __init__(
        self,
        content: FileContent,
        *,
        filename: str,
        content_type: str,
        size_bytes: int | None = None,
        field: str = "media",
        texts: Mapping[str, str] | None = None,
    ) -> None:
        if not 0 < len(filename) <= FILENAME_CHARS:
            raise OverLimit(f"a filename has 1 to {FILENAME_CHARS} characters")
        if isinstance(content, bytes):
            size_bytes = len(content)
        if size_bytes is None:
            raise ValueError("WeChat has to be told the length of a file")
        self.size_bytes = size_bytes
        self._content = content
        self._failure: Exception | None = None
        boundary = secrets.token_hex(16)
        self._head = "".join(
            [
                *(_part(boundary, name) + text + "\r\n" for name, text in (texts or {}).items()),
                _part(boundary, field, filename, content_type),
            ]
        ).encode(errors="replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(self._head) + size_bytes + len(self._tail)),
        }

    @property
    def can_be_sent_again(self) -> bool:
        """Whether ``body`` may be read a second time: what streams in is gone."""
        return not isinstance(self._content, AsyncIterator)

    async def body(self) -> AsyncIterator[bytes]:
        """The whole body; nothing but one piece is held at a time."""
        yield self._head
        try:
            async for piece in self._pieces():
                yield piece
        except Exception as e:
            self._failure = e  # aiohttp would tell only that something was not sent
            raise
        yield self._tail

    def raise_failure(self) -> None:
        """Raise what went wrong with the content itself, if that is why the call failed."""
        if self._failure is not None:
            raise self._failure

    async def _pieces(self) -> AsyncIterator[bytes]:
        if isinstance(self._content, bytes):
            whole = memoryview(self._content)
            for start in range(0, len(whole), _CHUNK_BYTES):
                yield bytes(whole[start : start + _CHUNK_BYTES])
            return
        missing = self.size_bytes
        async for piece in self._content:
            missing -= len(piece)
            if missing < 0:
                break
            yield piece
        if missing:
            raise ValueError("the file is not as long as was said")


def _part(boundary: str, name: str, filename: str = "", content_type: str = "") -> str:
    disposition = f'form-data; name="{name}"'
    if not filename:
        return f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return (
        f"--{boundary}\r\nContent-Disposition: {disposition}; "
        f'filename="{_quoted(filename)}"\r\nContent-Type: {_one_line(content_type)}\r\n\r\n'
    )


def _quoted(filename: str) -> str:
    """As browsers do it."""
    return _one_line(filename).replace('"', "%22")


def _one_line(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
