"""Settings, doctor, serving, and what every command has in common."""

import re
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest

from desk_builder import APP_ID, TOKEN
from installation import BIN
from wxdesk.web.pages import BUILT


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


@contextmanager
def serving(installation):
    """A desk that runs in this installation, and says so."""
    installation.environment["WXDESK_PORT"] = free_port()
    process = installation.start("serve")
    try:
        _wait_until_ready(process, installation.environment["WXDESK_PORT"])
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
    assert process.returncode == 0


def _wait_until_ready(process, port):
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.02)
    pytest.fail(process.communicate()[1])


@pytest.fixture
def served(sqlite):
    with serving(sqlite):
        yield sqlite


@pytest.fixture
def simulator():
    """WeChat's address, where the desk builder's account is known."""
    account = ("--app-id", APP_ID, "--app-secret", "app secret", "--token", TOKEN)
    process = subprocess.Popen(
        [BIN / "wxsim", "serve", "--port", "0", *account],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield re.search(r"http://[\d.]+:\d+", process.stdout.readline())[0]
    process.terminate()
    process.communicate(timeout=10)


def test_told_to_stop_while_it_starts_it_does(empty):
    process = empty.start("serve", WXDESK_PORT=free_port())
    process.stderr.readline()  # of its schema: it listens to signals, and does not serve yet
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)

    assert process.returncode == 0


@pytest.mark.parametrize(
    "wrong", [("nonsense",), ("serve", "--role", "cook"), ("account", "add"), ("db", "backup")]
)
def test_wrong_use_is_exit_code_2(empty, wrong):
    ended = empty.run(*wrong)

    assert ended.code == 2
    assert "Traceback" not in ended.err


def test_help_names_every_command_of_the_contract(empty):
    """Asked of the installed script itself."""
    shown, _ = empty.start("--help").communicate(timeout=60)

    promised = "serve demo account agent token pushes deliveries db doctor settings"
    assert [name for name in promised.split() if name not in shown] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WXDESK_PORT", "eighty"),
        ("WXDESK_PORT", "70000"),
        ("WXDESK_LOG_LEVEL", "loud"),
        ("WXDESK_SEND_TIMEOUT_SECONDS", "0"),
        ("WXDESK_DELIVERY_LEASE_SECONDS", "1"),
        ("WXDESK_DATABASE_URL", "mysql://localhost/desk"),
        ("WXDESK_DATABASE_URL", "desk.sqlite3"),
        ("WXDESK_SETTINGS_FILE", "nowhere.env"),
    ],
)
def test_a_wrong_setting_is_named(empty, name, value):
    ended = empty.run("settings", **{name: value})

    assert ended.code == 2
    assert name in ended.err
    assert "Traceback" not in ended.err


def test_settings_come_from_the_file_and_the_environment_goes_first(empty):
    (empty.folder / "desk.env").write_text("WXDESK_PORT=9472\nWXDESK_SESSION_HOURS=3\n")

    shown = empty.run("settings", "--json", WXDESK_SETTINGS_FILE="desk.env").document

    assert (shown["port"], shown["session_hours"]) == (9471, 3)


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_settings_are_shown_with_their_secrets_masked(empty, how):
    shown = empty.run(
        "settings",
        *how,
        WXDESK_DATABASE_URL="postgresql://desk:hidden-word@db.example.com/desk",
        WXDESK_REDIS_URL="redis://:hidden-word@redis.example.com:6379/0",
        WXDESK_SECRET_KEY="hidden-word hidden-word",
    )

    assert shown.code == 0
    assert "hidden-word" not in shown.out
    assert "db.example.com" in shown.out


def test_settings_say_where_the_embedded_database_is(empty):
    shown = empty.run("settings", "--json").document

    assert shown["database_url"] == f"sqlite:///{empty.folder}/wxdesk.sqlite3"
    assert shown["public_url"] == "http://127.0.0.1:9471"


def test_the_doctor_says_what_an_empty_installation_lacks(sqlite):
    found = sqlite.run("doctor")

    assert found.code == 1
    for lack in ("Nobody can sign in", "No Official Account", "The desk does not answer"):
        assert lack in found.out
    assert all(line.startswith("- ") for line in found.out.splitlines())


def test_the_doctor_sees_a_backlog(sqlite):
    async def park(runtime, desk):
        await desk.push(desk.text_xml("oFollowerAnna", "在吗"))
        async with runtime.db.unit() as unit:
            connection = await unit.session.connection()
            await connection.exec_driver_sql("UPDATE pushes SET state = 'parked'")

    sqlite.build(park)

    assert "wxdesk pushes retry --all" in sqlite.run("doctor").out


def test_the_doctor_sees_that_pictures_cannot_be_kept(sqlite):
    sqlite.build(_nothing)
    (sqlite.folder / "media").write_text("a file where the folder should be")

    assert "Pictures and voice cannot be kept" in sqlite.run("doctor").out


async def _nothing(_runtime, _desk):
    """A database with its schema is enough."""


def test_the_doctor_is_content_with_a_desk_that_is_well(sqlite, simulator):
    async def fill(_runtime, desk):
        desk._api_base = simulator
        await desk.account()
        await desk.agent("admin")

    sqlite.build(fill)
    with serving(sqlite):
        examined = sqlite.run("doctor")

    complaints = set(examined.out.splitlines())
    if (BUILT / "index.html").exists():
        assert examined.code == 0
    else:
        assert complaints == {"- The web app is not built. Run: make app"}


def test_a_second_desk_on_one_sqlite_database_is_refused(served):
    second = served.run("serve", WXDESK_PORT=free_port())

    assert second.code == 1
    assert "another process serves" in second.err
    assert "already_served" in second.err


def test_commands_work_beside_a_running_desk(served):
    assert served.run("db", "check").code == 0
    assert served.run("db", "backup", "beside.backup").code == 0
    assert served.run("db", "restore", "beside.backup").code == 1


@pytest.mark.parametrize("role", ["web", "worker"])
def test_several_processes_need_postgresql(sqlite, role):
    refused = sqlite.run("serve", "--role", role)

    assert refused.code == 2
    assert "WXDESK_DATABASE_URL" in refused.err


def test_a_desk_whose_port_is_taken_says_so_and_fails(served):
    other = served.folder / "other"
    other.mkdir()

    second = served.run("serve", WXDESK_DATA_DIR=str(other))

    assert second.code == 1
    assert "cannot_listen" in second.err
    assert "Traceback" not in second.err


def test_a_desk_says_that_it_is_alive(served):
    url = f"http://127.0.0.1:{served.environment['WXDESK_PORT']}/healthz"

    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.read() == b"ok\n"
