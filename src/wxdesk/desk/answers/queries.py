"""Every SQL statement about rules, their log, and keepers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from wxdesk.desk.answers.model import AnswerRule, Firing, Keeper
from wxdesk.desk.answers.rules import Rule
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def list_rules(unit: Unit, account_id: int) -> Sequence[AnswerRule]:
    """An account's rules, in the operator's order."""
    query = (
        select(AnswerRule)
        .where(AnswerRule.account_id == account_id)
        .order_by(AnswerRule.place, AnswerRule.id)
    )
    return (await unit.session.scalars(query)).all()


async def account_of(unit: Unit, rule_id: int) -> int:
    """Whose a rule is; read without a lock, for taking locks in order."""
    found = await unit.session.scalar(select(AnswerRule.account_id).where(AnswerRule.id == rule_id))
    if found is None:
        raise NotFound(f"there is no rule {rule_id}")
    return found


async def get_rule(unit: Unit, rule_id: int) -> AnswerRule:
    rule = await unit.session.get(AnswerRule, rule_id)
    if rule is None:
        raise NotFound(f"there is no rule {rule_id}")
    return rule


async def enabled_of(unit: Unit, account_ids: Collection[int]) -> Mapping[int, Sequence[Rule]]:
    """The rules of these accounts that are switched on, in order."""
    query = (
        select(AnswerRule)
        .where(AnswerRule.account_id.in_(account_ids), AnswerRule.enabled)
        .order_by(AnswerRule.place, AnswerRule.id)
    )
    rules: dict[int, list[Rule]] = defaultdict(list)
    for each in await unit.session.scalars(query):
        rules[each.account_id].append(each.rule)
    return rules


async def fired_since(
    unit: Unit, contact_ids: Collection[int], since: datetime
) -> defaultdict[int, Counter[int]]:
    """How often each rule answered each of these contacts. One statement."""
    rows = await unit.session.execute(
        select(Firing.contact_id, Firing.rule_id, func.count())
        .where(Firing.contact_id.in_(contact_ids), Firing.at > since)
        .group_by(Firing.contact_id, Firing.rule_id)
    )
    fired: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for row in rows:
        fired[row[0]][row[1]] = row[2]
    return fired


async def list_log(
    unit: Unit, account_id: int, *, before: int | None, limit: int
) -> Sequence[Firing]:
    """What the rules of an account did, newest first."""
    query = (
        select(Firing)
        .where(Firing.account_id == account_id)
        .order_by(Firing.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Firing.id < before)
    return (await unit.session.scalars(query)).all()


async def forget_before(unit: Unit, moment: datetime) -> None:
    await unit.session.execute(
        delete(Firing).where(Firing.at < moment),
        execution_options={"synchronize_session": False},
    )


async def all_rules(unit: Unit) -> Sequence[AnswerRule]:
    """Every rule of every account: there are at most a few hundred."""
    return (await unit.session.scalars(select(AnswerRule).order_by(AnswerRule.id))).all()


async def find_keeper(unit: Unit, account_id: int) -> Keeper | None:
    return await unit.session.get(Keeper, account_id)


async def keepers_on(unit: Unit) -> Sequence[Keeper]:
    query = select(Keeper).where(Keeper.on).order_by(Keeper.account_id)
    return (await unit.session.scalars(query)).all()


async def list_closing(
    unit: Unit,
    account_id: int,
    *,
    now: datetime,
    until: datetime,
    after: int,
    limit: int,
) -> Sequence[tuple[Conversation, Contact]]:
    """Open conversations on which an answer is owed and whose window closes by then, by number."""
    query = (
        select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.account_id == account_id, Conversation.id > after)
        .where(Conversation.state != ConversationState.CLOSED)
        .where(Conversation.owed_since.is_not(None))
        .where(Contact.window_closes_at > now, Contact.window_closes_at <= until)
        .order_by(Conversation.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await unit.session.execute(query)]
