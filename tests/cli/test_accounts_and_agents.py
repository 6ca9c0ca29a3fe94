"""``wxdesk account``, ``agent`` and ``token``."""

import pytest
from sqlalchemy import select

from desk_builder import AES_KEY
from wxdesk.desk import accounts, agents
from wxdesk.desk.agents import Role

ACCOUNT = (
    *("--slug", "shop", "--name", "微光生活馆", "--app-id", "wx4f1d7e0b92c6a835"),
    *("--app-secret", "an app secret", "--token", "Sh0pCareTok3n"),
)
LIHUA = ("--username", "lihua", "--name", "李华", "--role", "agent", "--password-stdin")


def add_account(installation, *more, **environment):
    return installation.run("account", "add", *ACCOUNT, *more, **environment)


def test_adding_an_account_prints_its_callback_url(empty):
    added = add_account(empty, WXDESK_PUBLIC_URL="https://desk.example.com/")

    assert (added.code, added.out) == (0, "https://desk.example.com/wechat/shop\n")


def test_the_callback_url_is_in_the_json_document(empty):
    added = add_account(empty, "--json")

    assert added.document == {
        "slug": "shop",
        "callback_url": "http://127.0.0.1:9471/wechat/shop",
    }


def test_every_option_of_the_contract_is_kept_and_secrets_are_sealed(sqlite):
    options = (
        *("--aes-key", AES_KEY, "--mode", "secure", "--original-id", "gh_9a3c51e7b2d4"),
        *("--api-base", "http://127.0.0.1:9", "--kind", "subscription", "--policy", "2013"),
    )
    assert add_account(sqlite, *options).code == 0

    async def read(runtime, _desk):
        async with runtime.db.reading() as unit:
            account = await accounts.get_by_slug(unit, "shop")
            return account, account.credentials(runtime.vault)

    account, credentials = sqlite.build(read)
    assert (account.mode, account.kind, account.policy) == ("secure", "subscription", "2013")
    assert (account.original_id, account.api_base) == ("gh_9a3c51e7b2d4", "http://127.0.0.1:9")
    assert (credentials.app_secret, credentials.aes_key) == ("an app secret", AES_KEY)
    assert b"an app secret" not in (sqlite.folder / "wxdesk.sqlite3").read_bytes()


def test_a_taken_slug_is_refused(empty):
    add_account(empty)

    again = add_account(empty)

    assert again.code == 1
    assert "account_exists" in again.err
    assert "Traceback" not in again.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--slug", "Shop/../x"),
        ("--mode", "secure"),  # without a key
        ("--mode", "loud"),
        ("--aes-key", "too short"),
        ("--kind", "新号"),
    ],
)
def test_what_cannot_be_an_account_is_wrong_use(empty, wrong):
    refused = add_account(empty, *wrong)

    assert refused.code == 2
    assert "Traceback" not in refused.err


def test_accounts_are_listed_without_their_secrets(sqlite):
    add_account(sqlite)

    listed = sqlite.run("account", "list", "--json")

    assert listed.lines == [
        {
            "slug": "shop",
            "name": "微光生活馆",
            "app_id": "wx4f1d7e0b92c6a835",
            "mode": "plain",
            "simulated": False,
            "callback_url": "http://127.0.0.1:9471/wechat/shop",
        }
    ]


def test_checking_an_account_says_what_to_do_and_fails(sqlite):
    add_account(sqlite, "--api-base", "http://127.0.0.1:9")

    checked = sqlite.run("account", "check", "shop", "--json")

    assert checked.code == 1
    assert [(each["check"], each["ok"]) for each in checked.lines] == [
        ("token", False),
        ("callback", False),
        ("complaints", True),
    ]
    assert "cannot be reached" in checked.lines[1]["says"]


def test_an_unknown_account_cannot_be_checked(sqlite):
    checked = sqlite.run("account", "check", "nowhere")

    assert (checked.code, checked.err) == (1, "wxdesk: there is no account nowhere (not_found)\n")


def test_a_rotated_key_leaves_the_one_before_it_valid(sqlite):
    new_key = AES_KEY[::-1]
    add_account(sqlite, "--aes-key", AES_KEY, "--mode", "secure")

    assert sqlite.run("account", "rotate-key", "shop", "--aes-key", new_key).code == 0

    async def read(runtime, _desk):
        async with runtime.db.reading() as unit:
            account = await accounts.get_by_slug(unit, "shop")
            return account.credentials(runtime.vault).aes_keys

    assert sqlite.build(read) == (new_key, AES_KEY)


def test_an_agent_signs_in_with_the_password_from_standard_input(sqlite):
    assert sqlite.run("agent", "add", *LIHUA, said="correct horse\n").code == 0

    async def read(runtime, _desk):
        async with runtime.db.reading() as unit:
            return await agents.get_by_username(unit, "LiHua")

    agent = sqlite.build(read)
    assert (agent.name, agent.role, agent.active) == ("李华", Role.AGENT, True)
    assert agents.verify_password(agent.password_hash, "correct horse")


@pytest.mark.parametrize("password", ["", "short\n"])
def test_a_short_password_is_wrong_use(sqlite, password):
    refused = sqlite.run("agent", "add", *LIHUA, said=password)

    assert refused.code == 2
    assert "8 characters" in refused.err


def test_a_taken_username_is_refused(sqlite):
    sqlite.run("agent", "add", *LIHUA, said="correct horse\n")

    again = sqlite.run("agent", "add", *LIHUA, said="correct horse\n")

    assert (again.code, "agent_exists" in again.err) == (1, True)


def test_a_token_is_printed_once_and_kept_as_a_digest(sqlite):
    sqlite.run("agent", "add", *LIHUA, said="correct horse\n")

    made = sqlite.run("token", "create", "--agent", "lihua", "--name", "报表")

    token = made.out.strip()
    assert made.code == 0

    async def owner(runtime, _desk):
        async with runtime.db.reading() as unit:
            digest = await unit.session.scalar(select(agents.model.ApiToken.digest))
            return digest, await agents.authenticate_token(unit, token)

    digest, (_, agent) = sqlite.build(owner)
    assert agent.username == "lihua"
    assert token not in digest


def test_nobody_unknown_gets_a_token(sqlite):
    made = sqlite.run("token", "create", "--agent", "nobody", "--name", "x")

    assert (made.code, made.out) == (1, "")
