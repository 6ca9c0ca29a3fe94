"""The desk is killed at random instants under load: nothing is lost, nothing comes twice."""

import pytest

from journeys.flood import ENOUGH_PUSHES
from journeys.killing import kill_one, kill_several


async def test_a_killed_desk_loses_nothing_and_sends_nothing_twice(tmp_path, database_url):
    seen = await kill_one(tmp_path, database_url, kills=8, seed=1)

    assert seen["acknowledged"] >= ENOUGH_PUSHES
    assert seen["sent"] > 0


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_of_several_processes_any_may_be_killed(tmp_path, database_url, valkey_url):
    seen = await kill_several(tmp_path, database_url, valkey_url, kills=8, seed=2)

    assert seen["acknowledged"] >= ENOUGH_PUSHES
    assert seen["sent"] > 0
