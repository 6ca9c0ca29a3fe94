"""Which rule answers, in which way, and when a window is kept: decisions, values in, value out."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.accounts import is_between
from wxdesk.desk.accounts.hours import require_zone
from wxdesk.desk.answers import (
    Cause,
    Hours,
    InLine,
    Keeper,
    Kept,
    Match,
    Occasion,
    Online,
    Rule,
    Situation,
    Standing,
    Unsent,
    Verdict,
    Way,
    What,
    choose,
    decide,
    filled,
    plan,
)
from wxdesk.desk.answers.rules import MOST_AN_HOUR, may_answer
from wxdesk.desk.calendars import minute_of
from wxdesk.desk.replies import Reply
from wxdesk.desk.words import LONGEST_TEXT, BadPattern, matches, require_pattern
from wxdesk.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday, 20:00 in Shanghai


def rule(cause=Cause.MESSAGE, *, id_=1, **facts):
    facts = {"name": f"rule {id_}", "answers": (Reply("text", "您好"),)} | facts
    return Rule(id=id_, cause=cause, **facts)


def situation(what=What.MESSAGE, text="", key="", **facts):
    return Situation(occasion=Occasion(what, text, key), **facts)


def verdict(of, found):
    return choose([of], found).verdicts[0][1]


# Causes

ALL = {cause: rule(cause, words=("a",)) for cause in Cause}


@pytest.mark.parametrize(
    ("found", "answering"),
    [
        (situation(What.FOLLOWED), {Cause.FOLLOWED}),
        (situation(What.FOLLOWED, key="a"), {Cause.FOLLOWED, Cause.SCENE}),
        (situation(What.FOLLOWED, key="b"), {Cause.FOLLOWED}),
        (situation(What.SCANNED, key="a"), {Cause.SCANNED}),
        (situation(What.SCANNED, key="b"), set()),
        (situation(What.MENU, key="a"), {Cause.MENU}),
        (situation(What.MENU, key="A"), set()),
        (situation(text="xAx"), {Cause.KEYWORD, Cause.MESSAGE}),
        (situation(text="x"), {Cause.MESSAGE}),
        (situation(text="x", key="a"), {Cause.MESSAGE, Cause.MENU}),
        (situation(is_first=True), {Cause.MESSAGE, Cause.FIRST_MESSAGE}),
        (situation(is_open=False), {Cause.MESSAGE, Cause.OFF_HOURS}),
        (situation(What.UNKNOWN), {Cause.MESSAGE, Cause.UNKNOWN}),
        (situation(What.CLOSED), {Cause.CLOSED}),
        (situation(What.CLOSED, with_agent=True), {Cause.CLOSED}),
    ],
)
def test_a_rule_answers_what_it_is_for(found, answering):
    answered = {cause for cause, of in ALL.items() if choose([of], found).rule}

    assert answered == answering


@pytest.mark.parametrize("what", What)
def test_a_rule_that_may_answer_something_is_asked(what):
    for cause, of in ALL.items():
        fits = choose([of], situation(what, "a", "a", is_first=True, is_open=False)).rule
        assert may_answer([of], what) or not fits, cause


# Words


@pytest.mark.parametrize(
    ("match", "words", "text", "found"),
    [
        (Match.CONTAINS, ["退款"], "我要退款!", True),
        (Match.CONTAINS, ["退款"], "我要退货", False),
        (Match.CONTAINS, ["退款", "退货"], "我要退货", True),
        (Match.CONTAINS, ["REFUND"], "ｒｅｆｕｎｄ please", True),
        (Match.EXACT, ["人工"], "  人工 ", True),
        (Match.EXACT, ["人工"], "转人工", False),
        (Match.EXACT, ["ok"], "OK", True),
        (Match.REGEX, [r"^\d{4,6}$"], "12345", True),
        (Match.REGEX, [r"^\d{4,6}$"], "123", False),
        (Match.REGEX, [r"退[款货]"], "想退货", True),
        (Match.REGEX, [r"order"], "ORDER 7", True),
        (Match.REGEX, ["(", "yes"], "yes", True),
        (Match.CONTAINS, [], "anything", False),
    ],
)
def test_words_are_found_whatever_their_case_and_width(match, words, text, found):
    assert matches(match, words, text) is found


@pytest.mark.parametrize(
    "pattern", ["(", "a{2000}", r"(a)\1", "(?=a)", "a" * 201, "((a{100}){100}){100}"]
)
def test_what_cannot_be_read_in_one_go_is_no_pattern(pattern):
    with pytest.raises(BadPattern):
        require_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|aa)+$", "(.*)(.*)(.*)(.*)(.*)x", "(a?){50}a{50}"]
)
def test_no_pattern_takes_long(pattern):
    require_pattern(pattern)
    began = time.process_time()

    matches(Match.REGEX, [pattern], "a" * LONGEST_TEXT + "!")

    assert time.process_time() - began < 0.1


@given(st.text(max_size=30), st.text(max_size=2000))
def test_any_pattern_and_any_text_are_judged(pattern, text):
    assert matches(Match.REGEX, [pattern], text) in (True, False)


# Conditions


@pytest.mark.parametrize(
    ("of", "found", "expected"),
    [
        (rule(enabled=False), situation(), Verdict.OFF),
        (rule(Cause.FOLLOWED), situation(), Verdict.OTHER_CAUSE),
        (rule(Cause.KEYWORD, words=("x",)), situation(text="y"), Verdict.OTHER_WORDS),
        (rule(Cause.FIRST_MESSAGE), situation(), Verdict.NOT_FIRST),
        (rule(Cause.OFF_HOURS), situation(), Verdict.HOURS),
        (rule(), situation(with_agent=True), Verdict.WITH_AGENT),
        (rule(with_agent=True), situation(with_agent=True), Verdict.ANSWERS),
        (rule(tag_ids=frozenset({1, 2})), situation(tag_ids={2, 3}), Verdict.ANSWERS),
        (rule(tag_ids=frozenset({1, 2})), situation(tag_ids={3}), Verdict.TAGS),
        (rule(hours=Hours.OPEN), situation(is_open=False), Verdict.HOURS),
        (rule(hours=Hours.CLOSED), situation(is_open=True), Verdict.HOURS),
        (rule(hours=Hours.CLOSED), situation(is_open=False), Verdict.ANSWERS),
        (rule(agents=Online.YES), situation(), Verdict.AGENTS),
        (rule(agents=Online.NO), situation(agents_online=True), Verdict.AGENTS),
        (rule(agents=Online.NO), situation(), Verdict.ANSWERS),
        (rule(most_per_hour=2), situation(fired={1: 1}), Verdict.ANSWERS),
        (rule(most_per_hour=2), situation(fired={1: 2}), Verdict.TOO_OFTEN),
        (rule(), situation(fired={7: MOST_AN_HOUR}), Verdict.TOO_OFTEN),
    ],
)
def test_each_condition_has_its_own_verdict(of, found, expected):
    assert verdict(of, found) is expected


def test_the_first_that_fits_answers_and_the_others_say_why_not():
    off, busy, first, second = (
        rule(id_=1, enabled=False),
        rule(id_=2, hours=Hours.CLOSED),
        rule(id_=3),
        rule(id_=4),
    )

    found = choose([off, busy, first, second], situation())

    assert found.rule is first
    assert [each for _, each in found.verdicts] == [
        Verdict.OFF,
        Verdict.HOURS,
        Verdict.ANSWERS,
        Verdict.AFTER,
    ]


RULES = st.builds(
    rule,
    st.sampled_from(Cause),
    id_=st.integers(1, 9),
    enabled=st.booleans(),
    words=st.sampled_from([("a",), ("b",)]),
    tag_ids=st.frozensets(st.integers(1, 3)),
    hours=st.sampled_from(Hours),
    agents=st.sampled_from(Online),
    with_agent=st.booleans(),
    most_per_hour=st.integers(1, 3),
)
SITUATIONS = st.builds(
    situation,
    st.sampled_from(What),
    st.sampled_from(["", "a", "ab"]),
    st.sampled_from(["", "a"]),
    is_open=st.booleans(),
    agents_online=st.booleans(),
    with_agent=st.booleans(),
    is_first=st.booleans(),
    tag_ids=st.frozensets(st.integers(1, 3)),
    fired=st.dictionaries(st.integers(1, 9), st.integers(0, 3)),
)


@given(st.lists(RULES, max_size=8), SITUATIONS)
def test_at_most_one_rule_answers_and_none_before_it_could_have(rules, found):
    decision = choose(rules, found)

    answering = [at for at, (_, each) in enumerate(decision.verdicts) if each is Verdict.ANSWERS]
    assert len(answering) == (decision.rule is not None)
    assert len(decision.verdicts) == len(rules)
    for at, (of, each) in enumerate(decision.verdicts):
        alone = choose([of], found).rule is not None
        assert alone == (each in (Verdict.ANSWERS, Verdict.AFTER))
        assert not alone or at >= answering[0]


# Ways and costs

TEXT, LONG, MENU, CARD = (
    Reply("text", "您好"),
    Reply("text", "好" * 1300),  # two messages
    Reply("msgmenu", "选", {"items": []}),
    Reply("template", "通知"),
)


@pytest.mark.parametrize(
    ("says", "slot", "may_cost", "left", "way", "cost", "reserves", "only", "why"),
    [
        ([TEXT], True, 0, 5, Way.PASSIVE, 0, 0, True, None),
        ([TEXT], True, 1, 5, Way.PASSIVE, 0, 1, False, None),
        ([TEXT], True, 1, 0, Way.PASSIVE, 0, 0, True, None),
        ([TEXT], True, 1, None, Way.PASSIVE, 0, 1, False, None),
        ([TEXT], False, 0, 5, Way.NOT_SENT, 0, 0, False, Unsent.SLOT_MISSED),
        ([TEXT], False, 1, 5, Way.CUSTOM, 1, 1, False, None),
        ([TEXT], False, 1, 0, Way.NOT_SENT, 0, 0, False, Unsent.NOTHING_LEFT),
        ([LONG], True, 0, 5, Way.NOT_SENT, 0, 0, False, Unsent.WOULD_COST),
        ([LONG], True, 1, 5, Way.PASSIVE, 1, 1, True, None),
        ([LONG], True, 2, 5, Way.PASSIVE, 1, 2, False, None),
        ([LONG], True, 2, 1, Way.PASSIVE, 1, 1, True, None),
        ([LONG], True, 2, 0, Way.NOT_SENT, 0, 0, False, Unsent.NOTHING_LEFT),
        ([TEXT, MENU], True, 1, 5, Way.PASSIVE, 1, 1, True, None),
        ([TEXT, MENU], True, 0, 5, Way.NOT_SENT, 0, 0, False, Unsent.WOULD_COST),
        ([MENU], True, 0, 5, Way.NOT_SENT, 0, 0, False, Unsent.WOULD_COST),
        ([MENU], True, 1, 5, Way.CUSTOM, 1, 1, False, None),
        ([MENU, TEXT], True, 2, 5, Way.CUSTOM, 2, 2, False, None),
        ([CARD], False, 0, 0, Way.CUSTOM, 0, 0, False, None),
    ],
)
def test_each_way_has_its_cost(says, slot, may_cost, left, way, cost, reserves, only, why):
    found = plan(says, slot=slot, may_cost=may_cost, left=left)

    assert (found.way, found.cost, found.reserves) == (way, cost, reserves)
    assert (found.passive_only, found.why) == (only, why)


@given(
    st.lists(st.sampled_from([TEXT, LONG, MENU, CARD]), min_size=1, max_size=5),
    st.booleans(),
    st.integers(0, 5),
    st.none() | st.integers(0, 6),
)
def test_nothing_ever_costs_more_than_it_may(says, slot, may_cost, left):
    found = plan(says, slot=slot, may_cost=may_cost, left=left)

    most = may_cost if left is None else min(may_cost, left)
    assert found.cost <= found.reserves <= most
    assert (found.way is Way.NOT_SENT) == (found.why is not None)
    assert found.way is not Way.PASSIVE or slot


# Hours


def test_zones_must_be_known():
    assert require_zone("Asia/Urumqi")
    for name in ("", "Mars/Olympus", "../etc/passwd"):
        with pytest.raises(Invalid):
            require_zone(name)


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "expected"),
    [
        ("22:00", "08:00", "21:59", False),
        ("22:00", "08:00", "22:00", True),
        ("22:00", "08:00", "03:00", True),
        ("22:00", "08:00", "08:00", False),
        ("12:00", "14:00", "13:00", True),
        ("12:00", "14:00", "14:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours_may_go_over_midnight(begins, ends, clock, expected):
    at = datetime.fromisoformat(f"2026-03-02T{clock}").replace(tzinfo=SHANGHAI)

    assert is_between(minute_of(begins), minute_of(ends), at, SHANGHAI) is expected


# The keeper of windows

CLOSES = datetime(2026, 3, 2, 10, tzinfo=UTC)  # 18:00 in Shanghai


def keeper(**facts):
    kept = Keeper.as_default(1)
    for name, value in ({"on": True} | facts).items():
        setattr(kept, name, value)
    return kept


def standing(**facts):
    usual = {
        "owed": True,
        "opened_at": CLOSES - timedelta(hours=48),
        "closes_at": CLOSES,
        "left": 3,
    }
    return Standing(**usual | facts)


def kept(of=None, found=None, *, before=timedelta(minutes=20), closes_at=CLOSES):
    found = found or standing(closes_at=closes_at)
    return decide(of or keeper(), found, now=closes_at - before, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (standing(), Kept.ASK),
        (standing(owed=False), Kept.NOT_OWED),
        (standing(closes_at=None), Kept.CLOSED),
        (standing(reminded_for=CLOSES), Kept.ASKED),
        (standing(reminded_for=CLOSES + timedelta(hours=1)), Kept.ASKED),
        (standing(reminded_for=CLOSES - timedelta(hours=1)), Kept.ASK),
        (standing(opened_at=CLOSES - timedelta(minutes=1)), Kept.SHORT),
        (standing(waiting=1), Kept.ANSWER_READY),
        (standing(left=0), Kept.NOTHING_LEFT),
        (standing(left=1), Kept.LAST_SEND),
        (standing(left=2), Kept.ASK),
        (standing(left=None), Kept.ASK),
    ],
)
def test_a_customer_is_asked_only_where_it_helps(found, expected):
    assert kept(found=found) is expected


def test_the_last_message_is_used_only_where_that_is_allowed():
    assert kept(keeper(may_use_last=True), standing(left=1)) is Kept.ASK


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(31, Kept.NOT_YET), (30, Kept.ASK), (1, Kept.ASK), (0, Kept.CLOSED), (-1, Kept.CLOSED)],
)
def test_it_is_time_from_so_many_minutes_before_until_the_end(minutes, expected):
    assert kept(before=timedelta(minutes=minutes)) is expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("21:29", Kept.NOT_YET), ("21:30", Kept.ASK), ("21:59", Kept.ASK), ("22:00", Kept.QUIET)],
)
@pytest.mark.parametrize("closes", ["2026-03-02T23:30", "2026-03-03T03:00", "2026-03-03T07:59"])
def test_who_would_have_to_be_woken_is_asked_before_the_night(clock, expected, closes):
    closes_at = datetime.fromisoformat(closes).replace(tzinfo=SHANGHAI).astimezone(UTC)
    now = datetime.fromisoformat(f"2026-03-02T{clock}").replace(tzinfo=SHANGHAI)
    found = standing(closes_at=closes_at, opened_at=closes_at - timedelta(hours=48))

    assert decide(keeper(), found, now=now, zone=SHANGHAI) is expected


@given(
    st.integers(-3000, 3000),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(5, 720),
    st.booleans(),
    st.none() | st.integers(0, 3),
    st.integers(0, 1),
)
def test_nobody_is_ever_asked_at_night_or_too_late_or_for_the_last(
    minutes, quiet_from, quiet_to, before, may_use_last, left, waiting
):
    of = keeper(
        quiet_from=quiet_from, quiet_to=quiet_to, minutes_before=before, may_use_last=may_use_last
    )
    now = CLOSES - timedelta(minutes=minutes)

    found = decide(of, standing(left=left, waiting=waiting), now=now, zone=SHANGHAI)

    if found is Kept.ASK:
        assert now < CLOSES
        assert not is_between(quiet_from, quiet_to, now, SHANGHAI)
        assert not waiting
        assert left is None or left > (0 if may_use_last else 1)


# Those who have to wait

NOTICE = (Reply("text", "第 {position} 位，约 {wait} 分钟"),)
PLACE, PLAIN = (Reply("text", "您排在第 {position} 位"),), (Reply("text", "请稍候"),)


@pytest.mark.parametrize(
    ("in_line", "verdicts"),
    [
        (None, [Verdict.NOT_QUEUED] * 3),
        (InLine(3, (5, 10)), [Verdict.ANSWERS, Verdict.AFTER, Verdict.AFTER]),
        (InLine(3, None), [Verdict.NO_WAIT, Verdict.ANSWERS, Verdict.AFTER]),
        (InLine(None, (5, 10)), [Verdict.NO_POSITION, Verdict.NO_POSITION, Verdict.ANSWERS]),
        (InLine(), [Verdict.NO_POSITION, Verdict.NO_POSITION, Verdict.ANSWERS]),
    ],
)
def test_what_is_not_known_is_left_to_the_next_rule(in_line, verdicts):
    rules = [
        rule(Cause.QUEUED, id_=number, answers=says)
        for number, says in enumerate((NOTICE, PLACE, PLAIN))
    ]

    found = choose(rules, situation(in_line=in_line))

    assert [each for _, each in found.verdicts] == verdicts


@pytest.mark.parametrize(
    ("in_line", "text"),
    [
        (InLine(3, (5, 10)), "第 3 位，约 5-10 分钟"),
        (InLine(12, (10, 10)), "第 12 位，约 10 分钟"),
        (InLine(), "第 {position} 位，约 {wait} 分钟"),
    ],
)
def test_variables_are_filled_in(in_line, text):
    assert filled(NOTICE[0], in_line).text == text
    card = Reply("news", "{wait}", {"title": "{wait}"})
    assert filled(card, in_line) is card


@given(text=st.text(st.sampled_from("{}位waitposn \u4f4d")), position=st.integers(1, 9999))
def test_a_text_never_grows_when_it_is_filled_in(text, position):
    long = filled(Reply("text", text), InLine(position, (20, 30))).text

    assert len(long.encode()) <= len(text.encode())


@pytest.mark.parametrize(("left", "costs"), [(None, 3), (5, 3), (3, 3), (2, 0), (1, 0), (0, 0)])
def test_with_few_left_a_notice_costs_nothing(left, costs):
    assert rule(Cause.QUEUED, may_cost=3).costs_at_most(left) == costs
    assert rule(Cause.MESSAGE, may_cost=3).costs_at_most(left) == 3


def test_a_rule_may_be_for_some_groups():
    of = rule(group_ids=frozenset({4, 5}))

    assert verdict(of, situation(group_id=5)) is Verdict.ANSWERS
    assert verdict(of, situation(group_id=6)) is Verdict.GROUP
    assert verdict(of, situation()) is Verdict.GROUP
