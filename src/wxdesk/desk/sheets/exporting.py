"""Customers are written to a file, a page at a time, by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wxdesk.desk import accounts, contacts, fields, levels
from wxdesk.desk.contacts import Contact, Wanted
from wxdesk.desk.fields import SECRET, Field
from wxdesk.desk.sheets.actions import add_part, changed, still_at
from wxdesk.desk.sheets.model import FileRole, Part, Sheet, SheetState
from wxdesk.desk.sheets.words import HEADINGS
from wxdesk.desk.sheets.writing import Cell
from wxdesk.store import Unit

_COLUMNS = (
    *("openid", "unionid", "account", "remark", "level", "tags"),
    *("following", "blacklisted", "first_seen", "last_seen"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, with the header above the first ones, and the contact that stands last."""

    rows: Sequence[Sequence[Cell]]
    count: int
    last_id: int


async def export_page(unit: Unit, sheet: Sheet, *, limit: int) -> Page:
    """The next customers of an export; none: it is at its end."""
    wish = sheet.wish
    found = await contacts.list_after(
        unit,
        Wanted.of_json(wish["wanted"]),
        default_level_id=(await levels.default(unit)).id,
        among=wish["ids"],
        after_id=sheet.cursor,
        limit=limit,
    )
    kept = await fields.list_fields(unit)
    rows = await _rows(unit, found, kept, wish)
    if sheet.cursor == 0:
        words = HEADINGS[wish["language"]]
        rows.insert(0, [*(words[each] for each in _COLUMNS), *(each.name for each in kept)])
    return Page(rows, len(found), found[-1].id if found else sheet.cursor)


async def record_page(
    unit: Unit, claimed: Sheet, page: Page, part: Part | None, *, now: datetime, lease: timedelta
) -> bool:
    """Add a page to the file and move on behind it; both in this unit.

    Returns:
        Whether to go on: not when it was stopped, somebody else has taken over, or it is at its
        end.
    """
    found = await still_at(unit, claimed)
    if found is None:
        return False
    if part is not None:
        add_part(unit, found, FileRole.RESULT, part)
    found.cursor, found.done = page.last_id, found.done + page.count
    found.due_at = now + lease
    if not page.count:
        found.total = found.done
        found.end(SheetState.DONE, now)
    await changed(unit, found)
    return page.count > 0


async def _rows(
    unit: Unit,
    found: Sequence[Contact],
    kept: Sequence[Field],
    wish: Mapping[str, Any],
) -> list[list[Cell]]:
    words, uncovered = HEADINGS[wish["language"]], wish["uncovered"]
    zone = ZoneInfo(wish.get("timezone", "UTC"))  # what an older version began says none
    tags = await contacts.tags_of(unit, found)
    counting = await levels.effective(unit, found)
    owners = await accounts.by_ids(unit, {each.account_id for each in found})

    def flag(on: bool) -> str:
        return words["yes"] if on else words["no"]

    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    def value(contact: Contact, field: Field) -> Cell:
        told: Cell = contact.fields.get(str(field.id), "")
        covers = not uncovered and field.kind in SECRET and isinstance(told, str) and told != ""
        return fields.covered(told) if covers and isinstance(told, str) else told

    def row(contact: Contact) -> list[Cell]:
        carried = [tags.get((contact.account_id, each)) for each in contact.tag_ids]
        remark = contact.remark if uncovered else fields.covered_text(contact.remark)
        return [
            contact.openid,
            contact.unionid or "",
            owners[contact.account_id].name,
            remark,
            counting[contact.id].name,
            ";".join(tag.name for tag in carried if tag),
            flag(contact.following),
            flag(contact.blacklisted_at is not None),
            moment(contact.first_seen_at),
            moment(contact.last_seen_at),
            *(value(contact, field) for field in kept),
        ]

    return [row(each) for each in found]
