"""Contacts that are one person: joined, seen as one, parted; and what happened with them."""

import pytest
from sqlalchemy import select, update

from wxdesk.desk import contacts, levels
from wxdesk.desk.agents import Role
from wxdesk.desk.contacts import Contact, LevelSource
from wxdesk.worker.intake import understand_kept

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def chief(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def pair(desk, runtime, clock):
    """Two contacts whom WeChat tells to be the same."""
    await desk.account()
    found = []
    for _ in range(2):
        clock.forward(seconds=60)
        found.append((await desk.conversation()).contact_id)
    async with runtime.db.unit() as unit:
        await unit.session.execute(
            update(Contact).where(Contact.id.in_(found)).values(unionid="u1")
        )
    return found


async def seen(who, contact_id):
    body = (await who.get(f"/api/contacts/{contact_id}")).body
    return body["remark"], body["fields"], body["level"]["name"], body["level"]["source"]


async def person(who, contact_id):
    body = (await who.get(f"/api/contacts/{contact_id}/person")).body
    return [[each["contact"]["id"] for each in body[key]] for key in ("joined", "suggested")]


async def test_who_seems_to_be_the_same_is_suggested_until_joined(lihua, chief, pair):
    one, two = pair
    assert await person(lihua, one) == [[], [two]]

    joined = await chief.post("/api/persons", ids=pair)

    assert joined.status == 201
    assert await person(lihua, two) == [[one], []]
    assert (await lihua.post("/api/persons", ids=pair)).problem == (403, "forbidden")
    again = await chief.post("/api/persons", ids=pair)
    assert (again.problem, again.body["problem"]) == ((422, "join_invalid"), "same")
    assert (await chief.post("/api/persons", ids=[one, 999])).problem == (404, "not_found")
    assert (await chief.post("/api/persons", ids=[one, one])).problem == (422, "join_invalid")


async def test_joined_contacts_are_one_and_parted_ones_are_as_before(
    lihua, chief, admin, pair, runtime, clock
):
    one, two = pair
    city = str((await admin.post("/api/fields", name="城市", kind="text")).body["id"])
    size = str((await admin.post("/api/fields", name="尺码", kind="text")).body["id"])
    async with runtime.db.reading() as unit:
        best, middle, *_ = await levels.list_levels(unit)
    await chief.patch(f"/api/contacts/{one}", remark="王女士")
    await chief.patch(f"/api/contacts/{two}", remark="小王")
    for contact_id, values in ((one, {city: "上海"}), (two, {city: "北京", size: "M"})):
        await chief.ask("PUT", f"/api/contacts/{contact_id}/fields", json={"values": values})
    async with runtime.db.unit() as unit:
        for contact_id, level in ((one, middle), (two, best)):
            await levels.grant(unit, contact_id, level.id, source=LevelSource.API, now=clock.now())
    before = [await seen(lihua, each) for each in pair]

    await chief.post("/api/persons", ids=pair, remark=two, fields={city: one})

    for each in pair:
        assert await seen(lihua, each) == ("小王", {city: "上海", size: "M"}, best.name, "api")
    await lihua.patch(f"/api/contacts/{one}", remark="王姐")
    assert (await seen(lihua, two))[0] == "王姐"
    await lihua.patch(f"/api/contacts/{one}", remark="小王")

    assert (await lihua.post(f"/api/contacts/{two}/part")).problem == (403, "forbidden")
    await chief.post(f"/api/contacts/{two}/part")

    assert [await seen(lihua, each) for each in pair] == before
    assert (await chief.post(f"/api/contacts/{two}/part")).problem == (409, "not_joined")
    async with runtime.db.reading() as unit:
        rows = (await unit.session.scalars(select(Contact.person_id))).all()
    assert rows == [None, None]


async def test_what_was_changed_while_joined_stays_on_both(lihua, chief, admin, pair):
    one, two = pair
    city = str((await admin.post("/api/fields", name="城市", kind="text")).body["id"])
    await chief.patch(f"/api/contacts/{two}", remark="小王")
    await chief.post("/api/persons", ids=pair)
    await lihua.ask("PUT", f"/api/contacts/{one}/fields", json={"values": {city: "广州"}})

    await chief.post(f"/api/contacts/{one}/part")

    assert [(await seen(lihua, each))[:2] for each in pair] == [
        ("", {city: "广州"}),
        ("小王", {city: "广州"}),
    ]


async def test_a_third_joins_and_parts_and_two_stay(chief, lihua, pair, desk):
    third = (await desk.conversation()).contact_id
    await chief.post("/api/persons", ids=pair)
    await chief.post("/api/persons", ids=[third, pair[0]])
    assert sorted((await person(lihua, third))[0]) == pair

    await chief.post(f"/api/contacts/{third}/part")

    assert (await person(lihua, third))[0] == []
    assert (await person(lihua, pair[0]))[0] == [pair[1]]
    await chief.post(f"/api/contacts/{pair[0]}/part")
    assert (await person(lihua, pair[0]))[0] == []


async def test_the_level_of_whom_was_chosen_counts_and_lasts(chief, lihua, pair, runtime, clock):
    one, two = pair
    async with runtime.db.reading() as unit:
        best, middle, *_ = await levels.list_levels(unit)
    async with runtime.db.unit() as unit:
        for contact_id, level in ((one, middle), (two, best)):
            await levels.grant(unit, contact_id, level.id, source=LevelSource.API, now=clock.now())

    await chief.post("/api/persons", ids=pair, level=one)
    assert {(await seen(lihua, each))[2] for each in pair} == {middle.name}
    async with runtime.db.unit() as unit:
        await levels.revoke(unit, one, LevelSource.API, now=clock.now())

    assert {(await seen(lihua, each))[3] for each in pair} == {"default"}
    await chief.post(f"/api/contacts/{one}/part")
    assert (await seen(lihua, two))[2] == best.name


async def timeline(who, contact_id, *kinds):
    found, cursor = [], None
    while True:
        query = [("kind", kind) for kind in kinds] + ([("cursor", cursor)] if cursor else [])
        answer = await who.ask("GET", f"/api/contacts/{contact_id}/timeline", params=query)
        assert answer.status == 200, answer.body
        found += answer.body["items"]
        cursor = answer.body["next"]
        if cursor is None:
            return found


async def test_all_that_happened_stands_in_one_list(
    lihua, agent, chief, admin, desk, runtime, clock
):
    talk = await desk.conversation(openid="oAnna")
    anna = talk.contact_id
    phone = (await admin.post("/api/fields", name="手机", kind="phone")).body["id"]
    clock.forward(seconds=10)
    for event, key in (("subscribe", "qrscene_7"), ("SCAN", "7"), ("CLICK", "ORDERS")):
        await desk.push(desk.event_xml("oAnna", event, key=key))
    while await understand_kept(runtime):
        pass
    clock.forward(seconds=10)
    await lihua.patch(f"/api/contacts/{anna}", remark="安娜 13812345678")
    clock.forward(seconds=10)
    values = {"values": {str(phone): "13987654321"}}
    await lihua.ask("PUT", f"/api/contacts/{anna}/fields", json=values)
    clock.forward(seconds=10)
    await lihua.post(f"/api/conversations/{talk.id}/take")
    note = {"text": "会回电 13812345678", "client_id": "note-1-of-mine"}
    assert (await lihua.post(f"/api/conversations/{talk.id}/notes", **note)).status == 201

    items = await timeline(lihua, anna)

    kinds = [each["kind"] for each in items]
    assert kinds == ["note", "field", "change", "menu", "scan", "follow", "session"]
    note, field, change, menu, *_, session = items
    assert (note["text"], note["conversation_id"]) == ("会回电 138****5678", talk.id)
    assert note["message_id"]
    assert (field["name"], field["after"], field["conversation_id"]) == (
        "手机",
        "139****4321",
        talk.id,
    )
    assert (change["what"], change["after"]) == ("remark", "安娜 138****5678")
    assert menu["text"] == "ORDERS"
    assert session["session"]["agent"]["name"] == agent.name
    assert [each["kind"] for each in await timeline(lihua, anna, "note", "scan")] == [
        "note",
        "scan",
    ]


async def test_pages_of_a_timeline_follow_each_other_over_all_contacts(
    chief, lihua, pair, desk, clock
):
    one, two = pair
    for n in range(30):
        if n % 3 == 0:
            clock.forward(seconds=1)
        await lihua.patch(f"/api/contacts/{one}", remark=f"甲{n}")
        await lihua.patch(f"/api/contacts/{two}", remark=f"乙{n}")
    alone = len(await timeline(lihua, one))
    await chief.post("/api/persons", ids=pair)

    items = await timeline(lihua, two)

    assert len(items) > 60 > alone
    assert len({each["key"] for each in items}) == len(items)
    assert {each["contact_id"] for each in items} == set(pair)
    moments = [each["at"] for each in items]
    assert moments == sorted(moments, reverse=True)
    joined = [each for each in items if each["what"] == "joined"]
    assert [each["after"].split()[0] for each in joined] == ["甲29", "甲29"]


@on_sqlite
@pytest.mark.parametrize(
    "cursor", ["x", "2026-03-02T12:00:00~1~1", "~~", "2026-99-99T99:99:99Z~1~1"]
)
async def test_a_place_that_cannot_be_is_refused(lihua, pair, cursor):
    answer = await lihua.get(f"/api/contacts/{pair[0]}/timeline", cursor=cursor)
    assert answer.problem == (422, "invalid")


async def test_numbers_are_covered_and_showing_one_is_written_down(
    lihua, chief, admin, pair, runtime
):
    one = pair[0]
    phone = str((await admin.post("/api/fields", name="手机", kind="phone")).body["id"])
    path = f"/api/contacts/{one}/fields"
    kept = await lihua.ask("PUT", path, json={"values": {phone: " 13812345678 "}})
    assert kept.body["fields"] == {phone: "138****5678"}
    covered = await lihua.ask("PUT", path, json={"values": {phone: "138****5678"}})
    assert covered.problem == (422, "field_invalid")
    history = (await lihua.get(f"{path}/history")).body["items"]
    assert [each["after"] for each in history] == ["138****5678"]

    assert (await lihua.post(f"{path}/{phone}/reveal")).problem == (403, "forbidden")
    told = await chief.post(f"{path}/{phone}/reveal")

    assert told.body == {"value": "13812345678"}
    (line,) = await timeline(lihua, one, "change")
    assert (line["what"], line["name"]) == ("revealed", "手机")
    wish = {"field_id": int(phone), "test": "is", "value": "13812345678"}
    found = await lihua.post("/api/contacts/search", conditions=[wish])
    assert [each["id"] for each in found.body["items"]] == [one]
    guess = wish | {"test": "at_least", "value": "1"}
    assert (await lihua.post("/api/contacts/search", conditions=[guess])).body["items"] == []
    async with runtime.db.reading() as unit:
        assert (await contacts.get(unit, one)).fields == {phone: "13812345678"}
