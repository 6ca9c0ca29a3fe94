"""Which rule answers what a follower did, and why the others do not. Pure.

The first rule in the operator's order that fits answers, and no other does: so one act has one
answer, however many rules there are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from wxdesk.desk.answers.in_line import POSITION, WAIT, InLine, names
from wxdesk.desk.replies import Reply
from wxdesk.desk.words import Match, matches

FEW_LEFT = 2
"""With so few messages left, that somebody has to wait is told at no cost, or not at all."""

MOST_AN_HOUR = 30
"""Answers of all rules to one follower: a robot that writes to the account is not a customer."""


class Cause(StrEnum):
    """What a rule answers."""

    FOLLOWED = "followed"
    SCENE = "scene"  # followed by one of these codes
    SCANNED = "scanned"  # a follower scanned one of these codes
    MENU = "menu"  # touched one of these buttons, or one of these lines of a menu message
    KEYWORD = "keyword"
    MESSAGE = "message"
    OFF_HOURS = "off_hours"  # any message outside office hours
    FIRST_MESSAGE = "first_message"
    UNKNOWN = "unknown"  # a message of a kind that the desk cannot read
    CLOSED = "closed"  # an agent ended the conversation
    QUEUED = "queued"  # it has opened a conversation, and nobody is free for it


WITH_WORDS = frozenset({Cause.SCENE, Cause.SCANNED, Cause.MENU, Cause.KEYWORD})
"""Causes that ask which."""


class What(StrEnum):
    """What happened."""

    FOLLOWED = "followed"
    SCANNED = "scanned"
    MENU = "menu"
    MESSAGE = "message"
    UNKNOWN = "unknown"
    CLOSED = "closed"


class Hours(StrEnum):
    """When a rule holds."""

    ANY = "any"
    OPEN = "open"
    CLOSED = "closed"


class Online(StrEnum):
    """Whether somebody has to be at the desk, or nobody."""

    ANY = "any"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as an operator wrote it.

    Attributes:
        words: Scenes, keys or keywords, by the cause; one of them is enough.
        match: How keywords are looked for.
        tag_ids: The contact carries one of them; none: whoever it is.
        level_ids: The contact has one of these levels; none: whichever it is.
        group_ids: The conversation is of one of these groups; none: whosever it is.
        with_agent: It holds also while a person is in the conversation.
        may_cost: So many messages of the allowance it may use up each time.
        most_per_hour: So often for one follower.
        answers: What it says.
    """

    id: int
    name: str
    enabled: bool = True
    cause: Cause
    match: Match = Match.CONTAINS
    words: tuple[str, ...] = ()
    tag_ids: frozenset[int] = frozenset()
    level_ids: frozenset[int] = frozenset()
    group_ids: frozenset[int] = frozenset()
    hours: Hours = Hours.ANY
    agents: Online = Online.ANY
    with_agent: bool = False
    may_cost: int = 0
    most_per_hour: int = 5
    answers: tuple[Reply, ...] = ()

    def costs_at_most(self, left: int | None) -> int:
        """Where so many are left; None: there is no count."""
        few = self.cause is Cause.QUEUED and left is not None and left <= FEW_LEFT
        return 0 if few else self.may_cost


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happened, as far as rules ask.

    Attributes:
        text: What was written, or heard in a voice.
        key: The scene, or the key of the button or line.
    """

    what: What
    text: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a rule may ask about.

    Attributes:
        is_open: It is within office hours.
        agents_online: Somebody is at the desk.
        with_agent: A person is in the conversation.
        is_first: It is the first message that the contact ever wrote.
        tag_ids: What the contact carries.
        level_id: The level that counts for them.
        group_id: Whose the conversation is.
        in_line: It has opened a conversation for which nobody is free: where that stands.
        fired: How often each rule answered this contact within the last hour.
    """

    occasion: Occasion
    is_open: bool = True
    agents_online: bool = False
    with_agent: bool = False
    is_first: bool = False
    tag_ids: Collection[int] = frozenset()
    level_id: int | None = None
    group_id: int | None = None
    in_line: InLine | None = None
    fired: Mapping[int, int] = field(default_factory=dict)


class Verdict(StrEnum):
    """What a rule was found to be."""

    ANSWERS = "answers"
    OFF = "off"
    OTHER_CAUSE = "other_cause"
    OTHER_WORDS = "other_words"
    NOT_FIRST = "not_first"
    WITH_AGENT = "with_agent"
    TAGS = "tags"
    LEVEL = "level"
    GROUP = "group"
    NOT_QUEUED = "not_queued"
    NO_POSITION = "no_position"  # its text names the place, which is not known
    NO_WAIT = "no_wait"  # its text names the wait, which may not be told
    HOURS = "hours"
    AGENTS = "agents"
    TOO_OFTEN = "too_often"
    AFTER = "after"  # a rule before it answers


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule that answers, if any, and what each was found to be, in order."""

    rule: Rule | None
    verdicts: Sequence[tuple[Rule, Verdict]]


def choose(rules: Sequence[Rule], situation: Situation) -> Decision:
    """Find the rule that answers."""
    chosen: Rule | None = None
    verdicts: list[tuple[Rule, Verdict]] = []
    for rule in rules:
        verdict = _judge(rule, situation)
        if verdict is Verdict.ANSWERS and chosen:
            verdict = Verdict.AFTER
        elif verdict is Verdict.ANSWERS:
            chosen = rule
        verdicts.append((rule, verdict))
    return Decision(chosen, verdicts)


_HAPPENS: Mapping[Cause, Collection[What]] = {
    Cause.FOLLOWED: {What.FOLLOWED},
    Cause.SCENE: {What.FOLLOWED},
    Cause.SCANNED: {What.SCANNED},
    Cause.MENU: {What.MENU, What.MESSAGE},  # a touched line comes as a message
    Cause.KEYWORD: {What.MESSAGE},
    Cause.MESSAGE: {What.MESSAGE, What.UNKNOWN},
    Cause.OFF_HOURS: {What.MESSAGE, What.UNKNOWN},
    Cause.FIRST_MESSAGE: {What.MESSAGE, What.UNKNOWN},
    Cause.UNKNOWN: {What.UNKNOWN},
    Cause.CLOSED: {What.CLOSED},
    Cause.QUEUED: {What.MESSAGE, What.UNKNOWN, What.MENU},
}


def may_answer(rules: Sequence[Rule], what: What) -> bool:
    """Whether any of them asks about such things at all."""
    return any(what in _HAPPENS[rule.cause] for rule in rules)


def _judge(rule: Rule, situation: Situation) -> Verdict:
    if not rule.enabled:
        return Verdict.OFF
    if (other := _other_cause(rule, situation)) is not None:
        return other
    if situation.with_agent and not rule.with_agent and rule.cause is not Cause.CLOSED:
        return Verdict.WITH_AGENT
    if (unmet := _unmet(rule, situation)) is not None:
        return unmet
    often = situation.fired.get(rule.id, 0) >= rule.most_per_hour
    if often or sum(situation.fired.values()) >= MOST_AN_HOUR:
        return Verdict.TOO_OFTEN
    return Verdict.ANSWERS


def _other_cause(rule: Rule, situation: Situation) -> Verdict | None:
    occasion = situation.occasion
    if occasion.what not in _HAPPENS[rule.cause]:
        return Verdict.OTHER_CAUSE
    match rule.cause:
        case Cause.FIRST_MESSAGE:
            return None if situation.is_first else Verdict.NOT_FIRST
        case Cause.OFF_HOURS:
            return Verdict.HOURS if situation.is_open else None
        case Cause.QUEUED:
            return _untellable(rule, situation.in_line)
        case Cause.KEYWORD:
            found = matches(rule.match, rule.words, occasion.text)
        case _:
            found = rule.cause not in WITH_WORDS or occasion.key in rule.words
    return None if found else Verdict.OTHER_WORDS


def _untellable(rule: Rule, in_line: InLine | None) -> Verdict | None:
    if in_line is None:
        return Verdict.NOT_QUEUED
    if in_line.position is None and names(rule.answers, POSITION):
        return Verdict.NO_POSITION
    if in_line.wait is None and names(rule.answers, WAIT):
        return Verdict.NO_WAIT
    return None


def _unmet(rule: Rule, situation: Situation) -> Verdict | None:
    if rule.tag_ids and not rule.tag_ids & frozenset(situation.tag_ids):
        return Verdict.TAGS
    if rule.level_ids and situation.level_id not in rule.level_ids:
        return Verdict.LEVEL
    if rule.group_ids and situation.group_id not in rule.group_ids:
        return Verdict.GROUP
    if rule.hours is not Hours.ANY and (rule.hours is Hours.OPEN) != situation.is_open:
        return Verdict.HOURS
    if rule.agents is not Online.ANY and (rule.agents is Online.YES) != situation.agents_online:
        return Verdict.AGENTS
    return None
