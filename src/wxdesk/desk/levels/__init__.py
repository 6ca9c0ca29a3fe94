"""Levels (等级): what customers are promised, who has which, and why.

Several things may speak for a level: somebody chose it, a program did, a tag, a scene. The one that
counts stands on the contact, so that it is read with it; it is worked out when a conversation opens
and when something that speaks for a level changes.
"""

from wxdesk.desk.levels.actions import (
    MOST_EARNED,
    MOST_LEVELS,
    add,
    change,
    put_in_order,
    require_sound,
    retire,
)
from wxdesk.desk.levels.earned import Claim, Earned, Ladder, Rung, choose
from wxdesk.desk.levels.grants import (
    change_many,
    evaluate,
    expire,
    give,
    grant,
    join,
    part,
    revoke,
    set_fields,
    set_tags,
)
from wxdesk.desk.levels.model import (
    CHANGED,
    OVER,
    Colour,
    DefaultLevel,
    Grant,
    Level,
    LevelChange,
    LevelFacts,
    LevelInvalid,
    LevelNameTaken,
    LevelsChanged,
    TooManyLevels,
)
from wxdesk.desk.levels.queries import (
    by_ids,
    counts,
    default,
    effective,
    grants_of,
    list_changes,
    list_grants,
    list_levels,
)

__all__ = [
    "CHANGED",
    "MOST_EARNED",
    "MOST_LEVELS",
    "OVER",
    "Claim",
    "Colour",
    "DefaultLevel",
    "Earned",
    "Grant",
    "Ladder",
    "Level",
    "LevelChange",
    "LevelFacts",
    "LevelInvalid",
    "LevelNameTaken",
    "LevelsChanged",
    "Rung",
    "TooManyLevels",
    "add",
    "by_ids",
    "change",
    "change_many",
    "choose",
    "counts",
    "default",
    "effective",
    "evaluate",
    "expire",
    "give",
    "grant",
    "grants_of",
    "join",
    "list_changes",
    "list_grants",
    "list_levels",
    "part",
    "put_in_order",
    "require_sound",
    "retire",
    "revoke",
    "set_fields",
    "set_tags",
]
