"""Operators write rules, put them in order, throw them away, and set up the keeper."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wxdesk.desk import accounts, contacts, groups, levels, replies
from wxdesk.desk.answers import queries
from wxdesk.desk.answers.model import (
    AnswerRule,
    Keeper,
    RuleInvalid,
    RulesChanged,
    TooManyRules,
)
from wxdesk.desk.answers.rules import WITH_WORDS, Cause, Rule
from wxdesk.desk.calendars import MINUTES
from wxdesk.desk.words import BadPattern, Match, require_pattern
from wxdesk.errors import Invalid
from wxdesk.store import Unit
from wxdesk.wechat import split_text

MOST_RULES = 100
MOST_WORDS = 50
MOST_ANSWERS = 5
MOST_COST = 5
MOST_PER_HOUR = 20
HELD = "answer_files"
"""The loop that has WeChat hold the files that rules may show at any moment."""

MINUTES_BEFORE = range(5, 12 * 60 + 1)


async def add(unit: Unit, account_id: int, rule: Rule) -> AnswerRule:
    """Add a rule behind all others; its number is given here.

    Raises:
        NotFound: There is no such account.
        TooManyRules: It has as many as it may.
        RuleInvalid, MediaUnusable: It cannot be right.
    """
    await accounts.lock(unit, account_id)
    known = await queries.list_rules(unit, account_id)
    if len(known) >= MOST_RULES:
        raise TooManyRules("an account has no more rules", most=MOST_RULES)
    await require_sound(unit, account_id, rule)
    added = AnswerRule(
        account_id=account_id, place=1 + max((each.place for each in known), default=0)
    )
    added.take(rule)
    unit.session.add(added)
    await _changed(unit, account_id)
    return added


async def change(unit: Unit, rule_id: int, changes: Mapping[str, Any]) -> AnswerRule:
    """Change fields of a rule, where it stands.

    Raises:
        NotFound: There is no such rule.
        RuleInvalid, MediaUnusable: It cannot be right.
    """
    kept = await _get(unit, rule_id)
    rule = replace(kept.rule, **changes)
    await require_sound(unit, kept.account_id, rule)
    kept.take(rule)
    await _changed(unit, kept.account_id)
    return kept


async def remove(unit: Unit, rule_id: int) -> None:
    """Throw a rule away; its log stays.

    Raises:
        NotFound: There is no such rule.
    """
    kept = await _get(unit, rule_id)
    await unit.session.delete(kept)
    await _changed(unit, kept.account_id)


async def put_in_order(unit: Unit, account_id: int, ids: Sequence[int]) -> Sequence[AnswerRule]:
    """Ask the rules in this order from now on.

    Raises:
        NotFound: There is no such account.
        RulesChanged: These are not all of its rules.
    """
    await accounts.lock(unit, account_id)
    known = {each.id: each for each in await queries.list_rules(unit, account_id)}
    if sorted(known) != sorted(ids):
        raise RulesChanged("these are not the account's rules")
    for place, rule_id in enumerate(ids, start=1):
        known[rule_id].place = place
    await _changed(unit, account_id)
    return [known[rule_id] for rule_id in ids]


async def _get(unit: Unit, rule_id: int) -> AnswerRule:
    """A rule whose account is locked, so that nobody else changes one of its rules meanwhile."""
    await accounts.lock(unit, await queries.account_of(unit, rule_id))
    return await queries.get_rule(unit, rule_id)


async def _changed(unit: Unit, account_id: int) -> None:
    """The front door waits for what an account says by itself only where it says something."""
    await unit.session.flush()
    account = await accounts.get(unit, account_id)
    account.answers = bool(await queries.enabled_of(unit, [account_id]))
    await unit.session.flush()
    unit.wake(accounts.CHANGED)
    unit.wake(HELD)


async def require_sound(unit: Unit, account_id: int, rule: Rule) -> None:
    """Raise unless a rule can be right.

    Raises:
        RuleInvalid: ``problem`` says why not.
        MediaUnusable: WeChat does not take a file of it.
    """
    require_sound_words(rule)
    if not 1 <= len(rule.answers) <= MOST_ANSWERS:
        raise RuleInvalid("it says nothing, or too much", problem="answers", most=MOST_ANSWERS)
    if not (0 <= rule.may_cost <= MOST_COST and 1 <= rule.most_per_hour <= MOST_PER_HOUR):
        raise RuleInvalid("out of bounds", problem="bounds")
    known = {tag.id for tag in await contacts.list_tags(unit, account_id)}
    if not rule.tag_ids <= known:
        raise RuleInvalid("there is no such tag on this account", problem="tags")
    if rule.level_ids and set(await levels.by_ids(unit, rule.level_ids)) != rule.level_ids:
        raise RuleInvalid("there is no such level", problem="levels")
    if rule.group_ids - {each.id for each in await groups.list_groups(unit)}:
        raise RuleInvalid("there is no such group", problem="groups")
    found = await replies.files_for(unit, rule.answers)
    for reply in rule.answers:
        replies.check_files(reply, found)


def require_sound_words(rule: Rule) -> None:
    """Raise RuleInvalid where its words cannot be right."""
    if rule.cause not in WITH_WORDS:
        return
    if not 1 <= len(rule.words) <= MOST_WORDS or not all(word.strip() for word in rule.words):
        raise RuleInvalid("it needs words", problem="words", most=MOST_WORDS)
    if rule.cause is Cause.KEYWORD and rule.match is Match.REGEX:
        for word in rule.words:
            try:
                require_pattern(word)
            except BadPattern as bad:
                raise RuleInvalid(f"not a pattern: {bad}", problem="pattern", word=word) from None


async def keeper_of(unit: Unit, account_id: int) -> Keeper:
    """An account's keeper, or what holds before anybody has decided anything.

    Raises:
        NotFound: There is no such account.
    """
    await accounts.get(unit, account_id)
    return await queries.find_keeper(unit, account_id) or Keeper.as_default(account_id)


async def set_keeper(unit: Unit, wish: Keeper) -> Keeper:
    """Set up an account's keeper.

    Raises:
        NotFound: There is no such account.
        Invalid: The text leaves in more than one message, or a time is none.
    """
    await accounts.lock(unit, wish.account_id)
    if not wish.text.strip() or len(split_text(wish.text)) != 1:
        raise Invalid("the text must fit into one message")
    in_day = range(MINUTES)
    if wish.quiet_from not in in_day or wish.quiet_to not in in_day:
        raise Invalid("quiet hours begin and end at minutes of a day")
    if wish.minutes_before not in MINUTES_BEFORE:
        raise Invalid("too early, or too late")
    kept = await unit.session.merge(wish)
    await unit.session.flush()
    return kept


async def files_in_use(unit: Unit) -> Collection[int]:
    """Files that rules show, whether or not any message ever did: they are to be kept."""
    return {
        file_id
        for each in await queries.all_rules(unit)
        for reply in each.rule.answers
        for file_id in reply.files.values()
    }
