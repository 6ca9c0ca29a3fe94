"""Fields of contacts: what may be kept in them, by whom, what became of it, and levels by them."""

import pytest

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def put(who, path, **body):
    return await who.ask("PUT", path, json=body)


async def add(admin, name, kind, **facts):
    answer = await admin.post("/api/fields", name=name, kind=kind, **facts)
    assert answer.status == 201
    return answer.body["id"]


async def keep(who, talk, **values):
    kept = {name.removeprefix("f"): value for name, value in values.items()}
    return await put(who, f"/api/contacts/{talk.contact_id}/fields", values=kept)


@pytest.fixture
async def talk(desk):
    await desk.account()
    return await desk.conversation()


async def test_a_field_is_added_renamed_ordered_and_retired(admin, lihua):
    spent = await add(admin, "累计消费", "number")
    city = await add(admin, "城市", "choice", choices=["北京", "上海"])
    renamed = await put(admin, f"/api/fields/{city}", name="所在城市", choices=["上海", "广州"])
    assert renamed.body["choices"] == ["上海", "广州"]
    stale = await put(admin, f"/api/fields/{city}", name="x", choices=["a"], version=1)
    assert stale.problem == (409, "fields_changed")

    await put(admin, "/api/fields/order", ids=[city, spent])

    found = (await lihua.get("/api/fields")).body["items"]
    assert [each["name"] for each in found] == ["所在城市", "累计消费"]
    assert (await admin.ask("DELETE", f"/api/fields/{spent}")).status == 204
    assert len((await lihua.get("/api/fields")).body["items"]) == 1
    assert await add(admin, "累计消费", "number") != spent


@on_sqlite
@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"name": " ", "kind": "text"}, (422, "invalid")),
        ({"name": "级", "kind": "list"}, (422, "invalid")),
        ({"name": "级", "kind": "choice"}, (422, "field_invalid")),
        ({"name": "级", "kind": "text", "choices": ["a"]}, (422, "field_invalid")),
        ({"name": "级", "kind": "choice", "choices": ["a", "a"]}, (422, "field_invalid")),
        ({"name": "有", "kind": "text"}, (409, "field_name_taken")),
    ],
)
async def test_a_field_that_cannot_be_right_is_refused(admin, wish, problem):
    await add(admin, "有", "text")

    assert (await admin.post("/api/fields", **wish)).problem == problem


@on_sqlite
async def test_only_an_admin_makes_fields(lihua, supervisor):
    for who in (lihua, supervisor):
        answer = await who.post("/api/fields", name="x", kind="text")
        assert answer.problem == (403, "forbidden")


async def test_values_are_kept_and_what_became_of_them(admin, lihua, agent, talk):
    spent, born = await add(admin, "累计消费", "number"), await add(admin, "生日", "date")
    await keep(lihua, talk, f1=99.5, f2="1990-02-28")
    shown = await keep(lihua, talk, f1=120, f2=None)

    assert shown.body["fields"] == {str(spent): 120}
    history = (await lihua.get(f"/api/contacts/{talk.contact_id}/fields/history")).body
    told = [(each["field_id"], each["before"], each["after"]) for each in history["items"]]
    assert sorted(told, key=repr) == sorted(
        [
            (spent, 99.5, 120),
            (born, "1990-02-28", None),
            (spent, None, 99.5),
            (born, None, "1990-02-28"),
        ],
        key=repr,
    )
    assert history["items"][0]["by"]["name"] == agent.name
    again = await keep(lihua, talk, f1=120)
    assert again.body["version"] >= shown.body["version"]
    assert (
        len((await lihua.get(f"/api/contacts/{talk.contact_id}/fields/history")).body["items"]) == 4
    )


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "12"),
        ("number", 1e16),
        ("date", "2026-02-30"),
        ("date", "20260201"),
        ("date", 5),
        ("choice", "天津"),
        ("text", "x" * 501),
        ("text", 5),
        ("text", "a\x00"),
    ],
)
async def test_a_value_that_a_field_does_not_take_is_refused(admin, lihua, talk, kind, value):
    await add(admin, "字段", kind, **({"choices": ["北京"]} if kind == "choice" else {}))

    answer = await keep(lihua, talk, f1=value)

    assert answer.status == 422
    shown = await lihua.get(f"/api/contacts/{talk.contact_id}")
    assert shown.body["fields"] == {}


@on_sqlite
async def test_a_field_that_is_not_there_keeps_nothing(admin, lihua, talk):
    assert (await keep(lihua, talk, f7="x")).problem == (404, "not_found")
    number = await add(admin, "旧", "text")
    await admin.ask("DELETE", f"/api/fields/{number}")
    assert (await keep(lihua, talk, f1="x")).problem == (404, "not_found")


@pytest.mark.parametrize(
    ("kind", "test", "value", "short", "enough"),
    [
        ("number", "at_least", 10000, 9999.99, 10000),
        ("number", "at_most", 3, 4, 3),
        ("date", "at_most", "2020-01-01", "2020-01-02", "2019-12-31"),
        ("choice", "is", "铂金", "黄金", "铂金"),
        ("text", "is", "A", "a", "A"),
    ],
)
async def test_a_level_is_earned_by_what_is_kept(
    admin, lihua, talk, kind, test, value, short, enough
):
    choices = {"choices": ["黄金", "铂金"]} if kind == "choice" else {}
    number = await add(admin, "字段", kind, **choices)
    condition = {"field_id": number, "test": test, "value": value}
    made = await admin.post(
        "/api/levels", name="会员", first_seconds=60, earned={"conditions": [condition]}
    )
    assert made.body["earned"]["conditions"] == [condition]

    before = await keep(lihua, talk, f1=short)
    after = await keep(lihua, talk, f1=enough)

    assert before.body["level"]["source"] == "default"
    assert (after.body["level"]["name"], after.body["level"]["source"]) == ("会员", "field")
    gone = await keep(lihua, talk, f1=None)
    assert gone.body["level"]["source"] == "default"


@on_sqlite
@pytest.mark.parametrize(
    "condition",
    [
        {"field_id": 9, "test": "is", "value": "x"},
        {"field_id": 1, "test": "is", "value": "x"},
        {"field_id": 2, "test": "at_least", "value": "x"},
    ],
)
async def test_a_level_goes_by_fields_that_are_there_and_fit(admin, condition):
    await add(admin, "数", "number")
    await add(admin, "词", "text")

    answer = await admin.post(
        "/api/levels", name="会员", first_seconds=60, earned={"conditions": [condition]}
    )

    assert answer.status == 422
