"""What follows from a delivery that failed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.desk.outbox import GiveUp, Retry, Unsure, UploadAgain, after_failure
from wxdesk.desk.outbox.backoff import LONGEST_WAIT, MOST_ATTEMPTS
from wxdesk.wechat import (
    Meaning,
    OverLimit,
    Refused,
    TokenRefused,
    Uncertain,
    Unreached,
    meaning_of,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOON, A_MINUTE, AN_HOUR = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1)
ERRCODES = st.integers(-1, 99999).filter(bool)
SOMETIMES = frozenset(
    {
        Meaning.TOKEN_STALE,
        Meaning.BUSY,
        Meaning.TOO_FAST,
        Meaning.QUOTA_SPENT,
        Meaning.CREDENTIALS,
    }
)


@pytest.mark.parametrize(
    ("errcode", "wait", "why"),
    [
        (40001, SOON, "token_stale"),  # renewed and tried once by the client already
        (40014, SOON, "token_stale"),
        (42001, SOON, "token_stale"),
        (-1, SOON, "busy"),
        (45011, A_MINUTE, "too_fast"),  # "retry next minute"
        (45009, AN_HOUR, "quota_spent"),  # new calls come once a day, or an administrator clears
        (40164, A_MINUTE, "credentials"),  # the operator may be listing our address right now
    ],
)
def test_what_may_pass_is_tried_again(errcode, wait, why):
    decision = after_failure(Refused(errcode), attempts=1, now=NOON)

    assert decision == Retry(NOON + wait, why)


@pytest.mark.parametrize(
    ("errcode", "why"),
    [
        (45015, "window_closed"),
        (45047, "replies_spent"),
        (43004, "not_following"),
        (50005, "not_following"),
        (43019, "blacklisted"),
        (43101, "refused_by_user"),
        (70000, "minor_protected"),
        (40003, "user_gone"),
        (45002, "too_long"),
        (45166, "risky"),
        (40007, "media_stale"),
        (65401, "bad_kf_account"),
        (48001, "not_permitted"),
        (48004, "account_blocked"),
        (47001, "bad_request"),
        (99999, "unknown"),  # a code no page lists: nothing says that another try is harmless
    ],
)
def test_what_will_not_pass_is_given_up_and_the_agent_is_told_why(errcode, why):
    assert after_failure(Refused(errcode), attempts=1, now=NOON) == GiveUp(why)


@pytest.mark.parametrize("meaning", Meaning)
def test_every_meaning_is_decided_on_purpose(meaning):
    errcode = next((code for code in range(-1, 99999) if meaning_of(code) is meaning), None)
    assert errcode is not None

    decision = after_failure(Refused(errcode), attempts=1, now=NOON)

    assert isinstance(decision, Retry if meaning in SOMETIMES else GiveUp)
    assert decision.why == meaning.value


def test_a_wrong_app_secret_waits_for_the_operator():
    decision = after_failure(TokenRefused(40001), attempts=1, now=NOON)

    assert decision == Retry(NOON + A_MINUTE, "credentials")


def test_a_request_that_never_left_is_tried_again():
    decision = after_failure(Unreached("no address"), attempts=1, now=NOON)

    assert decision == Retry(NOON + SOON, "unreachable")


def test_a_lost_answer_is_for_a_person_to_decide():
    assert after_failure(Uncertain("timed out"), attempts=1, now=NOON) == Unsure("answer_lost")


def test_a_lost_answer_is_tried_again_where_the_operator_prefers_twice_to_never():
    decision = after_failure(Uncertain(""), attempts=1, now=NOON, resend_uncertain=True)

    assert decision == Retry(NOON + SOON, "answer_lost")


def test_a_lost_answer_at_the_last_attempt_stays_uncertain():
    decision = after_failure(Uncertain(""), attempts=MOST_ATTEMPTS, now=NOON, resend_uncertain=True)

    assert decision == Unsure("answer_lost")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (29, 60)]
)
def test_the_waits_double_up_to_a_minute(attempts, seconds):
    decision = after_failure(Refused(-1), attempts=attempts, now=NOON)

    assert decision == Retry(NOON + timedelta(seconds=seconds), "busy")


@given(errcode=ERRCODES, attempts=st.integers(MOST_ATTEMPTS, 10**9))
def test_nothing_is_tried_for_ever(errcode, attempts):
    assert isinstance(after_failure(Refused(errcode), attempts=attempts, now=NOON), GiveUp)


@given(errcode=ERRCODES, attempts=st.integers(1, MOST_ATTEMPTS - 1))
def test_a_retry_lies_ahead_and_not_too_far(errcode, attempts):
    decision = after_failure(Refused(errcode), attempts=attempts, now=NOON)

    if isinstance(decision, Retry):
        assert NOON < decision.at <= NOON + max(LONGEST_WAIT, AN_HOUR)


@pytest.mark.parametrize("errcode", [40007, 46001])
def test_a_file_that_wechat_has_forgotten_is_uploaded_once_more(errcode):
    refused = Refused(errcode)

    first = after_failure(refused, attempts=2, now=NOON, may_upload=True)
    again = after_failure(refused, attempts=4, now=NOON, may_upload=False)

    assert (first, again) == (UploadAgain("media_stale"), GiveUp("media_stale"))


def test_what_wechat_would_refuse_is_not_tried_again():
    assert after_failure(OverLimit("too long"), attempts=1, now=NOON) == GiveUp("over_limit")
