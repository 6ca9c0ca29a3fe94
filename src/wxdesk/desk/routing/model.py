"""What routing keeps: seats, waits, assignments, the desk's counter and paces, plans, its log."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.promise import NEVER, Promise, Target
from wxdesk.desk.routing.snapshot import Agent, Need, Presence, Ring, Waiting
from wxdesk.store import Base, Id

DISPATCH = "dispatch"
"""The loop that places who waits, and feeds who has room."""

CAPACITY = 4
"""Conversations at once, until somebody decides: an agent with four is busy nine tenths of the time
(25 s to write, 60 s until the customer answers)."""

WITHIN_REACH = timedelta(hours=12)
"""So long after their page was last seen somebody is believed to be at work elsewhere."""

THE_DESK = 1
OPEN = text("ended_at IS NULL")
FREE = text("offered_to IS NULL AND held_until IS NULL")
HELD, OFFERED = text("held_until IS NOT NULL"), text("offered_to IS NOT NULL")
UNSEEN, WOKEN = text("NOT looked"), text("woken")
UNANSWERED = text("answer_by IS NOT NULL AND ended_at IS NULL")
WRAPS = text("wrap_until IS NOT NULL")


class Ending(StrEnum):
    """How an assignment ended."""

    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"  # the agent is not here any more, and had not accepted
    LOST = "lost"  # the agent has left, and the customer waits
    UNANSWERED = "unanswered"  # accepted by itself, and not answered in time


class Seat(Base):
    """An agent's place at the desk (座席): whether they are there, and what they may take.

    Attributes:
        since: When they became what they are; None: they were never here, and whatever they take
            by hand stays theirs.
        back_at: When a break is to end.
        seen_at: When a page of theirs, or a program, told last that they are there.
        reachable_until: So long they are within reach without a page: in a chat of their own.
        alerted: An offer reaches them though no page of theirs is open; see ``alerts.reached``.
        paused_since: They missed an offer, and take nothing until they say that they are there.
        limit: What they take until ``limit_until``, instead of their capacity.
        skills: Proficiency, 1 to 5, by skill.
        level_ids: The levels they serve; None: all.
        load: Units of their open assignments that do not rest, and of their offers.
        hungry: They have got room: they are to be asked what they could take.
    """

    __tablename__ = "seats"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(default=Presence.OFFLINE)
    reason: Mapped[str | None]
    since: Mapped[datetime | None]
    back_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    reachable_until: Mapped[datetime | None]
    alerted: Mapped[bool] = mapped_column(default=False)
    paused_since: Mapped[datetime | None]
    missed: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int] = mapped_column(default=CAPACITY)
    limit: Mapped[int | None]
    limit_until: Mapped[datetime | None]
    skills: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    level_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    load: Mapped[int] = mapped_column(default=0)
    last_assigned_at: Mapped[datetime | None]
    hungry: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def room(self, now: datetime) -> int:
        """Units they take at once, today."""
        limited = self.limit is not None and self.limit_until is not None and now < self.limit_until
        return self.limit if limited and self.limit is not None else self.capacity

    def is_silent(self, now: datetime, after: timedelta) -> bool:
        known = [at for at in (self.seen_at, self.reachable_until) if at]
        return (not known or max(known) < now - after) and not self.is_within_reach(now)

    def is_within_reach(self, now: datetime) -> bool:
        """They take work, and hear of it wherever they are, for a while after they were seen."""
        takes = self.presence is Presence.ONLINE and self.paused_since is None
        seen_lately = self.seen_at is not None and self.seen_at > now - WITHIN_REACH
        return self.alerted and takes and seen_lately

    def agent(
        self,
        now: datetime,
        *,
        group_ids: frozenset[int],
        silence: timedelta,
    ) -> Agent:
        """As a decision sees them: whoever has been silent for a while takes nothing new."""
        quiet = self.presence is Presence.ONLINE and self.is_silent(now, silence)
        served = self.level_ids
        return Agent(
            id=self.agent_id,
            presence=Presence.OFFLINE if quiet else self.presence,
            paused_until=datetime.max.replace(tzinfo=now.tzinfo) if self.paused_since else None,
            capacity=self.room(now),
            load=self.load,
            skills=self.skills,
            groups=group_ids,
            levels=None if served is None else frozenset(served),
            last_assigned_at=self.last_assigned_at,
        )


class Wait(Base):
    """A conversation that waits for a person; gone as soon as somebody has it.

    Attributes:
        line: What ``line_of`` calls it: in a line whoever began to wait first is first.
        pool: Whose pace its guard is measured by.
        since: When the customer began to wait. Nothing ever makes it later.
        rings: Those to come; ``all_rings``: those that were passed, too.
        excluded: Until when agents who let it pass are left out, by their number as text; whoever
            waits there as a customer, ``NEVER`` ends it.
        direct_to: An agent it is meant for by somebody's word; the router does not choose.
        sender_id: Who handed it over, and has it back if it is not accepted.
        message: What they said about it.
        looked: An agent was looked for since anything about it changed.
        first_looked_at: When that was for the first time.
        next_at: Its soonest timer.
    """

    __tablename__ = "waits"
    __table_args__ = (
        Index(
            "ix_waits_line",
            "line",
            "since",
            "conversation_id",
            sqlite_where=FREE,
            postgresql_where=FREE,
        ),
        Index("ix_waits_unseen", "since", sqlite_where=UNSEEN, postgresql_where=UNSEEN),
        Index("ix_waits_held", "familiar_id", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_waits_offered", "offered_to", sqlite_where=OFFERED, postgresql_where=OFFERED),
        Index(None, "next_at"),
        Index(None, "group_id", "rank", "since"),
    )

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int]
    group_id: Mapped[int | None]
    level_id: Mapped[int]
    rank: Mapped[int]
    line: Mapped[str]
    pool: Mapped[str]
    since: Mapped[datetime]
    target: Mapped[Target]
    warn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    hard_at: Mapped[datetime]
    need: Mapped[dict[str, Any]] = mapped_column(JSON)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    rings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    all_rings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ring: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=1)
    extra_slots: Mapped[int] = mapped_column(default=0)
    hold_seconds: Mapped[int] = mapped_column(default=0)
    familiar_id: Mapped[int | None]
    held_until: Mapped[datetime | None]
    excluded: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    offered_to: Mapped[int | None]
    offer_until: Mapped[datetime | None]
    direct_to: Mapped[int | None]
    sender_id: Mapped[int | None]
    message: Mapped[str | None]
    moved_up_by: Mapped[int | None]
    looked: Mapped[bool] = mapped_column(default=False)
    next_at: Mapped[datetime | None]
    first_looked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def as_json(self) -> dict[str, Any]:
        """What it takes to let the wait go on later, at its old place."""
        return {
            "account_id": self.account_id,
            "group_id": self.group_id,
            "level_id": self.level_id,
            "rank": self.rank,
            "pool": self.pool,
            "since": self.since.isoformat(),
            "target": self.target.value,
            **self.promise.as_json(),
            "wanted": self.wanted,
            "rings": self.all_rings,
            "weight": self.weight,
            "extra_slots": self.extra_slots,
            "hold_seconds": self.hold_seconds,
            "excluded": self.excluded,
        }

    @property
    def promise(self) -> Promise:
        return Promise(self.warn_at, self.due_at, self.hard_at)

    @promise.setter
    def promise(self, promise: Promise) -> None:
        self.warn_at, self.due_at, self.hard_at = promise.warn_at, promise.due_at, promise.hard_at

    def waiting(self, now: datetime) -> Waiting:
        """As a decision sees it."""
        return Waiting(
            id=self.conversation_id,
            pool=self.pool,
            rank=self.rank,
            level=self.level_id,
            waiting_since=self.since,
            promise=self.promise,
            need=need_of_json(self.need),
            wanted=need_of_json(self.wanted),
            ring=self.ring,
            rings=tuple(
                Ring(datetime.fromisoformat(kept["at"]), need_of_json(kept["need"]))
                for kept in self.rings
            ),
            weight=self.weight,
            extra_slots=self.extra_slots,
            sticky=self.familiar_id,
            hold=timedelta(seconds=self.hold_seconds),
            held_until=self.held_until,
            itself=next(
                (
                    int(agent_id)
                    for agent_id, until in self.excluded.items()
                    if datetime.fromisoformat(until) >= NEVER
                ),
                None,
            ),
            excluded=frozenset(
                int(agent_id)
                for agent_id, until in self.excluded.items()
                if datetime.fromisoformat(until) > now
            ),
        )

    def put_in_line(self, need: Need) -> None:
        """It takes these agents from now on."""
        self.need = need_as_json(need)
        self.line = line_of(self, need)

    def set_timer(self, *, after: datetime | None = None) -> None:
        """Its soonest timer: the end of an offer or a hold, the next ring, an exclusion's end.

        Args:
            after: Those that are over by then are taken up later, with something else.
        """
        times = [datetime.fromisoformat(until) for until in self.excluded.values()]
        times += [datetime.fromisoformat(kept["at"]) for kept in self.rings[:1]]
        times += [at for at in (self.held_until, self.offer_until) if at]
        self.next_at = min((at for at in times if after is None or at > after), default=None)


class Assignment(Base):
    """A conversation given to an agent, or offered: the truth about who has what. Never deleted.

    Attributes:
        decision: What explains it; see ``Decision.as_json``.
        kept: The wait that it ended, for the case that it has to go on; see ``Wait.as_json``.
        by_id: Who decided; None: the desk.
        answer_by: Not answered by then, another agent is tried, once.
        rests_since: The ball is with the customer: it takes no room.
        woken: The customer has written meanwhile: it is to go back to its agent, or to others.
        wrap_until: The conversation has ended, and so long its agent wraps it up.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "ix_assignments_open",
            "conversation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_assignments_of_agent", "agent_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_assignments_woken", "id", sqlite_where=WOKEN, postgresql_where=WOKEN),
        Index(
            "ix_assignments_answer_by",
            "answer_by",
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
        Index(
            "ix_assignments_wrap_until", "wrap_until", sqlite_where=WRAPS, postgresql_where=WRAPS
        ),
        Index(None, "conversation_id", "id"),
        Index(None, "offered_at"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    weight: Mapped[int]
    rule: Mapped[Rule]
    band: Mapped[Band | None]
    waited_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    since_a: Mapped[int]
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None]
    reason: Mapped[str | None]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    rests_since: Mapped[datetime | None]
    woken: Mapped[bool] = mapped_column(default=False)
    wrap_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]

    @property
    def takes_room(self) -> bool:
        return self.ended_at is None and self.rests_since is None


class Desk(Base):
    """The one row that a decision locks: what was decided before, and how fast things go.

    Attributes:
        since_a: Assignments since the last one from band A.
        paces: Measured gaps and rates, by pool; see ``paces``.
        repairs: How often the sweeper found what an event should have done.
    """

    __tablename__ = "desks"

    id: Mapped[Id]
    since_a: Mapped[int] = mapped_column(default=0)
    paces: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    repairs: Mapped[int] = mapped_column(default=0)


class PlanVersion(Base):
    """Rules and settings of routing, as they were at some time; at most one is a draft.

    Attributes:
        published_at: None: the draft. The one published last is in force.
    """

    __tablename__ = "plans"
    __table_args__ = (Index(None, "published_at"),)

    id: Mapped[Id]
    made_at: Mapped[datetime]
    by_id: Mapped[int]
    published_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    doc: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class RoutingNote(Base):
    """What somebody did to the queue or to an agent by hand, with why; and alarms."""

    __tablename__ = "routing_log"
    __table_args__ = (Index(None, "at"), Index(None, "conversation_id"))

    id: Mapped[Id]
    at: Mapped[datetime]
    kind: Mapped[str]
    conversation_id: Mapped[int | None]
    agent_id: Mapped[int | None]
    by_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def need_as_json(need: Need) -> dict[str, Any]:
    return {
        "skills": [[skill, least] for skill, least in sorted(need.skills)],
        "groups": None if need.groups is None else sorted(need.groups, key=str),
    }


def need_of_json(kept: Mapping[str, Any]) -> Need:
    groups = kept["groups"]
    return Need(
        frozenset((skill, least) for skill, least in kept["skills"]),
        None if groups is None else frozenset(groups),
    )


def line_of(wait: Wait, need: Need) -> str:
    """Names a line: the same for all who are promised the same and take, and took, the same.

    So in a line whoever began to wait first is first by every order, and whoever may take one of
    them may take each.
    """
    wanted = need_of_json(wait.wanted)
    foreign = "" if wanted == need else f"|{_name_of(wanted)}"
    promise = f"{wait.rank:06}|{wait.level_id}|{wait.target.value}|{wait.account_id}"
    return f"{promise}|{_name_of(need)}{foreign}"


def _name_of(need: Need) -> str:
    groups = "*" if need.groups is None else ",".join(map(str, sorted(need.groups, key=str)))
    return f"{groups}:{json.dumps(sorted(need.skills), ensure_ascii=False)}"
