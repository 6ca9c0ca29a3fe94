"""Texts in pieces, as the index keeps them and as it is asked for them. Pure.

Chinese has no blanks: of a run of such characters every two that stand side by side are a piece
(ADR 27), and the last one alone. Of a number it is every four digits, so that any part of it finds
it. Words of other scripts are pieces themselves, found by how they begin. The shorter piece at the
end of a run also keeps two runs apart: what is found stands within one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

RULES = 1
"""Counts the ways in which texts were ever cut: another number, and all is indexed anew."""

LONGEST_TEXT = 4_000
"""In characters: of a longer text only the beginning is indexed."""

LONGEST_WORD = 32
SIZES = {"dense": 2, "digits": 4}
"""How many characters make a piece."""

_DENSE = "\u2e80-\U0010ffff"
_RUNS = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<digits>\d+)|(?P<word>[^\s\d{_DENSE}]+)")


class Phrase(NamedTuple):
    """What stands side by side where it is found.

    Attributes:
        run: As it was folded.
        kind: Of which script: dense, digits or word.
    """

    run: str
    kind: str

    @property
    def pieces(self) -> Sequence[str]:
        """Whole pieces; or, where ``begins``, one that is only the beginning of some."""
        if self.begins:
            return (self.run[:LONGEST_WORD],)
        size = SIZES[self.kind]
        return tuple(self.run[at : at + size] for at in range(len(self.run) - size + 1))

    @property
    def begins(self) -> bool:
        return len(self.run) < SIZES.get(self.kind, len(self.run) + 1)


class Part(NamedTuple):
    """A stretch of a snippet: what was found, or what stands around it."""

    text: str
    hit: bool


class _Folds(dict[int, str]):
    """What becomes of each character: width and case do not matter, what is no word is a blank."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        kept = "".join(map(_kept, unicodedata.normalize("NFKC", folded)))
        self[code] = kept
        return kept


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":  # joiners and selectors: nobody types them
        return ""
    counts = category[0] in "LMN" or (category == "So" and char >= "\u2e80")  # emoji are searched
    return char if counts else " "


_FOLDS = _Folds()


def pieces_of(text: str) -> list[str]:
    """What the index keeps of a text, in order."""
    found: list[str] = []
    for match in _RUNS.finditer(text[:LONGEST_TEXT].translate(_FOLDS)):
        run, size = match.group(), SIZES.get(match.lastgroup or "")
        if size is None:
            found.append(run[:LONGEST_WORD])
        else:
            found.extend(run[at : at + size] for at in range(len(run)))
    return found


def phrases_of(words: str) -> list[Phrase]:
    """What is asked for by some words: all of it has to be there, in any order."""
    runs = _RUNS.finditer(words.translate(_FOLDS))
    return list(dict.fromkeys(Phrase(run.group(), run.lastgroup or "") for run in runs))


def hits(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where a text answers: stretches of it, from and to, apart from each other and in order."""
    folded, origins = _folded(text)
    found = sorted(
        (origins[start], origins[end - 1] + 1)
        for phrase in phrases
        for start, end in _places(folded, phrase)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def snippet(text: str, phrases: Sequence[Phrase], *, around: int) -> list[Part]:
    """What stands around the first hit, that and the others marked; else the beginning.

    Args:
        text: Where something was found.
        phrases: What was asked for.
        around: So many characters before the first hit, and three times as many after it.
    """
    text = " ".join(text.split())
    found = hits(text, phrases)
    first = found[0][0] if found else 0
    start, end = max(0, first - around), min(len(text), first + 3 * around)
    parts, at = [Part("…", False)] if start else [], start
    for from_, to in found:
        if from_ >= end:
            break
        parts += [Part(text[at:from_], False), Part(text[from_ : min(to, end)], True)]
        at = min(to, end)
    parts.append(Part(text[at:end] + ("…" if end < len(text) else ""), False))
    return [part for part in parts if part.text]


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and which character of it each of those stands for."""
    kept = [_FOLDS[ord(char)] for char in text]
    origins = [at for at, chars in enumerate(kept) for _ in chars]
    return "".join(kept), origins


def _places(folded: str, phrase: Phrase) -> Iterator[tuple[int, int]]:
    for run in _RUNS.finditer(folded):
        if run.lastgroup != phrase.kind:
            continue
        at = run.group().find(phrase.run)
        while at >= 0 and not (at and phrase.kind == "word"):
            start = run.start() + at
            yield start, start + len(phrase.run)
            at = run.group().find(phrase.run, at + 1)
