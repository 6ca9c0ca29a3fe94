"""Try the rules of an account on a sample, before they are saved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, answers, levels, routing
from wxdesk.desk.accounts import Account
from wxdesk.desk.answers import (
    Decision,
    InLine,
    Occasion,
    Plan,
    Rule,
    RuleInvalid,
    Situation,
    Unsent,
    Verdict,
    Way,
    What,
)
from wxdesk.desk.replies import Reply
from wxdesk.errors import NotFound
from wxdesk.web.api.answers import MOST_RULES, RuleIn, TagIds
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import ASupervisor, Now, ReadUnit, TheRuntime
from wxdesk.web.problems import problems
from wxdesk.wechat import Trigger

router = APIRouter(tags=["automatic answers"])

_GRANTED_BY = {
    What.FOLLOWED: Trigger.FOLLOW,
    What.SCANNED: Trigger.SCAN,
    What.MENU: Trigger.MENU,
}
"""What WeChat allows after each; after all else it is what a message allows."""


Minutes = Annotated[int, Field(ge=1, le=30)]


class Sample(BaseModel):
    """What a customer does. `key`: the scene of a code, the key of a button or of a line."""

    what: What
    text: Annotated[str, NO_NUL, StringConstraints(max_length=2000)] = ""
    key: Annotated[str, NO_NUL, StringConstraints(max_length=200)] = ""


class RuleTried(RuleIn):
    """A rule as it might be; `id`: of the one that it would take the place of."""

    id: RowNumber | None = None


class QueuedSample(BaseModel):
    """Nobody is free. `wait`: minutes, from and to, as customers would be told; null: nothing."""

    position: Annotated[int, Field(ge=1, le=9999)] | None = None
    wait: tuple[Minutes, Minutes] | None = None


class TryIn(BaseModel):
    """A sample and its circumstances.

    `at` and `agents_online` null: as it is now. `level_id` null: the default. `group_id` null: the
    whole desk's. `queued` null: it opens no conversation, or somebody is free. `rules` null: those
    that are kept.
    """

    sample: Sample
    at: AwareDatetime | None = None
    tag_ids: TagIds = []
    level_id: RowNumber | None = None
    group_id: RowNumber | None = None
    queued: QueuedSample | None = None
    agents_online: bool | None = None
    with_agent: bool = False
    is_first: bool = False
    rules: Annotated[list[RuleTried], Field(max_length=MOST_RULES)] | None = None


class TriedOut(BaseModel):
    """What a rule was found to be; `id` null: it is not kept yet."""

    id: int | None
    name: str
    verdict: Verdict


class AnswerOut(BaseModel):
    """Which rule answers, in which way, at what cost.

    `at_most`: what it uses up where the answer to the push is missed. `texts`: what is said, of
    what is text, with the variables filled in.
    """

    id: int | None
    name: str
    way: Way
    cost: int
    at_most: int
    why: Unsent | None
    texts: list[str]

    @classmethod
    def of(cls, rule: Rule, plan: Plan, says: Sequence[Reply]) -> Self:
        return cls(
            id=_number(rule),
            name=rule.name,
            way=plan.way,
            cost=plan.cost,
            at_most=plan.reserves,
            why=plan.why,
            texts=[each.text for each in says if each.kind == "text"],
        )


class TryOut(BaseModel):
    """What would happen; `answer` null: nothing."""

    at: datetime
    is_open: bool
    agents_online: bool
    answer: AnswerOut | None
    rules: list[TriedOut]


@router.post("/accounts/{account_id}/answers/try", responses=problems(NotFound, RuleInvalid))
async def try_rules(
    account_id: RowId, wish: TryIn, _agent: ASupervisor, rt: TheRuntime, unit: ReadUnit, now: Now
) -> TryOut:
    """See which rule would answer a sample, how, and why the others would not. Nothing is sent."""
    account = await accounts.get(unit, account_id)
    if wish.rules is None:
        rules = [each.rule for each in await answers.list_rules(unit, account_id)]
    else:
        rules = [_draft(each, place) for place, each in enumerate(wish.rules)]
    online = wish.agents_online
    if online is None:
        online = await routing.anybody_here(unit, now)
    at = wish.at or now
    hours = (await accounts.hours_of(unit, [account]))[account.id]
    situation = Situation(
        occasion=Occasion(wish.sample.what, wish.sample.text, wish.sample.key),
        is_open=hours.is_open(at),
        agents_online=online,
        with_agent=wish.with_agent,
        is_first=wish.is_first,
        tag_ids=frozenset(wish.tag_ids),
        level_id=wish.level_id or (await levels.default(unit)).id,
        group_id=wish.group_id,
        in_line=InLine(wish.queued.position, wish.queued.wait) if wish.queued else None,
    )
    found = answers.choose(rules, situation)
    return TryOut(
        at=at.astimezone(UTC),
        is_open=situation.is_open,
        agents_online=online,
        answer=_answer(found, account, wish.sample.what, situation, slot=_has_slot(rt, wish)),
        rules=[
            TriedOut(id=_number(rule), name=rule.name, verdict=verdict)
            for rule, verdict in found.verdicts
        ],
    )


def _draft(tried: RuleTried, place: int) -> Rule:
    """One that is not kept has no number yet: it gets one that none has."""
    rule = tried.rule(tried.id or -1 - place)
    answers.require_sound_words(rule)
    return rule


def _number(rule: Rule) -> int | None:
    return rule.id if rule.id > 0 else None


def _has_slot(rt: TheRuntime, wish: TryIn) -> bool:
    return wish.sample.what is not What.CLOSED and rt.settings.passive_wait_seconds > 0


def _answer(
    found: Decision, account: Account, what: What, situation: Situation, *, slot: bool
) -> AnswerOut | None:
    rule, in_line = found.rule, situation.in_line
    if rule is None:
        return None
    granted = account.rules.rule_for(_GRANTED_BY.get(what, Trigger.MESSAGE))
    left = granted.count if granted else 0
    says = [answers.filled(each, in_line) for each in rule.answers] if in_line else rule.answers
    plan = answers.plan(says, slot=slot, may_cost=rule.costs_at_most(left), left=left)
    return AnswerOut.of(rule, plan, says)
