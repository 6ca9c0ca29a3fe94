"""Answers that the desk gives by itself: rules of an account, their log, the keeper of windows.

What leaves in the answer to a push uses up nothing of what WeChat allows (ADR 17); the rest no more
than its rule may (ADR 19).
"""

from wxdesk.desk.answers.actions import (
    HELD,
    add,
    change,
    files_in_use,
    keeper_of,
    put_in_order,
    remove,
    require_sound_words,
    set_keeper,
)
from wxdesk.desk.answers.answer import Act, answer, close
from wxdesk.desk.answers.in_line import InLine, filled
from wxdesk.desk.answers.keeping import Kept, Standing, decide
from wxdesk.desk.answers.log import Outcome, list_log
from wxdesk.desk.answers.model import (
    AnswerRule,
    Firing,
    Keeper,
    RuleInvalid,
    RulesChanged,
    TooManyRules,
    as_json,
)
from wxdesk.desk.answers.plan import Plan, Unsent, Way, plan
from wxdesk.desk.answers.queries import (
    enabled_of,
    forget_before,
    keepers_on,
    list_rules,
)
from wxdesk.desk.answers.remind import list_due, remind
from wxdesk.desk.answers.rules import (
    Cause,
    Decision,
    Hours,
    Occasion,
    Online,
    Rule,
    Situation,
    Verdict,
    What,
    choose,
)
from wxdesk.desk.words import Match

__all__ = [
    "HELD",
    "Act",
    "AnswerRule",
    "Cause",
    "Decision",
    "Firing",
    "Hours",
    "InLine",
    "Keeper",
    "Kept",
    "Match",
    "Occasion",
    "Online",
    "Outcome",
    "Plan",
    "Rule",
    "RuleInvalid",
    "RulesChanged",
    "Situation",
    "Standing",
    "TooManyRules",
    "Unsent",
    "Verdict",
    "Way",
    "What",
    "add",
    "answer",
    "as_json",
    "change",
    "choose",
    "close",
    "decide",
    "enabled_of",
    "files_in_use",
    "filled",
    "forget_before",
    "keeper_of",
    "keepers_on",
    "list_due",
    "list_log",
    "list_rules",
    "plan",
    "put_in_order",
    "remind",
    "remove",
    "require_sound_words",
    "set_keeper",
]
