"""Accounts and their credentials, without a database."""

import pytest

from wxdesk.desk.accounts import Account, Credentials
from wxdesk.store import Vault
from wxdesk.store.vault import WrongSecretKey

AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
OLD_KEY = "Q7mT1uWv5YzC8eHkL0pRsX3bNfJ6dGiA2oEyK9rMhD4"
CREDENTIALS = Credentials("app secret", "token", AES_KEY, OLD_KEY)


def test_credentials_come_back_from_the_vault():
    vault = Vault("a secret for tests only")

    assert Credentials.open(CREDENTIALS.seal(vault), vault) == CREDENTIALS


def test_sealed_credentials_tell_nothing():
    sealed = CREDENTIALS.seal(Vault("a secret for tests only"))

    for secret in ("app secret", "token", AES_KEY, OLD_KEY):
        assert secret.encode() not in sealed


def test_another_secret_key_does_not_open_credentials():
    sealed = CREDENTIALS.seal(Vault("a secret for tests only"))

    with pytest.raises(WrongSecretKey):
        Credentials.open(sealed, Vault("another secret for tests"))


def test_credentials_are_not_shown_in_a_traceback():
    assert repr(CREDENTIALS) == "Credentials()"


@pytest.mark.parametrize(
    ("credentials", "keys"),
    [
        (Credentials("s", "t"), ()),
        (Credentials("s", "t", AES_KEY), (AES_KEY,)),
        (CREDENTIALS, (AES_KEY, OLD_KEY)),  # the newer is tried first
    ],
)
def test_both_keys_open_pushes_while_they_are_rotated(credentials, keys):
    assert credentials.aes_keys == keys


@pytest.mark.parametrize(
    ("api_base", "simulated"),
    [
        ("https://api.weixin.qq.com", False),
        ("https://sh.api.weixin.qq.com", False),
        ("http://127.0.0.1:8701", True),
        ("https://api.weixin.qq.com.example.org", True),
        ("https://fakeweixin.qq.com", True),
        ("", True),
    ],
)
def test_an_account_is_real_only_at_wechats_own_address(api_base, simulated):
    assert Account(api_base=api_base).simulated is simulated
