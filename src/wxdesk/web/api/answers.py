"""Automatic answers: an account's rules, their order, and what they did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, answers, contacts, conversations
from wxdesk.desk.answers import (
    AnswerRule,
    Cause,
    Firing,
    Hours,
    Match,
    Online,
    Outcome,
    Rule,
    RuleInvalid,
    RulesChanged,
    TooManyRules,
    Way,
)
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Message
from wxdesk.desk.replies import MediaUnusable
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber, blank_is
from wxdesk.web.api.said import AnySaid, said_of
from wxdesk.web.deps import AnAdmin, ASupervisor, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["automatic answers"])

MOST_RULES = 100
MOST_TAGS = 100
MOST_LEVELS = 50
MOST_GROUPS = 200

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Word = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(max_length=50)]
TagIds = Annotated[list[RowNumber], Field(max_length=MOST_TAGS)]
LevelIds = Annotated[list[RowNumber], Field(max_length=MOST_LEVELS)]
GroupIds = Annotated[list[RowNumber], Field(max_length=MOST_GROUPS)]
MayCost = Annotated[int, Field(ge=0, le=5)]
MostPerHour = Annotated[int, Field(ge=1, le=20)]
Answers = Annotated[list[AnySaid], Field(min_length=1, max_length=5)]


class RuleIn(BaseModel):
    """A rule.

    `words`: scenes, keys or keywords, by the `cause`; `match` says how keywords are looked for, and
    a `regex` is one of RE2's. `with_agent`: also while a person is in the conversation. `may_cost`:
    so many messages of the allowance it may use up each time; 0: only the answer to the push, which
    costs nothing.

    Of the `cause` `queued` a text may hold `{position}` and `{wait}` (minutes, as `3-10`). Where
    what it holds is not known, or may not be told, the next rule is asked.
    """

    name: Name
    enabled: bool = True
    cause: Cause
    match: Match = Match.CONTAINS
    words: Words = []
    tag_ids: TagIds = []
    level_ids: LevelIds = []
    group_ids: GroupIds = []
    hours: Hours = Hours.ANY
    agents: Online = Online.ANY
    with_agent: bool = False
    may_cost: MayCost = 0
    most_per_hour: MostPerHour = 5
    answers: Answers

    def rule(self, rule_id: int = 0) -> Rule:
        return Rule(id=rule_id, **_values(self))


class RuleChange(BaseModel):
    """What is left out stays."""

    name: Name | None = None
    enabled: bool | None = None
    cause: Cause | None = None
    match: Match | None = None
    words: Words | None = None
    tag_ids: TagIds | None = None
    level_ids: LevelIds | None = None
    group_ids: GroupIds | None = None
    hours: Hours | None = None
    agents: Online | None = None
    with_agent: bool | None = None
    may_cost: MayCost | None = None
    most_per_hour: MostPerHour | None = None
    answers: Answers | None = None


def _values(given: RuleIn | RuleChange) -> dict[str, Any]:
    """What was given, as rules hold it."""
    values = {name: getattr(given, name) for name in RuleChange.model_fields}
    values = {name: value for name, value in values.items() if value is not None}
    if given.words is not None:
        values["words"] = tuple(given.words)
    if given.tag_ids is not None:
        values["tag_ids"] = frozenset(given.tag_ids)
    if given.level_ids is not None:
        values["level_ids"] = frozenset(given.level_ids)
    if given.group_ids is not None:
        values["group_ids"] = frozenset(given.group_ids)
    if given.answers is not None:
        values["answers"] = tuple(each.reply() for each in given.answers)
    return values


class RuleOut(RuleIn):
    """A rule as it is kept."""

    id: int
    version: int

    @classmethod
    def of(cls, kept: AnswerRule) -> Self:
        rule = kept.rule
        return cls(
            id=kept.id,
            version=kept.version,
            name=rule.name,
            enabled=rule.enabled,
            cause=rule.cause,
            match=rule.match,
            words=list(rule.words),
            tag_ids=sorted(rule.tag_ids),
            level_ids=sorted(rule.level_ids),
            group_ids=sorted(rule.group_ids),
            hours=rule.hours,
            agents=rule.agents,
            with_agent=rule.with_agent,
            may_cost=rule.may_cost,
            most_per_hour=rule.most_per_hour,
            answers=[said_of(reply) for reply in rule.answers],  # type: ignore[misc]
        )


class RuleList(BaseModel):
    """In the order in which they are asked; the first that fits answers."""

    items: list[RuleOut]


class RuleOrder(BaseModel):
    """All rules of the account."""

    ids: Annotated[list[RowNumber], Field(max_length=MOST_RULES)]


class AnsweredContact(BaseModel):
    """Who was answered."""

    id: int
    openid: str
    remark: str


class AnsweredOut(BaseModel):
    """A rule answered, or would have.

    `way`: `passive`, the first in the answer to the push; `custom`, all through the API; `not_sent`
    and `failed` say `why`. `cost`: what it used up of what WeChat allows.
    """

    id: int
    at: datetime
    rule_id: int
    rule_name: str
    cause: Cause
    contact: AnsweredContact
    conversation_id: int | None
    text: str
    way: Way
    cost: int
    why: str | None

    @classmethod
    def of(
        cls,
        fired: Firing,
        outcome: Outcome,
        people: Mapping[int, Contact],
        messages: Mapping[int, Message],
    ) -> Self:
        first = next((messages[each] for each in fired.message_ids if each in messages), None)
        return cls(
            id=fired.id,
            at=fired.at,
            rule_id=fired.rule_id,
            rule_name=fired.rule_name,
            cause=fired.cause,
            contact=AnsweredContact.model_validate(people[fired.contact_id], from_attributes=True),
            conversation_id=first.conversation_id if first else None,
            text=first.text[:200] if first else "",
            way=outcome.way,
            cost=outcome.cost,
            why=outcome.why,
        )


class AnsweredPage(BaseModel):
    """Newest first; ``next`` is the ``cursor`` of the page of older ones."""

    items: list[AnsweredOut]
    next: int | None


@router.get("/accounts/{account_id}/answers", responses=problems(NotFound))
async def list_rules(account_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> RuleList:
    """An account's rules, in order."""
    await accounts.get(unit, account_id)
    return RuleList(items=[RuleOut.of(each) for each in await answers.list_rules(unit, account_id)])


@router.post(
    "/accounts/{account_id}/answers",
    status_code=201,
    responses=problems(NotFound, TooManyRules, RuleInvalid, MediaUnusable),
)
async def add_rule(account_id: RowId, wish: RuleIn, _agent: AnAdmin, unit: OpenUnit) -> RuleOut:
    """Add a rule behind all others."""
    return RuleOut.of(await answers.add(unit, account_id, wish.rule()))


@router.patch("/answers/{rule_id}", responses=problems(NotFound, RuleInvalid, MediaUnusable))
async def change_rule(
    rule_id: RowId, change: RuleChange, _agent: AnAdmin, unit: OpenUnit
) -> RuleOut:
    """Change a rule where it stands, or switch it on or off."""
    return RuleOut.of(await answers.change(unit, rule_id, _values(change)))


@router.delete("/answers/{rule_id}", status_code=204, responses=problems(NotFound))
async def remove_rule(rule_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """Throw a rule away; what it did stays in the log."""
    await answers.remove(unit, rule_id)


@router.put("/accounts/{account_id}/answers/order", responses=problems(NotFound, RulesChanged))
async def order_rules(
    account_id: RowId, wish: RuleOrder, _agent: AnAdmin, unit: OpenUnit
) -> RuleList:
    """Ask the rules in this order."""
    ordered = await answers.put_in_order(unit, account_id, wish.ids)
    return RuleList(items=[RuleOut.of(each) for each in ordered])


@router.get("/accounts/{account_id}/answers/log", responses=problems(NotFound))
async def read_log(
    account_id: RowId,
    _agent: ASupervisor,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> AnsweredPage:
    """What the rules did, with what became of it."""
    await accounts.get(unit, account_id)
    found = await answers.list_log(unit, account_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    people = await contacts.by_ids(unit, {fired.contact_id for fired, _ in page})
    ids = {message_id for fired, _ in page for message_id in fired.message_ids}
    said = {each.id: each for each in await conversations.messages_by_ids(unit, ids)} if ids else {}
    return AnsweredPage(
        items=[AnsweredOut.of(fired, outcome, people, said) for fired, outcome in page],
        next=page[-1][0].id if len(found) > limit else None,
    )
