"""Where to cut a text that is too long for one message.

Few parts matter most, as WeChat counts replies; so a part is at least half full before a better
place for the cut is looked for: between paragraphs, lines, sentences, clauses, words, characters.
"""

import re
import unicodedata

from wxdesk.wechat.limits import TEXT_BYTES

_CLOSING = r"[\"'”’」』）)\]】》〉]*"
_PLACES = (
    re.compile(r"(?=\n[^\S\n]*\n)"),  # paragraph
    re.compile(r"(?=\n)"),  # line
    re.compile(rf"(?:[。！？!?；;…]+|\.(?=\s)){_CLOSING}"),  # sentence
    re.compile(rf"(?:[，、]|,(?!\d)){_CLOSING}"),  # clause
    re.compile(r"(?=\s)"),  # word
)
_WHOLE = re.compile(  # what would show its insides if it were cut
    r"<a\s[^<>]{0,1000}>[^<>]{0,500}</a>"
    r"|https?://[!-;=?-~]{1,1000}"
    r"|\[[^\[\]\s]{1,12}\]"  # WeChat's smileys: [微笑]
)
_LONGEST_WHOLE = 1600  # characters, as the pattern has it

_JOINER = "\u200d"


def split_text(text: str, limit_bytes: int = TEXT_BYTES) -> list[str]:
    """Cut a text into parts of at most ``limit_bytes`` of UTF-8, none of them blank.

    Put together they are the text again, but for white space where it was cut. A link, a smiley
    code or an emoji made of several characters is cut only where it alone is longer than a part.

    Args:
        text: What the agent wrote.
        limit_bytes: At least 4, the length of the longest character.
    """
    parts = []
    rest = text.encode(errors="replace").decode()  # half a surrogate pair is in no encoding
    while len(rest.encode()) > limit_bytes:
        cut = _best_cut(rest, limit_bytes)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [part for part in parts if part and not part.isspace()]


def _best_cut(text: str, limit_bytes: int) -> int:
    """Where to cut, in characters: the last good place of the best kind there is."""
    most = _chars_within(text, limit_bytes)
    least = max(1, _chars_within(text, limit_bytes // 2))
    wholes = [
        match.span()
        for match in _WHOLE.finditer(text, 0, most + _LONGEST_WHOLE)
        if len(match[0].encode()) <= limit_bytes
    ]

    def may_cut(at: int) -> bool:
        return not any(start < at < end for start, end in wholes) and not _is_joined(text, at)

    for place in _PLACES:
        ends = [match.end() for match in place.finditer(text, 0, most + 1)]
        for at in reversed(ends):
            if least <= at <= most and may_cut(at):
                return at
    return next((at for at in range(most, 0, -1) if may_cut(at)), most)


def _chars_within(text: str, limit_bytes: int) -> int:
    return len(text[:limit_bytes].encode()[:limit_bytes].decode(errors="ignore"))


def _is_joined(text: str, at: int) -> bool:
    """Whether the characters around ``at`` are shown as one (after Unicode's UAX 29)."""
    before, after = text[at - 1], text[at : at + 1]
    if not after:
        return False
    return (
        _JOINER in {before, after}
        or _continues(after)
        or before + after == "\r\n"
        or (_is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _continues(char: str) -> bool:
    """Marks, variation selectors, skin tones, tag letters, and the later parts of Hangul."""
    return (
        unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or "\u1160" <= char <= "\u11ff"
        or char == "\u200c"
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
