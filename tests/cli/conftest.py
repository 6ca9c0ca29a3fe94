"""Installations of each kind."""

import pytest

from installation import Installation


@pytest.fixture
def empty(tmp_path):
    """Nothing is there yet."""
    return Installation(tmp_path)


@pytest.fixture
def sqlite(tmp_path, sqlite_template):
    (tmp_path / "wxdesk.sqlite3").write_bytes(sqlite_template.read_bytes())
    return Installation(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request, tmp_path):
    """One of each kind, its schema current."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite")
    url = request.getfixturevalue("postgres").fresh()
    return Installation(tmp_path, {"WXDESK_DATABASE_URL": url})
