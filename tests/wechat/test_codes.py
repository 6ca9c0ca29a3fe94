import pytest

from wxdesk.wechat import (
    Advice,
    Meaning,
    OverLimit,
    Refused,
    TokenRefused,
    Unanswered,
    Uncertain,
    Unreached,
    advice_on,
    meaning_of,
)
from wxdesk.wechat.codes import _CODES


@pytest.mark.parametrize(
    ("errcode", "meaning"),
    [
        (-1, Meaning.BUSY),
        (40001, Meaning.TOKEN_STALE),
        (40003, Meaning.USER_GONE),
        (40013, Meaning.CREDENTIALS),
        (40014, Meaning.TOKEN_STALE),
        (40164, Meaning.CREDENTIALS),
        (42001, Meaning.TOKEN_STALE),
        (43004, Meaning.NOT_FOLLOWING),
        (43019, Meaning.BLACKLISTED),
        (44004, Meaning.BAD_REQUEST),
        (45002, Meaning.TOO_LONG),
        (45009, Meaning.QUOTA_SPENT),
        (45011, Meaning.TOO_FAST),
        (45015, Meaning.WINDOW_CLOSED),
        (45047, Meaning.REPLIES_SPENT),
        (48001, Meaning.NOT_PERMITTED),
        (48002, Meaning.REFUSED_BY_USER),
        (48004, Meaning.ACCOUNT_BLOCKED),
        (50002, Meaning.USER_GONE),
        (65401, Meaning.BAD_KF_ACCOUNT),
        (70000, Meaning.MINOR_PROTECTED),
        (87014, Meaning.RISKY),
        (123456, Meaning.UNKNOWN),
    ],
)
def test_each_code_has_its_meaning(errcode, meaning):
    assert meaning_of(errcode) is meaning


def test_no_code_has_two_meanings():
    codes = [code for codes in _CODES.values() for code in codes]

    assert len(codes) == len(set(codes))


def test_every_meaning_but_unknown_has_a_code():
    assert set(_CODES) == set(Meaning) - {Meaning.UNKNOWN}


def test_40001_is_a_stale_token_on_calls_and_a_wrong_secret_where_tokens_are_given():
    assert Refused(40001).meaning is Meaning.TOKEN_STALE
    assert TokenRefused(40001).meaning is Meaning.CREDENTIALS
    assert TokenRefused(45009).meaning is Meaning.QUOTA_SPENT


@pytest.mark.parametrize(
    ("errcode", "advice"),
    [
        (-1, Advice.RETRY),
        (45011, Advice.RETRY),
        (268487001, Advice.RETRY),
        (45171, Advice.RETRY),
        (42001, Advice.REFRESH),
        (40007, Advice.REFRESH),
        (40163, Advice.REFRESH),
        (45072, Advice.GIVE_UP),
        (45081, Advice.GIVE_UP),
        (46003, Advice.GIVE_UP),
        (65406, Advice.GIVE_UP),
        (40026, Advice.GIVE_UP),
        (76022, Advice.GIVE_UP),
        (45015, Advice.TELL_AGENT),
        (45047, Advice.TELL_AGENT),
        (40009, Advice.TELL_AGENT),
        (45002, Advice.TELL_AGENT),
        (45059, Advice.TELL_AGENT),
        (65414, Advice.TELL_AGENT),
        (123456, Advice.TELL_AGENT),
        (45009, Advice.TELL_OPERATOR),
        (48001, Advice.TELL_OPERATOR),
        (45087, Advice.TELL_OPERATOR),
        (65405, Advice.TELL_OPERATOR),
        (48005, Advice.TELL_OPERATOR),
        (40247, Advice.TELL_OPERATOR),
        (65402, Advice.TELL_OPERATOR),
    ],
)
def test_each_refusal_says_what_to_do(errcode, advice):
    assert Refused(errcode).advice is advice


def test_every_meaning_has_an_advice():
    assert {advice_on(meaning) for meaning in Meaning} == set(Advice)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (TokenRefused(40001), Advice.TELL_OPERATOR),
        (TokenRefused(-1), Advice.RETRY),
        (OverLimit("too long"), Advice.TELL_AGENT),
        (Unreached("no connection"), Advice.RETRY),
        (Unanswered("HTTP 502"), Advice.RETRY),
        (Uncertain("HTTP 502"), Advice.TELL_AGENT),
    ],
)
def test_every_failure_says_what_to_do(error, advice):
    assert error.advice is advice
