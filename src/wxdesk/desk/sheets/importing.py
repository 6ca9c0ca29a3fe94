"""Rows of a file are checked, or taken over: a batch, and how far it came, are one unit.

Whatever is so already is left alone, so a row that is gone through twice changes nothing the second
time. A row with anything wrong in it changes nothing at all. Nobody is added: only WeChat knows who
follows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk import accounts, contacts, fields, levels
from wxdesk.desk.accounts import Account
from wxdesk.desk.contacts import Contact, LevelSource, Tag
from wxdesk.desk.fields import Field, FieldInvalid, Kind
from wxdesk.desk.levels import Claim
from wxdesk.desk.sheets import targets
from wxdesk.desk.sheets.actions import changed, still_at
from wxdesk.desk.sheets.model import MOST_PROBLEMS, Sheet, SheetProblem, SheetState
from wxdesk.desk.sheets.reading import Row
from wxdesk.desk.sheets.writing import plain
from wxdesk.store import Unit
from wxdesk.wechat import limits

LONGEST_REMARK = 60
_BETWEEN_TAGS = re.compile(r"[;；,，、|]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")

Family = Sequence[Contact]


class _Wrong(Exception):
    """A cell cannot be taken; ``code`` is a stable word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may name."""

    columns: Sequence[str | None]
    account: Account
    by_openid: Mapping[str, Family]
    by_unionid: Mapping[str, Family]
    fields: Mapping[int, Field]
    tags: Mapping[str, Tag]
    levels: Mapping[str, int]
    given: dict[int, int]
    """The levels that imports gave before, by contact."""


@dataclass(slots=True)
class _Change:
    """What a row makes of somebody; what is so already is not in it."""

    family: Family
    remark: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    level_id: int | None = None

    @property
    def is_nothing(self) -> bool:
        return self.remark is None and not (self.values or self.tags or self.level_id)


async def import_rows(
    unit: Unit, claimed: Sheet, rows: Sequence[Row], *, now: datetime, lease: timedelta
) -> bool:
    """Check rows, or take them over, and move on behind them.

    Args:
        unit: Of the worker.
        claimed: The sheet, as it was when it was claimed; it moves on with the row.
        rows: Those behind its cursor; none: it is at its end.
        now: When.
        lease: How long the worker has for the next ones.

    Returns:
        Whether to go on: not when it was stopped, somebody else has taken over, or it is at its
        end.
    """
    sheet = await still_at(unit, claimed)
    if sheet is None:
        return False
    dry = sheet.state is SheetState.CHECKING
    if rows:
        tally = await _go_through(unit, sheet, rows, dry=dry, now=now)
        sheet.tally = dict(Counter(sheet.tally) + tally)
        sheet.cursor += len(rows)
        sheet.done, sheet.due_at = sheet.cursor, now + lease
    else:
        sheet.end(SheetState.CHECKED if dry else SheetState.DONE, now)
        sheet.finished_at = None if dry else now
    await changed(unit, sheet)
    return bool(rows)


async def _go_through(
    unit: Unit, sheet: Sheet, rows: Sequence[Row], *, dry: bool, now: datetime
) -> Counter[str]:
    known = await _known(unit, sheet, rows)
    tally: Counter[str] = Counter()
    touched: dict[int, Contact] = {}
    room = MOST_PROBLEMS - sheet.tally.get("problems", 0)
    for row in rows:
        change, problems = _read(row, known)
        if change is None:
            tally["wrong"] += 1
            tally["problems"] += len(problems)
            unit.session.add_all(
                SheetProblem(sheet_id=sheet.id, line=row.line, place=place, code=code)
                for place, code in problems[: max(0, room)]
            )
            room -= len(problems)
            continue
        tally["same" if change.is_nothing else "changed"] += 1
        if not dry and not change.is_nothing:
            await _apply(unit, change, known, by_id=sheet.by_id, now=now)
            touched |= {each.id: each for each in change.family}
    await unit.session.flush()
    await levels.evaluate(unit, touched.values(), now=now)
    return tally


async def _known(unit: Unit, sheet: Sheet, rows: Sequence[Row]) -> _Known:
    columns: Sequence[str | None] = sheet.wish["columns"]
    account = await accounts.get(unit, sheet.wish["account_id"])
    named = {
        target: {plain(row.cells[at]) for row in rows} - {""}
        for at, target in enumerate(columns)
        if target in targets.NAMES
    }
    found = await contacts.find_named(
        unit, account.id, named.get("openid", ()), named.get("unionid", ())
    )
    ids = [family[0].id for family in found]
    claims = await levels.grants_of(unit, ids)
    return _Known(
        columns=columns,
        account=account,
        by_openid={family[0].openid: family for family in found},
        by_unionid={family[0].unionid: family for family in found if family[0].unionid},
        fields=await fields.by_ids(unit, {targets.field_of(each or "") for each in columns}),
        tags={tag.name: tag for tag in await contacts.list_tags(unit, account.id)},
        levels={level.name: level.id for level in await levels.list_levels(unit)},
        given={
            contact_id: claim.level_id
            for contact_id, of_contact in claims.items()
            for claim in of_contact
            if claim.source is LevelSource.IMPORT
        },
    )


def _read(row: Row, known: _Known) -> tuple[_Change | None, list[tuple[int, str]]]:
    """What a row makes of somebody; None, and the columns that are wrong, where it is not taken."""
    try:
        change = _Change(_whose(row, known))
    except _Wrong as wrong:
        place = next(at for at, each in enumerate(known.columns) if each in targets.NAMES)
        return None, [(place, wrong.code)]
    problems = []
    for place, (target, cell) in enumerate(zip(known.columns, row.cells, strict=True)):
        if target is None or target in targets.NAMES or cell == "":
            continue
        try:
            _take(change, target, plain(cell), known)
        except _Wrong as wrong:
            problems.append((place, wrong.code))
        except FieldInvalid as wrong:
            problems.append((place, wrong.code))
    return (None, problems) if problems else (change, [])


def _whose(row: Row, known: _Known) -> Family:
    named = dict(zip(known.columns, map(plain, row.cells), strict=True))
    openid, unionid = named.get("openid", ""), named.get("unionid", "")
    if not openid and not unionid:
        raise _Wrong("nobody_named")
    family = known.by_openid.get(openid) if openid else known.by_unionid.get(unionid)
    if family is None:
        raise _Wrong("unknown_customer")
    return family


def _take(change: _Change, target: str, cell: str, known: _Known) -> None:
    contact = change.family[0]
    match target:
        case "remark":
            if len(cell) > LONGEST_REMARK:
                raise _Wrong("remark_too_long")
            change.remark = cell if cell != contact.remark else None
        case "tags":
            change.tags = list(_new_tags(contact, cell, known))
        case "level":
            if cell not in known.levels:
                raise _Wrong("unknown_level")
            given = known.given.get(contact.id)
            change.level_id = known.levels[cell] if known.levels[cell] != given else None
        case _:
            number = targets.field_of(target)
            if number not in known.fields:
                raise _Wrong("field_invalid")  # it was retired meanwhile
            value = known.fields[number].read(_typed(known.fields[number].kind, cell))
            if contact.fields.get(str(number)) != value:
                change.values[str(number)] = value


def _new_tags(contact: Contact, cell: str, known: _Known) -> Iterator[Tag]:
    """Those that somebody does not carry yet; nothing is taken from them."""
    names = {name.strip() for name in _BETWEEN_TAGS.split(cell)} - {""}
    if names - known.tags.keys():
        raise _Wrong("unknown_tag")
    new = [known.tags[name] for name in sorted(names)]
    new = [tag for tag in new if tag.wechat_id not in contact.tag_ids]
    if new and not known.account.sync_tags:
        raise _Wrong("tags_not_synced")
    if len(contact.tag_ids) + len(new) > limits.TAGS_PER_USER:
        raise _Wrong("too_many_tags")
    yield from new


def _typed(kind: Kind, cell: str) -> str | float:
    """A cell as the field takes it, or as it stands there, which the field then refuses."""
    if kind is Kind.NUMBER:
        try:
            return float(cell.replace(",", ""))
        except ValueError:
            return cell
    if kind is Kind.DATE and (day := _DAY.fullmatch(cell)):
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    return cell


async def _apply(unit: Unit, change: _Change, known: _Known, *, by_id: int, now: datetime) -> None:
    contact = change.family[0]
    if change.remark is not None:
        await contacts.call(unit, change.family, change.remark, by_id=by_id, now=now)
    if change.values:
        await contacts.keep_values(unit, change.family, change.values, by_id=by_id, now=now)
    if change.tags:
        had = [tag for tag in known.tags.values() if tag.wechat_id in contact.tag_ids]
        wanted = [*had, *change.tags]
        await contacts.give_tags(unit, contact, known.account, wanted, had, by_id=by_id, now=now)
    if change.level_id is not None:
        claim = Claim(change.level_id, LevelSource.IMPORT, by_id=by_id)
        await levels.give(unit, contact.id, claim, now=now)
        known.given[contact.id] = change.level_id
