"""Who takes whom, and what stands in the way of the others, as decisions."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wxdesk.desk.routing.choose import MOST_NAMED, feed, place
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.eligible import obstacle, standing_exclusions
from wxdesk.desk.routing.explain import why_waiting
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.promise import Level, Promise, promised
from wxdesk.desk.routing.relax import Wish, helpers_of, needs, rings, widened
from wxdesk.desk.routing.snapshot import Agent, Moment, Need, Presence, Ring, Waiting

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = Moment(now=NOON)
EN = Need.of("en")
SALES = frozenset({"sales"})


def seconds(number):
    return timedelta(seconds=number)


def waiting(name="c", rank=4, target=300, since=0, **others):
    at = NOON + seconds(since)
    level = Level(name="", rank=rank, first=seconds(target))
    wanted = others.get("wanted", others.get("need", Need()))
    return Waiting(
        id=name,
        rank=rank,
        waiting_since=at,
        promise=promised(level, at),
        hold=level.hold,
        **(others | {"wanted": wanted}),
    )


def agent(name="a", capacity=4, load=0, **others):
    return Agent(id=name, capacity=capacity, load=load, **others)


# --- what stands in the way


@pytest.mark.parametrize(
    ("who", "what", "reason", "of"),
    [
        (agent(), waiting(), None, None),
        (agent(presence=Presence.OFFLINE), waiting(), "offline", None),
        (agent(presence=Presence.BUSY), waiting(), "busy", None),
        (agent(presence=Presence.AWAY), waiting(), "away", None),
        (agent(paused_until=NOON + seconds(1)), waiting(), "paused", None),
        (agent(paused_until=NOON), waiting(), None, None),
        (agent(), waiting(need=Need(groups=SALES)), "group", None),
        (agent(groups=SALES), waiting(need=Need(groups=SALES)), None, None),
        (agent(ranks=frozenset({1, 2})), waiting(), "level", 4),
        (agent(ranks=frozenset({4})), waiting(), None, None),
        (agent(), waiting(need=EN), "skill", "en"),
        (agent(skills={"en": 1}), waiting(need=Need(frozenset({("en", 2)}))), "skill", "en"),
        (agent(skills={"en": 2}), waiting(need=Need(frozenset({("en", 2)}))), None, None),
        (agent(), waiting(excluded=frozenset({"a"})), "excluded", None),
        (agent(), waiting(sticky="b", held_until=NOON + seconds(9)), "held", "b"),
        (agent(), waiting(sticky="a", held_until=NOON + seconds(9)), None, None),
        (agent(), waiting(sticky="b", held_until=NOON), None, None),
        (agent(load=4), waiting(), "full", None),
        (agent(load=4), waiting(extra_slots=1), None, None),
        (agent(load=5), waiting(extra_slots=1), "full", None),
        (agent(load=3), waiting(weight=2), "full", None),
        (agent(capacity=0), waiting(extra_slots=1), "full", None),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(who, what, reason, of):
    hurdle = obstacle(who, what, NOON)

    assert (hurdle and hurdle.reason.value, hurdle and hurdle.of) == (reason, of)


# --- a conversation looks for an agent


def test_the_least_load_after_it_is_chosen():
    team = [agent("a", 4, 2), agent("b", 10, 4), agent("c", 2, 1)]

    decision = place(waiting(), team, NOW)

    assert (decision.rule, decision.room.agent) == (Rule.FREE, "b")
    assert decision.next_room.agent == "a"


def test_then_whoever_had_no_new_work_for_longest_and_then_the_lower_id():
    team = [
        agent("b", last_assigned_at=NOON - seconds(9)),
        agent("a", last_assigned_at=NOON - seconds(5)),
        agent("d"),
        agent("c"),
    ]

    order = []
    while team:
        order.append(place(waiting(), team, NOW).room.agent)
        team = [one for one in team if one.id != order[-1]]

    assert order == ["c", "d", "b", "a"]


def test_the_agent_the_customer_knows_comes_before_one_with_less_to_do():
    decision = place(waiting(sticky="a"), [agent("b")], NOW, sticky=agent("a", load=3))

    assert (decision.rule, decision.room.agent) == (Rule.STICKY, "a")


@pytest.mark.parametrize("target", [300, 60])
def test_where_only_room_is_missing_it_is_held_for_a_while(target):
    decision = place(
        waiting(sticky="a", target=target), [agent("b")], NOW, sticky=agent("a", load=4)
    )

    assert decision.rule is Rule.HELD
    assert decision.held_until == NOON + seconds(min(60, target / 2))


@pytest.mark.parametrize(
    ("known", "of", "pressed", "now"),
    [
        (agent("a", load=4), {}, True, 0),  # somebody is late
        (agent("a", load=4), {}, False, 60),  # the time is over
        (agent("a", load=4, presence=Presence.OFFLINE), {}, False, 0),
        (agent("a", load=4, presence=Presence.BUSY), {}, False, 0),
        (agent("a", load=4, paused_until=NOON + seconds(99)), {}, False, 0),
        (agent("a", load=4), {"excluded": frozenset({"a"})}, False, 0),
        (agent("a", load=4), {"hold": seconds(0)}, False, 0),
        (agent("a", load=4, skills={}), {"need": EN}, False, 0),
        (None, {}, False, 0),
    ],
)
def test_else_it_goes_to_others_at_once(known, of, pressed, now):
    team = [agent("b", skills={"en": 1})]
    one = replace(waiting(sticky="a"), **of)

    decision = place(one, team, Moment(now=NOON + seconds(now)), sticky=known, pressed=pressed)

    assert (decision.rule, decision.room.agent) == (Rule.FREE, "b")


def test_once_widened_the_skilled_are_asked_before_helpers():
    one = waiting(need=Need(), wanted=EN, ring=1)
    team = [agent("helper"), agent("skilled", load=3, skills={"en": 1})]

    assert place(one, team, NOW).room.agent == "skilled"
    assert place(one, team[:1], NOW).room.is_helper


def test_where_nobody_can_take_it_each_is_named_with_what_stands_in_the_way():
    team = [agent("a", load=4), agent("b", presence=Presence.AWAY)]

    decision = place(waiting(), team, NOW)

    assert decision.rule is Rule.NOBODY
    assert [one.as_json() for one in decision.passed_over] == [
        {"id": "a", "reason": "full", "of": None},
        {"id": "b", "reason": "away", "of": None},
    ]


def test_of_many_only_some_are_named_but_all_are_counted():
    decision = place(waiting(), [agent(number, load=4) for number in range(100)], NOW)

    assert len(decision.passed_over) == MOST_NAMED
    assert decision.passed_over_count == 100


# --- an agent looks for a conversation


def test_the_first_in_order_is_taken_and_the_next_is_named():
    heads = [waiting("n", since=-10), waiting("v", rank=1, target=30)]

    decision = feed(agent(), heads, NOW)

    assert decision.rule is Rule.ORDER
    assert decision.turn.conversation == "v"
    assert decision.next_turn.conversation == "n"


def test_the_next_may_be_behind_in_the_same_line():
    heads = [waiting("v", rank=1, target=30, since=-1), waiting("n")]
    behind = {"v": waiting("w", rank=1, target=30)}

    decision = feed(agent(), heads, NOW, lambda head: behind[head.id])

    assert decision.next_turn.conversation == "w"


def test_a_head_that_does_not_fit_leaves_the_others():
    heads = [waiting("heavy", since=-99, weight=3), waiting("light")]

    decision = feed(agent(load=3), heads, NOW)

    assert decision.turn.conversation == "light"
    assert [one.id for one in decision.passed_over] == ["heavy"]


def test_own_work_goes_before_foreign_work():
    foreign = waiting("f", rank=1, target=30, since=-20, need=Need(), wanted=EN, ring=1)

    decision = feed(agent(), [foreign, waiting("own")], NOW)

    assert decision.turn.conversation == "own"
    assert decision.next_turn.conversation == "f"
    assert decision.passed_over[0].obstacle.reason.value == "foreign"


def test_foreign_work_is_taken_where_no_own_work_waits():
    foreign = waiting("f", need=Need(), wanted=EN, ring=1)

    decision = feed(agent(), [foreign], NOW)

    assert decision.turn.conversation == "f"
    assert decision.room.is_helper


def test_what_is_far_too_late_is_everybodys_own_work():
    foreign = waiting("f", rank=1, target=30, since=-120, need=Need(), wanted=EN, ring=1)

    decision = feed(agent(), [foreign, waiting("own", since=-200)], NOW)

    assert decision.turn.conversation == "f"
    assert decision.turn.band is Band.A


def test_a_full_agent_takes_only_whom_the_reserve_is_for():
    heads = [waiting("n", since=-999), waiting("v", rank=1, target=30, extra_slots=1)]

    assert feed(agent(load=4), heads, NOW).turn.conversation == "v"
    assert feed(agent(load=5), heads, NOW).rule is Rule.NOBODY


def test_what_was_held_for_the_agent_says_so():
    held = waiting("h", sticky="a", held_until=NOON + seconds(9))

    assert feed(agent(), [held], NOW).rule is Rule.STICKY


def test_nobody_who_waits_is_no_decision():
    assert feed(agent(), [], NOW).rule is Rule.NOBODY


# --- exclusions


def test_once_everybody_here_was_left_out_nobody_is():
    one = waiting(excluded=frozenset({"a", "b"}))

    assert standing_exclusions(one, [agent("a"), agent("b", load=4)], NOON) == frozenset()
    assert standing_exclusions(one, [agent("a"), agent("c", load=4)], NOON) == {"a", "b"}
    away = agent("c", presence=Presence.AWAY)
    assert standing_exclusions(one, [agent("a"), away], NOON) == frozenset()
    unskilled = waiting(excluded=frozenset({"a"}), need=EN)
    team = [agent("a", skills={"en": 1}), agent("c")]
    assert standing_exclusions(unskilled, team, NOON) == frozenset()


# --- rings


def test_a_wish_widens_ring_by_ring():
    wish = Wish(
        required=frozenset({("en", 1)}),
        optional=frozenset({("billing", 2)}),
        groups=frozenset({"sales"}),
        helpers=("service",),
    )

    assert needs(wish) == (
        Need(frozenset({("en", 1), ("billing", 2)}), frozenset({"sales"})),
        Need(frozenset({("en", 1)}), frozenset({"sales"})),
        Need(frozenset({("en", 1)}), frozenset({"sales", "service"})),
        Need(frozenset({("en", 1)}), None),
    )


def test_a_ring_that_brings_nobody_is_left_out():
    assert needs(Wish()) == (Need(),)
    assert needs(Wish(groups=frozenset({"sales"}))) == (Need(groups=frozenset({"sales"})), Need())
    kept_apart = Wish(groups=frozenset({"sales"}), whole_desk=False)
    assert needs(kept_apart) == (Need(groups=frozenset({"sales"})),)


PROMISE = Promise(NOON + seconds(150), NOON + seconds(300), NOON + seconds(1200))


def test_it_widens_when_it_gets_late_and_when_it_is_late():
    wish = Wish(groups=frozenset({"sales"}), helpers=("service",))

    assert [ring.at for ring in rings(wish, PROMISE)] == [PROMISE.warn_at, PROMISE.due_at]


def test_a_group_that_overflows_sooner_asks_its_helpers_sooner_and_never_narrows_again():
    wish = Wish(
        optional=frozenset({("billing", 1)}), groups=frozenset({"sales"}), helpers=("service",)
    )

    found = rings(wish, PROMISE, overflow_at=NOON + seconds(20))

    assert [ring.at for ring in found] == [
        NOON + seconds(20),
        NOON + seconds(20),
        PROMISE.due_at,
    ]
    one = widened(waiting(rings=found), NOON + seconds(20))
    assert one.need.groups == {"sales", "service"}
    assert one.ring == 2
    assert one.rings == found[2:]


def test_before_its_time_nothing_widens():
    one = waiting(rings=(Ring(NOON + seconds(1), Need()),))

    assert widened(one, NOON) is one


@pytest.mark.parametrize(
    ("helps", "expected"),
    [
        ({}, ()),
        ({"a": ["b"], "b": ["a"]}, ("b",)),
        ({"a": ["b"], "b": ["c"], "c": ["a", "b"]}, ("b", "c")),
        ({"a": ["a"]}, ()),
        ({"a": ["b", "b", "c"], "b": ["d"], "c": ["d"]}, ("b", "c", "d")),
    ],
)
def test_groups_that_overflow_in_a_circle_are_asked_once(helps, expected):
    assert helpers_of("a", helps) == expected


# --- why


def codes(facts):
    return [fact.code for fact in facts]


@pytest.mark.parametrize(
    ("team", "of", "expected"),
    [
        ([], {}, ["nobody_in_group"]),
        ([agent()], {"need": Need(groups=frozenset({"empty"}))}, ["nobody_in_group"]),
        ([agent()], {"need": EN}, ["nobody_with_skill", "lack_skill"]),
        ([agent(ranks=frozenset({1}))], {}, ["nobody_for_level"]),
        ([agent(load=4), agent("b", load=4)], {}, ["agents_full"]),
        (
            [agent(presence=presence) for presence in Presence] + [agent(skills={"en": 1})],
            {"need": EN},
            ["free", "lack_skill"],
        ),
        (
            [agent(presence=presence, load=4) for presence in Presence],
            {},
            ["agents_offline", "agents_busy", "agents_away", "agents_full"],
        ),
    ],
)
def test_why_somebody_still_waits(team, of, expected):
    facts = why_waiting(waiting(**of), team, 0, NOW)

    assert codes(facts) == ["waits", *expected]


def test_why_names_the_hold_those_ahead_and_the_next_ring():
    one = waiting(
        sticky="b", held_until=NOON + seconds(9), rings=(Ring(NOON + seconds(50), Need()),)
    )

    facts = why_waiting(one, [agent()], 3, NOW)

    assert codes(facts) == ["waits", "held", "agents_held", "ahead", "widens"]
    assert facts[3].values == {"count": 3}


def test_each_decision_can_be_kept():
    decisions = [
        place(waiting(), [agent("a"), agent("b")], NOW),
        place(waiting(sticky="a"), [], NOW, sticky=agent("a")),
        feed(agent(), [waiting("f", need=Need(), wanted=EN, ring=1), waiting("o")], NOW),
        feed(agent(), [waiting("f", need=Need(), wanted=EN, ring=1)], NOW),
    ]
    for decision in decisions:
        kept = json.loads(json.dumps(decision.as_json()))
        assert kept["turn"]["band"] == "C"
        assert kept["turn"]["due_at"] == decision.turn.due_at.isoformat()
