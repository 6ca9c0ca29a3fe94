"""What can go wrong at the desk, said once.

Every error that a person or a program may meet is a subclass of one *kind*:

* NotFound     there is no such thing, or this agent may not know of it
* Invalid      the request cannot be right, whatever the state
* Forbidden    the agent is known but may not do this
* Conflict     it was right, but the state has moved on
* Unavailable  try again later; nothing is wrong with the request

The kind alone decides the HTTP status (``web/problems.py``) and the exit code (``cli``).
"""

from typing import ClassVar

Fact = str | int | bool | None


class DeskError(Exception):
    """Base of every error that wxdesk raises on purpose.

    ``code`` is a stable name that clients and translations key on; the message is for logs.

    Args:
        message: One sentence for the log and for the API's ``detail``.
        **facts: JSON-able values a client may need to explain the error to a person.
    """

    code: ClassVar[str] = "desk_error"

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.facts = facts


class NotFound(DeskError):
    """There is no such thing, or the agent may not know of it."""

    code = "not_found"


class Invalid(DeskError):
    """The request cannot be right, whatever the state."""

    code = "invalid"


class Forbidden(DeskError):
    """The agent is known but may not do this."""

    code = "forbidden"


class Conflict(DeskError):
    """It was right, but the state has moved on."""

    code = "conflict"


class Unavailable(DeskError):
    """Try again later; nothing is wrong with the request."""

    code = "unavailable"
