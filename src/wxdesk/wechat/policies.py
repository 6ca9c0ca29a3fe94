"""How much WeChat lets an account send to a follower (下发规则), as tables: which rule held when.

Data, not decisions: whoever predicts or enforces brings their own. ``policies.json`` has the tables
of 2013, 2021 and 2023; more may be read from a file of the same form, a list of
``{name, since, source, renewal, rules}``. Each of ``rules`` is one grant:

    {"grant": "event", "triggers": ["menu", "follow", "scan"], "count": 3, "seconds": 60}

Any of its triggers opens it, and renews it as ``renewal`` says; ``count`` null is as many as one
likes. An act that no rule names opens nothing.

Source: "Customer-service messages, rules of sending" (客服消息, 下发规则) and its history since
2013; how grants add up is not documented, hence ``Renewal``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import resources
from typing import Any, Self

MOST_POLICIES = 50
HIGHEST_COUNT = 1_000_000
LONGEST_S = 366 * 24 * 3600
LONGEST_TEXT = 500  # characters


class Trigger(StrEnum):
    """What a follower did that lets the account send."""

    MESSAGE = "message"
    MENU = "menu"  # click, scancode_push, scancode_waitmsg, and a tapped line of a msgmenu
    FOLLOW = "follow"
    SCAN = "scan"
    PAYMENT = "payment"
    COMPLAINT = "complaint"


class Renewal(StrEnum):
    """What an act does to a grant of its rule that is still open.

    ``replace`` starts it afresh; ``accumulate`` adds the new count to what is left and moves the
    end; ``no_renewal`` leaves it as it is until it has expired.
    """

    REPLACE = "replace"
    ACCUMULATE = "accumulate"
    NO_RENEWAL = "no_renewal"


@dataclass(frozen=True, slots=True)
class Rule:
    """One grant: how many sends for how long; ``count`` None is as many as one likes."""

    grant: str
    triggers: Sequence[Trigger]
    count: int | None
    lasts: timedelta

    def as_document(self) -> dict[str, Any]:
        """As ``from_document`` reads a rule; ``seconds`` whole."""
        seconds = int(self.lasts.total_seconds())
        triggers = list(self.triggers)
        return {
            "grant": self.grant,
            "triggers": triggers,
            "count": self.count,
            "seconds": seconds,
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """One table; ``since`` is the day it came into force, or the year where no day is known."""

    name: str
    since: str
    source: str
    renewal: Renewal
    rules: Sequence[Rule]

    def rule_for(self, trigger: Trigger) -> Rule | None:
        """What this grants; None: nothing."""
        return next((rule for rule in self.rules if trigger in rule.triggers), None)

    def as_document(self) -> dict[str, Any]:
        """As ``from_document`` reads it."""
        rules = [rule.as_document() for rule in self.rules]
        facts = {"name": self.name, "since": self.since, "source": self.source}
        return {**facts, "renewal": self.renewal, "rules": rules}

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Raises ValueError: what is wrong with it."""
        if not isinstance(document, dict):
            raise ValueError("a policy is {name, since, source, renewal, rules}")  # noqa: TRY004
        rules = document.get("rules")
        if not isinstance(rules, list):
            raise ValueError("rules is a list of {grant, triggers, count, seconds}")  # noqa: TRY004
        made = cls(
            name=_text(document, "name"),
            since=_text(document, "since", ""),
            source=_text(document, "source", ""),
            renewal=Renewal(document.get("renewal", Renewal.REPLACE)),
            rules=tuple(_rule(rule) for rule in rules),
        )
        triggers = [trigger for rule in made.rules for trigger in rule.triggers]
        if len(triggers) != len(set(triggers)):
            raise ValueError("each trigger stands in one rule only")
        return made


Policies = Mapping[str, Policy]


def read_policies(documents: object) -> Policies:
    """The tables by name.

    Raises:
        ValueError: It is no list of policies.
    """
    if not isinstance(documents, list) or len(documents) > MOST_POLICIES:
        raise ValueError(f"policies are a list of at most {MOST_POLICIES}")
    read = [Policy.from_document(document) for document in documents]
    return {policy.name: policy for policy in read}


def _rule(document: object) -> Rule:
    if not isinstance(document, dict) or not isinstance(document.get("triggers"), list):
        raise ValueError("a rule is {grant, triggers, count, seconds}")  # noqa: TRY004
    count = document.get("count")
    return Rule(
        grant=_text(document, "grant"),
        triggers=tuple(Trigger(trigger) for trigger in document["triggers"]),
        count=None if count is None else _number(count, "count", HIGHEST_COUNT),
        lasts=timedelta(seconds=_number(document.get("seconds"), "seconds", LONGEST_S)),
    )


def _text(document: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = document.get(name, default)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or (default is None and not value):
        raise ValueError(f"{name} is a text of at most {LONGEST_TEXT} characters")
    return value


def _number(value: object, name: str, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= highest:
        raise ValueError(f"{name} is a whole number from 1 to {highest}")
    return value


_SHIPPED = resources.files("wxdesk.wechat") / "policies.json"
POLICIES = read_policies(json.loads(_SHIPPED.read_text("utf-8")))
