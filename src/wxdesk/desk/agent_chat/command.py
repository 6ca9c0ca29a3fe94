"""What an agent means by a line they write in WeChat. Pure.

Forgiving about how it is typed: full-width digits and blanks, a colon, no blank after a command.
Strict about what it is: where a line may be meant for the customer it is for the customer, so
``转账已到`` and ``备货中`` are no commands; ``3 上线`` says ``上线`` to #3, whatever it looks like.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from wxdesk.desk.routing import Presence


@dataclass(frozen=True, slots=True)
class Say:
    """To the current customer, or to the one with this number."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A number and nothing else: whom a question meant, or whom to turn to."""

    number: int


@dataclass(frozen=True, slots=True)
class Switch:
    number: int


@dataclass(frozen=True, slots=True)
class Accept:
    """What was offered; without a number the only offer, or whoever is first in line."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    number: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class End:
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """To a group; ``group`` is as it was typed, empty where none was."""

    group: str
    reason: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class BePresent:
    presence: Presence


@dataclass(frozen=True, slots=True)
class ListAll:
    """What do I have?"""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The last reply, if it has not left."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can I write?"""


@dataclass(frozen=True, slots=True)
class BeCustomer:
    """From now on they write as a customer, until the conversation ends."""


@dataclass(frozen=True, slots=True)
class BeAgent:
    """They are an agent again."""


@dataclass(frozen=True, slots=True)
class Unbind:
    """They want to be a follower like any other."""


Command = (
    Say
    | Pick
    | Switch
    | Accept
    | Decline
    | End
    | Transfer
    | Note
    | BePresent
    | ListAll
    | TakeBack
    | Help
    | BeCustomer
    | BeAgent
    | Unbind
)

_WORDS: Final[dict[str, Command]] = {
    **dict.fromkeys(("列", "列表", "list"), ListAll()),
    **dict.fromkeys(("撤", "撤回", "撤销"), TakeBack()),
    **dict.fromkeys(("?", "??", "帮助", "help"), Help()),
    **dict.fromkeys(("上线",), BePresent(Presence.ONLINE)),
    **dict.fromkeys(("忙碌",), BePresent(Presence.BUSY)),
    **dict.fromkeys(("小休",), BePresent(Presence.AWAY)),
    **dict.fromkeys(("下线",), BePresent(Presence.OFFLINE)),
    **dict.fromkeys(("客户模式", "我要咨询"), BeCustomer()),
    **dict.fromkeys(("客服模式", "退出客户模式"), BeAgent()),
    **dict.fromkeys(("解绑", "解除绑定"), Unbind()),
    **dict.fromkeys(("接",), Accept()),
    **dict.fromkeys(("拒",), Decline()),
    **dict.fromkeys(("结", "结束"), End()),
}
"""Lines that are commands as they stand; none that may answer a customer, as `在线` and `L` do."""

_NUMBER = r"[#＃]?\s*(?P<number>[0-9０-９]{1,2})\s*[#＃号]?"
_BREAK = r"(?:\s*[:：]\s*|\s+)"
_THEN = r"(?:\s*[:：](?!\s*[0-9０-９])\s*|\s+)"
_PICK = re.compile(_NUMBER)
_NUMBERED = re.compile(
    rf"(?:[0-9０-９]{{1,2}}{_THEN}|[#＃]\s*[0-9０-９]{{1,2}}(?![0-9０-９]){_THEN}?)(?=\S)",
    re.DOTALL,
)
_DIGITS = re.compile(r"[0-9０-９]{1,2}")
_SWITCH = re.compile(rf"(?:切换到|切换|切到|切)\s*[:：]?\s*{_NUMBER}")
_ACCEPT = re.compile(rf"(?:接受|接)\s*[:：]?\s*{_NUMBER}")
_DECLINE = re.compile(rf"(?:拒绝|拒)\s*[:：]?\s*{_NUMBER}(?:{_BREAK}(?P<rest>\S.*))?", re.DOTALL)
_END = re.compile(rf"(?:结束|结)\s*[:：]?\s*{_NUMBER}")
_NOTE = re.compile(rf"(?:备注|备){_BREAK}(?P<rest>\S.*)", re.DOTALL)
_TRANSFER = re.compile(rf"(?:转接|转给|转){_BREAK}(?P<rest>\S.*)", re.DOTALL)
_ENDING = "。.!！~～ \t\n\u3000"


def parse(line: str, groups: Collection[str] = ()) -> Command:
    """The command that a line is; what is none is said to the current customer.

    Args:
        line: As it was written.
        groups: The names of groups: ``转售后`` needs no blank.
    """
    text = line.strip().strip("\u200b\ufeff").strip()
    if word := _WORDS.get(_plain(text)):
        return word
    if found := _PICK.fullmatch(text):
        return Pick(int(found["number"]))
    for pattern, of in ((_SWITCH, Switch), (_ACCEPT, Accept), (_END, End)):
        if found := pattern.fullmatch(text.rstrip(_ENDING)):
            return of(int(found["number"]))
    if found := _DECLINE.fullmatch(text):
        return Decline(int(found["number"]), (found["rest"] or "").strip())
    if found := _NOTE.fullmatch(text):
        return _note(found["rest"])
    return _transfer(text, groups) or _said(text)


def _plain(text: str) -> str:
    """A word without what does not change it."""
    return text.rstrip(_ENDING).replace("？", "?").casefold()


def _said(text: str) -> Say:
    number, rest = _numbered(text)
    return Say(rest, number)


def _note(rest: str) -> Note:
    number, text = _numbered(rest)
    return Note(text, number)


def _transfer(text: str, groups: Collection[str]) -> Transfer | None:
    if found := _TRANSFER.fullmatch(text):
        number, rest = _numbered(found["rest"])
        group, reason = _parted(rest)
        return Transfer(group, reason, number)
    for name in sorted(groups, key=len, reverse=True):
        close = re.fullmatch(
            rf"(?:转接|转给|转){re.escape(name)}(?:组)?(?:{_BREAK}(?P<rest>\S.*))?", text, re.DOTALL
        )
        if close:
            return Transfer(name, (close["rest"] or "").strip())
    return Transfer("") if _plain(text) == "转" else None


def _parted(rest: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    parts = re.split(_BREAK, rest, maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _numbered(text: str) -> tuple[int | None, str]:
    """The number that a text begins with, if it does, and what follows it."""
    found = _NUMBERED.match(text)
    digits = _DIGITS.search(found[0]) if found else None
    if found is None or digits is None:
        return None, text
    return int(digits[0]), text[found.end() :].strip()


def group_named(word: str, names: Collection[str]) -> list[str]:
    """Which groups a word may mean: the one of that name, else all that it is a part of."""
    wanted = word.strip().casefold().removesuffix("组")
    plain = {name: name.casefold().removesuffix("组") for name in names}
    exact = [name for name, known in plain.items() if known == wanted]
    return exact or [name for name, known in plain.items() if wanted and wanted in known]
