"""When a file is fetched again, and what WeChat takes. No clock, no tables."""

from datetime import UTC, datetime, timedelta

import pytest

from wxdesk.desk.media import As, File, Lose, Problem, TryAgain, after_failure, problem_of
from wxdesk.desk.media.fit import problem_with
from wxdesk.wechat import OverLimit, Refused, TokenRefused, Unanswered, Unreached

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FORGOTTEN = NOON + timedelta(days=3)
MEGABYTE = 1024 * 1024


def decide(error, *, attempts=1, now=NOON):
    return after_failure(error, attempts=attempts, now=now, expires_at=FORGOTTEN)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Unreached("no address"), "unreachable"),
        (Unanswered("too slow"), "unreachable"),
        (Refused(40007), "media_stale"),  # it may only be slower than its push
        (Refused(45009), "quota_spent"),
        (Refused(48001), "not_permitted"),
        (TokenRefused(40001), "credentials"),
        (Refused(99999), "unknown"),
    ],
)
def test_whatever_goes_wrong_is_tried_again_while_wechat_has_it(error, why):
    assert decide(error) == TryAgain(NOON + timedelta(seconds=5), why)


@pytest.mark.parametrize(
    ("attempts", "wait"), [(1, 5), (2, 10), (3, 20), (8, 640), (11, 3600), (500, 3600)]
)
def test_the_waits_grow_to_an_hour(attempts, wait):
    decision = decide(Unreached("away"), attempts=attempts)

    assert decision == TryAgain(NOON + timedelta(seconds=wait), "unreachable")


def test_the_last_try_is_when_wechat_forgets_it():
    decision = decide(Unreached("away"), attempts=50, now=FORGOTTEN - timedelta(minutes=3))

    assert decision == TryAgain(FORGOTTEN, "unreachable")


def test_after_that_it_is_lost():
    assert decide(Unreached("away"), now=FORGOTTEN) == Lose("expired")


def test_what_is_too_large_is_lost_at_once():
    assert decide(OverLimit("too large")) == Lose("too_large")


@pytest.mark.parametrize(
    ("as_", "content_type", "size_bytes", "seconds", "problem"),
    [
        (As.IMAGE, "image/png", 10 * MEGABYTE, None, None),
        (As.IMAGE, "image/png", 10 * MEGABYTE + 1, None, Problem.TOO_LARGE),
        (As.IMAGE, "image/webp", 10, None, Problem.TYPE),
        (As.IMAGE, "application/octet-stream", 10, None, Problem.TYPE),
        (As.VOICE, "audio/amr", 2 * MEGABYTE, 60.0, None),
        (As.VOICE, "audio/amr", 2 * MEGABYTE + 1, 60.0, Problem.TOO_LARGE),
        (As.VOICE, "audio/amr", 10, 60.1, Problem.TOO_LONG),
        (As.VOICE, "audio/wav", 10, 1.0, Problem.TYPE),
        (As.VIDEO, "video/mp4", 10 * MEGABYTE, 900.0, None),
        (As.VIDEO, "video/mp4", 10 * MEGABYTE + 1, 1.0, Problem.TOO_LARGE),
        (As.VIDEO, "video/webm", 10, 1.0, Problem.TYPE),
        (As.THUMB, "image/jpeg", 64 * 1024, None, None),
        (As.THUMB, "image/jpeg", 64 * 1024 + 1, None, Problem.TOO_LARGE),
        (As.THUMB, "image/png", 10, None, Problem.TYPE),
    ],
)
def test_wechat_takes_what_is_within_its_limits(as_, content_type, size_bytes, seconds, problem):
    file = File(content_type=content_type, size_bytes=size_bytes, seconds=seconds)

    assert problem_of(file, as_) is problem


def test_whatever_has_a_small_picture_has_a_thumb():
    video = File(content_type="video/mp4", size_bytes=9 * MEGABYTE, thumb_sha256="ab12")

    assert problem_with(video, As.THUMB) is None
    assert problem_of(video, As.THUMB) is Problem.TYPE
