"""The queue with several processes, one of each kind killed in the middle."""

import pytest

from journeys.processes import Installation
from journeys.queue import serve_all


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_with_killed_processes_everybody_is_served_once_and_nobody_has_too_much(
    tmp_path, database_url, valkey_url
):
    installation = Installation(tmp_path, database_url, redis_url=valkey_url)

    rules = await serve_all(installation, tmp_path, agents=8, customers=80, seed=1, within=60)

    assert sum(rules.values()) >= 80
