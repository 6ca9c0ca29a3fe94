"""What a column of an import may hold, and what its name suggests."""

import re
from collections.abc import Mapping, Sequence

from wxdesk.desk import fields
from wxdesk.desk.sheets.model import SheetInvalid
from wxdesk.desk.sheets.words import HEADINGS
from wxdesk.store import Unit

FIELD = "field:"
"""What stands before the number of a field."""

_FIELD = re.compile(FIELD + r"([0-9]{1,17})")

NAMES = ("openid", "unionid")
FIXED = (*NAMES, "remark", "tags", "level")


def field_of(target: str) -> int:
    """The number of the field that a column holds; 0: it holds none."""
    found = _FIELD.fullmatch(target)
    return int(found[1]) if found else 0


def suggested(header: Sequence[str], known: Mapping[str, int]) -> list[str | None]:
    """What each column seems to hold, by what stands above it.

    Args:
        header: The names of the columns.
        known: The numbers of the fields, by their names.
    """
    given: set[str] = set()
    found: list[str | None] = []
    for name in header:
        target = _meant(name, known)
        found.append(None if target in given else target)
        given.add(target or "")
    return found


def _meant(name: str, known: Mapping[str, int]) -> str | None:
    if name in known:
        return f"{FIELD}{known[name]}"
    plain = name.strip().lower()
    for target in FIXED:
        if plain in {target, *(words[target].lower() for words in HEADINGS.values())}:
            return target
    return None


async def require_sound(unit: Unit, columns: Sequence[str | None], *, of: int) -> None:
    """Raise SheetInvalid unless the columns of a file can be these."""
    given = [each for each in columns if each is not None]
    if len(columns) != of or len(set(given)) < len(given):
        raise SheetInvalid("each column holds one thing, each once", problem="twice")
    if not set(given) & set(NAMES):
        raise SheetInvalid("nothing says whose a row is", problem="nobody")
    if not set(given) - set(NAMES):
        raise SheetInvalid("there is nothing to take over", problem="nothing")
    numbers = {field_of(each) for each in given if each not in FIXED}
    if numbers - (await fields.by_ids(unit, numbers)).keys():
        raise SheetInvalid("there is no such field", problem="target")
