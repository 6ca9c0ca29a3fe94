"""The ledger of what may be sent, by policy and by renewal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat.policies import POLICIES, Renewal, Trigger
from wxsim.allowance import (
    RepliesSpent,
    WindowClosed,
    after_act,
    after_send,
    closes_at,
    sends_left,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def acted(grants, trigger, now=NOON, policy="2023", renewal=Renewal.REPLACE):
    return after_act(grants, trigger, policy=POLICIES[policy], renewal=renewal, now=now)


def sent(grants, times, now=NOON):
    for _ in range(times):
        grants = after_send(grants, now)
    return grants


@pytest.mark.parametrize(
    ("policy", "trigger", "count", "lasts"),
    [
        ("2023", "message", 5, 48 * HOUR),
        ("2023", "menu", 3, MINUTE),
        ("2023", "follow", 3, MINUTE),
        ("2023", "scan", 3, MINUTE),
        ("2023", "payment", 0, None),
        ("2023", "complaint", 0, None),
        ("2021", "message", 20, 48 * HOUR),
        ("2021", "menu", 3, MINUTE),
        ("2021", "payment", 20, 48 * HOUR),
        ("2021", "complaint", 0, None),
        ("2013", "message", None, 48 * HOUR),
        ("2013", "menu", None, 48 * HOUR),
        ("2013", "scan", None, 48 * HOUR),
        ("2013", "payment", None, 48 * HOUR),
        ("2013", "complaint", None, 48 * HOUR),
    ],
)
def test_each_policy_grants_what_its_table_says(policy, trigger, count, lasts):
    grants = acted((), Trigger(trigger), policy=policy)

    assert sends_left(grants, NOON) == count
    assert closes_at(grants, NOON) == (None if lasts is None else NOON + lasts)


def test_the_sixth_message_is_refused_as_spent():
    grants = sent(acted((), Trigger.MESSAGE), 5)

    with pytest.raises(RepliesSpent):
        after_send(grants, NOON)


def test_without_an_act_the_window_is_closed():
    with pytest.raises(WindowClosed):
        after_send((), NOON)


def test_the_window_closes_at_its_very_end():
    grants = acted((), Trigger.MESSAGE)

    assert after_send(grants, NOON + 48 * HOUR - timedelta(microseconds=1))
    with pytest.raises(WindowClosed):
        after_send(grants, NOON + 48 * HOUR)


def test_a_spent_grant_that_has_expired_is_a_closed_window():
    grants = sent(acted((), Trigger.MENU), 3)

    with pytest.raises(RepliesSpent):
        after_send(grants, NOON)
    with pytest.raises(WindowClosed):
        after_send(grants, NOON + MINUTE)


def test_the_grant_that_expires_first_pays():
    grants = acted(acted((), Trigger.MESSAGE), Trigger.SCAN)

    grants = sent(grants, 4)

    assert {grant.trigger: grant.left for grant in grants} == {"scan": 0, "message": 4}


def test_an_event_renews_the_event_grant_and_not_the_messages():
    grants = sent(acted(acted((), Trigger.MESSAGE), Trigger.FOLLOW), 5)

    grants = acted(grants, Trigger.MENU)

    assert {grant.trigger: grant.left for grant in grants} == {"message": 3, "menu": 3}


@pytest.mark.parametrize(
    ("renewal", "left", "closes"),
    [
        (Renewal.REPLACE, 5, NOON + 49 * HOUR),
        (Renewal.ACCUMULATE, 7, NOON + 49 * HOUR),
        (Renewal.NO_RENEWAL, 2, NOON + 48 * HOUR),
    ],
)
def test_a_second_message_renews_as_the_setting_says(renewal, left, closes):
    grants = sent(acted((), Trigger.MESSAGE), 3)

    again = acted(grants, Trigger.MESSAGE, now=NOON + HOUR, renewal=renewal)

    assert sends_left(again, NOON + HOUR) == left
    assert closes_at(again, NOON + HOUR) == closes


@pytest.mark.parametrize("renewal", list(Renewal))
def test_an_expired_grant_is_always_opened_afresh(renewal):
    grants = sent(acted((), Trigger.MESSAGE), 5)
    later = NOON + 48 * HOUR

    assert sends_left(acted(grants, Trigger.MESSAGE, now=later, renewal=renewal), later) == 5


ACTS = st.one_of(st.sampled_from(Trigger), st.just("send"))
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 90_000)), max_size=60)


@given(STEPS, st.sampled_from(list(POLICIES)), st.sampled_from(Renewal))
def test_sends_left_tells_exactly_whether_one_is_accepted(steps, policy, renewal):
    grants, now = (), NOON
    for act, seconds in steps:
        now += timedelta(seconds=seconds)
        if act != "send":
            grants = acted(grants, act, now=now, policy=policy, renewal=renewal)
            continue
        left = sends_left(grants, now)
        if left == 0:
            with pytest.raises((WindowClosed, RepliesSpent)):
                after_send(grants, now)
        else:
            grants = after_send(grants, now)
            assert sends_left(grants, now) == (None if left is None else left - 1)


@given(STEPS, st.sampled_from(list(POLICIES)), st.sampled_from(Renewal))
def test_there_are_never_more_grants_than_kinds_of_them(steps, policy, renewal):
    grants = ()
    for act, _ in steps:
        if act != "send":
            grants = acted(grants, act, policy=policy, renewal=renewal)
    assert len(grants) <= 4
