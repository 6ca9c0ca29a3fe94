"""Rules of automatic answers, what they did, and the keeper of windows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.answers.rules import Cause, Hours, Online, Rule
from wxdesk.desk.replies import Reply
from wxdesk.desk.words import Match
from wxdesk.errors import Conflict, Invalid
from wxdesk.store import Base, Id

DEFAULT_REMINDER = (
    "您好，您的问题我们还在处理。按微信的规定，如果您一直没有新消息，我们很快就无法再回复您。"
    "请随便回复一个字，我们好继续为您服务。"
)


class RuleInvalid(Invalid):
    """A rule cannot be right; ``problem`` says why."""

    code = "rule_invalid"


class TooManyRules(Conflict):
    """An account has as many rules as it may."""

    code = "too_many_rules"


class RulesChanged(Conflict):
    """Somebody has added or removed a rule meanwhile: read the list again."""

    code = "rules_changed"


class AnswerRule(Base):
    """A rule as it is kept; see ``Rule``."""

    __tablename__ = "answer_rules"
    __table_args__ = (Index(None, "account_id", "place"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[int]
    name: Mapped[str]
    enabled: Mapped[bool]
    cause: Mapped[Cause]
    match: Mapped[Match]
    words: Mapped[list[str]] = mapped_column(JSON)
    tag_ids: Mapped[list[int]] = mapped_column(JSON)
    level_ids: Mapped[list[int]] = mapped_column(JSON, server_default=text("'[]'"))
    group_ids: Mapped[list[int]] = mapped_column(JSON, server_default=text("'[]'"))
    hours: Mapped[Hours]
    agents: Mapped[Online]
    with_agent: Mapped[bool]
    may_cost: Mapped[int]
    most_per_hour: Mapped[int]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def rule(self) -> Rule:
        return Rule(
            id=self.id,
            name=self.name,
            enabled=self.enabled,
            cause=self.cause,
            match=self.match,
            words=tuple(self.words),
            tag_ids=frozenset(self.tag_ids),
            level_ids=frozenset(self.level_ids),
            group_ids=frozenset(self.group_ids),
            hours=self.hours,
            agents=self.agents,
            with_agent=self.with_agent,
            may_cost=self.may_cost,
            most_per_hour=self.most_per_hour,
            answers=tuple(reply_of_json(kept) for kept in self.answers),
        )

    def take(self, rule: Rule) -> None:
        """Be this rule, where it stands."""
        self.name, self.enabled, self.cause, self.match = (
            rule.name,
            rule.enabled,
            rule.cause,
            rule.match,
        )
        self.words, self.tag_ids = list(rule.words), sorted(rule.tag_ids)
        self.level_ids, self.group_ids = sorted(rule.level_ids), sorted(rule.group_ids)
        self.hours, self.agents, self.with_agent = rule.hours, rule.agents, rule.with_agent
        self.may_cost, self.most_per_hour = rule.may_cost, rule.most_per_hour
        self.answers = [as_json(reply) for reply in rule.answers]


class Firing(Base):
    """A rule answered, or would have; its deliveries tell what became of that.

    Attributes:
        rule_name: As it was called then: the rule may be gone by now.
        push_id: What it answered; None where an agent ended the conversation.
    """

    __tablename__ = "answer_log"
    __table_args__ = (
        Index(None, "contact_id", "at"),
        Index(None, "account_id", "id"),
        Index(None, "at"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    rule_id: Mapped[int]
    rule_name: Mapped[str]
    cause: Mapped[Cause]
    push_id: Mapped[int | None]
    at: Mapped[datetime]
    message_ids: Mapped[list[int]] = mapped_column(JSON)


class Keeper(Base):
    """Asks a customer to write before their window closes on an answer that is owed.

    Attributes:
        minutes_before: So long before.
        quiet_from: From this minute of the day, in the account's time zone, nobody is disturbed.
        quiet_to: Until this one; the same as ``quiet_from``: there are no quiet hours.
        may_use_last: Also where that uses up the last message that WeChat allows.
    """

    __tablename__ = "keepers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    on: Mapped[bool]
    text: Mapped[str]
    minutes_before: Mapped[int]
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]
    may_use_last: Mapped[bool]

    @classmethod
    def as_default(cls, account_id: int) -> "Keeper":
        """What holds before anybody has decided anything."""
        return cls(
            account_id=account_id,
            on=False,
            text=DEFAULT_REMINDER,
            minutes_before=30,
            quiet_from=22 * 60,
            quiet_to=8 * 60,
            may_use_last=False,
        )


def as_json(reply: Reply) -> dict[str, Any]:
    return {
        "kind": reply.kind,
        "text": reply.text,
        "content": dict(reply.content),
        "files": dict(reply.files),
    }


def reply_of_json(kept: Mapping[str, Any]) -> Reply:
    return Reply(kept["kind"], kept["text"], kept["content"], kept["files"])
