"""How far a message got, from how far its parts did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.conversations import MessageState
from wxdesk.desk.outbox import DeliveryState
from wxdesk.desk.outbox.outcomes import state_of

SENT, FAILED = DeliveryState.SENT, DeliveryState.FAILED
WAITING, UNCERTAIN = DeliveryState.WAITING, DeliveryState.UNCERTAIN
CANCELLED = DeliveryState.CANCELLED

PARTS = st.lists(st.sampled_from(DeliveryState), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([WAITING], MessageState.QUEUED),
        ([SENT], MessageState.SENT),
        ([FAILED], MessageState.FAILED),
        ([UNCERTAIN], MessageState.UNCERTAIN),
        ([SENT, WAITING], MessageState.QUEUED),  # not there yet as a whole
        ([UNCERTAIN, WAITING], MessageState.QUEUED),  # told once the rest has an outcome
        ([UNCERTAIN, SENT], MessageState.UNCERTAIN),
        ([SENT, FAILED, CANCELLED], MessageState.FAILED),
        ([UNCERTAIN, FAILED, CANCELLED], MessageState.FAILED),  # what is known goes first
    ],
)
def test_a_message_is_as_far_as_its_parts_allow(parts, state):
    assert state_of(parts) is state


@given(PARTS)
def test_a_message_is_sent_exactly_when_every_part_is(parts):
    assert (state_of(parts) is MessageState.SENT) == (set(parts) == {SENT})


@given(PARTS)
def test_a_refused_part_is_never_hidden(parts):
    assert (state_of(parts) is MessageState.FAILED) == bool({FAILED, CANCELLED} & set(parts))


@given(PARTS, st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts, random):
    shuffled = random.sample(parts, len(parts))

    assert state_of(shuffled) is state_of(parts)
