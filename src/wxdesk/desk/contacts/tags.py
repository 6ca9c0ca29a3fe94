"""Tags (标签): an account's list of them, and who carries which."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select, tuple_

from wxdesk.desk import accounts
from wxdesk.desk.contacts.model import Contact, Tag
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.wechat import Tag as PlatformTag

TAGS = "tags"
"""The loop that reads the lists of tags again."""

MOST_NAMED = 50

TagKey = tuple[int, int]
"""An account's id and WeChat's id of a tag."""


async def list_tags(unit: Unit, account_id: int) -> Sequence[Tag]:
    """An account's tags in WeChat's order; a hundred at most."""
    query = select(Tag).where(Tag.account_id == account_id).order_by(Tag.wechat_id)
    return (await unit.session.scalars(query)).all()


async def get_tag(unit: Unit, tag_id: int) -> Tag:
    tag = await unit.session.scalar(unit.locking(select(Tag).where(Tag.id == tag_id)))
    if tag is None:
        raise NotFound(f"there is no tag {tag_id}")
    return tag


async def tags_by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Tag]:
    return (await unit.session.scalars(select(Tag).where(Tag.id.in_(ids)))).all()


async def tags_named(unit: Unit, name: str) -> Sequence[Tag]:
    """Tags whose names hold this, of all accounts."""
    query = select(Tag).where(Tag.name.icontains(name, autoescape=True)).order_by(Tag.id)
    return (await unit.session.scalars(query.limit(MOST_NAMED))).all()


async def tags_of(unit: Unit, people: Iterable[Contact]) -> dict[TagKey, Tag]:
    """The tags that any of these contacts carries, as far as they are known."""
    keys = {(each.account_id, wechat_id) for each in people for wechat_id in each.tag_ids}
    if not keys:
        return {}
    found = await unit.session.scalars(
        select(Tag).where(tuple_(Tag.account_id, Tag.wechat_id).in_(keys))
    )
    return {(tag.account_id, tag.wechat_id): tag for tag in found}


async def record_tags(unit: Unit, account_id: int, told: Collection[PlatformTag]) -> None:
    """Make the list of an account what WeChat told; ids here stay with ids there."""
    known = await _keep(unit, account_id, told)
    gone = known.keys() - {each.id for each in told}
    await unit.session.execute(
        delete(Tag).where(Tag.account_id == account_id, Tag.wechat_id.in_(gone)),
        execution_options={"synchronize_session": False},
    )


async def add_tag(unit: Unit, account_id: int, made: PlatformTag) -> Tag:
    """Note a tag that WeChat has just made, and may have told of already."""
    return (await _keep(unit, account_id, [made]))[made.id]


async def delete_tag(unit: Unit, tag_id: int) -> None:
    """Forget a tag that WeChat has deleted; nobody is shown with it any more."""
    await unit.session.execute(delete(Tag).where(Tag.id == tag_id))


async def _keep(unit: Unit, account_id: int, told: Collection[PlatformTag]) -> dict[int, Tag]:
    """The account's tags by WeChat's ids, these among them as they were told.

    The account is locked: several may hear of the same new tag at once.
    """
    await accounts.lock(unit, account_id)
    known = {tag.wechat_id: tag for tag in await list_tags(unit, account_id)}
    for each in told:
        tag = known.setdefault(each.id, Tag(account_id=account_id, wechat_id=each.id))
        tag.name, tag.count = each.name, each.count
        unit.session.add(tag)
    await unit.session.flush()
    return known
