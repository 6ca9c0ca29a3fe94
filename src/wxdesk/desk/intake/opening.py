"""Conversations are opened: with the level of their contact, in the group that the plan says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from wxdesk.desk import contacts, conversations, levels, routing
from wxdesk.desk.answers import What
from wxdesk.desk.contacts import Contact, Tag, TagKey
from wxdesk.desk.conversations import Conversation, Opening
from wxdesk.desk.intake.occasions import occasion_of
from wxdesk.desk.routing import Arrival
from wxdesk.store import Unit
from wxdesk.wechat import Push


async def open_all(
    unit: Unit,
    people: Mapping[int, Contact],
    asking: Mapping[int, Push | None],
    *,
    now: datetime,
) -> Sequence[Conversation]:
    """Open a conversation for each of these contacts, and let it wait for a person.

    Args:
        unit: Of the intake.
        people: The contacts, locked.
        asking: By contact, the push that asked for it; None: what WeChat Pay posted.
        now: When.
    """
    await levels.evaluate(unit, people.values(), now=now)
    terms = await routing.read_terms(unit)
    level_ids = {each.id: terms.level_or_default(each.level_id) for each in people.values()}
    tags = await contacts.tags_of(unit, people.values())
    full = await routing.full_groups(unit, terms)
    homes = {
        contact.id: routing.home_of(
            _arrival(asking[contact.id], contact, level_ids[contact.id], tags),
            terms,
            now,
            full=full,
        )
        for contact in people.values()
    }
    openings = [Opening(people[each], homes[each].group_id, level_ids[each]) for each in asking]
    opened = await conversations.open(unit, openings, now=now)
    await conversations.adopt_strays(unit, opened)
    waiting = [(talk, people[talk.contact_id], homes[talk.contact_id]) for talk in opened]
    await routing.begin(unit, waiting, terms, now=now)
    return opened


def _arrival(
    push: Push | None, contact: Contact, level_id: int, tags: Mapping[TagKey, Tag]
) -> Arrival:
    """What a conversation begins with, as the rules of routing ask for it."""
    occasion = occasion_of(push) if push else None
    is_menu = occasion is not None and occasion.what is What.MENU
    carried = [tags.get((contact.account_id, wechat_id)) for wechat_id in contact.tag_ids]
    key = occasion.key if occasion else ""
    return Arrival(
        account_id=contact.account_id,
        level_id=level_id,
        tag_ids=frozenset(tag.id for tag in carried if tag),
        text=occasion.text if occasion else "",
        key=key if is_menu else "",
        scene=(not is_menu and key) or contact.qr_scene or "",
    )
