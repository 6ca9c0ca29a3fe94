"""The tables of what may be sent: read from JSON, chosen and changed per account."""

import copy
import json

import pytest
from typer.testing import CliRunner

from wxdesk.wechat.policies import POLICIES, Renewal, Trigger, read_policies
from wxsim.cli import app

ROW = {"grant": "message", "triggers": ["message"], "count": 2, "seconds": 600}
TABLE = {"name": "strict", "since": "2027-01-01", "renewal": "no_renewal", "rules": [ROW]}


def changed(**row):
    return [{**TABLE, "rules": [{**ROW, **row}]}]


def test_three_tables_come_along_with_their_dates():
    since = {name: policy.since for name, policy in POLICIES.items()}

    assert since == {"2023": "2023-06-12", "2021": "2021-06-01", "2013": "2013"}


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_table_is_written_as_it_is_read(name):
    document = POLICIES[name].as_document()

    assert read_policies([json.loads(json.dumps(document))]) == {name: POLICIES[name]}


def test_a_trigger_that_no_rule_names_has_none():
    assert POLICIES["2023"].rule_for(Trigger.PAYMENT) is None
    assert POLICIES["2023"].rule_for(Trigger.SCAN).triggers == ("menu", "follow", "scan")


@pytest.mark.parametrize(
    "documents",
    [
        {},
        [1],
        [{}],
        [{"name": "x"}],
        [{"name": "x", "rules": [1]}],
        [{**TABLE, "name": ""}],
        [{**TABLE, "since": 2027}],
        [{**TABLE, "renewal": "sometimes"}],
        [{**TABLE, "rules": [ROW, ROW]}],
        [TABLE] * 51,
        changed(triggers=["sneeze"]),
        changed(triggers="message"),
        changed(count=0),
        changed(count="5"),
        changed(count=True),
        changed(seconds=None),
        changed(seconds=1e9),
        changed(grant=None),
    ],
)
def test_what_is_no_table_is_refused(documents):
    with pytest.raises(ValueError, match=r" is | are |stands"):
        read_policies(copy.deepcopy(documents))


async def test_an_account_is_put_under_a_table_of_ones_own(sim):
    openid = await sim.follower()
    async with sim.http.put(f"{sim.base}/sim/policies/strict", json=TABLE) as answer:
        assert (await answer.json())["rules"] == [ROW]
    account = await sim.post("/sim/account", {"policy": "strict"})

    await sim.act(openid, "text", content="在吗")
    codes = [(await sim.send(openid))["errcode"] for _ in range(3)]
    await sim.act(openid, "text", content="还在吗")

    assert account["renewal"] == "no_renewal"
    assert codes == [0, 0, 45047]
    assert (await sim.allowance(openid))["rules"] == [ROW]
    assert (await sim.send(openid))["errcode"] == 45047
    listed = (await sim.get("/sim/policies"))["items"]
    assert [policy["name"] for policy in listed] == ["2023", "2021", "2013", "strict"]


@pytest.mark.parametrize("renewal", list(Renewal))
async def test_renewal_is_chosen_apart_from_the_table(sim, renewal):
    openid = await sim.follower()
    await sim.post("/sim/account", {"renewal": renewal})
    await sim.act(openid, "text", content="一")
    await sim.send(openid)
    await sim.act(openid, "text", content="二")

    left = {"replace": 5, "accumulate": 9, "no_renewal": 4}[renewal]
    assert (await sim.allowance(openid))["sends_left"] == left
    assert (await sim.post("/sim/account", {"renewal": None}))["renewal"] == "replace"


async def test_a_table_that_is_none_changes_nothing(sim):
    for body in (b"{", b"[]", b'{"rules": 1}'):
        async with sim.http.put(f"{sim.base}/sim/policies/x", data=body) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]
    assert len((await sim.get("/sim/policies"))["items"]) == 3
    assert "policy is one of" in (await sim.post("/sim/account", {"policy": "1999"}))["error"]


async def test_the_mode_of_pushes_can_be_changed(sim, server):
    openid = await sim.follower()
    key = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"

    refused = await sim.post("/sim/account", {"mode": "secure"})
    account = await sim.post("/sim/account", {"mode": "secure", "aes_key": key})
    await sim.act(openid, "text", content="在吗")

    assert "EncodingAESKey" in refused["error"]
    assert account["mode"] == "secure"
    assert "Encrypt" in server.pushes[-1]
    assert "Content" not in server.pushes[-1]


def test_a_file_of_tables_that_cannot_be_read_is_wrong_use(tmp_path):
    broken = tmp_path / "policies.json"
    broken.write_text('[{"name": "x"}]')
    needed = ["serve", "--app-id", "wx1", "--app-secret", "s", "--token", "t"]

    for file in (broken, tmp_path / "none.json"):
        assert CliRunner().invoke(app, [*needed, "--policies", str(file)]).exit_code == 2
