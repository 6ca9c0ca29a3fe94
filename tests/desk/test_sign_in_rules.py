"""Passwords, patience and roles: decided without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from wxdesk.desk import agents
from wxdesk.desk.agents import Role, passwords
from wxdesk.desk.agents.model import normal_username
from wxdesk.desk.agents.patience import LOCK_AFTER, LOCKED_FOR, next_try_at
from wxdesk.errors import Invalid

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HASH = agents.hash_password("correct horse")


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 64)],
)
def test_the_wait_after_wrong_passwords_doubles(failures, seconds):
    assert next_try_at(failures, NOON) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize("failures", [LOCK_AFTER, LOCK_AFTER + 1, 10**6])
def test_many_wrong_passwords_lock_the_sign_in_for_a_while(failures):
    assert next_try_at(failures, NOON) == NOON + LOCKED_FOR


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own():
    assert HASH.startswith("$argon2id$")
    assert agents.hash_password("correct horse") != HASH


@pytest.mark.parametrize(
    ("kept", "tried", "right"),
    [
        (HASH, "correct horse", True),
        (HASH, "Correct horse", False),
        (HASH, "", False),
        (None, "correct horse", False),  # nobody of that name
        (None, "nobody signs in with this", False),  # not even with the stand-in's
        ("not a hash", "correct horse", False),
    ],
    ids=lambda value: "its hash" if value == HASH else None,  # salted: another in each process
)
def test_only_the_right_password_of_an_agent_is_right(kept, tried, right):
    assert agents.verify_password(kept, tried) is right


@pytest.mark.parametrize("password", ["", "1234567", "       "])
def test_a_short_password_is_refused(password):
    with pytest.raises(Invalid):
        agents.require_password(password)


def test_eight_chinese_characters_are_a_password():
    agents.require_password("春眠不觉晓处处闻")


@pytest.mark.parametrize("written", ["LiHua", " lihua ", "LIHUA"])
def test_case_and_blanks_tell_no_usernames_apart(written):
    assert normal_username(written) == "lihua"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.AGENT, {Role.AGENT}),
        (Role.SUPERVISOR, {Role.AGENT, Role.SUPERVISOR}),
        (Role.ADMIN, {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
    ],
)
def test_each_role_may_what_the_ones_before_it_may(role, may):
    assert {other for other in Role if role.includes(other)} == may


def test_looking_for_nobody_takes_as_long_as_for_somebody():
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODY)
