"""Conversations go back: from an agent who was asked, or who had them, to those who wait."""

from datetime import datetime

from wxdesk.desk import alerts, contacts, conversations, notices
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.notices import Kind, Notice
from wxdesk.desk.routing import given, who_has_what, who_is_here
from wxdesk.desk.routing.begin import fresh_wait
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.going_on import again, go_on
from wxdesk.desk.routing.model import Assignment, Ending, Wait
from wxdesk.desk.routing.presence_log import note_presence
from wxdesk.desk.routing.round import Round


async def end_offer(round_: Round, wait: Wait, ending: Ending) -> None:
    """An offer is over; the conversation waits at its old place, or goes back to a colleague."""
    conversation = round_.held[wait.conversation_id]
    assignment = await who_has_what.find_assignment(round_.unit, wait.conversation_id)
    if assignment is None or wait.offered_to is None:
        return
    agent_id, now = wait.offered_to, round_.now
    await given.end(round_.unit, assignment, ending, now=now)
    if ending is Ending.TIMED_OUT:
        seat = await who_is_here.get_seat(round_.unit, agent_id)
        seat.paused_since, seat.missed = now, seat.missed + 1
        note_presence(round_.unit, seat, now)
        await round_.unit.session.flush()
    await round_.read_again(agent_id)
    take_back_offer(
        conversation,
        wait,
        agent_id,
        None if ending is Ending.WITHDRAWN else round_.excluded_until(),
    )
    await alerts.look_again(round_.unit, conversation.id)
    if wait.sender_id is not None:
        await give_back(round_, wait)
    round_.unit.tell("conversation", conversation.id)
    round_.done += 1


def take_back_offer(
    conversation: Conversation, wait: Wait, agent_id: int, excluded_until: datetime | None
) -> None:
    """It waits as before, for that agent only after a while."""
    conversation.offer(None, None)
    wait.offered_to = wait.offer_until = None
    if excluded_until:
        wait.excluded = wait.excluded | {str(agent_id): excluded_until.isoformat()}
    wait.looked = False
    wait.set_timer()


async def give_back(round_: Round, wait: Wait) -> None:
    """What was handed over was not accepted: back to who handed it over, room or not."""
    sender_id, wait.sender_id, wait.looked = wait.sender_id, None, False
    if sender_id is None:
        return
    sender = await round_.agent(sender_id)
    seat = await who_is_here.get_seat(round_.unit, sender_id)
    if seat.since is not None and not sender.is_here(round_.now):
        return
    conversation = round_.held.pop(wait.conversation_id)
    kept = wait.as_json()
    await round_.unit.session.delete(wait)
    await given.give(
        round_.unit,
        conversation,
        agent_id=sender_id,
        kept=kept,
        now=round_.now,
        rule=Rule.RETURNED,
        kind="given_back",
    )
    back = Notice(
        agent_id=sender_id,
        kind=Kind.HANDED_BACK,
        conversation_id=conversation.id,
        at=round_.now,
    )
    await notices.add(round_.unit, [back])
    await round_.read_again(sender_id)
    round_.heads.forget_all()
    round_.done += 1


async def rest(round_: Round, conversation: Conversation, assignment: Assignment) -> None:
    """It takes no room any more; its agent stays, and looks for others."""
    await who_is_here.change_load(round_.unit, assignment.agent_id, -assignment.weight, hungry=True)
    assignment.rests_since = round_.now
    conversations.set_rest(round_.unit, conversation, round_.now)
    round_.unit.tell("seat", assignment.agent_id)
    await round_.read_again(assignment.agent_id)
    round_.done += 1


async def send_back(
    round_: Round,
    conversation: Conversation,
    assignment: Assignment,
    ending: Ending,
    *,
    familiar_id: int | None = None,
) -> None:
    """It waits for somebody else: without a reply yet at its old place, else for the next one."""
    untouched = assignment.first_reply_at is None and assignment.rests_since is None
    await given.end(round_.unit, assignment, ending, now=round_.now)
    await round_.read_again(assignment.agent_id)
    people = await contacts.by_ids(round_.unit, [conversation.contact_id])
    contact = people[conversation.contact_id]
    if not assignment.kept:
        wait = await fresh_wait(round_.unit, conversation, contact, round_.terms, round_.now)
    elif untouched:
        wait = go_on(conversation, assignment.kept)
    else:
        wait = again(
            conversation,
            contact,
            assignment.kept,
            round_.terms,
            since=conversation.owed_since or round_.now,
            familiar_id=familiar_id,
        )
    if ending is Ending.UNANSWERED:
        take_back_offer(conversation, wait, assignment.agent_id, round_.excluded_until())
    round_.unit.session.add(wait)
    await conversations.put_back(
        round_.unit,
        conversation,
        since=wait.since,
        now=round_.now,
        agent_id=assignment.agent_id,
        content={"ending": ending.value},
    )
    round_.done += 1
