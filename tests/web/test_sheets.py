"""Customers as files: exported, checked and taken in, killed in the middle."""

import csv
import io

import pytest
from sqlalchemy import func, select, update

from wxdesk.desk import contacts, sheets
from wxdesk.desk.agents import Role
from wxdesk.desk.contacts import Contact, ContactChange, Tag
from wxdesk.desk.sheets import FileRole, SheetState
from wxdesk.worker import sheets as worker
from wxdesk.worker.media_retention import forget_media
from wxdesk.worker.retention import EVERY
from wxdesk.worker.sheets import LEASE, SheetRunner

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def chief(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.ADMIN)))


@pytest.fixture
async def rival(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def people(desk, clock):
    """Three followers."""
    found = []
    for _ in range(3):
        clock.forward(seconds=60)
        found.append((await desk.conversation()).contact_id)
    return found


async def openids(runtime, ids):
    async with runtime.db.reading() as unit:
        known = await contacts.by_ids(unit, ids)
    return [known[each].openid for each in ids]


async def run(runtime):
    while await SheetRunner(runtime).go_on():
        pass


async def rows_of(who, path):
    async with who.http.get(path) as answer:
        assert answer.status == 200, await answer.text()
        content = await answer.read()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def upload(who, text, name="客户.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return await who.ask(
        "POST", "/api/sheets/imports", params={"name": name}, data=io.BytesIO(content)
    )


async def check(who, runtime, text, columns):
    sheet = (await upload(who, text)).body
    path = f"/api/sheets/{sheet['id']}"
    asked = await who.ask("PUT", f"{path}/columns", json={"account_id": 1, "columns": columns})
    assert asked.status == 200, asked.body
    assert asked.body["state"] == "checking"
    await run(runtime)
    return path, (await who.get(path)).body


async def test_customers_are_exported_and_nothing_in_the_file_is_run(
    chief, rival, lihua, people, runtime, clock
):
    phone = (await chief.post("/api/fields", name="手机", kind="phone")).body["id"]
    money = (await chief.post("/api/fields", name="消费", kind="number")).body["id"]
    await chief.ask("PATCH", f"/api/contacts/{people[0]}", json={"remark": "=HYPERLINK(1)"})
    values = {str(phone): "13812345678", str(money): -3}
    await chief.ask("PUT", f"/api/contacts/{people[0]}/fields", json={"values": values})

    clock.forward(hours=9)  # where they ask, the next day has begun
    asked = await chief.post("/api/sheets/exports", language="en", timezone="Asia/Shanghai")
    assert (asked.status, asked.body["state"], asked.body["total"]) == (201, "running", 3)
    assert asked.body["name"] == "customers-20260303-050300.csv"
    path = f"/api/sheets/{asked.body['id']}"
    assert (await chief.get(f"{path}/file")).problem == (404, "not_found")
    await run(runtime)

    done = (await chief.get(path)).body
    assert (done["state"], done["done"], done["has_file"]) == ("done", 3, True)
    header, first, *_ = rows = await rows_of(chief, f"{path}/file")
    assert len(rows) == 4
    told = dict(zip(header, first, strict=True))
    assert told["OpenID"] == (await openids(runtime, people))[0]
    assert told["First seen"] == "2026-03-02 20:01:00"
    assert told["Remark"] == "'=HYPERLINK(1)"
    assert (told["手机"], told["消费"]) == ("138****5678", "-3.0")
    assert (await rival.get(path)).status == (await rival.get(f"{path}/file")).status == 404
    assert (await lihua.get(path)).status == 403


async def test_only_those_who_fit_or_were_chosen_are_exported(chief, people, runtime):
    await chief.ask("PATCH", f"/api/contacts/{people[1]}", json={"remark": "王女士"})

    fit = await chief.post("/api/sheets/exports", wanted={"text": "王"})
    chosen = await chief.post("/api/sheets/exports", ids=people[:2], uncovered=True)
    await run(runtime)

    assert len(await rows_of(chief, f"/api/sheets/{fit.body['id']}/file")) == 2
    assert len(await rows_of(chief, f"/api/sheets/{chosen.body['id']}/file")) == 3
    listed = (await chief.get("/api/sheets")).body["items"]
    assert [each["uncovered"] for each in listed] == [True, False]


@on_sqlite
@pytest.mark.parametrize("path", ["exports", "imports", "1/apply", "1/cancel"])
async def test_agents_may_not(lihua, path):
    assert (await lihua.post(f"/api/sheets/{path}")).problem == (403, "forbidden")


async def test_an_export_that_is_killed_goes_on_where_it_was(
    chief, people, runtime, clock, monkeypatch
):
    monkeypatch.setattr(worker, "EXPORT_BATCH", 1)
    sheet_id = (await chief.post("/api/sheets/exports")).body["id"]
    async with runtime.db.unit() as unit:
        claimed = await sheets.claim(unit, now=clock.now(), lease=LEASE)
    assert await SheetRunner(runtime).export_batch(claimed)
    # stored, and dead before the row: the piece is a stray
    async with runtime.db.reading() as unit:
        page = await sheets.export_page(unit, claimed, limit=1)
    await worker.store(runtime, sheets.written(page.rows, first=False))
    assert await SheetRunner(runtime).go_on() == 0

    clock.forward(seconds=LEASE.total_seconds())
    await run(runtime)

    rows = await rows_of(chief, f"/api/sheets/{sheet_id}/file")
    assert [row[0] for row in rows[1:]] == await openids(runtime, sorted(people))


async def test_whoever_was_taken_over_writes_nothing_any_more(chief, people, runtime, clock):
    sheet_id = (await chief.post("/api/sheets/exports")).body["id"]
    async with runtime.db.unit() as unit:
        late = await sheets.claim(unit, now=clock.now(), lease=LEASE)
    async with runtime.db.reading() as unit:
        page = await sheets.export_page(unit, late, limit=9)
    clock.forward(seconds=LEASE.total_seconds())
    await run(runtime)

    part = await worker.store(runtime, sheets.written(page.rows, first=True))
    async with runtime.db.unit() as unit:
        assert not await sheets.record_page(unit, late, page, part, now=clock.now(), lease=LEASE)

    assert len(await rows_of(chief, f"/api/sheets/{sheet_id}/file")) == 4


async def test_a_file_is_kept_for_a_week_and_its_row_longer(chief, people, runtime, clock):
    sheet_id = (await chief.post("/api/sheets/exports")).body["id"]
    await run(runtime)
    async with runtime.db.reading() as unit:
        ((name, _),) = await sheets.files_of(unit, sheet_id, FileRole.RESULT)
    clock.forward(days=6)
    for _ in range(64):
        await forget_media(runtime, every=EVERY)
        clock.forward(seconds=EVERY.total_seconds())
    assert await runtime.files.size(name) > 0

    clock.forward(days=2)
    async with runtime.db.unit() as unit:
        await sheets.forget_files(unit, now=clock.now())

    assert (await chief.get(f"/api/sheets/{sheet_id}/file")).status == 404
    kept = (await chief.get(f"/api/sheets/{sheet_id}")).body
    assert (kept["state"], kept["has_file"]) == ("done", False)


async def test_a_file_is_checked_first_and_then_taken_over(chief, people, runtime, clock):
    await chief.patch("/api/accounts/1", settings={"sync_tags": True})
    async with runtime.db.unit() as unit:
        unit.session.add(Tag(account_id=1, wechat_id=101, name="老客"))
    city = (await chief.post("/api/fields", name="城市", kind="text")).body["id"]
    day = (await chief.post("/api/fields", name="生日", kind="date")).body["id"]
    best = (await chief.get("/api/levels")).body["items"][0]
    one, two, three = await openids(runtime, people)
    text = (
        "OpenID,备注名,标签,等级,城市,生日\n"
        f"{one},王女士,老客,{best['name']},上海,2026/3/1\n"
        f"{two},李先生,没有的,,北京,昨天\n"
        f"oNobody,谁,,,,\n"
        f"{three},,,,,\n"
    )
    uploaded = (await upload(chief, text)).body
    assert (uploaded["state"], uploaded["total"]) == ("uploaded", 4)
    columns = ["openid", "remark", "tags", "level", f"field:{city}", f"field:{day}"]
    assert uploaded["suggested"] == columns

    path, checked = await check(chief, runtime, text, columns)

    assert checked["state"] == "checked"
    assert checked["tally"] == {"changed": 1, "wrong": 2, "same": 1, "problems": 3}
    told = (await chief.get(f"{path}/problems")).body["items"]
    assert [(each["line"], each["column"], each["code"]) for each in told] == [
        (3, "标签", "unknown_tag"),
        (3, "生日", "field_invalid"),
        (4, "OpenID", "unknown_customer"),
    ]
    assert (await rows_of(chief, f"{path}/problems.csv"))[1] == ["3", "标签", "公众号没有这个标签"]
    assert (await chief.get(f"/api/contacts/{people[0]}")).body["remark"] == ""

    assert (await chief.post(f"{path}/apply")).status == 200
    await run(runtime)

    wang = (await chief.get(f"/api/contacts/{people[0]}")).body
    assert (wang["remark"], wang["fields"]) == (
        "王女士",
        {str(city): "上海", str(day): "2026-03-01"},
    )
    assert (wang["level"]["name"], wang["level"]["source"]) == (best["name"], "import")
    assert [tag["name"] for tag in wang["tags"]] == ["老客"]
    assert (await chief.get(f"/api/contacts/{people[1]}")).body["remark"] == ""
    done = (await chief.get(path)).body
    assert (done["state"], done["tally"]["changed"], done["done"]) == ("done", 1, 4)
    assert (await chief.post(f"{path}/apply")).problem == (409, "sheet_state")
    _, again = await check(chief, runtime, text, columns)
    assert again["tally"] == {"same": 2, "wrong": 2, "problems": 3}


async def test_an_import_that_is_killed_changes_nothing_twice(
    chief, people, runtime, clock, monkeypatch
):
    monkeypatch.setattr(worker, "APPLY_BATCH", 1)
    ids = await openids(runtime, people)
    text = "openid,remark\n" + "".join(f"{each},客{n}\n" for n, each in enumerate(ids))
    path, _ = await check(chief, runtime, text, ["openid", "remark"])
    await chief.post(f"{path}/apply")
    runner = SheetRunner(runtime)
    async with runtime.db.unit() as unit:
        claimed = await sheets.claim(unit, now=clock.now(), lease=LEASE)
    table = sheets.read_table(text.encode())
    assert await runner.import_batch(claimed, table)
    assert (await chief.get(path)).body["done"] == 1  # and then the process is killed
    assert await SheetRunner(runtime).go_on() == 0

    clock.forward(seconds=LEASE.total_seconds())
    await run(runtime)

    done = (await chief.get(path)).body
    assert (done["state"], done["tally"]) == ("done", {"changed": 3})
    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(func.count()).select_from(ContactChange)) == 3


async def test_an_import_is_stopped_between_two_batches(chief, people, runtime, clock, monkeypatch):
    monkeypatch.setattr(worker, "APPLY_BATCH", 1)
    ids = await openids(runtime, people)
    text = "openid,remark\n" + "".join(f"{each},客{n}\n" for n, each in enumerate(ids))
    path, _ = await check(chief, runtime, text, ["openid", "remark"])
    await chief.post(f"{path}/apply")
    async with runtime.db.unit() as unit:
        claimed = await sheets.claim(unit, now=clock.now(), lease=LEASE)
    await SheetRunner(runtime).import_batch(claimed, sheets.read_table(text.encode()))

    assert (await chief.post(f"{path}/cancel")).body["state"] == "cancelled"
    clock.forward(seconds=LEASE.total_seconds())
    await run(runtime)

    done = (await chief.get(path)).body
    assert (done["state"], done["done"]) == ("cancelled", 1)
    assert (await chief.post(f"{path}/cancel")).problem == (409, "sheet_state")


async def test_rows_are_found_by_unionid_too(chief, people, runtime):
    async with runtime.db.unit() as unit:
        await unit.session.execute(
            update(Contact).where(Contact.id == people[0]).values(unionid="u1")
        )

    _, checked = await check(
        chief, runtime, "unionid\tremark\nu1\t王\nu2\t李\n\t张\n", ["unionid", "remark"]
    )

    assert checked["tally"] == {"changed": 1, "wrong": 2, "problems": 2}


@on_sqlite
async def test_a_file_that_cannot_be_right_is_refused(chief, lihua, rival):
    refused = await upload(chief, b"\x89PNG\x00")
    assert refused.problem == (422, "sheet_invalid")
    assert refused.body["problem"] == "encoding"
    assert (await upload(chief, b"x," * 6_000_000)).problem == (413, "too_large")
    assert (await upload(lihua, "openid,remark\no,x\n")).problem == (403, "forbidden")
    sheet_id = (await upload(chief, "openid,remark\no,x\n")).body["id"]
    path = f"/api/sheets/{sheet_id}/columns"
    for columns, problem in (
        (["openid"], "twice"),
        (["openid", "openid"], "twice"),
        ([None, "remark"], "nobody"),
        (["openid", "unionid"], "nothing"),
        (["openid", "field:99"], "target"),
        (["openid", "level:1"], "target"),
        (["openid", "grants"], "target"),
    ):
        wish = {"account_id": 1, "columns": columns}
        answer = await chief.ask("PUT", path, json=wish)
        assert (answer.problem, answer.body["problem"]) == ((422, "sheet_invalid"), problem)
    wish = {"account_id": 1, "columns": ["openid", "remark"]}
    assert (await rival.ask("PUT", path, json=wish)).status == 404
    assert (await chief.post(f"/api/sheets/{sheet_id}/apply")).problem == (409, "sheet_state")


@on_sqlite
async def test_nobody_has_the_worker_for_themselves(chief, people):
    for _ in range(5):
        assert (await chief.post("/api/sheets/exports")).status == 201

    assert (await chief.post("/api/sheets/exports")).problem == (409, "too_many_sheets")


@on_sqlite
async def test_a_file_that_was_lost_fails_with_a_word(chief, runtime, people):
    sheet_id = (await upload(chief, "openid,remark\no,x\n")).body["id"]
    async with runtime.db.reading() as unit:
        ((name, _),) = await sheets.files_of(unit, sheet_id, FileRole.SOURCE)
    wish = {"account_id": 1, "columns": ["openid", "remark"]}
    await chief.ask("PUT", f"/api/sheets/{sheet_id}/columns", json=wish)
    await runtime.files.remove(name, before=runtime.clock.now().replace(year=2199))

    await run(runtime)

    told = (await chief.get(f"/api/sheets/{sheet_id}")).body
    assert (told["state"], told["error"]) == (SheetState.FAILED, "media_gone")
