"""Numbers of people as they are shown to whoever need not know them: 138****5678. Pure."""

import re

_FIRST, _LAST = 3, 4
_IN_TEXT = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[Xx]|[0-9]{15,19})(?![0-9Xx])")
"""A mobile number of China, an identity card's, or a bank card's."""


def covered(number: str) -> str:
    """A number with its middle covered; of a short one only the end is left."""
    if len(number) < _FIRST + _LAST + 2:
        return "****" + number[-2:]
    return f"{number[:_FIRST]}****{number[-_LAST:]}"


def covered_text(text: str) -> str:
    """A text in which what looks like such a number is covered."""
    return _IN_TEXT.sub(lambda found: covered(found[0]), text)
