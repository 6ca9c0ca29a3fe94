"""Plans in versions: a draft, the one in force, and those that were."""

from collections.abc import Collection, Sequence
from datetime import datetime

from wxdesk.desk.routing import plans
from wxdesk.desk.routing.errors import PlanInvalid
from wxdesk.desk.routing.model import DISPATCH, PlanVersion
from wxdesk.desk.routing.plan import Plan, Route
from wxdesk.desk.words import BadPattern, Match, require_pattern
from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Unit
from wxdesk.store.database import take_turn

MOST_ROUTES = 100


class NoDraft(NotFound):
    """There is nothing to publish."""

    code = "no_draft"


class DraftChanged(Conflict):
    """Somebody has changed the draft meanwhile: read it again."""

    code = "draft_changed"


async def keep_draft(
    unit: Unit, plan: Plan, *, note: str, by_id: int, version: int | None, now: datetime
) -> PlanVersion:
    """Write the draft, beginning one where there is none.

    Args:
        unit: Of an admin.
        plan: What it is to say.
        note: What it is for.
        by_id: Whose it is.
        version: The one it was made from; None: there was none.
        now: When.

    Raises:
        PlanInvalid: It cannot be right.
        DraftChanged: Somebody was faster.
    """
    require_sound(plan)
    await take_turn(unit, "plans")
    draft = await plans.draft(unit)
    if (draft.version if draft else None) != version:
        raise DraftChanged("somebody has changed the draft meanwhile")
    if draft is None:
        draft = PlanVersion(made_at=now, by_id=by_id, note=note, doc=plan.as_json())
        unit.session.add(draft)
    draft.made_at, draft.by_id, draft.note, draft.doc = now, by_id, note, plan.as_json()
    await unit.session.flush()
    return draft


async def drop_draft(unit: Unit) -> None:
    """Throw the draft away, if there is one."""
    await take_turn(unit, "plans")
    if draft := await plans.draft(unit):
        await unit.session.delete(draft)


async def publish(unit: Unit, *, by_id: int, now: datetime) -> PlanVersion:
    """From now on the draft is in force; whoever waits keeps what they were promised.

    Raises:
        NoDraft: There is none.
    """
    await take_turn(unit, "plans")
    draft = await plans.draft(unit)
    if draft is None:
        raise NoDraft("there is no draft")
    draft.published_at, draft.by_id = now, by_id
    await unit.session.flush()
    unit.wake(DISPATCH)
    return draft


async def publish_again(unit: Unit, plan_id: int, *, by_id: int, now: datetime) -> PlanVersion:
    """An older plan is in force again, as a version of its own.

    Raises:
        NotFound: There is no such version.
    """
    await take_turn(unit, "plans")
    older = await unit.session.get(PlanVersion, plan_id)
    if older is None or older.published_at is None:
        raise NotFound(f"there is no published plan {plan_id}")
    again = PlanVersion(made_at=now, by_id=by_id, published_at=now, note=older.note, doc=older.doc)
    unit.session.add(again)
    await unit.session.flush()
    unit.wake(DISPATCH)
    return again


def require_sound(plan: Plan) -> None:
    """Raise PlanInvalid unless a plan can be right."""
    if len(plan.routes) > MOST_ROUTES:
        raise PlanInvalid("there are too many rules", problem="routes", most=MOST_ROUTES)
    if plan.suspect_seconds > plan.lost_seconds:
        raise PlanInvalid("whoever is lost is suspect before", problem="silence")
    for route in plan.routes:
        if route.match is Match.REGEX:
            for word in route.words:
                try:
                    require_pattern(word)
                except BadPattern as bad:
                    raise PlanInvalid(
                        f"not a pattern: {bad}", problem="pattern", word=word
                    ) from None


def conflicts(routes: Sequence[Route]) -> Collection[tuple[int, int]]:
    """Rules that can never decide, each with the one before it that always does, by place."""
    found = []
    for place, route in enumerate(routes):
        for before, other in enumerate(routes[:place]):
            if route.enabled and other.enabled and _covers(other, route):
                found.append((place, before))
                break
    return found


def _covers(other: Route, route: Route) -> bool:
    """Whether whatever fits ``route`` fits ``other`` as well, as far as that can be told."""
    for name in ("account_ids", "keys", "scenes", "level_ids", "tag_ids"):
        wide, narrow = getattr(other, name), getattr(route, name)
        if wide and not (narrow and narrow <= wide):
            return False
    if other.words and not (
        other.match is route.match and route.words and set(route.words) <= set(other.words)
    ):
        return False
    same_time = (other.hours, other.calendar_id) == (route.hours, route.calendar_id)
    return other.hours is type(other.hours).ANY or same_time
