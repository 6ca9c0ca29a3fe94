"""Followers who are agents: what they do goes to a chat of their own, before it opens anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wxdesk.desk import agent_chat, bindings, ratings, routing
from wxdesk.desk.agent_chat import Line
from wxdesk.desk.bindings import Bound
from wxdesk.desk.contacts import Contact, Follower
from wxdesk.desk.intake.received import Received
from wxdesk.desk.replies import Slot
from wxdesk.store import Unit
from wxdesk.wechat import Scanned, Subscribed, Unsubscribed


@dataclass(frozen=True, slots=True)
class Agents:
    """Those among the followers of a batch who are agents.

    Attributes:
        talks: The conversations that they may do something with.
    """

    bound: Mapping[Follower, Bound]
    talks: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Diverted:
    """What agents did, and what is left for the desk."""

    lines: Sequence[Line]
    others: list[Received]


async def find(unit: Unit, received: Sequence[Received]) -> Agents:
    """Which of the followers are agents.

    What they write touches customers who are not of this batch, and several seats: where there are
    any, the desk is locked before all, then all contacts at once, as everybody does.

    Cost: one statement where nobody is.
    """
    followers = {each.follower for each in received}
    bound = await bindings.find_bound(unit, followers)
    if not bound and not any(_scene(each) for each in received):
        return Agents({})
    await routing.lock_desk(unit)
    talks = await agent_chat.hold_customers(unit, followers, bound.values())
    return Agents(await bindings.find_bound(unit, followers), talks)


async def divert(
    unit: Unit,
    received: Sequence[Received],
    known: Mapping[Follower, Contact],
    agents: Agents,
    *,
    passive_wait: timedelta,
    now: datetime,
) -> Diverted:
    """Set apart what agents did, in their order: whoever scans a code is one from then on.

    Whoever unfollows is one no more, which the desk minds as of anybody.
    """
    bound, lines, others = dict(agents.bound), list[Line](), list[Received]()
    for each in received:
        contact = known[each.follower]
        line = _line(each, contact, bound.get(each.follower), passive_wait)
        if scene := _scene(each):
            line = await _redeemed(unit, line, contact, scene, now)
            bound = _with(bound, each.follower, line.bound)
        elif line.bound is None or not await _is_agent(unit, line.bound, each, now):
            others.append(each)
            continue
        lines.append(line)
        if isinstance(each.content, Unsubscribed):
            bound = _with(bound, each.follower, None)
            others.append(each)
    return Diverted(lines, others)


def _line(each: Received, contact: Contact, who: Bound | None, passive_wait: timedelta) -> Line:
    return Line(
        contact_id=contact.id,
        bound=who,
        push_id=each.kept.id,
        content=each.content,
        sent_at=each.sent_at,
        slot=Slot(each.kept.id, each.kept.received_at + passive_wait),
    )


def _with(
    bound: Mapping[Follower, Bound], follower: Follower, who: Bound | None
) -> dict[Follower, Bound]:
    others = {each: known for each, known in bound.items() if each != follower}
    return others | ({follower: who} if who else {})


async def _redeemed(unit: Unit, line: Line, contact: Contact, scene: str, now: datetime) -> Line:
    found = await bindings.redeem(unit, contact, scene, at=line.sent_at, now=now)
    who = await bindings.find_by_contact(unit, contact.id)
    return replace(line, redeemed=found, bound=who)


async def _is_agent(unit: Unit, who: Bound, received: Received, now: datetime) -> bool:
    """Whether they do this as an agent: not those who asked to be a customer for a while.

    What they think of how they were served then is a customer's word, too. The binding of somebody
    who works here no more ends when they write.
    """
    if received.push is None or ratings.tap_of(received.push) or who.binding.revoked_at:
        return False
    if not who.agent.active:
        await bindings.revoke(unit, who.binding, by_id=None, reason="inactive", now=now)
        return False
    if isinstance(received.content, Unsubscribed):
        return True
    return not await agent_chat.is_customer(unit, who, received.content)


def _scene(received: Received) -> str | None:
    """Of a code for agents; None: they scanned none."""
    content = received.content
    scene = content.scene if isinstance(content, Scanned | Subscribed) else None
    return scene if bindings.is_scene(scene) else None
