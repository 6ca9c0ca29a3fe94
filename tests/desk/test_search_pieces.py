"""How texts are cut, and what is understood of what somebody types."""

import sqlite3
import unicodedata
from contextlib import closing
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.search.asked import SearchUnclear, days_of, understand
from wxdesk.desk.search.expression import Expression
from wxdesk.desk.search.pieces import hits, phrases_of, pieces_of, snippet

TODAY = date(2026, 3, 4)  # a Wednesday
ZONE = ZoneInfo("Asia/Shanghai")

CHINESE = "退款单号我想要吗的"
TEXTS = st.text(alphabet=CHINESE + "，。 !-_\n0123abTIＡ９é😊한글ア", max_size=40)
ASKED = st.text(alphabet=CHINESE + "0123abTＡ９😊한ア", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("，。!?'\"\\%_*", []),
        ("好", ["好"]),
        ("退款单", ["退款", "款单", "单"]),
        ("退款，单", ["退款", "款", "单"]),
        ("iPhone", ["iphone"]),
        ("ＩＰＨＯＮＥ", ["iphone"]),
        ("iPhone15手机", ["iphone", "15", "5", "手机", "机"]),
        ("20260", ["2026", "0260", "260", "60", "0"]),
        ("12", ["12", "2"]),
        ("o6_bmj-Ab", ["o", "6", "bmj", "ab"]),
        ("好😊", ["好😊", "😊"]),
        ("👍👌", ["👍👌", "👌"]),
        ("café", ["café"]),
        ("Straße", ["strasse"]),
        ("[微笑]", ["微笑", "笑"]),
        ("x" * 100, ["x" * 32]),
        ("a§c7", ["a", "c", "7"]),
    ],
)
def test_texts_are_cut_into_pieces(text, pieces):
    assert pieces_of(text) == pieces


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("我想退款", "退款", True),
        ("我想退款", "想退款", True),
        ("我想退款", "款", True),
        ("我想退款", "款退", False),
        ("退款。款单", "退款单", False),
        ("退款单", "退款 款单", True),
        ("快递单号20260315001", "0315", True),
        ("快递单号20260315001", "001", True),
        ("快递单号20260315001", "1", True),
        ("快递单号20260315001", "0316", False),
        ("12345 678", "45678", False),
        ("12345 2345 3456", "23456", False),
        ("my iPhone", "IPH", True),
        ("my iPhone", "phone", False),
        ("iPhone手机", "手机iph", True),
        ("ＡＢＣ", "abc", True),
        ("好的😊", "😊", True),
    ],
)
def test_what_answers(text, words, found):
    assert answers(text, words) is found
    assert bool(hits(text, phrases_of(words))) is (found or bool(partly(text, words)))


def partly(text, words):
    return [each for each in phrases_of(words) if answers(text, each.run)]


def answers(text, words):
    """As the index answers: in FTS5, which is asked as the desk asks it."""
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE VIRTUAL TABLE i USING fts5(words, tokenize='ascii')")
        index.execute("INSERT INTO i VALUES (?)", [" ".join(pieces_of(text))])
        asked = Expression(phrases_of(words)).on_sqlite
        return bool(index.execute("SELECT 1 FROM i WHERE i MATCH ?", [asked]).fetchall())


def folded(text):
    return "".join(
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
        for char in text
    )


@given(TEXTS, st.text(alphabet=CHINESE, min_size=1, max_size=4))
def test_chinese_is_found_wherever_it_stands(text, words):
    assert answers(text, words) is (words in folded(text))


@given(TEXTS, st.text(alphabet="0123", min_size=1, max_size=8))
def test_any_part_of_a_number_finds_it(text, words):
    assert answers(text, words) is (words in folded(text))


@given(TEXTS, ASKED)
def test_what_answers_is_what_is_marked(text, words):
    phrases = phrases_of(words)
    if phrases:
        marked = all(hits(text, [each]) for each in phrases)
        assert answers(text, words) is marked


@given(TEXTS, ASKED)
def test_a_snippet_says_what_the_text_says(text, words):
    parts = snippet(text, phrases_of(words), around=100)

    assert "".join(part.text for part in parts) == " ".join(text.split())
    for part in parts:
        assert not part.hit or hits(part.text, phrases_of(words))


def test_a_long_snippet_stands_around_the_first_hit():
    parts = snippet("一" * 100 + "退款" + "二" * 100, phrases_of("退款"), around=3)

    assert [tuple(part) for part in parts] == [
        ("…", False),
        ("一一一", False),
        ("退款", True),
        ("二二二二二二二…", False),
    ]


@pytest.mark.parametrize(
    ("typed", "first", "after"),
    [
        ("今天", (2026, 3, 4), (2026, 3, 5)),
        ("Today", (2026, 3, 4), (2026, 3, 5)),
        ("昨天", (2026, 3, 3), (2026, 3, 4)),
        ("前天", (2026, 3, 2), (2026, 3, 3)),
        ("本周", (2026, 3, 2), (2026, 3, 9)),
        ("上周", (2026, 2, 23), (2026, 3, 2)),
        ("本月", (2026, 3, 1), (2026, 4, 1)),
        ("上月", (2026, 2, 1), (2026, 3, 1)),
        ("今年", (2026, 1, 1), (2027, 1, 1)),
        ("近7天", (2026, 2, 26), (2026, 3, 5)),
        ("1d", (2026, 3, 4), (2026, 3, 5)),
        ("2025", (2025, 1, 1), (2026, 1, 1)),
        ("2025年", (2025, 1, 1), (2026, 1, 1)),
        ("2025-12", (2025, 12, 1), (2026, 1, 1)),
        ("2024年2月", (2024, 2, 1), (2024, 3, 1)),
        ("2026-3-1", (2026, 3, 1), (2026, 3, 2)),
        ("2026年3月1日", (2026, 3, 1), (2026, 3, 2)),
        ("2026/03/01", (2026, 3, 1), (2026, 3, 2)),
        ("3-1", (2026, 3, 1), (2026, 3, 2)),
        ("12月31日", (2025, 12, 31), (2026, 1, 1)),
        ("2026-02-27..2026-03-02", (2026, 2, 27), (2026, 3, 3)),
        ("2月27日至3月2日", (2026, 2, 27), (2026, 3, 3)),
        ("2025-12~2026-01", (2025, 12, 1), (2026, 2, 1)),
        ("昨天..今天", (2026, 3, 3), (2026, 3, 5)),
        ("2026-02..", (2026, 2, 1), None),
        ("..2026-02", None, (2026, 3, 1)),
    ],
)
def test_days_are_understood(typed, first, after):
    expected = tuple(date(*day) if day else None for day in (first, after))
    assert days_of(typed, TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "nothing"),
        ("  ，。 ", "nothing"),
        ("客户:", "empty"),
        ("退款 类型：", "empty"),
        ("类型:魔法", "unknown_type"),
        ("日期:明年", "bad_date"),
        ("日期:2026-13", "bad_date"),
        ("日期:2026-02-30", "bad_date"),
        ("日期:2月30日", "bad_date"),
        ("日期:1999", "bad_date"),
        ("日期:..", "bad_date"),
        ("日期:2026-03..2026-02", "bad_date"),
        ("日期:今天 date:昨天", "two_dates"),
        (" ".join(f"第{n}" for n in range(20)), "too_much"),
        (" ".join(f"客户:{n}" for n in range(20)), "too_much"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(typed, why):
    with pytest.raises(SearchUnclear) as refused:
        understand(typed, today=TODAY, zone=ZONE)
    assert refused.value.facts["why"] == why


def test_words_and_operators_are_told_apart():
    asked = understand(
        '退款 customer:"王 女士" 客户：张三 客服:李华 标签:老客 类型:图片 TYPE:视频 '
        "日期:2026-03 10:30",
        today=TODAY,
        zone=ZONE,
    )

    assert [each.run for each in asked.phrases] == ["退款", "10", "30"]
    assert asked.customers == ("王 女士", "张三")
    assert (asked.agents, asked.tags) == (("李华",), ("老客",))
    assert asked.kinds == ("image", "video", "shortvideo")
    assert asked.since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert asked.until == datetime(2026, 3, 31, 16, tzinfo=UTC)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused(typed):
    try:
        asked = understand(typed, today=TODAY, zone=ZONE)
    except SearchUnclear:
        return
    for phrase in asked.phrases:
        assert phrase.pieces
        assert all(piece.isascii() is False or piece.isalnum() for piece in phrase.pieces)
