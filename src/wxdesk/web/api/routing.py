"""The plan of routing: who gets what, as people write it; its draft, its versions, a try-out."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from wxdesk.desk import agents, levels, routing
from wxdesk.desk.agents import Agent
from wxdesk.desk.routing import (
    Arrival,
    DraftChanged,
    Hours,
    NoDraft,
    Plan,
    PlanInvalid,
    PlanVersion,
    Pull,
    Tried,
)
from wxdesk.desk.words import Match
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.seats import Skills
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["routing"])

MOST_VERSIONS = 50
DAY = 24 * 3600

Ids = Annotated[list[RowNumber], Field(max_length=200)]
Word = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(max_length=50)]
Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Note = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, NO_NUL, StringConstraints(max_length=2000)]
Key = Annotated[str, NO_NUL, StringConstraints(max_length=200)]


class RouteDoc(BaseModel):
    """A rule; what is left empty is not asked for. The first that fits decides.

    `keys`: of menu buttons; `scenes`: of QR codes. `required`: skills with the least proficiency,
    never done without; `optional` ones are dropped when the wait gets late.
    """

    name: Name
    enabled: bool = True
    account_ids: Ids = []
    keys: Words = []
    scenes: Words = []
    words: Words = []
    match: Match = Match.CONTAINS
    level_ids: Ids = []
    tag_ids: Ids = []
    hours: Hours = Hours.ANY
    calendar_id: RowNumber | None = None
    group_id: RowNumber | None = None
    required: Skills = {}
    optional: Skills = {}


class PlanDoc(BaseModel):
    """A plan. `accept_seconds` null: agents have at once what they are given.

    `pull`: what agents may take by themselves. `answer_seconds`: what is not answered by then is
    tried elsewhere, once; null: never.
    """

    routes: Annotated[list[RouteDoc], Field(max_length=100)] = []
    accept_seconds: Annotated[int, Field(ge=5, le=300)] | None = None
    exclude_seconds: Annotated[int, Field(ge=0, le=DAY)] = 300
    ration: Annotated[int, Field(ge=2, le=1000)] = 10
    familiar_days: Annotated[int, Field(ge=0, le=365)] = 7
    whole_desk: bool = True
    pull: Pull = Pull.ANY
    blind: bool = False
    rests_after_seconds: Annotated[int, Field(ge=60, le=DAY)] = 300
    answer_seconds: Annotated[int, Field(ge=10, le=DAY)] | None = 60
    suspect_seconds: Annotated[int, Field(ge=15, le=3600)] = 30
    lost_seconds: Annotated[int, Field(ge=30, le=DAY)] = 120
    return_seconds: Annotated[int, Field(ge=0, le=DAY)] = 180
    close_after_seconds: Annotated[int, Field(ge=300, le=7 * DAY)] | None = None
    wrap_up_seconds: Annotated[int, Field(ge=5, le=60)] | None = None

    def plan(self) -> Plan:
        return Plan.of_json(self.model_dump(mode="json"))


class PlanOut(BaseModel):
    """A version. `conflicts`: rules, by place, that never decide because of one before them."""

    id: int
    version: int
    made_at: datetime
    published_at: datetime | None
    by: AgentRef | None
    note: str
    doc: PlanDoc
    conflicts: list[tuple[int, int]]

    @classmethod
    def of(cls, kept: PlanVersion, people: dict[int, Agent]) -> Self:
        plan = Plan.of_json(kept.doc)
        by = people.get(kept.by_id)
        return cls(
            id=kept.id,
            version=kept.version,
            made_at=kept.made_at,
            published_at=kept.published_at,
            by=AgentRef.of(by) if by else None,
            note=kept.note,
            doc=PlanDoc.model_validate(plan.as_json()),
            conflicts=list(routing.conflicts(plan.routes)),
        )


class RoutingOut(BaseModel):
    """`published` null: nobody has decided anything yet, and the defaults hold."""

    published: PlanOut | None
    draft: PlanOut | None
    defaults: PlanDoc
    versions: list[PlanOut]


class DraftIn(BaseModel):
    """`version`: of the draft it was made from; null: there was none."""

    doc: PlanDoc
    note: Note = ""
    version: int | None = None


class Customer(BaseModel):
    """A made-up one. `level_id` null: the default level; `at` null: now."""

    account_id: RowNumber
    level_id: RowNumber | None = None
    tag_ids: Ids = []
    text: Text = ""
    key: Key = ""
    scene: Key = ""
    at: AwareDatetime | None = None


class TryRouting(BaseModel):
    """`doc`: a plan that is not kept; null: the one in force."""

    customer: Customer
    doc: PlanDoc | None = None


class RouteTried(BaseModel):
    name: str
    fits: bool


class TriedOut(BaseModel):
    """What would happen. `place`: how many who wait are served before."""

    route: str | None
    routes: list[RouteTried]
    group_id: int | None
    level_id: int
    target: str
    warn_at: datetime
    due_at: datetime
    place: int
    decision: dict[str, Any]
    agents: list[AgentRef]

    @classmethod
    def of(cls, tried: Tried, level_id: int, people: dict[int, Agent]) -> Self:
        return cls(
            route=tried.route.name if tried.route else None,
            routes=[RouteTried(name=each.name, fits=fits) for each, fits in tried.verdicts],
            group_id=tried.group_id,
            level_id=level_id,
            target=tried.target.value,
            warn_at=tried.promise.warn_at,
            due_at=tried.promise.due_at,
            place=tried.place,
            decision=tried.decision.as_json(),
            agents=[AgentRef.of(each) for each in people.values()],
        )


async def _shown(unit: Unit, kept: PlanVersion) -> PlanOut:
    await unit.session.flush()
    return PlanOut.of(kept, await agents.by_ids(unit, {kept.by_id}))


@router.get("/routing", responses=problems())
async def read_routing(_agent: ASupervisor, unit: ReadUnit) -> RoutingOut:
    """The plan in force, the draft, and what was in force before."""
    published, draft = await routing.published(unit), await routing.draft(unit)
    older = await routing.versions(unit, limit=MOST_VERSIONS)
    people = await agents.by_ids(
        unit, {each.by_id for each in (*older, *filter(None, (published, draft)))}
    )
    return RoutingOut(
        published=PlanOut.of(published, people) if published else None,
        draft=PlanOut.of(draft, people) if draft else None,
        defaults=PlanDoc.model_validate(Plan().as_json()),
        versions=[PlanOut.of(each, people) for each in older],
    )


@router.put("/routing/draft", responses=problems(PlanInvalid, DraftChanged))
async def keep_draft(wish: DraftIn, agent: AnAdmin, unit: OpenUnit, now: Now) -> PlanOut:
    """Write the draft; nothing changes until it is published."""
    kept = await routing.keep_draft(
        unit, wish.doc.plan(), note=wish.note, by_id=agent.id, version=wish.version, now=now
    )
    return await _shown(unit, kept)


@router.delete("/routing/draft", status_code=204, responses=problems())
async def drop_draft(_agent: AnAdmin, unit: OpenUnit) -> None:
    """Throw the draft away."""
    await routing.drop_draft(unit)


@router.post("/routing/publish", responses=problems(NoDraft))
async def publish(agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None) -> PlanOut:
    """Put the draft in force."""
    return await _shown(unit, await routing.publish(unit, by_id=agent.id, now=now))


@router.post("/routing/versions/{plan_id}/publish", responses=problems(NotFound))
async def publish_again(
    plan_id: RowId, agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None
) -> PlanOut:
    """Put an older plan in force again."""
    return await _shown(unit, await routing.publish_again(unit, plan_id, by_id=agent.id, now=now))


@router.post("/routing/try", responses=problems(NotFound))
async def try_out(wish: TryRouting, _agent: ASupervisor, unit: ReadUnit, now: Now) -> TriedOut:
    """What would happen with a customer, without anything happening."""
    customer = wish.customer
    level_id = customer.level_id or (await levels.default(unit)).id
    if level_id not in {each.id for each in await levels.list_levels(unit)}:
        raise NotFound(f"there is no level {level_id}")
    tried = await routing.try_out(
        unit,
        wish.doc.plan() if wish.doc else None,
        Arrival(
            account_id=customer.account_id,
            level_id=level_id,
            tag_ids=frozenset(customer.tag_ids),
            text=customer.text,
            key=customer.key,
            scene=customer.scene,
        ),
        level_id,
        now=customer.at or now,
    )
    named = {int(each.id) for each in tried.decision.passed_over}
    rooms = (tried.decision.room, tried.decision.next_room)
    named |= {int(each.agent) for each in rooms if each}
    return TriedOut.of(tried, level_id, await agents.by_ids(unit, named))
