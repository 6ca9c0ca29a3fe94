"""Alerts in words, in two languages; how much of a customer is in them, the operator decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wxdesk.desk import agents, contacts, conversations
from wxdesk.desk.agents import Agent
from wxdesk.desk.alerts import Alert, Kind, OnItsWay, What
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation
from wxdesk.store import Unit

LONGEST_LINE = 120
CHINESE = "zh-CN"


class Contents(StrEnum):
    """What of a customer may stand in an alert."""

    NOTHING = "nothing"
    NAME = "name"  # what the desk calls them
    TEXT = "text"  # and what they wrote last


@dataclass(frozen=True, slots=True)
class Note:
    """An alert as it is read.

    Attributes:
        url: The place of the desk that it leads to.
        tag: What is said under the same one takes its place.
        kind: ``clear``: what is shown under the tag is settled; a title says how.
        again: Whoever reads it is told once more though it stands there already.
    """

    kind: str
    title: str
    body: str
    url: str
    tag: str
    again: bool = False


TITLES: Mapping[Kind, tuple[str, str]] = {
    Kind.OFFER: ("新会话，等你接入", "A conversation for you"),
    Kind.MESSAGE: ("客户发来消息", "A customer wrote"),
    Kind.WARNING: ("即将超时", "Little time left"),
    Kind.BREACH: ("已经超时", "Too late"),
    Kind.WINDOW: ("1 小时内将无法回复", "Cannot be answered in an hour"),
    Kind.HANDED_OVER: ("{by} 转接给你", "{by} handed one to you"),
    Kind.MENTION: ("{by} 在便签里提到你", "{by} named you in a note"),
    Kind.TEAM_BREACH: ("有会话已超时", "A promise was broken"),
    Kind.TEAM_WAITING: ("有客户等待，无人接待", "A customer waits, nobody is free"),
}
BODIES: Mapping[Kind, tuple[str, str]] = {
    Kind.MESSAGE: ("{who}，{n} 条未读", "{who}, {n} unread"),
    Kind.TEAM_BREACH: ("{n} 个，打开监控查看", "{n} of them. See the monitor"),
    Kind.TEAM_WAITING: ("打开监控查看", "See the monitor"),
}
SOMEBODY = ("一位客户", "A customer")
COLLEAGUE = ("同事", "A colleague")
TAKEN = ("已由 {by} 接待", "{by} has answered it")
TEST = (("测试通知", "收到这条，就说明通知能到达这里"), ("A test", "Notices reach you here"))


async def written(unit: Unit, found: Sequence[OnItsWay], contents: Contents) -> Mapping[int, Note]:
    """What is on its way in words, by sending."""
    talks = await conversations.by_ids(
        unit, {each.alert.conversation_id for each in found if each.alert.conversation_id}
    )
    people = await contacts.by_ids(unit, {each.contact_id for each in talks})
    of = {talk.id: talk for talk in talks}
    team = await agents.by_ids(unit, _named(found, talks))
    notes = {}
    for each in found:
        talk = of.get(each.alert.conversation_id or 0)
        notes[each.sending.id] = _note(each, talk, people, team, contents)
    return notes


def _named(found: Sequence[OnItsWay], talks: Collection[Conversation]) -> set[int | None]:
    return {each.alert.facts.get("by_id") for each in found} | {each.assignee_id for each in talks}


def _note(
    sent: OnItsWay,
    talk: Conversation | None,
    people: Mapping[int, Contact],
    team: Mapping[int, Agent],
    contents: Contents,
) -> Note:
    alert, place = sent.alert, sent.device or sent.address
    language = 0 if place is None or place.locale == CHINESE else 1
    url = f"/conversations/{talk.id}?from=notice" if talk else "/monitor/live"
    tag = f"conversation-{talk.id}" if talk else f"team-{alert.kind}"
    if sent.sending.what is What.CLEAR:
        by = team.get(talk.assignee_id or 0) if talk else None
        is_other = by is not None and by.id != alert.agent_id and alert.kind is Kind.OFFER
        title = TAKEN[language].format(by=by.name) if by and is_other else ""
        return Note("clear", title, "", url, tag)
    by = team.get(alert.facts.get("by_id", 0))
    title = TITLES[alert.kind][language].format(by=by.name if by else COLLEAGUE[language])
    contact = people.get(talk.contact_id) if talk else None
    who = _who(contact, contents) or SOMEBODY[language]
    count = talk.unread if talk and alert.kind is Kind.MESSAGE else alert.count
    body = BODIES.get(alert.kind, ("{who}", "{who}"))[language].format(who=who, n=count)
    if contents is Contents.TEXT and talk and talk.last_text and _is_of_customer(alert):
        body = f"{body}\n{talk.last_text}"
    return Note(str(alert.kind), title, body[:LONGEST_LINE], url, tag, again=alert.count > 1)


def _is_of_customer(alert: Alert) -> bool:
    return alert.kind in (Kind.OFFER, Kind.MESSAGE)


def _who(contact: Contact | None, contents: Contents) -> str:
    if contact is None or contents is Contents.NOTHING:
        return ""
    return contact.remark or contact.platform_remark or ""


def test_note(locale: str) -> Note:
    """Shows that a place can be reached."""
    title, body = TEST[0 if locale == CHINESE else 1]
    return Note("test", title, body, "/me/settings", "test", again=True)
