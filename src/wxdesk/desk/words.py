"""Whether a text holds one of the words of a rule; what is typed to find a name. Pure.

Patterns are RE2's, which reads a text once from end to end, whatever the pattern: none can take
longer than its length times the text's. Both are bounded all the same, and so is what a pattern may
become in memory.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

import re2
from pypinyin import Style, lazy_pinyin

LONGEST_PATTERN = 200
LONGEST_TEXT = 1_000
"""In characters: of a longer text only its beginning is looked at."""

MOST_BYTES = 1 << 20
"""That RE2 may use for one pattern."""


class Match(StrEnum):
    """How a keyword is looked for."""

    EXACT = "exact"  # it is the whole text
    CONTAINS = "contains"
    REGEX = "regex"


class BadPattern(Exception):
    """Not an error of ours: what an operator wrote is no pattern, or too large a one."""


def matches(match: Match, words: Iterable[str], text: str) -> bool:
    """Whether one of the words is there, whatever the case and the width of letters."""
    said = _plain(text[:LONGEST_TEXT])
    match match:
        case Match.EXACT:
            return any(_plain(word) == said for word in words)
        case Match.CONTAINS:
            return any(_plain(word) in said for word in words)
        case Match.REGEX:
            return any(_found(word, text[:LONGEST_TEXT]) for word in words)


def require_pattern(pattern: str) -> None:
    """Raise BadPattern unless RE2 takes it."""
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"longer than {LONGEST_PATTERN} characters")
    _compiled(pattern)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _found(pattern: str, text: str) -> bool:
    try:
        return _compiled(pattern).search(text) is not None
    except BadPattern:
        return False  # an older desk took it


@lru_cache(512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = MOST_BYTES
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        why = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise BadPattern(why) from None


def found_by(name: str) -> str:
    """What is typed to find it: its pinyin as one word, and the initials."""
    return " ".join(
        "".join(lazy_pinyin(name, style=style)).lower().replace(" ", "")
        for style in (Style.NORMAL, Style.FIRST_LETTER)
    )
