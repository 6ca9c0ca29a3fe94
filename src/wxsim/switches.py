"""The switches of everything that can be made to go wrong, each with what it means."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from wxdesk.wechat.policies import Policy, Rule, Trigger
from wxsim.codes import Tail
from wxsim.tokens import TokenRules


class UnicodeEscapes(StrEnum):
    r"""What becomes of ``\uXXXX`` in a request: shown to the follower as is, or 47002."""

    LITERAL = "literal"
    REFUSE = "refuse"


class Outcome(StrEnum):
    """How a template message ends, as its event says; ``auto``: by what the follower allows."""

    AUTO = "auto"
    DELIVERED = "success"
    BLOCKED = "failed:user block"
    FAILED = "failed: system failed"


@dataclass(frozen=True, slots=True)
class FailNext:
    """The next ``times`` calls of ``path`` are refused; ``*`` is any path."""

    path: str
    errcode: int
    times: int = 1


def _switch(default: Any, means: str, **limits: float) -> Any:
    return field(default=default, metadata={"means": means, **limits})


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The switches and what each does; durations in seconds unless the name says otherwise."""

    fail_next: tuple[FailNext, ...] = _switch(
        (), "[{path, errcode, times}]: these calls are refused before they do anything"
    )
    system_error_rate: float = _switch(
        0.0, "share of calls answered -1 before they do anything", lowest=0, highest=1
    )
    seed: int = _switch(1, "where the dice of system_error_rate begin; setting it rolls anew")
    slow_ms: int = _switch(0, "every answer comes this late, the call already done", highest=600e3)
    lose_answer: int = _switch(
        0, "the next n sends are accepted, then the connection drops; true or -1: all", lowest=-1
    )
    hang: int = _switch(
        0, "the next n sends are accepted and never answered; true or -1: all", lowest=-1
    )
    token_invalid_now: bool = _switch(
        False, "an act, not a state: every access token dies now, as if refreshed elsewhere"
    )
    token_overlap_s: int = _switch(
        300, "how long a token lives on once a newer one was given", highest=7200
    )
    forced_refresh_spacing_s: int = _switch(
        30, "force_refresh sooner than this after the last one does not refresh", highest=86400
    )
    forced_refreshes_a_day: int = _switch(20, "more force_refresh on one day (China): 45009")
    ip_not_whitelisted: bool = _switch(False, "token calls answer 40164 with the caller's address")
    ip_whitelist: tuple[str, ...] = _switch(
        (), "[addresses]: token calls from any other answer 40164; empty: from everywhere"
    )
    unverified: bool = _switch(
        False, "the account is not verified: calls that need it answer 48001"
    )
    daily_quota: int | None = _switch(
        None, "calls of one path a day (China), then 45009; null: no limit"
    )
    minute_quota: int | None = _switch(
        None, "calls of one path a minute, then 45011; null: no limit"
    )
    no_kf_tool: bool = _switch(
        False, "native customer service is not enabled: its accounts and sessions answer 65400"
    )
    unionids: bool = _switch(True, "bound to an open platform: users have a unionid")
    oauth_consent: bool = _switch(True, "whoever is asked on a page agrees; else they refuse")
    message_count: int | None = _switch(
        None, "sends that a message of the follower opens; null: as the policy says", lowest=1
    )
    message_lasts_s: int | None = _switch(None, "for how long; null: as the policy says", lowest=1)
    event_count: int | None = _switch(
        None, "sends that menu, follow and scan open; null: as the policy says", lowest=1
    )
    event_lasts_s: int | None = _switch(None, "for how long; null: as the policy says", lowest=1)
    payment_grant: bool = _switch(
        False, "a payment opens 48 hours without a count, as one of WeChat's own pages says"
    )
    text_bytes: int = _switch(2048, "a longer text is 45002", lowest=1, highest=100_000)
    image_bytes: int = _switch(
        10_485_760, "the largest picture taken; one page says 10 MB, its note 2 MB", lowest=1
    )
    media_expires_s: int = _switch(259_200, "temporary material is 40007 from then on", lowest=1)
    media_json_as_text: bool = _switch(
        True, "JSON answers of media and material calls are text/plain, as operators see them"
    )
    video_as_bytes: bool = _switch(False, "media/get answers a video itself, not its video_url")
    template_outcome: Outcome = _switch(  # noqa: RUF009
        Outcome.AUTO, "how template messages end: auto or one of the texts of the event"
    )
    native_session_s: int = _switch(
        1800, "a session of the native tool that nobody closes ends by itself", lowest=1
    )
    native_session_swallows: bool = _switch(
        True, "messages of a follower whom the native tool serves are not pushed"
    )
    errmsg_tail: Tail = _switch(  # noqa: RUF009  it is a field
        Tail.RID, "what errmsg ends with: rid, hint, both or none"
    )
    unicode_escapes: UnicodeEscapes = _switch(  # noqa: RUF009
        UnicodeEscapes.LITERAL, r"\uXXXX in a text: literal (shown so) or refuse (47002)"
    )
    push_tries: int = _switch(3, "POSTs of one push before it is given up", lowest=1, highest=10)
    push_deadline_s: float = _switch(
        5.0, "how long one POST may take to be answered", lowest=0.001, highest=60
    )
    push_spacing_s: float = _switch(
        5.0, "from the start of one POST to the start of the next, at least", highest=60
    )
    mark_fail_after: int = _switch(
        0, "POSTs that fail one after the other, then nothing is pushed for a while; 0: never"
    )
    mark_fail_s: float = _switch(
        60.0, "for how long; what would have been pushed meanwhile is lost", highest=86400
    )
    sign_with_moved_clock: bool = _switch(
        False, "the signature's timestamp follows the moved clock, as CreateTime always does"
    )
    duplicate_pushes: int = _switch(
        0, "every push is posted n times more, although answered", highest=10
    )
    out_of_order: bool = _switch(
        False, "a follower's push waits until the next one has overtaken it"
    )
    out_of_order_hold_s: float = _switch(
        2.0, "for how long it waits to be overtaken at most", highest=60
    )

    @property
    def token_rules(self) -> TokenRules:
        return TokenRules(
            timedelta(seconds=self.token_overlap_s),
            timedelta(seconds=self.forced_refresh_spacing_s),
            self.forced_refreshes_a_day,
        )

    def bent(self, policy: Policy) -> Policy:
        """The policy as the switches change it."""
        rules = [self._bent(rule) for rule in policy.rules]
        if self.payment_grant:
            rules = [rule for rule in rules if Trigger.PAYMENT not in rule.triggers]
            rules.append(Rule("payment", (Trigger.PAYMENT,), None, timedelta(hours=48)))
        return replace(policy, rules=tuple(rules))

    def _bent(self, rule: Rule) -> Rule:
        if Trigger.MESSAGE in rule.triggers:
            return _changed(rule, self.message_count, self.message_lasts_s)
        if _EVENTS & set(rule.triggers):
            return _changed(rule, self.event_count, self.event_lasts_s)
        return rule


_EVENTS = {Trigger.MENU, Trigger.FOLLOW, Trigger.SCAN}


def _changed(rule: Rule, count: int | None, lasts_s: int | None) -> Rule:
    lasts = rule.lasts if lasts_s is None else timedelta(seconds=lasts_s)
    return replace(rule, count=rule.count if count is None else count, lasts=lasts)
