"""Why somebody still waits, and why somebody was first: facts for the screen, and sentences. Pure.

A fact is a code with values; the front end translates codes. The sentences here, in Chinese and
English, are for the command line and for whoever reads a log.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wxdesk.desk.routing import order
from wxdesk.desk.routing.calibrate import STEPS_MINUTES, NoNumber
from wxdesk.desk.routing.decision import Decision, Rule, Turn
from wxdesk.desk.routing.eligible import Reason, obstacle
from wxdesk.desk.routing.foretell import Prediction
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.promise import NEVER
from wxdesk.desk.routing.snapshot import Agent, Moment, Waiting


class Language(StrEnum):
    """Of the sentences."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason, as a code and what it is about: numbers, names and moments (ISO 8601)."""

    code: str
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": dict(self.values)}


def why_waiting(
    waiting: Waiting, agents: Iterable[Agent], ahead: int, moment: Moment
) -> list[Fact]:
    """Why nobody has it yet.

    Args:
        waiting: The conversation.
        agents: All of the desk.
        ahead: How many of its own level and need are before it.
        moment: The desk now.
    """
    facts = [_clock(waiting, moment)]
    if waiting.is_held(moment.now) and waiting.held_until:
        facts.append(Fact("held", {"agent": waiting.sticky, "until": _iso(waiting.held_until)}))
    hurdles = [obstacle(agent, waiting, moment.now) for agent in agents]
    facts += _in_the_way(hurdles.count(None), Counter(each.reason for each in hurdles if each))
    lacking = Counter(str(each.of) for each in hurdles if each and each.reason is Reason.SKILL)
    facts += [Fact("lack_skill", {"skill": skill, "count": lacking[skill]}) for skill in lacking]
    if ahead:
        facts.append(Fact("ahead", {"count": ahead}))
    if waiting.rings:
        facts.append(Fact("widens", {"at": _iso(waiting.rings[0].at)}))
    return facts


def _clock(waiting: Waiting, moment: Moment) -> Fact:
    due_at = waiting.promise.due_at
    if due_at == NEVER:
        return Fact("no_promise", {"since": _iso(waiting.waiting_since)})
    return Fact(
        "waits_late" if moment.now >= due_at else "waits",
        {
            "since": _iso(waiting.waiting_since),
            "due_at": _iso(due_at),
            "band": order.band(waiting, moment).value,
        },
    )


def _in_the_way(free: int, reasons: Counter[Reason]) -> list[Fact]:
    """Of those who are in its groups, what stands in their way."""
    in_group = free + reasons.total() - reasons[Reason.GROUP]
    if not in_group:
        return [Fact("nobody_in_group", {})]
    skilled = in_group - reasons[Reason.SKILL] - reasons[Reason.LEVEL]
    if not skilled:
        return [Fact("nobody_with_skill" if reasons[Reason.SKILL] else "nobody_for_level", {})]
    facts = [Fact("free", {"count": free})] if free else []
    named = [reason for reason in Reason if reason not in {Reason.GROUP, Reason.SKILL}]
    return facts + [
        Fact(f"agents_{reason.value}", {"count": reasons[reason]})
        for reason in named
        if reasons[reason]
    ]


def foretold_fact(prediction: Prediction) -> Fact:
    """How long it will wait yet, in minutes as customers are told them, or why nobody knows."""
    found, range_ = prediction.corrected, prediction.shown
    if found is None or range_ is None:
        why = prediction.why_not or NoNumber.UNKNOWN
        return Fact(f"unpredicted_{why.value}", {"position": prediction.position})
    values = {
        "mean": round(found.mean, 1),
        "until_q90": round(found.q90, 1),
        "position": prediction.position,
        "shown_as": [range_.about, range_.to],
        "about": range_.about,
        "to": range_.to,
        "told": prediction.told is not None,
        "why_not": prediction.why_not and prediction.why_not.value,
        "basis": prediction.basis and prediction.basis.value,
    }
    if range_.about is None or range_.to is None:
        return Fact("predicted_long", values | {"least": range_.about or STEPS_MINUTES[-1]})
    return Fact("predicted", values)


def why_first(decision: Decision) -> list[Fact]:
    """Why this conversation went to this agent just then: who was chosen, by what, before whom."""
    turn, room = decision.turn, decision.room
    if turn is None or room is None:
        return []
    facts = [Fact(f"by_{decision.rule.value}", {"agent": room.agent, "at": _iso(decision.at)})]
    facts.append(_standing(turn, decision))
    if decision.next_turn:
        facts.append(_before(turn, decision.next_turn))
    if decision.rule is Rule.FREE:
        facts.append(Fact("load", {"load": room.load, "capacity": room.capacity}))
    if decision.next_room:
        other = decision.next_room
        facts.append(
            Fact(
                "next_agent",
                {"agent": other.agent, "load": other.load, "capacity": other.capacity},
            )
        )
    if room.is_helper:
        facts.append(Fact("helper", {"agent": room.agent}))
    return facts


def _standing(turn: Turn, decision: Decision) -> Fact:
    code = "no_promise" if turn.due_at == NEVER else f"band_{turn.band.value.lower()}"
    return Fact(
        code,
        {
            "since": _iso(turn.waiting_since),
            "due_at": _iso(turn.due_at),
            "rank": turn.rank,
            "since_a": decision.since_a,
        },
    )


def _before(turn: Turn, other: Turn) -> Fact:
    """What put it before the next one."""
    values = {"conversation": other.conversation, "due_at": _iso(other.due_at), "rank": other.rank}
    return Fact(f"before_{_what_decided(turn, other)}", values)


def _what_decided(turn: Turn, other: Turn) -> str:
    late, other_late = turn.band is not Band.C, other.band is not Band.C
    if late != other_late:
        return "late" if late else "own_work"
    if turn.rank == other.rank:
        return "since" if turn.waiting_since <= other.waiting_since else "own_work"
    if late:
        if turn.rank < other.rank:
            return "level"
        return "ration" if turn.band is Band.A else "own_work"
    return "due" if turn.due_at <= other.due_at else "own_work"


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def sentence(fact: Fact, language: Language) -> str:
    """A fact in words."""
    return SENTENCES[fact.code][language is Language.EN].format_map(fact.values)


def sentences(facts: Iterable[Fact], language: Language) -> list[str]:
    return [sentence(fact, language) for fact in facts]


SENTENCES: Mapping[str, tuple[str, str]] = {
    "waits": (
        "自 {since} 起等待，应在 {due_at} 前回复。",
        "Waits since {since}; to be answered by {due_at}.",
    ),
    "waits_late": (
        "自 {since} 起等待，已超过承诺时间 {due_at}。",
        "Waits since {since}; the promise ended at {due_at}.",
    ),
    "no_promise": (
        "自 {since} 起等待；服务时间里没有任何开放时段，因此没有承诺时间。",
        "Waits since {since}; its calendar is never open, so nothing is promised.",
    ),
    "held": (
        "为熟悉的客服 {agent} 保留到 {until}。",
        "Kept for {agent}, whom the customer knows, until {until}.",
    ),
    "nobody_in_group": ("技能组里没有人。", "Nobody is in its groups."),
    "nobody_with_skill": ("没有人具备所需技能。", "Nobody has the skills it needs."),
    "nobody_for_level": ("没有人接待这个等级的客户。", "Nobody serves customers of its level."),
    "lack_skill": ("{count} 人缺少技能「{skill}」。", "{count} lack the skill {skill}."),
    "free": ("{count} 人有空位，马上会分配。", "{count} have room: about to be assigned."),
    "agents_offline": ("{count} 人离线。", "{count} are offline."),
    "agents_busy": ("{count} 人忙碌，不接新会话。", "{count} are busy and take nothing new."),
    "agents_away": ("{count} 人小休。", "{count} are on a break."),
    "agents_paused": ("{count} 人因漏接而暂停。", "{count} are paused after a missed offer."),
    "agents_level": ("{count} 人不接待这个等级。", "{count} do not serve this level."),
    "agents_excluded": (
        "{count} 人刚放过或转出了这个会话。",
        "{count} let it pass lately, or handed it over.",
    ),
    "agents_full": ("{count} 人已满。", "{count} are full."),
    "agents_held": ("{count} 人要等保留时间过去。", "{count} may take it once it is not kept."),
    "ahead": ("同等级前面还有 {count} 位。", "{count} of the same level are before it."),
    "widens": ("{at} 起扩大可接待的范围。", "More agents may take it from {at} on."),
    "predicted": (
        "预计还要等 {about} 分钟左右，多半不超过 {to} 分钟。",
        "Will wait about {about} minutes more, and most likely no more than {to}.",
    ),
    "predicted_long": (
        "预计还要等 {least} 分钟以上。",
        "May wait more than {least} minutes.",
    ),
    "unpredicted_nobody_online": (
        "能接待的客服都不在线，无法预计等待时间。",
        "Nobody who could take it is online, so there is no estimate.",
    ),
    "unpredicted_closed": (
        "现在不是服务时间，不预计等待时间。",
        "It is outside service hours, so there is no estimate.",
    ),
    "unpredicted_unknown": (
        "今天的接待还太少，无法预计等待时间。",
        "Too little was measured today for an estimate.",
    ),
    "unpredicted_unreliable": (
        "近来的预计不够准，不给出等待时间。",
        "Estimates were not right often enough lately, so none is given.",
    ),
    "by_sticky": ("分给客户熟悉的客服 {agent}。", "Went to {agent}, whom the customer knows."),
    "by_free": ("{agent} 有空位，直接分配。", "{agent} had room, so it went there at once."),
    "by_order": (
        "{agent} 空出位置时，它排在最前。",
        "{agent} got room, and it was the first in order.",
    ),
    "by_direct": ("由同事转给 {agent}。", "Handed to {agent} by a colleague."),
    "by_returned": (
        "回到一直负责它的 {agent}。",
        "Back to {agent}, who had kept it.",
    ),
    "band_a": (
        "等待早已超时（自 {since}）；每十次分配至少照顾一次这样的会话。",
        "Far too late (waits since {since}): at least one assignment in ten is for such.",
    ),
    "band_b": (
        "快要超时或已超时（应在 {due_at} 前）：等级高的先。",
        "Getting late or late (due by {due_at}): the best level is first.",
    ),
    "band_c": (
        "时间还够（应在 {due_at} 前）：承诺早的先。",
        "In time (due by {due_at}): the earliest promise is first.",
    ),
    "before_late": (
        "会话 {conversation} 还不急，所以排后。",
        "Before {conversation}, which is still in time.",
    ),
    "before_level": (
        "会话 {conversation} 的等级较低，所以排后。",
        "Before {conversation}, which is of a lower level.",
    ),
    "before_due": (
        "会话 {conversation} 的承诺时间更晚（{due_at}），所以排后。",
        "Before {conversation}, which is due later ({due_at}).",
    ),
    "before_since": (
        "会话 {conversation} 同等级但来得晚，所以排后。",
        "Before {conversation}, of the same level, which came later.",
    ),
    "before_ration": (
        "轮到早已超时的会话，所以先于会话 {conversation}。",
        "Before {conversation}: it was the turn of those who are far too late.",
    ),
    "before_own_work": (
        "会话 {conversation} 是其他组的工作，本组的先。",
        "Before {conversation}, which is work of others: one's own goes first.",
    ),
    "load": (
        "接待后负载 {load}/{capacity}，是最低的。",
        "The load is {load} of {capacity} with it, the lowest there was.",
    ),
    "next_agent": (
        "其次会是 {agent}（{load}/{capacity}）。",
        "Next would have been {agent} ({load} of {capacity}).",
    ),
    "helper": (
        "{agent} 是支援：原来要求的组或技能不必满足。",
        "{agent} helps out: the first choice of group or skill was given up.",
    ),
}
"""Chinese, English."""
