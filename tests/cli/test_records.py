"""``wxdesk pushes`` and ``wxdesk deliveries``: the shapes that outside scripts rely on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from wxdesk.desk.intake import KeptPush, PushState
from wxdesk.worker.intake import understand_kept

ANNA = "oFollowerAnna"


async def a_day(runtime, desk):
    """One push understood, one parked, one just kept; one reply on its way."""
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)
    await desk.reply(talk, agent, "您好")
    broken = await desk.push(desk.event_xml(ANNA, "CLICK"))
    async with runtime.db.unit() as unit:
        await unit.session.execute(
            update(KeptPush).where(KeptPush.id == broken.id).values(body=b"this is no XML")
        )
    await understand_kept(runtime)
    await desk.push(desk.text_xml(ANNA, "在吗", msg_id=18446744073709551615))
    return runtime.clock.now()


def test_pushes_have_the_fields_of_the_contract(installation):
    installation.build(a_day)

    understood, parked, kept = installation.run("pushes", "--json").lines

    assert list(kept) == [
        *("id", "account", "openid", "msg_id", "kind", "received_at", "state", "error")
    ]
    assert (kept["account"], kept["openid"], kept["kind"]) == ("shop", ANNA, "text")
    assert kept["msg_id"] == "18446744073709551615"
    assert (kept["state"], kept["error"]) == ("kept", None)
    assert understood["state"] == "done"
    assert (parked["state"], parked["msg_id"], parked["kind"]) == ("parked", None, "event/click")
    assert parked["error"].startswith("Malformed: ")
    assert datetime.fromisoformat(kept["received_at"]).utcoffset() == timedelta(0)


def test_deliveries_have_the_fields_of_the_contract(installation):
    installation.build(a_day)

    (delivery,) = installation.run("deliveries", "--json").lines

    promised = "id conversation_id openid state attempts errcode via created_at finished_at"
    assert set(promised.split()) <= set(delivery)
    assert (delivery["openid"], delivery["state"], delivery["via"]) == (ANNA, "waiting", "custom")
    assert (delivery["attempts"], delivery["errcode"], delivery["finished_at"]) == (0, None, None)
    assert datetime.fromisoformat(delivery["created_at"]).utcoffset() == timedelta(0)


def test_records_are_chosen_by_state(sqlite):
    sqlite.build(a_day)

    assert [push["state"] for push in sqlite.run("pushes", "--state", "kept", "--json").lines] == [
        "kept"
    ]
    assert sqlite.run("deliveries", "--state", "sent", "--json").out == ""


def test_records_are_chosen_by_time_in_any_iso_form(sqlite):
    now = sqlite.build(a_day)
    later = now + timedelta(minutes=1)

    for moment in (
        now.date().isoformat(),
        (now - timedelta(minutes=1)).isoformat(),
        sqlite.run("pushes", "--json").lines[0]["received_at"],
        (now - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        (now - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%f"),
    ):
        assert len(sqlite.run("pushes", "--since", moment, "--json").lines) == 3
    assert sqlite.run("pushes", "--since", later.isoformat(), "--json").out == ""
    assert sqlite.run("deliveries", "--since", later.isoformat(), "--json").out == ""


@pytest.mark.parametrize(
    "wrong", [("--since", "yesterday"), ("--state", "lost"), ("retry",), ("retry", "one")]
)
def test_what_cannot_be_meant_is_wrong_use(sqlite, wrong):
    assert sqlite.run("pushes", *wrong).code == 2


def test_without_json_a_push_is_a_line_for_people(sqlite):
    sqlite.build(a_day)

    listed = sqlite.run("pushes")

    assert len(listed.out.splitlines()) == 3
    assert listed.out.splitlines()[0].split()[1:3] == ["shop", ANNA]


def test_parked_pushes_are_looked_at_again(installation):
    installation.build(a_day)

    retried = installation.run("pushes", "retry", "--all")

    assert (retried.code, retried.out) == (0, "1 to be looked at again\n")
    states = [push["state"] for push in installation.run("pushes", "--json").lines]
    assert states == ["done", "kept", "kept"]


def test_one_parked_push_is_looked_at_again_by_its_id(sqlite):
    sqlite.build(a_day)
    parked = sqlite.run("pushes", "--state", PushState.PARKED.value, "--json").lines[0]["id"]

    assert sqlite.run("pushes", "retry", parked + 1).out == "0 to be looked at again\n"
    assert sqlite.run("pushes", "retry", parked).out == "1 to be looked at again\n"
