"""What is refused, counted and decided on the way to WeChat, before the simulated platform."""

import io
from datetime import timedelta
from itertools import count

import pytest
import zxingcpp
from PIL import Image

from desk_builder import DeskBuilder
from simulated import simulating
from wxdesk.desk import contacts, kf, qrcodes
from wxdesk.desk.agents import Role

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SETTINGS = {
    "kf_names": False,
    "sync_tags": False,
    "sync_remark": False,
    "blacklist_at_wechat": False,
}
CLICK = {"type": "click", "name": "联系客服", "key": "AGENT"}
KF_MAKING = {"name": "agent01", "nickname": "客服小周"}


@pytest.fixture
async def platform():
    async with simulating() as sim:
        yield sim


@pytest.fixture
def desk(runtime, platform):
    return DeskBuilder(runtime, platform.url)


@pytest.fixture
async def here(shop):
    """Where the account is in the API."""
    return f"/api/accounts/{shop.id}"


@pytest.fixture
def somebody(visit, desk):
    """A program of somebody new, of a role."""
    numbers = count(1)

    async def new(role):
        agent = await desk.agent(f"{role}{next(numbers)}", role=role)
        return await visit(token=await desk.token(agent))

    return new


@pytest.fixture
async def admin(somebody):
    return await somebody(Role.ADMIN)


def put(visitor, path, **body):
    return visitor.ask("PUT", path, json=body)


def delete(visitor, path):
    return visitor.ask("DELETE", path)


async def met(desk):
    """A contact, by an open conversation."""
    return (await desk.conversation()).contact_id


@on_sqlite
@pytest.mark.parametrize(
    ("change", "code"),
    [({"name": ""}, 422), ({"name": "x" * 61}, 422), ({"wechat_id": "gh 1"}, 422), ({}, 200)],
)
async def test_only_what_can_be_is_taken_as_a_change(admin, here, change, code):
    assert (await admin.patch(here, **change)).status == code


@on_sqlite
async def test_an_account_that_is_not_there_has_nothing(admin, shop):
    for path in ("/kf-accounts", "/import", "/tags", "/qrcodes", "/menu", "/log"):
        assert (await admin.get(f"/api/accounts/404{path}")).problem == (404, "not_found"), path
    assert (await admin.post("/api/accounts/404/check")).problem == (404, "not_found")
    assert (await admin.post("/api/accounts/404/import")).problem == (404, "not_found")


@on_sqlite
async def test_wechat_away_is_told_as_such_and_nothing_is_kept(admin, here, runtime, shop):
    async with runtime.db.unit() as unit:
        (await unit.session.get(type(shop), shop.id)).api_base = "http://127.0.0.1:9"

    for method, path, body in (
        ("POST", "/tags", {"name": "VIP"}),
        ("POST", "/qrcodes", {"name": "门店", "scene": "shop_1", "days": None}),
        ("PUT", "/menu", {"buttons": [CLICK]}),
        ("GET", "/menu", None),
        ("GET", "/kf-accounts", None),
    ):
        away = await admin.ask(method, here + path, json=body)
        assert away.problem == (503, "wechat_unreachable"), (method, path)
    assert (await admin.get(f"{here}/tags")).body["items"] == []
    assert (await admin.get(f"{here}/qrcodes")).body["items"] == []


@on_sqlite
@pytest.mark.parametrize(
    ("setting", "wish", "told"),
    [(False, None, 0), (True, None, 1), (True, False, 0), (False, True, 1)],
)
async def test_wechat_is_told_of_a_blacklisting_as_setting_and_wish_say(
    admin, here, desk, runtime, clock, setting, wish, told
):
    await admin.patch(here, settings=SETTINGS | {"blacklist_at_wechat": setting})

    await put(admin, f"/api/contacts/{await met(desk)}/blacklist", on=True, at_wechat=wish)

    async with runtime.db.unit() as unit:
        errands = await contacts.claim_errands(
            unit, now=clock.now(), lease=timedelta(minutes=1), limit=9
        )
    assert len(errands) == told


async def test_a_code_can_be_scanned_and_its_scans_are_counted(admin, here, runtime, shop, clock):
    made = (await admin.post(f"{here}/qrcodes", name="门店", scene="shop_1024", days=7)).body
    scanned = [(shop.id, "shop_1024", followed, clock.now()) for followed in (True, False, False)]
    async with runtime.db.unit() as unit:
        await qrcodes.record_scan(unit, [*scanned, (shop.id, "elsewhere", True, clock.now())])

    (listed,) = (await admin.get(f"{here}/qrcodes")).body["items"]
    async with admin.http.get(f"/api/qrcodes/{made['id']}/picture?size=600") as answer:
        picture = Image.open(io.BytesIO(await answer.read()))

    assert (listed["scans"], listed["follows"]) == (3, 1)
    assert listed["last_scanned_at"]
    assert listed["expires_at"] > listed["created_at"]
    assert answer.headers["content-type"] == "image/png"
    assert picture.width >= 600
    assert zxingcpp.read_barcode(picture).text == made["url"]


@on_sqlite
@pytest.mark.parametrize(
    "wish",
    [
        {"days": 0},
        {"days": 31},
        {"scene": ""},
        {"scene": "x" * 65},
        {"name": "  "},
        {"name": "x\x00"},
    ],
)
async def test_a_code_outside_of_wechats_limits_is_invalid(admin, here, platform, wish):
    sound = {"name": "门店", "scene": "shop_1", "days": 30}

    refused = await admin.post(f"{here}/qrcodes", **sound | wish)

    assert refused.problem == (422, "invalid")
    assert await platform.calls("/cgi-bin/qrcode/create") == []


@on_sqlite
@pytest.mark.parametrize(
    "buttons",
    [
        [],
        [CLICK] * 4,
        [{"name": "客服"}],
        [CLICK | {"type": "nonsense"}],
        [CLICK | {"key": ""}],
        [CLICK | {"key": "k" * 129}],
        [CLICK | {"name": "六个汉字的名"}],  # 18 bytes
        [{"name": "服务", "sub": [CLICK] * 6}],
        [{"name": "服务", "sub": [CLICK | {"name": "字" * 21}]}],  # 63 bytes
        [{"type": "view", "name": "订单"}],
        [{"type": "miniprogram", "name": "商城", "url": "https://shop.example.com"}],
    ],
)
async def test_a_menu_outside_of_wechats_limits_is_not_published(admin, here, platform, buttons):
    refused = await put(admin, f"{here}/menu", buttons=buttons)

    assert refused.problem in {(422, "invalid"), (422, "over_limit")}
    assert await platform.calls("/cgi-bin/menu/create") == []


async def test_agents_appear_under_no_name_while_the_setting_is_off(
    admin, here, desk, runtime, shop
):
    agent = await desk.agent()
    await admin.patch(here, wechat_id="shopcare")

    await admin.post(f"{here}/kf-accounts", agent_id=agent.id, **KF_MAKING)

    async with runtime.db.reading() as unit:
        assert await kf.account_of(unit, shop.id, agent.id) is None


@on_sqlite
async def test_an_agent_has_one_name_and_a_name_one_agent(admin, here, desk):
    first, second = await desk.agent(), await desk.agent()
    await admin.patch(here, wechat_id="shopcare")
    await admin.post(f"{here}/kf-accounts", agent_id=first.id, **KF_MAKING)

    another_name = await admin.post(
        f"{here}/kf-accounts", agent_id=first.id, name="agent02", nickname="小周"
    )
    same_name = await admin.post(f"{here}/kf-accounts", agent_id=second.id, **KF_MAKING)

    assert another_name.problem == same_name.problem == (409, "kf_taken")


@on_sqlite
async def test_what_is_missing_or_otherwise_called_at_wechat_is_repaired(
    admin, here, desk, runtime, shop
):
    await admin.patch(here, wechat_id="shopcare")
    await admin.post(f"{here}/kf-accounts", agent_id=(await desk.agent()).id, **KF_MAKING)
    other = await desk.agent()
    async with runtime.db.unit() as unit:
        (bound,) = await kf.list_of(unit, shop.id)
        bound.nickname = "小周"
        await kf.bind(
            unit, shop.id, agent_id=other.id, kf_account="agent02@shopcare", nickname="小王"
        )
    before = (await admin.get(f"{here}/kf-accounts")).body["items"]

    repaired = (await admin.post(f"{here}/kf-accounts/repair")).body["items"]

    assert [each["missing"] for each in before] == [False, True]
    assert [(each["nickname"], each["missing"]) for each in repaired] == [
        ("小周", False),
        ("小王", False),
    ]


@on_sqlite
async def test_an_import_is_begun_once_and_paused(admin, here):
    assert (await admin.get(f"{here}/import")).body is None
    assert (await admin.post(f"{here}/import/pause")).problem == (404, "not_found")

    begun = await admin.post(f"{here}/import")
    again = await admin.post(f"{here}/import")
    paused = await admin.post(f"{here}/import/pause")

    assert (begun.body["state"], begun.body["done"]) == ("running", 0)
    assert again.body["version"] == begun.body["version"]
    assert paused.body["state"] == "paused"
    assert (await admin.get(f"{here}/import")).body == paused.body
