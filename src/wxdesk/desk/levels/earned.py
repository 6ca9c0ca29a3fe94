"""Which level counts for a contact, and why. Pure.

By hand overrides all else; otherwise the best of whatever counts now, and the default where nothing
does. What was granted for a level that has been retired counts no more.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from wxdesk.desk.contacts import LevelSource
from wxdesk.desk.fields import Condition

Standing = tuple[int | None, LevelSource | None, datetime | None]
"""The level that counts for a contact, why, and until when."""


@dataclass(frozen=True, slots=True)
class Earned:
    """How a level is earned beside by hand and API.

    Attributes:
        tag_ids: The desk's ids of tags (标签): whoever carries one of them.
        scenes: Scenes of QR codes: whoever followed by one of them.
        conditions: Of fields: for whom one of them holds.
    """

    tag_ids: frozenset[int] = frozenset()
    scenes: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            frozenset(kept.get("tag_ids", ())),
            frozenset(kept.get("scenes", ())),
            tuple(map(Condition.of_json, kept.get("conditions", ()))),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "tag_ids": sorted(self.tag_ids),
            "scenes": sorted(self.scenes),
            "conditions": [each.as_json() for each in self.conditions],
        }


@dataclass(frozen=True, slots=True)
class Rung:
    """A level, as far as it is chosen among others."""

    id: int
    rank: int
    earned: Earned = field(default_factory=Earned)


@dataclass(frozen=True, slots=True)
class Claim:
    """A level, and what speaks for it.

    Attributes:
        until: It counts no longer; None: for good.
        note: What was noted when it was granted.
        by_id: Who granted it.
    """

    level_id: int
    source: LevelSource
    until: datetime | None = None
    note: str = ""
    by_id: int | None = None

    @property
    def kept(self) -> Standing:
        """As it stands on a contact: the default is not written, for it may become another."""
        if self.source is LevelSource.DEFAULT:
            return None, None, None
        return self.level_id, self.source, self.until


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels that are not retired, and which of them is the default."""

    rungs: Mapping[int, Rung]
    default_id: int

    @classmethod
    def of(cls, rungs: Iterable[Rung], default_id: int) -> Self:
        return cls({rung.id: rung for rung in rungs}, default_id)

    @property
    def asks_tags(self) -> bool:
        return any(rung.earned.tag_ids for rung in self.rungs.values())


def choose(
    ladder: Ladder,
    granted: Iterable[Claim],
    *,
    tag_ids: Collection[int] = (),
    scene: str = "",
    fields: Mapping[str, Any] = MappingProxyType({}),
    now: datetime,
) -> Claim:
    """Find the level that counts.

    Of several claims to the same level the one that lasts longest counts, then the one that comes
    first among the sources.

    Args:
        ladder: The levels.
        granted: What the contact was given; what is over or gone is left out here.
        tag_ids: The desk's ids of the tags that they carry.
        scene: Of the code by which they followed.
        fields: What is kept of them, by the number of the field as text.
        now: When.
    """
    valid = [claim for claim in granted if _counts(claim, ladder, now)]
    if pins := [claim for claim in valid if claim.source is LevelSource.HAND]:
        return min(pins, key=lambda claim: _order(claim, ladder))
    claims = [*valid, *_earned(ladder, frozenset(tag_ids), scene, fields)]
    default = Claim(ladder.default_id, LevelSource.DEFAULT)
    return min(claims, key=lambda claim: _order(claim, ladder), default=default)


def best(ladder: Ladder, claims: Collection[Claim]) -> Claim:
    """The one that counts for somebody with several contacts, of those that count for each."""
    pins = [claim for claim in claims if claim.source is LevelSource.HAND]
    return min(pins or claims, key=lambda claim: _order(claim, ladder))


def _counts(claim: Claim, ladder: Ladder, now: datetime) -> bool:
    return claim.level_id in ladder.rungs and (claim.until is None or claim.until > now)


def _earned(
    ladder: Ladder, tag_ids: frozenset[int], scene: str, fields: Mapping[str, Any]
) -> Iterator[Claim]:
    for rung in ladder.rungs.values():
        if rung.earned.tag_ids & tag_ids:
            yield Claim(rung.id, LevelSource.TAG)
        if scene and scene in rung.earned.scenes:
            yield Claim(rung.id, LevelSource.SCENE)
        if any(condition.holds(fields) for condition in rung.earned.conditions):
            yield Claim(rung.id, LevelSource.FIELD)


_SOURCES = list(LevelSource)


def _order(claim: Claim, ladder: Ladder) -> tuple[int, bool, float, int]:
    lasts = claim.until.timestamp() if claim.until else 0.0
    source = _SOURCES.index(claim.source)
    return ladder.rungs[claim.level_id].rank, claim.until is not None, -lasts, source
