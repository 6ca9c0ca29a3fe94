import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wxdesk.wechat import split_text

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇨🇳"


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        pytest.param("您好", 6, ["您好"], id="it fits"),
        pytest.param(" 您好\n", 8, [" 您好\n"], id="what fits is not touched"),
        pytest.param("", 8, [], id="nothing"),
        pytest.param(" \n\u3000 ", 8, [], id="nothing but white space"),
        pytest.param(" " * 20 + "好", 8, ["好"], id="white space before"),
        pytest.param("aaaa b\n\nc. dd", 12, ["aaaa b", "c. dd"], id="paragraph before sentence"),
        pytest.param("aaaa b\nc. dd ee", 12, ["aaaa b", "c. dd ee"], id="line before sentence"),
        pytest.param("好的。谢谢，再见", 18, ["好的。", "谢谢，再见"], id="sentence before clause"),
        pytest.param("他说：“好！”我走了", 21, ["他说：“好！”", "我走了"], id="closing quote"),
        pytest.param("好好好！！！好好", 18, ["好好好！！！", "好好"], id="a run of ends"),
        pytest.param("ab, cd ef gh", 10, ["ab, cd ef", "gh"], id="a clause too early is no place"),
        pytest.param("abcdef, cd ef gh", 10, ["abcdef,", "cd ef gh"], id="clause before word"),
        pytest.param("costs 1,000,000 yuan", 10, ["costs", "1,000,000", "yuan"], id="a number"),
        pytest.param("abcdefgh", 3 + 1, ["abcd", "efgh"], id="no place at all"),
        pytest.param("好" * 5, 7, ["好好", "好好", "好"], id="whole characters"),
        pytest.param("aaa" + FAMILY, 26, ["aaa", FAMILY], id="a family stays together"),
        pytest.param(FLAG * 3, 12, [FLAG, FLAG, FLAG], id="flags have two halves"),
        pytest.param("aaae\u0301b", 5, ["aaa", "e\u0301b"], id="an accent stays on its letter"),
        pytest.param("aa👍🏽", 9, ["aa", "👍🏽"], id="a skin tone stays on its hand"),
        pytest.param("aaa\ud83dbb", 4, ["aaa?", "bb"], id="half a character"),
        pytest.param("aaaaa[微笑]bb", 12, ["aaaaa", "[微笑]bb"], id="a smiley code"),
        pytest.param(
            'aaa <a href="http://x.cn">b c</a> d',
            30,
            ["aaa", '<a href="http://x.cn">b c</a>', "d"],
            id="a link",
        ),
        pytest.param(
            "看 https://x.cn/a,b;c!d?e=f g",
            25,
            ["看", "https://x.cn/a,b;c!d?e=f", "g"],
            id="an address",
        ),
        pytest.param(FAMILY, 8, ["👨‍", "👩‍", "👧‍", "👦"], id="a family longer than a part"),
    ],
)
def test_a_text_is_cut_at_the_best_place(text, limit, parts):
    assert split_text(text, limit) == parts


def test_a_long_answer_is_cut_between_its_sentences():
    text = "您的订单已经发出，预计明天送达。" * 200

    parts = split_text(text)

    assert "".join(parts) == text
    assert all(part.endswith("。") for part in parts)
    assert len(parts) == 5


TEXTS = st.text(
    st.sampled_from(["a", "好", "。", "，", " ", "\n", "”", "…", "\u200d", "\ufe0f", "👩", "🇨"])
    | st.characters(codec="utf-8"),
    max_size=200,
)


@given(TEXTS, st.integers(4, 60))
@example("\u0301" * 30, 4)
def test_every_part_is_within_the_limit_and_says_something(text, limit):
    for part in split_text(text, limit):
        assert len(part.encode()) <= limit
        assert part.strip()


@given(TEXTS, st.integers(4, 60))
def test_only_white_space_is_lost(text, limit):
    pattern = r"\s*".join(re.escape(part) for part in split_text(text, limit))

    assert re.fullmatch(rf"\s*{pattern}\s*", text)


@given(st.text(st.sampled_from("ab好，。 \n"), max_size=300), st.integers(8, 60))
def test_parts_are_few(text, limit):
    parts = split_text(text, limit)

    assert len(parts) <= 1 + len(text.encode()) / (limit // 2 - 2)
