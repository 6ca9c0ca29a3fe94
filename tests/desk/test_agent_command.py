"""What agents mean by what they write in WeChat: every way to type a command, and what is none."""

import itertools
import random

import pytest

from wxdesk.desk.agent_chat.command import (
    Accept,
    BeAgent,
    BeCustomer,
    BePresent,
    Decline,
    End,
    Help,
    ListAll,
    Note,
    Pick,
    Say,
    Switch,
    TakeBack,
    Transfer,
    Unbind,
    group_named,
    parse,
)
from wxdesk.desk.routing import Presence

GROUPS = ("售后", "售后二线", "物流组", "VIP")
BLANKS = (" ", "  ", "\u3000", "\t", " \u3000 ")
DIGITS = ("3", "３")

WORDS = {
    "列": ListAll(),
    "列表": ListAll(),
    "list": ListAll(),
    "撤": TakeBack(),
    "撤回": TakeBack(),
    "?": Help(),
    "？": Help(),
    "？？": Help(),
    "帮助": Help(),
    "help": Help(),
    "上线": BePresent(Presence.ONLINE),
    "忙碌": BePresent(Presence.BUSY),
    "小休": BePresent(Presence.AWAY),
    "下线": BePresent(Presence.OFFLINE),
    "客户模式": BeCustomer(),
    "我要咨询": BeCustomer(),
    "客服模式": BeAgent(),
    "解绑": Unbind(),
    "接": Accept(),
    "拒": Decline(),
    "结": End(),
    "结束": End(),
    "转": Transfer(""),
}


def as_typed(word):
    """The ways in which a word may be typed."""
    for before, after in itertools.product(
        ("", " ", "\u3000", "\n"), ("", " ", "\u3000", "。", "!")
    ):
        yield before + word + after


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_a_command_however_it_is_typed(word):
    for typed in as_typed(word):
        assert parse(typed) == WORDS[word], repr(typed)
        assert parse(typed.upper()) == WORDS[word], repr(typed)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("mark", ["", "#", "＃"])
@pytest.mark.parametrize(
    ("verbs", "of"),
    [
        (("切", "切到", "切换", "切换到"), Switch),
        (("接", "接受"), Accept),
        (("结", "结束"), End),
        (("拒", "拒绝"), Decline),
    ],
)
def test_a_verb_and_a_number_need_no_blank_between_them(verbs, of, mark, digit):
    for verb, blank in itertools.product(verbs, ("", *BLANKS, "：", ": ")):
        typed = f"{verb}{blank}{mark}{digit}"
        assert parse(typed) == of(3), repr(typed)
        assert parse(f" {typed}号") == of(3), repr(typed)


@pytest.mark.parametrize("typed", ["3", "３", "#3", "＃3", "3号", " 3 ", "#３ ", "3#", "03"])
def test_a_number_alone_picks(typed):
    assert parse(typed) == Pick(3)


@pytest.mark.parametrize(
    "text", ["您好", "您好 在的", "第一行\n第二行", "3天内到", "上线", "切 4", "列"]
)
@pytest.mark.parametrize("digit", DIGITS)
def test_a_number_before_a_text_says_to_whom_whatever_the_text_is(text, digit):
    for blank in (*BLANKS, ":", "：", "： ", "\n"):
        if blank[0] in ":：" and text[0].isdigit():  # a time
            continue
        assert parse(f"{digit}{blank}{text}") == Say(text, 3), repr(blank)
        assert parse(f"#{digit}{blank}{text}") == Say(text, 3), repr(blank)


def test_after_a_hash_no_blank_is_needed():
    assert parse("#3您好") == Say("您好", 3)
    assert parse("＃12您好") == Say("您好", 12)


@pytest.mark.parametrize(
    "text",
    [
        "您好，请问有什么可以帮您？",
        "3天内发货",
        "3:30到",
        "3：30 到门口",
        "3.5元一个",
        "3、先点设置",
        "2026",
        "100 件",
        "2026 年的",
        "转账已到",
        "转一下给您",
        "备货中",
        "备件没有了",
        "结账请到前台",
        "结束了吗",
        "结果出来了",
        "接到通知",
        "接下来3天",
        "切记不要",
        "切3刀",
        "列一下清单给您",
        "列车晚点",
        "上线时间是周五",
        "下线之后再说",
        "忙碌的一天",
        "撤销订单请点这里",
        "拒收即可",
        "可以?",
        "好的。",
        "？真的吗",
        "解绑手机请到设置",
        "#话题#",
        "#123 号",
        "在线",
        "L",
        "接受",
        "拒绝",
        "我要咨询一下退款",
        "-3 度",
        "😀",
        "<a href='x'>y</a>",
    ],
)
def test_what_may_be_meant_for_the_customer_is_for_the_customer(text):
    assert parse(text, GROUPS) == Say(text)


@pytest.mark.parametrize("verb", ["转", "转给", "转接"])
@pytest.mark.parametrize("blank", [*BLANKS, ":", "： "])
def test_a_transfer_names_a_group_and_says_why(verb, blank):
    assert parse(f"{verb}{blank}售后") == Transfer("售后")
    assert parse(f"{verb}{blank}售后 要 退款") == Transfer("售后", "要 退款")
    assert parse(f"{verb}{blank}3 售后 要退款") == Transfer("售后", "要退款", 3)
    assert parse(f"{verb}{blank}#3 售后：要退款") == Transfer("售后", "要退款", 3)


def test_a_known_group_needs_no_blank():
    assert parse("转售后", GROUPS) == Transfer("售后")
    assert parse("转售后组 要退款", GROUPS) == Transfer("售后", "要退款")
    assert parse("转售后二线 急", GROUPS) == Transfer("售后二线", "急")
    assert parse("转物流组", GROUPS) == Transfer("物流组")
    assert parse("转售后", ()) == Say("转售后")
    assert parse("转售后的同事处理", GROUPS) == Say("转售后的同事处理")


@pytest.mark.parametrize("verb", ["备", "备注"])
@pytest.mark.parametrize("blank", [*BLANKS, ":", "："])
def test_a_note_keeps_its_text_as_it_is(verb, blank):
    assert parse(f"{verb}{blank}要 发票\n抬头另发") == Note("要 发票\n抬头另发")
    assert parse(f"{verb}{blank}#3 要发票") == Note("要发票", 3)


def test_who_lets_an_offer_pass_may_say_why():
    assert parse("拒3 在忙") == Decline(3, "在忙")
    assert parse("拒 3：在 忙") == Decline(3, "在 忙")


def test_a_word_means_the_group_of_that_name_or_all_that_it_is_a_part_of():
    assert group_named("售后", GROUPS) == ["售后"]
    assert group_named("售后组", GROUPS) == ["售后"]
    assert group_named("物流", GROUPS) == ["物流组"]
    assert group_named("vip", GROUPS) == ["VIP"]
    assert group_named("二线", GROUPS) == ["售后二线"]
    assert group_named("后", GROUPS) == ["售后", "售后二线"]
    assert group_named("", GROUPS) == []
    assert group_named("财务", GROUPS) == []


@pytest.mark.parametrize("seed", range(50))
def test_whatever_is_written_means_something_and_loses_nothing(seed):
    dice = random.Random(seed)
    letters = "3 ３#＃:：？?列切接结转备撤上线您好，。\n\u3000a1<&"
    for _ in range(50):
        text = "".join(dice.choices(letters, k=dice.randint(1, 12)))
        found = parse(text, GROUPS)
        if isinstance(found, Say) and found.number is None:
            assert found.text == text.strip()
        elif isinstance(found, Say):
            assert text.strip().endswith(found.text)
            assert 0 <= found.number <= 99
