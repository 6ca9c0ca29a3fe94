"""The rules that need only one conversation or message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.conversations import (
    AlreadyTaken,
    Conversation,
    ConversationClosed,
    ConversationState,
    Direction,
    Message,
    MessageState,
    NotAssigned,
    NothingToResend,
)
from wxdesk.desk.conversations.model import LINE_CHARS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ME, OTHER = 7, 8
WAITING, ACTIVE = ConversationState.WAITING, ConversationState.ACTIVE
CLOSED = ConversationState.CLOSED


def conversation(state=WAITING, assignee=None):
    return Conversation(
        id=1, state=state, assignee_id=assignee, last_at=NOON, unread=3, waiting_since=NOON
    )


def line(number, second=0, text="你好"):
    return Message(
        id=number,
        direction=Direction.IN,
        kind="text",
        text=text,
        sent_at=NOON + timedelta(seconds=second),
    )


def test_whoever_takes_a_waiting_conversation_owns_it():
    waiting = conversation()

    waiting.take(ME)

    assert (waiting.state, waiting.assignee_id, waiting.waiting_since) == (ACTIVE, ME, None)


def test_a_taken_conversation_is_refused_and_says_whose_it_is():
    with pytest.raises(AlreadyTaken) as refused:
        conversation(ACTIVE, OTHER).take(ME)

    assert refused.value.facts == {"assignee_id": OTHER}


def test_taking_ones_own_conversation_again_changes_nothing():
    mine = conversation(ACTIVE, ME)

    mine.take(ME)

    assert (mine.state, mine.assignee_id) == (ACTIVE, ME)


@pytest.mark.parametrize(
    ("state", "assignee", "refusal"),
    [
        (WAITING, None, NotAssigned),  # nobody's is not mine either
        (ACTIVE, OTHER, NotAssigned),
        (CLOSED, ME, ConversationClosed),  # it was mine
    ],
)
def test_only_the_owner_of_an_open_conversation_answers(state, assignee, refusal):
    with pytest.raises(refusal):
        conversation(state, assignee).require_assignee(ME)


def test_closing_ends_the_waiting_and_leaves_nothing_unread():
    mine = conversation(ACTIVE, ME)

    mine.close(NOON)

    assert (mine.state, mine.closed_at) == (CLOSED, NOON)
    assert (mine.waiting_since, mine.unread) == (None, 0)


@pytest.mark.parametrize(
    "verb", [lambda talk: talk.close(NOON), lambda talk: talk.take(ME)], ids=["close", "take"]
)
def test_a_closed_conversation_is_over(verb):
    with pytest.raises(ConversationClosed):
        verb(conversation(CLOSED, ME))


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.UNCERTAIN])
def test_what_did_not_surely_arrive_may_be_sent_again(state):
    message = Message(id=1, state=state, reason="answer_lost", errcode=45015)

    message.requeue()

    assert (message.state, message.reason, message.errcode) == (MessageState.QUEUED, None, None)


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENT, None])
def test_what_is_on_its_way_or_there_is_not_sent_again(state):
    with pytest.raises(NothingToResend):
        Message(id=1, state=state).requeue()


def test_a_list_shows_the_beginning_of_a_long_line():
    talk = conversation()

    talk.show(line(1, text="长" * 1000))

    assert talk.last_text == "长" * LINE_CHARS


def test_the_first_line_is_shown_though_wechats_clock_is_behind_ours():
    talk = conversation()

    talk.show(line(1, second=-3))

    assert (talk.last_message_id, talk.last_at) == (1, NOON - timedelta(seconds=3))


def test_a_line_shown_already_shows_its_new_state():
    talk, message = conversation(), line(1)
    talk.show(message)
    message.state = MessageState.SENT

    talk.show(message)

    assert talk.last_state is MessageState.SENT


@given(st.permutations(range(1, 7)), st.lists(st.integers(-2, 2), min_size=6, max_size=6))
def test_a_list_shows_the_newest_line_in_whatever_order_they_come(order, seconds):
    talk = conversation()
    lines = [line(number, seconds[number - 1]) for number in order]

    for each in lines:
        talk.show(each)

    newest = max(lines, key=lambda each: (each.sent_at, each.id))
    assert (talk.last_message_id, talk.last_at) == (newest.id, newest.sent_at)
