"""Wallboards: which screens there are, and the figures for one that asks with its token."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import levels, reports, wallboards
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.levels import Colour
from wxdesk.desk.reports import AgentNow
from wxdesk.desk.routing import Presence
from wxdesk.desk.wallboards import TOKEN_PREFIX, TooManyWallboards, Wallboard
from wxdesk.errors import Forbidden, NotFound
from wxdesk.web.api.inputs import HOME, NO_NUL, RowId, TimeZone
from wxdesk.web.api.monitor import FiguresOut, PeopleOut
from wxdesk.web.deps import ASupervisor, Now, OpenUnit, ReadUnit, TheRuntime, signed_in
from wxdesk.web.figures import KeptFigures, day_begins
from wxdesk.web.problems import NotSignedIn, TooOften, problems

router = APIRouter(tags=["wallboards"])

MOST_TILES = 12
MOST_AGENTS = 120

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Bound = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class TileKind(StrEnum):
    """The catalogue."""

    WAITING = "waiting"  # how many, by level
    OLDEST = "oldest"  # the longest wait
    ATTAINMENT = "attainment"  # first responses in time today
    OVERDUE = "overdue"
    OWED = "owed"
    ACTIVE = "active"
    OPENED = "opened"
    CLOSING = "closing"  # windows at risk
    AGENTS = "agents"  # one place each, with a word
    TREND = "trend"  # what began in the last two hours


class WallTile(BaseModel):
    """One number, or a picture of some.

    From `amber`, and from `red` on it is marked, with a word; of `attainment`, below. Seconds of
    `oldest`, percent of `attainment`, else a count.
    """

    kind: TileKind
    amber: Bound | None = None
    red: Bound | None = None


USUAL = (
    WallTile(kind=TileKind.WAITING, amber=10, red=30),
    WallTile(kind=TileKind.OLDEST, amber=180, red=300),
    WallTile(kind=TileKind.ATTAINMENT, amber=90, red=80),
    WallTile(kind=TileKind.OVERDUE, amber=1, red=5),
    WallTile(kind=TileKind.AGENTS),
    WallTile(kind=TileKind.TREND),
)


class WallboardIn(BaseModel):
    """`shows_names`: agents' names are on the wall. `timezone`: by which its day begins."""

    name: Name
    tiles: Annotated[list[WallTile], Field(min_length=1, max_length=MOST_TILES)] = list(USUAL)
    shows_names: bool = False
    timezone: TimeZone = HOME


class WallboardOut(WallboardIn):
    """A screen. `last_seen_at`: when it last asked, to the minute."""

    id: int
    created_at: datetime
    last_seen_at: datetime | None

    @classmethod
    def of(cls, board: Wallboard) -> Self:
        return cls.model_validate(board, from_attributes=True)


class NewWallboard(WallboardOut):
    """`token`: shown this once."""

    token: str


class WallboardList(BaseModel):
    items: list[WallboardOut]


class LevelWaits(BaseModel):
    """Who waits of a level."""

    id: int
    name: str
    colour: Colour
    waiting: int
    oldest: datetime | None
    overdue: int


class AgentPlace(BaseModel):
    """An agent on the wall; `name` null where names are not shown."""

    name: str | None
    presence: Presence
    paused: bool
    load: int
    capacity: int

    @classmethod
    def of(cls, agent: AgentNow, *, named: bool) -> Self:
        shown = cls.model_validate(agent, from_attributes=True)
        return shown if named else shown.model_copy(update={"name": None})


class WallOut(BaseModel):
    """What a wall shows: numbers. `arrivals`: what began in steps of five minutes, oldest first."""

    name: str
    at: datetime
    tiles: list[WallTile]
    figures: FiguresOut
    levels: list[LevelWaits]
    people: PeopleOut
    agents: list[AgentPlace]
    arrivals: list[int]


@router.get("/wallboards", responses=problems())
async def list_wallboards(_agent: ASupervisor, unit: ReadUnit) -> WallboardList:
    """The screens that may read."""
    return WallboardList(items=[WallboardOut.of(each) for each in await wallboards.list_all(unit)])


@router.post("/wallboards", status_code=201, responses=problems(TooManyWallboards))
async def add_wallboard(
    wish: WallboardIn, agent: ASupervisor, unit: OpenUnit, now: Now
) -> NewWallboard:
    """Let a screen read figures; its token is told this once."""
    board, token = await wallboards.add(
        unit,
        name=wish.name,
        tiles=[each.model_dump(mode="json") for each in wish.tiles],
        shows_names=wish.shows_names,
        timezone=wish.timezone,
        by_id=agent.id,
        now=now,
    )
    return NewWallboard(**WallboardOut.of(board).model_dump(), token=token)


@router.put("/wallboards/{wallboard_id}", responses=problems(NotFound))
async def change_wallboard(
    wallboard_id: RowId, wish: WallboardIn, _agent: ASupervisor, unit: OpenUnit
) -> WallboardOut:
    """Let a screen show something else, from the next second on."""
    board = await wallboards.get(unit, wallboard_id)
    board.name, board.shows_names, board.timezone = wish.name, wish.shows_names, wish.timezone
    board.tiles = [each.model_dump(mode="json") for each in wish.tiles]
    await unit.session.flush()
    return WallboardOut.of(board)


@router.delete("/wallboards/{wallboard_id}", status_code=204, responses=problems(NotFound))
async def revoke_wallboard(
    wallboard_id: RowId, _agent: ASupervisor, unit: OpenUnit, now: Now
) -> None:
    """Its token opens nothing any more."""
    await wallboards.revoke(unit, wallboard_id, now=now)


async def watching(request: Request, rt: TheRuntime, now: Now) -> Wallboard | Agent:
    """A screen with its token, or a supervisor who looks at what one would show.

    Raises:
        NotSignedIn: Neither.
        Forbidden: An agent.
        TooOften: A screen that asks more often than any needs.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        agent = await signed_in(request, rt, now)
        if not agent.role.includes(Role.SUPERVISOR):
            raise Forbidden("this is for screens and supervisors")
        return agent
    async with rt.db.reading() as unit:
        board = await wallboards.find_by_token(unit, token)
    if board is None:
        raise NotSignedIn("no screen has this token")
    kept: KeptFigures = request.app.state.figures
    kept.require_pace(board.id, now)
    if board.last_seen_at is None or board.last_seen_at <= now - wallboards.NOTE_EVERY:
        async with rt.db.unit() as unit:
            await wallboards.record_seen(unit, board.id, now=now)
    return board


@router.get("/wallboard", responses=problems(Forbidden, TooOften))
async def read_wallboard(
    request: Request,
    viewer: Annotated[Wallboard | Agent, Depends(watching)],
    unit: ReadUnit,
    now: Now,
) -> WallOut:
    """The figures for a screen, by its own token (`Authorization: Bearer wxb_…`).

    They are as old as a second at most, and those of the day ten.
    """
    board = viewer if isinstance(viewer, Wallboard) else None
    zone = ZoneInfo(board.timezone if board else HOME)
    kept: KeptFigures = request.app.state.figures
    current = await kept.lately(unit, now)
    today = await kept.today(unit, day_begins(now, zone), now)
    parts = reports.slices(current, today)
    named = board is None or board.shows_names
    there = sorted(current.agents, key=lambda each: each.presence is Presence.OFFLINE)
    return WallOut(
        name=board.name if board else "",
        at=now,
        tiles=[WallTile.model_validate(each) for each in board.tiles] if board else list(USUAL),
        figures=FiguresOut.model_validate(reports.total(parts), from_attributes=True),
        levels=_by_level({each.id: each for each in await levels.list_levels(unit)}, parts),
        people=PeopleOut.of(current.people),
        agents=[AgentPlace.of(each, named=named) for each in there[:MOST_AGENTS]],
        arrivals=list(today.arrivals),
    )


def _by_level(known: Mapping[int, levels.Level], parts: list[reports.Slice]) -> list[LevelWaits]:
    found: dict[int, reports.Figures] = {level_id: reports.Figures() for level_id in known}
    for part in parts:
        if part.key.level_id in found:
            found[part.key.level_id] += part.figures
    return [
        LevelWaits(
            id=level_id,
            name=known[level_id].name,
            colour=known[level_id].colour,
            waiting=figures.waiting,
            oldest=figures.oldest,
            overdue=figures.overdue,
        )
        for level_id, figures in found.items()
    ]
