"""The floor: events of routing, one after the other, in memory."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.routing_scripts import Script
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.dispatch import Settings
from wxdesk.desk.routing.floor import Floor
from wxdesk.desk.routing.promise import Level, Target
from wxdesk.desk.routing.snapshot import Agent, Need, Presence, Ring
from wxdesk.lab.traces import replayed

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "routing_examples.json").read_text()
)["routing_traces"]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TIERS = EXAMPLES["cases"][0]["tiers"]


@pytest.mark.parametrize("case", EXAMPLES["cases"], ids=lambda case: case["name"])
def test_the_examples_come_out_as_expected(case):
    assert replayed(EXAMPLES, case) == case["expected_assignments"]


def trace(agents, events, **options):
    """Assignments as text, from events as text: ``"0 enqueue c normal sticky=a1"``."""
    case = {
        "tiers": TIERS,
        "agents": [dict(zip(("id", "capacity", "skills"), one, strict=False)) for one in agents],
        "settings": options,
        "events": [event(text) for text in events],
    }
    return [" ".join(map(str, row)) for row in replayed({}, case)]


def event(text):
    t, op, who, *rest = text.split()
    named = dict(each.split("=") for each in rest if "=" in each)
    plain = [each for each in rest if "=" not in each]
    made = {"t": float(t), "op": op, "id": who, "agent": who}
    if plain:
        made |= {"tier": plain[0], "value": int(plain[0]) if plain[0].isdigit() else None}
    if "sig" in named:
        made["sig"] = [named["sig"]]
    if "relax" in named:
        made["relax"] = [float(named["relax"]), []]
    if "to" in named:
        made["agent"] = named["to"]
    if "weight" in named:
        made["weight"] = int(named["weight"])
    return made | ({"sticky": named["sticky"]} if "sticky" in named else {})


def test_the_least_loaded_then_the_longest_without_new_work():
    assert trace(
        [("a1", 2), ("a2", 4)],
        [f"{t} enqueue c{t} normal" for t in range(7)],
    ) == ["0 c0 a2", "1 c1 a1", "2 c2 a2", "3 c3 a2", "4 c4 a1", "5 c5 a2"]


def test_an_agent_who_gets_room_takes_several():
    assert trace(
        [("a1", 1)],
        ["0 enqueue c0 normal", "1 enqueue c1 normal", "2 enqueue c2 normal", "3 capacity a1 3"],
    ) == ["0 c0 a1", "3 c1 a1", "3 c2 a1"]


def test_a_lower_capacity_takes_nothing_away_but_brings_nothing_new():
    assert trace(
        [("a1", 2)],
        [
            "0 enqueue c0 normal",
            "0 enqueue c1 normal",
            "1 capacity a1 1",
            "2 enqueue c2 normal",
            "3 close c0",
            "4 close c1",
        ],
    ) == ["0 c0 a1", "0 c1 a1", "4 c2 a1"]


def test_a_capacity_of_nothing_takes_nobody():
    assert trace([("a1", 0)], ["0 enqueue c0 normal", "1 online a1"]) == []


# --- the agent the customer knows


STICKY = {"sticky_max": 60, "sticky_share": 0.5}


def test_the_known_agent_has_it_where_there_is_room():
    assert trace([("a1", 9), ("a2", 1)], ["0 enqueue c0 normal sticky=a2"], **STICKY) == ["0 c0 a2"]


def test_held_until_the_known_agent_has_room():
    assert trace(
        [("a1", 1), ("a2", 1)],
        ["0 enqueue x normal", "1 enqueue c normal sticky=a1", "31 close x"],
        **STICKY,
    ) == ["0 x a1", "31 c a1"]


def test_held_no_longer_than_the_bound():
    assert trace(
        [("a1", 1), ("a2", 1)],
        ["0 enqueue x normal", "1 enqueue c normal sticky=a1", "100 close x"],
        **STICKY,
    ) == ["0 x a1", "61 c a2"]


def test_held_no_longer_than_half_the_target():
    assert trace(
        [("a1", 1), ("a2", 1)],
        ["0 enqueue x normal", "1 enqueue c VIP3 sticky=a1", "100 close x"],
        **STICKY,
    ) == ["0 x a1", "16 c a2"]


def test_nobody_is_held_while_somebody_is_late():
    assert trace(
        [("a1", 1, ["en"]), ("a2", 1)],
        [
            "0 enqueue x normal sig=en",
            "0 enqueue late normal sig=en",
            "200 enqueue c normal sticky=a1",
        ],
        **STICKY,
    ) == ["0 x a1", "200 c a2"]


def test_who_is_held_for_an_agent_who_leaves_goes_to_others_at_once():
    assert trace(
        [("a1", 1), ("a2", 2)],
        [
            "0 enqueue y normal sticky=a1",
            "1 enqueue c normal sticky=a1",
            "5 offline a1",
        ],
        **STICKY,
    ) == ["0 y a1", "5 y a2", "5 c a2"]


# --- offers


def test_a_missed_offer_goes_to_the_next_and_its_agent_is_paused():
    assert trace(
        [("a1", 1), ("a2", 1)],
        [
            "0 enqueue c normal",
            "25 accept c",
            "30 enqueue d normal",
            "40 online a1",
            "41 accept d",
            "99 close c",
        ],
        accept=20,
    ) == ["0 c a1", "20 c a2", "40 d a1"]


def test_who_declines_is_left_out_of_that_one_only():
    assert trace(
        [("a1", 1), ("a2", 1)],
        ["0 enqueue c normal", "5 decline c", "6 enqueue d normal"],
        accept=20,
    ) == ["0 c a1", "5 c a2", "6 d a1"]


def test_a_declined_one_waits_at_its_old_place_while_its_agent_takes_the_next():
    assert trace(
        [("a1", 1), ("a2", 1)],
        [
            "0 enqueue x normal",
            "0 accept x",
            "1 enqueue c normal",
            "2 enqueue d normal",
            "3 decline c",
            "4 accept d",
            "5 close x",
        ],
        accept=20,
    ) == ["0 x a1", "1 c a2", "3 d a2", "5 c a1"]


def test_the_only_one_who_can_take_it_is_asked_again():
    assert trace([("a1", 1)], ["0 enqueue c normal", "5 decline c"], accept=20) == [
        "0 c a1",
        "5 c a1",
    ]


def test_after_all_have_missed_it_whoever_comes_back_is_asked():
    assert trace(
        [("a1", 1), ("a2", 1)],
        ["0 enqueue c normal", "50 enqueue d normal", "60 online a2"],
        accept=20,
    ) == ["0 c a1", "20 c a2", "60 c a2"]


# --- agents come and go


def test_chats_of_an_agent_who_is_lost_come_back_at_their_old_place():
    assert trace(
        [("a1", 2), ("a2", 2)],
        [
            "0 enqueue c1 normal",
            "1 enqueue x normal",
            "2 enqueue c2 normal",
            "3 enqueue y normal",
            "10 enqueue c3 normal",
            "20 offline a1",
            "30 close x",
            "31 close y",
            "32 close c1",
        ],
    ) == ["0 c1 a1", "1 x a2", "2 c2 a1", "3 y a2", "30 c1 a2", "31 c2 a2", "32 c3 a2"]


def test_whoever_comes_online_takes_by_order():
    assert trace(
        [("a1", 2)],
        [
            "0 offline a1",
            "1 enqueue n normal",
            "2 enqueue v VIP3",
            "3 enqueue m normal",
            "4 online a1",
        ],
    ) == ["4 v a1", "4 n a1"]


def test_an_agent_who_flaps_never_has_more_than_their_capacity_and_loses_nobody():
    flaps = [f"{t} {'offline' if t % 2 else 'online'} a1" for t in range(1, 40)]
    events = ["0 enqueue c normal", "0 enqueue d normal", *flaps, "50 online a1", "51 close c"]

    log = trace([("a1", 1)], events)

    assert log[0] == "0 c a1"
    assert all(row.split()[1] == "c" for row in log[:-1])
    assert log[-1] == "51 d a1"


# --- widening


def test_it_goes_to_helpers_once_it_was_widened():
    assert trace(
        [("a1", 1, ["en"]), ("a2", 1)],
        ["0 enqueue x normal sig=en", "1 enqueue c normal sig=en relax=60", "100 close x"],
    ) == ["0 x a1", "61 c a2"]


def test_helpers_take_foreign_work_only_when_none_of_their_own_waits():
    assert trace(
        [("a1", 1, ["en"]), ("a2", 1)],
        [
            "0 enqueue x normal sig=en",
            "0 enqueue y normal",
            "1 enqueue f VIP1 sig=en relax=10",
            "2 enqueue own normal",
            "50 close y",
            "51 close own",
        ],
    ) == ["0 x a1", "0 y a2", "50 own a2", "51 f a2"]


def test_a_skill_that_nobody_has_waits_and_hides_nobody():
    assert trace(
        [("a1", 1)],
        ["0 enqueue c VIP3 sig=klingon", "1 enqueue d normal", "2 close d", "3 enqueue e normal"],
    ) == ["1 d a1", "3 e a1"]


# --- levels, weights, giving up


def test_a_better_level_is_served_from_when_they_began_to_wait():
    assert trace(
        [("a1", 1)],
        [
            "0 enqueue x normal",
            "1 enqueue n normal",
            "2 enqueue v VIP1",
            "3 enqueue w VIP1",
            "10 tier n VIP1",
            "20 close x",
            "21 close n",
        ],
    ) == ["0 x a1", "20 n a1", "21 v a1"]


def test_a_worse_level_changes_nothing_while_they_wait():
    assert trace(
        [("a1", 1)],
        [
            "0 enqueue x normal",
            "1 enqueue n normal",
            "2 enqueue v VIP1",
            "3 tier v normal",
            "9 close x",
        ],
    ) == ["0 x a1", "9 v a1"]


def test_a_heavy_one_that_does_not_fit_hides_its_own_line_only():
    assert trace(
        [("a1", 2)],
        [
            "0 enqueue x normal",
            "0 enqueue y normal",
            "1 enqueue heavy normal weight=2",
            "2 enqueue light normal",
            "3 enqueue v VIP1",
            "9 close x",
            "10 abandon heavy",
            "11 close y",
        ],
    ) == ["0 x a1", "0 y a1", "9 v a1", "11 light a1"]


def test_whoever_gives_up_is_forgotten_and_whoever_has_an_agent_is_not():
    assert trace(
        [("a1", 1)],
        [
            "0 enqueue x normal",
            "1 enqueue c normal",
            "2 enqueue d normal",
            "3 abandon c",
            "4 abandon x",
            "9 close x",
        ],
    ) == ["0 x a1", "9 d a1"]


def test_what_does_not_fit_changes_nothing():
    assert trace(
        [("a1", 1)],
        [
            "0 enqueue x normal",
            "1 enqueue x VIP3",
            "2 accept x",
            "3 close unknown",
            "4 abandon unknown",
            "5 tier unknown VIP3",
            "6 park unknown",
        ],
    ) == ["0 x a1"]


def test_at_the_same_moment_events_happen_in_the_order_they_are_written():
    assert trace([("a1", 1)], ["0 enqueue b normal", "0 enqueue a normal", "0 close b"]) == [
        "0 b a1",
        "0 a a1",
    ]


# --- parking, handing over (beyond what a trace can say)

LEVEL = Level(name="normal", rank=4, first=timedelta(seconds=300), sticky=timedelta(0))


def at(seconds):
    return NOON + timedelta(seconds=seconds)


class Log(list):
    def __call__(self, decision):
        self.append((decision.rule, decision.turn.conversation, decision.room.agent))


@pytest.fixture
def log():
    return Log()


def floor(log, *agents, **options):
    return Floor(
        [Agent(id=name, capacity=capacity) for name, capacity in agents], Settings(**options), log
    )


def test_a_parked_chat_takes_no_room_and_comes_back_to_its_agent_even_when_full(log):
    desk = floor(log, ("a", 1), ("b", 1))
    desk.enqueue("c", LEVEL, at(0))
    desk.replied("c", at(1))
    desk.park("c", at(2))
    desk.enqueue("d", LEVEL, at(3))
    desk.enqueue("e", LEVEL, at(4))
    desk.customer_wrote("c", at(9))

    assert log == [
        (Rule.FREE, "c", "a"),
        (Rule.FREE, "d", "b"),
        (Rule.FREE, "e", "a"),
        (Rule.RETURNED, "c", "a"),
    ]
    assert desk.staff["a"].load == 2


def test_a_chat_that_waits_for_an_answer_cannot_be_parked(log):
    desk = floor(log, ("a", 1))
    desk.enqueue("c", LEVEL, at(0))
    desk.park("c", at(1))

    assert desk.staff["a"].load == 1


def test_a_parked_chat_of_an_agent_who_has_left_waits_anew_with_the_target_of_a_later_reply(log):
    desk = floor(log, ("a", 1))
    desk.enqueue("c", LEVEL, at(0))
    desk.replied("c", at(1))
    desk.presence("a", Presence.OFFLINE, at(2))
    desk.customer_wrote("c", at(50))

    waiting = desk.queue.get("c")
    assert waiting.waiting_since == at(50)
    assert waiting.promise.due_at == at(650)
    assert waiting.sticky == "a"


def test_an_answered_chat_of_an_agent_who_leaves_rests_with_them_and_the_others_move(log):
    desk = floor(log, ("a", 2), ("b", 0))
    desk.enqueue("answered", LEVEL, at(0))
    desk.enqueue("open", LEVEL, at(1))
    desk.replied("answered", at(2))
    desk.presence("a", Presence.OFFLINE, at(3))

    assert desk.chats.get("answered").agent == "a"
    assert desk.queue.get("open").waiting_since == at(1)


def test_somebody_on_a_break_keeps_chats_and_gives_back_offers_without_a_pause(log):
    desk = floor(log, ("a", 2), ("b", 2), accept=timedelta(seconds=20))
    desk.enqueue("c", LEVEL, at(0))
    desk.accept("c", at(1))
    desk.enqueue("x", LEVEL, at(2))
    desk.accept("x", at(2))
    desk.enqueue("d", LEVEL, at(3))
    desk.presence("a", Presence.AWAY, at(4))

    assert desk.chats.get("c").agent == "a"
    assert desk.chats.get("d").agent == "b"
    assert desk.staff["a"].paused_until is None


def test_handing_over_to_a_person_takes_their_acceptance_or_comes_back(log):
    desk = floor(log, ("a", 1), ("b", 1), accept=timedelta(seconds=20))
    desk.enqueue("c", LEVEL, at(0))
    desk.accept("c", at(1))

    assert desk.transfer("c", "b", at(2))
    desk.dispatch.advance(at(30))

    assert log == [(Rule.FREE, "c", "a"), (Rule.DIRECT, "c", "b"), (Rule.RETURNED, "c", "a")]
    assert desk.staff["b"].paused_until is not None


def test_an_offer_of_a_colleague_comes_back_when_its_agent_takes_a_break(log):
    desk = floor(log, ("a", 1), ("b", 1), accept=timedelta(seconds=20))
    desk.enqueue("c", LEVEL, at(0))
    desk.accept("c", at(1))
    desk.transfer("c", "b", at(2))
    desk.presence("b", Presence.AWAY, at(3))

    assert log[-1] == (Rule.RETURNED, "c", "a")


def test_nobody_can_be_handed_what_they_have_no_room_for(log):
    desk = floor(log, ("a", 1), ("b", 0))
    desk.enqueue("c", LEVEL, at(0))

    assert not desk.transfer("c", "b", at(1))
    assert not desk.transfer("c", "a", at(1))
    assert not desk.transfer("c", "unknown", at(1))
    assert desk.chats.get("c").agent == "a"


def test_handed_to_a_group_it_keeps_its_place_and_leaves_the_sender_out(log):
    agents = [
        Agent(id="a", capacity=1, groups=frozenset({"sales"})),
        Agent(id="b", capacity=1, groups=frozenset({"sales"})),
    ]
    desk = Floor(agents, Settings(), log)
    desk.enqueue("c", LEVEL, at(0))
    desk.enqueue("d", LEVEL, at(1))
    desk.transfer_to_group("c", Need(groups=frozenset({"sales"})), at(9))

    assert desk.queue.get("c").waiting_since == at(0)
    desk.close("d", at(10))
    assert log[-1] == (Rule.ORDER, "c", "b")


def test_a_group_without_members_waits_until_it_is_widened(log):
    desk = floor(log, ("a", 1))
    nobody = Need(groups=frozenset({"empty"}))
    desk.enqueue("c", LEVEL, at(0), need=nobody, rings=[Ring(at(150), Need())])
    desk.dispatch.advance(at(149))
    assert log == []

    desk.dispatch.advance(at(150))

    assert log == [(Rule.FREE, "c", "a")]


def test_who_waits_now_does_not_stand_behind_what_was_left_at_night(log):
    desk = floor(log, ("a", 1))
    desk.enqueue("x", LEVEL, at(0))
    desk.enqueue("left", LEVEL, at(1), target=Target.LEFT_MESSAGE)
    desk.enqueue("live", LEVEL, at(1000))
    desk.close("x", at(1001))

    assert log[-1] == (Rule.ORDER, "live", "a")


def test_an_exclusion_ends_by_itself(log):
    desk = floor(
        log, ("a", 1), ("b", 1), accept=timedelta(seconds=20), exclude=timedelta(minutes=5)
    )
    desk.enqueue("x", LEVEL, at(0))
    desk.accept("x", at(0))
    desk.enqueue("c", LEVEL, at(1))
    desk.decline("c", at(2))
    desk.dispatch.advance(at(301))
    assert desk.queue.get("c")

    desk.dispatch.advance(at(302))

    assert log[-1] == (Rule.FREE, "c", "b")


def test_the_guard_follows_the_pace_at_which_places_become_free(log):
    desk = Floor([Agent(id="a", capacity=1)], Settings(guard=None, release_gap=10.0), log)
    for number in range(200):
        desk.enqueue(number, LEVEL, at(0))
    for number in range(150):
        desk.close(number, at(60 * (number + 1)))

    assert desk.dispatch.gaps[""].mean == pytest.approx(60, rel=0.1)
    assert desk.dispatch.moment().guard("") == pytest.approx(timedelta(seconds=240), rel=0.1)


def test_a_hundred_thousand_wait_and_come_in_order(log):
    desk = floor(log, ("a", 1))
    for number in range(100_000):
        desk.enqueue(number, LEVEL, at(number / 1000))
    for number in range(0, 100_000, 7):
        desk.abandon(number, at(200)) if number else None
    for _ in range(100):
        desk.close(log[-1][1], at(300))

    served = [row[1] for row in log]
    assert served == [number for number in range(200) if number == 0 or number % 7][:101]
    assert desk.sweep(at(300)) == 0


# --- everything at random, with a judge of its own


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_rule_of_routing_is_broken_and_nothing_needs_repair(seed):
    script = Script(random.Random(seed))

    script.run(250)

    assert script.judge.assignments > 0 or not any(one.capacity for one in script.agents)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_short_scripts_break_no_rule_either(chance, events):
    Script(chance).run(events)
