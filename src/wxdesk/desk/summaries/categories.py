"""Administrators keep the tree of categories. What was used once is retired, never thrown away."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from wxdesk.desk.summaries import queries
from wxdesk.desk.summaries.model import (
    DEEPEST,
    LONGEST_NAME,
    MOST_CATEGORIES,
    CategoriesChanged,
    Category,
    CategoryInvalid,
    CategoryNameTaken,
    TooManyCategories,
)
from wxdesk.desk.words import found_by
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def add(unit: Unit, name: str, *, parent_id: int | None) -> Category:
    """Add one behind those beside it.

    Raises:
        CategoryInvalid: It has no name, is too deep, or there is none that it could be below.
        CategoryNameTaken: One beside it is called so.
        TooManyCategories: There are as many as there may be.
    """
    known = await queries.lock_categories(unit)
    if len(known) >= MOST_CATEGORIES:
        raise TooManyCategories("there are enough of them", most=MOST_CATEGORIES)
    parent = known.get(parent_id or 0)
    if parent_id is not None and (parent is None or parent.retired_at is not None):
        raise CategoryInvalid("there is no such category", problem="parent")
    if parent is not None and len(list(_up_from(known, parent))) >= DEEPEST:
        raise CategoryInvalid("too deep", problem="depth", most=DEEPEST)
    last = max((each.place for each in _beside(known, parent_id)), default=0)
    category = Category(parent_id=parent_id, place=last + 1)
    _call(known, category, name)
    unit.session.add(category)
    await unit.session.flush()
    return category


async def rename(unit: Unit, category_id: int, name: str) -> Category:
    """Call it otherwise, in what was summed up as well.

    Raises:
        NotFound: There is no such category.
        CategoryInvalid: That is no name.
        CategoryNameTaken: One beside it is called so.
    """
    known = await queries.lock_categories(unit)
    category = _of(known, category_id)
    _call(known, category, name)
    await unit.session.flush()
    return category


async def put_in_order(unit: Unit, parent_id: int | None, ids: Sequence[int]) -> None:
    """Show those below one, or those at the top, in this order.

    Raises:
        CategoriesChanged: These are not all of them.
    """
    known = await queries.lock_categories(unit)
    beside = {each.id: each for each in _beside(known, parent_id) if each.retired_at is None}
    if sorted(beside) != sorted(ids):
        raise CategoriesChanged("these are not all of them")
    for place, category_id in enumerate(ids, start=1):
        beside[category_id].place = place
    await unit.session.flush()


async def retire(unit: Unit, category_id: int, *, now: datetime) -> None:
    """Nobody can choose it any more, nor those below it; of them, what was never used is gone.

    Raises:
        NotFound: There is no such category.
    """
    known = await queries.lock_categories(unit)
    top = _of(known, category_id)
    used = await queries.uses(unit)
    kept: set[int] = set()
    for each in reversed([top, *_down_from(known, top)]):
        if each.id in used or each.id in kept:
            each.retired_at = each.retired_at or now
            kept.add(each.parent_id or 0)
        else:
            await unit.session.delete(each)
            await unit.session.flush()
    await unit.session.flush()


async def bring_back(unit: Unit, category_id: int) -> Category:
    """It can be chosen again, and so can what it is below.

    Raises:
        NotFound: There is no such category.
        CategoryNameTaken: Another one beside it is called so by now.
    """
    known = await queries.lock_categories(unit)
    category = _of(known, category_id)
    for each in _up_from(known, category):
        each.retired_at = None
        _call(known, each, each.name)
    await unit.session.flush()
    return category


def _call(known: Mapping[int, Category], category: Category, name: str) -> None:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise CategoryInvalid("it needs a name", problem="name", most=LONGEST_NAME)
    for other in _beside(known, category.parent_id):
        if other is not category and other.name == name and other.retired_at is None:
            raise CategoryNameTaken("another one beside it is called so")
    category.name, category.find = name, found_by(name)


def _beside(known: Mapping[int, Category], parent_id: int | None) -> list[Category]:
    return [each for each in known.values() if each.parent_id == parent_id]


def _up_from(known: Mapping[int, Category], category: Category) -> Iterator[Category]:
    """It and all above it."""
    at: Category | None = category
    while at is not None:
        yield at
        at = known.get(at.parent_id or 0)


def _down_from(known: Mapping[int, Category], category: Category) -> Iterator[Category]:
    """All below it, each before those below itself."""
    for each in _beside(known, category.id):
        yield each
        yield from _down_from(known, each)


def _of(known: Mapping[int, Category], category_id: int) -> Category:
    if category_id not in known:
        raise NotFound(f"there is no category {category_id}")
    return known[category_id]
