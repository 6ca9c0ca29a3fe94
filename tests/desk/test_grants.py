"""What WeChat lets us send, as a decision: no I/O."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdesk.desk.allowance import (
    MARGIN,
    Happening,
    Turn,
    after,
    after_act,
    after_closed,
    after_send,
    after_spent,
    forecast,
    replay,
)
from wxdesk.wechat import POLICIES, Policy, Renewal, Rule, Trigger
from wxsim import allowance as platform

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = POLICIES["2023"]
NO_MARGIN = timedelta(0)
HOURS, MINUTES, SECONDS = (
    lambda number, unit=unit: timedelta(**{unit: number})
    for unit in ("hours", "minutes", "seconds")
)


def left(grants, now=NOON, *, reserved=0, margin=NO_MARGIN):
    return forecast(grants, reserved, now, margin).left


def closes(grants, now=NOON, *, margin=NO_MARGIN):
    return forecast(grants, 0, now, margin).closes_at


def send(grants, now=NOON, times=1):
    for _ in range(times):
        grants, _payer = after_send(grants, now)
    return grants


@pytest.mark.parametrize(
    ("policy", "trigger", "count", "lasts"),
    [
        ("2023", Trigger.MESSAGE, 5, HOURS(48)),
        ("2023", Trigger.MENU, 3, MINUTES(1)),
        ("2023", Trigger.FOLLOW, 3, MINUTES(1)),
        ("2023", Trigger.SCAN, 3, MINUTES(1)),
        ("2023", Trigger.PAYMENT, 0, None),  # where the operator has not said otherwise
        ("2023", Trigger.COMPLAINT, 0, None),
        ("2021", Trigger.MESSAGE, 20, HOURS(48)),
        ("2021", Trigger.PAYMENT, 20, HOURS(48)),
        ("2021", Trigger.COMPLAINT, 0, None),
        *[("2013", trigger, None, HOURS(48)) for trigger in Trigger],
    ],
)
def test_each_act_grants_what_the_rules_of_its_year_say(policy, trigger, count, lasts):
    grants = after_act((), trigger, NOON, POLICIES[policy])

    assert left(grants) == count
    assert closes(grants) == (NOON + lasts if lasts else None)


def test_of_two_grants_the_one_that_expires_first_pays():
    grants = after_act((), Trigger.MESSAGE, NOON, TODAY)
    grants = after_act(grants, Trigger.MENU, NOON, TODAY)

    grants = send(grants, times=3)

    assert {grant.name: grant.left for grant in grants} == {"message": 5, "event": 0}
    assert {grant.name: grant.left for grant in send(grants)} == {"message": 4, "event": 0}


def test_what_a_short_grant_would_have_paid_the_long_one_pays_once_it_is_over():
    grants = after_act((), Trigger.MESSAGE, NOON, TODAY)
    grants = after_act(grants, Trigger.MENU, NOON, TODAY)

    assert left(send(grants, NOON + MINUTES(1)), NOON + MINUTES(1)) == 4


def test_menu_follow_and_scan_renew_one_another():
    grants = send(after_act((), Trigger.MENU, NOON, TODAY), times=2)

    again = after_act(grants, Trigger.SCAN, NOON + SECONDS(30), TODAY)

    assert left(again, NOON + SECONDS(30)) == 3
    assert closes(again, NOON + SECONDS(30)) == NOON + SECONDS(90)


@pytest.mark.parametrize(
    ("renewal", "sends", "ends"),
    [
        (Renewal.REPLACE, 5, HOURS(49)),
        (Renewal.ACCUMULATE, 8, HOURS(49)),
        (Renewal.NO_RENEWAL, 3, HOURS(48)),
    ],
)
def test_the_three_ways_in_which_a_second_message_may_count(renewal, sends, ends):
    policy = replace(TODAY, renewal=renewal)
    grants = send(after_act((), Trigger.MESSAGE, NOON, policy), times=2)

    grants = after_act(grants, Trigger.MESSAGE, NOON + HOURS(1), policy)

    assert left(grants, NOON + HOURS(1)) == sends
    assert closes(grants, NOON + HOURS(1)) == NOON + ends


def test_without_renewal_the_next_act_counts_once_the_grant_is_over():
    policy = replace(TODAY, renewal=Renewal.NO_RENEWAL)
    grants = send(after_act((), Trigger.MESSAGE, NOON, policy), times=5)

    grants = after_act(grants, Trigger.MESSAGE, NOON + HOURS(48), policy)

    assert left(grants, NOON + HOURS(48)) == 5


def test_a_grant_without_a_count_is_never_used_up():
    grants = send(after_act((), Trigger.MESSAGE, NOON, POLICIES["2013"]), times=100)

    assert left(grants, reserved=100) is None
    assert forecast(grants, 100, NOON, NO_MARGIN).takes(1000)


def test_nothing_open_and_all_used_up_are_told_apart():
    used_up = send(after_act((), Trigger.MESSAGE, NOON, TODAY), times=5)

    assert forecast((), 0, NOON, MARGIN).is_spent is False
    assert forecast(used_up, 0, NOON, MARGIN).is_spent is True
    assert forecast(used_up, 0, NOON + HOURS(48), MARGIN).is_spent is False


def test_what_waits_to_be_sent_is_no_longer_left():
    grants = after_act((), Trigger.MESSAGE, NOON, TODAY)

    assert [left(grants, reserved=waiting) for waiting in (0, 4, 5, 9)] == [5, 1, 0, 0]


def test_shortly_before_its_end_nothing_is_begun_any_more():
    grants = after_act((), Trigger.MESSAGE, NOON, TODAY)

    assert left(grants, NOON + HOURS(48) - SECONDS(61), margin=MARGIN) == 5
    assert left(grants, NOON + HOURS(48) - SECONDS(60), margin=MARGIN) == 0


def test_of_a_minute_the_margin_takes_ten_seconds():
    grants = after_act((), Trigger.MENU, NOON, TODAY)

    assert left(grants, NOON + SECONDS(49), margin=MARGIN) == 3
    assert left(grants, NOON + SECONDS(50), margin=MARGIN) == 0


def test_a_refusal_is_the_truth():
    grants = after_act((), Trigger.MESSAGE, NOON, TODAY)

    assert after_closed(grants) == ()
    assert left(after_spent(grants, NOON)) == 0
    assert forecast(after_spent(grants, NOON), 0, NOON, MARGIN).is_spent


def test_after_a_refusal_the_next_act_opens_anew():
    spent = after_spent(after_act((), Trigger.MESSAGE, NOON, TODAY), NOON)

    assert left(after_act(spent, Trigger.MESSAGE, NOON, TODAY)) == 5


def test_a_message_taken_against_all_rules_makes_nobody_poorer():
    grants, payer = after_send((), NOON)

    assert (grants, payer) == ((), None)


def test_whoever_leaves_takes_all_with_them():
    happened = [
        Happening(Turn.ACT, NOON, Trigger.MESSAGE),
        Happening(Turn.LEFT, NOON + SECONDS(5)),
        Happening(Turn.ACT, NOON + SECONDS(9), Trigger.FOLLOW),
    ]

    assert left(replay(happened, TODAY), NOON + SECONDS(9)) == 3


def test_a_push_that_comes_late_counts_from_when_it_happened():
    """They wrote at noon and at one; we sent two in between, and learn of one o'clock first."""
    in_order = [
        Happening(Turn.ACT, NOON, Trigger.MESSAGE),
        Happening(Turn.SENT, NOON + MINUTES(10)),
        Happening(Turn.SENT, NOON + MINUTES(20)),
        Happening(Turn.ACT, NOON + HOURS(1), Trigger.MESSAGE),
        Happening(Turn.SENT, NOON + HOURS(2)),
    ]
    grants = replay([in_order[3], in_order[1], in_order[4], in_order[0], in_order[2]], TODAY)

    assert left(grants, NOON + HOURS(2)) == 4
    assert grants == list(accumulate(in_order, _step, initial=()))[-1]


def _step(grants, happening):
    return after(grants, happening, TODAY).grants


# --- against the platform's own ledger, which is other people's code

ACTS = st.sampled_from(list(Trigger))
GAPS = st.one_of(
    st.integers(0, 3), st.integers(4, 120), st.integers(600, 7200), st.integers(80_000, 200_000)
)
STEPS = st.lists(
    st.tuples(GAPS, st.one_of(ACTS, st.sampled_from(["send", "send", "send", "leave"]))),
    max_size=40,
)
TABLES = st.builds(
    replace, st.sampled_from(list(POLICIES.values())), renewal=st.sampled_from(list(Renewal))
)


@settings(max_examples=1500, deadline=None)
@given(TABLES, STEPS)
def test_the_desk_promises_just_what_the_platform_allows(policy, steps):
    ours, theirs, now = (), (), NOON
    for gap, what in steps:
        now += timedelta(seconds=gap)
        match what:
            case "send":
                allowed = _platform_takes(theirs, now)
                assert forecast(ours, 0, now, NO_MARGIN).takes(1) == allowed
                if allowed:
                    ours, theirs = send(ours, now), platform.after_send(theirs, now)
            case "leave":
                ours, theirs = after_closed(ours), ()
            case _:
                ours = after_act(ours, what, now, policy)
                theirs = _platform_act(theirs, what, policy, now)
        found = forecast(ours, 0, now, NO_MARGIN)
        assert found.left == platform.sends_left(theirs, now)
        assert found.closes_at == platform.closes_at(theirs, now)


@settings(max_examples=700, deadline=None)
@given(TABLES, STEPS, st.integers(0, 6), st.integers(0, 90))
def test_with_a_margin_never_more_is_promised_and_no_more_is_lost_than_the_margin(
    policy, steps, reserved, delay
):
    """What is promised now is taken when it leaves a little later, within the margin."""
    ours, theirs, now = (), (), NOON
    for gap, what in steps:
        now += timedelta(seconds=gap)
        if what in set(Trigger):
            ours = after_act(ours, what, now, policy)
            theirs = _platform_act(theirs, what, policy, now)
    careful = forecast(ours, reserved, now, MARGIN)
    exact = forecast(ours, reserved, now, NO_MARGIN)
    assert exact.left is None or (careful.left is not None and careful.left <= exact.left)
    if careful.closes_at is not None and careful.left != 0:
        later = now + min(timedelta(seconds=delay), _shortest_margin(ours, now))
        for _ in range(reserved + min(careful.left or 1, 20)):
            assert _platform_takes(theirs, later - timedelta(microseconds=1))
            theirs = platform.after_send(theirs, later - timedelta(microseconds=1))


def _shortest_margin(grants, now):
    margins = [
        min(MARGIN, (grant.expires_at - grant.opened_at) / 6)
        for grant in grants
        if grant.is_open(now)
    ]
    return min(margins, default=timedelta(0))


def _platform_takes(theirs, now):
    try:
        platform.after_send(theirs, now)
    except (platform.WindowClosed, platform.RepliesSpent):
        return False
    return True


def _platform_act(theirs, trigger, policy, now):
    return platform.after_act(theirs, trigger, policy=policy, renewal=policy.renewal, now=now)


@settings(max_examples=500, deadline=None)
@given(TABLES, STEPS, st.randoms())
def test_the_order_in_which_it_is_told_changes_nothing(policy, steps, random):
    now, happened = NOON, []
    for gap, what in steps:
        now += timedelta(seconds=gap + 1)
        match what:
            case "send":
                happened.append(Happening(Turn.SENT, now))
            case "leave":
                happened.append(Happening(Turn.LEFT, now))
            case _:
                happened.append(Happening(Turn.ACT, now, what))
    told = happened.copy()
    random.shuffle(told)

    assert replay(told, policy) == replay(happened, policy)


def test_of_the_same_instant_an_act_comes_before_our_message():
    """Promise what is left in the worse of the two orders."""
    happened = [
        Happening(Turn.SENT, NOON),
        Happening(Turn.ACT, NOON, Trigger.MESSAGE),
    ]

    assert left(replay(happened, TODAY)) == 4


@pytest.mark.parametrize(
    "table",
    [
        None,
        {"name": "x"},
        {"name": "x", "rules": [{"grant": "m", "triggers": ["shout"], "count": 1, "seconds": 1}]},
        {"name": "x", "rules": [{"grant": "m", "triggers": ["menu"], "count": 0, "seconds": 1}]},
        {"name": "x", "rules": [{"grant": "m", "triggers": ["menu"], "count": 1.5, "seconds": 1}]},
        {"name": "x", "rules": [{"grant": "m", "triggers": ["menu"], "count": 1, "seconds": 0}]},
        {"name": "x", "rules": [{"grant": "m", "triggers": ["menu", "menu"], "seconds": 9}]},
        {"name": "x", "renewal": "sometimes", "rules": []},
    ],
)
def test_what_is_no_table_of_rules_is_refused(table):
    with pytest.raises(ValueError):
        Policy.from_document(table)


def test_a_table_is_read_as_it_was_written():
    for policy in POLICIES.values():
        assert Policy.from_document(policy.as_document()) == policy


def test_rules_of_ones_own_hold_as_well():
    policy = Policy(
        "ours", "2026", "", Renewal.REPLACE, (Rule("any", tuple(Trigger), 2, MINUTES(5)),)
    )

    grants = send(after_act((), Trigger.COMPLAINT, NOON, policy))
    assert left(grants) == 1
    assert left(after_act(grants, Trigger.SCAN, NOON, policy)) == 2
