"""Credentials at rest, and what must come back unchanged."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.runtime import secret_key
from wxdesk.settings import Settings
from wxdesk.store import Vault
from wxdesk.store.vault import WrongSecretKey

VAULT = Vault("a secret for tests only")


@given(st.text())
def test_what_is_sealed_opens_again(text):
    assert VAULT.open(VAULT.seal(text)) == text


def test_sealing_twice_does_not_look_the_same():
    assert VAULT.seal("app secret") != VAULT.seal("app secret")


def test_another_secret_opens_nothing():
    with pytest.raises(WrongSecretKey):
        Vault("another secret for tests").open(VAULT.seal("app secret"))


@given(st.data())
def test_what_was_changed_does_not_open(data):
    sealed = bytearray(VAULT.seal("app secret"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1

    with pytest.raises(WrongSecretKey):
        VAULT.open(bytes(sealed))


def test_a_signature_is_of_one_text_and_one_secret():
    assert VAULT.sign("7") == VAULT.sign("7")
    assert len({VAULT.sign("7"), VAULT.sign("8"), Vault("another secret").sign("7")}) == 3


def test_a_secret_is_made_up_once_and_nobody_else_may_read_it(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")

    assert secret_key(settings) == secret_key(settings)
    path = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_the_secret_of_the_settings_goes_before_the_file(tmp_path):
    settings = Settings(data_dir=tmp_path, secret_key="a secret for tests only")

    assert secret_key(settings) == "a secret for tests only"
    assert list(tmp_path.iterdir()) == []
