"""Many contacts changed alike, or each in its own way, in a few statements for all of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wxdesk.desk import accounts
from wxdesk.desk.contacts import actions, queries, tags
from wxdesk.desk.contacts.model import Contact
from wxdesk.errors import DeskError, NotFound
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyChange:
    """What is to become of contacts; what is not said stays.

    Attributes:
        values: By the field's number; None: nothing is kept any more.
        add_tag_ids: The desk's ids; ``remove_tag_ids`` likewise.
    """

    values: Mapping[int, Any] = field(default_factory=dict)
    add_tag_ids: frozenset[int] = frozenset()
    remove_tag_ids: frozenset[int] = frozenset()


async def change_many(
    unit: Unit, ids: Collection[int], change: ManyChange, *, by_id: int | None, now: datetime
) -> tuple[dict[int, DeskError | None], list[Contact]]:
    """Change these contacts; of each that cannot be, nothing is changed.

    Returns:
        Why not, by contact, None where it was done; and everybody whose contact was changed, the
        other contacts of the same persons among them.

    Raises:
        NotFound: There is no such field.
        FieldInvalid: A field takes no such value.
    """
    wished = await actions.read_values(unit, change.values)
    families = await queries.get_families(unit, ids)
    people = [family[0] for family in families.values()]
    carried = await tags.tags_of(unit, people)
    known = {tag.id: tag for tag in await tags.tags_by_ids(unit, change.add_tag_ids)}
    owners = await accounts.by_ids(unit, {each.account_id for each in people})
    done: dict[int, DeskError | None] = {}
    changed: dict[int, Contact] = {}
    for contact_id in ids:
        family = families.get(contact_id, ())
        try:
            if not family:
                raise NotFound(f"there is no contact {contact_id}")
            if change.add_tag_ids or change.remove_tag_ids:
                contact = family[0]
                had = [tag for key, tag in carried.items() if _carries(contact, key)]
                wanted = {tag.id: tag for tag in had if tag.id not in change.remove_tag_ids}
                if missing := change.add_tag_ids - known.keys():
                    raise NotFound(f"there is no tag {min(missing)}")
                wanted |= {each: known[each] for each in change.add_tag_ids - change.remove_tag_ids}
                owner = owners[contact.account_id]
                await actions.give_tags(
                    unit, contact, owner, wanted.values(), had, by_id=by_id, now=now
                )
            if wished:
                await actions.keep_values(unit, family, wished, by_id=by_id, now=now)
            done[contact_id] = None
            changed |= {each.id: each for each in family}
        except DeskError as refused:
            done[contact_id] = refused
    return done, list(changed.values())


def _carries(contact: Contact, key: tags.TagKey) -> bool:
    return key[0] == contact.account_id and key[1] in contact.tag_ids
