"""What operators and agents do that WeChat has to know of: against the simulator, on a socket."""

import io

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from desk_builder import DeskBuilder
from simulated import simulating
from wxdesk.desk.contacts import Contact
from wxdesk.worker.contacts import Refresher, read_tags, run_errands
from wxdesk.worker.imports import Importer

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SWITCHES = {
    "kf_names": False,
    "sync_tags": False,
    "sync_remark": False,
    "blacklist_at_wechat": False,
    "send_parked": False,
}


@pytest.fixture
async def platform():
    async with simulating() as made:
        yield made


@pytest.fixture
def desk(runtime, platform):
    return DeskBuilder(runtime, platform.url)


@pytest.fixture
async def somebody(visit, desk):
    """An agent, as a program."""
    return await visit(token=await desk.token(await desk.agent()))


@pytest.fixture
async def contact(platform, desk, somebody):
    """The id of a follower the desk has met."""
    talk = await desk.conversation(openid=await platform.follower())
    return talk.contact_id


async def switch(admin, shop, **settings):
    answer = await admin.patch(f"/api/accounts/{shop.id}", settings=SWITCHES | settings)
    assert answer.status == 200


# The account


@on_sqlite
async def test_an_account_is_shown_without_its_secrets(admin, shop):
    (shown,) = (await admin.get("/api/accounts")).body["items"]

    assert shown["callback_url"].endswith("/wechat/shop")
    assert shown["settings"] == SWITCHES
    assert not {"sealed", "token", "app_secret", "aes_key"} & shown.keys()


async def test_an_account_is_named_and_set_up(admin, shop):
    answer = await admin.patch(
        f"/api/accounts/{shop.id}",
        name="  微光生活馆旗舰店 ",
        wechat_id="shopcare",
        settings=SWITCHES | {"sync_remark": True},
    )

    assert answer.body["name"] == "微光生活馆旗舰店"
    assert answer.body["settings"]["sync_remark"]
    assert answer.body["wechat_id"] == "shopcare"


@on_sqlite
async def test_everything_of_a_simulated_account_is_in_order(admin, shop):
    checks = (await admin.post(f"/api/accounts/{shop.id}/check")).body["checks"]

    told = {check["name"]: check for check in checks}
    assert told["token"] == {
        "name": "token",
        "ok": True,
        "detail": "WeChat gives an access token",
        "fix": None,
    }
    assert [name for name, check in told.items() if not check["ok"]] == [
        "callback_check",
        "callback",
    ]
    assert len(told) == len(checks) == 13


@on_sqlite
async def test_what_an_unverified_account_may_not_is_told_with_what_to_do(admin, shop, platform):
    await platform.post("/sim/faults", unverified=True)

    checks = (await admin.post(f"/api/accounts/{shop.id}/check")).body["checks"]

    (tags,) = [check for check in checks if check["name"] == "kf_accounts"]
    assert not tags["ok"]
    assert tags["detail"].startswith("48001")
    assert "verified" in tags["fix"]


@on_sqlite
async def test_a_wrong_address_list_is_told_with_the_address(admin, shop, platform):
    await platform.post("/sim/faults", ip_not_whitelisted=True)

    (token, *_) = (await admin.post(f"/api/accounts/{shop.id}/check")).body["checks"]

    assert not token["ok"]
    assert "127.0.0.1" in token["detail"]
    assert "whitelist" in token["fix"]


ROUTES = [
    ("GET", "/api/accounts", None),
    ("PATCH", "/api/accounts/1", {"name": "x"}),
    ("POST", "/api/accounts/1/check", {}),
    ("GET", "/api/accounts/1/log", None),
    ("GET", "/api/accounts/1/kf-accounts", None),
    ("POST", "/api/accounts/1/kf-accounts", {"name": "a", "nickname": "b"}),
    ("PATCH", "/api/accounts/1/kf-accounts/a@b", {}),
    ("DELETE", "/api/accounts/1/kf-accounts/a@b", None),
    ("POST", "/api/accounts/1/kf-accounts/a@b/invite", {"wechat_id": "w"}),
    ("PUT", "/api/accounts/1/kf-accounts/a@b/picture", {"media": 1}),
    ("POST", "/api/accounts/1/kf-accounts/repair", {}),
    ("GET", "/api/accounts/1/import", None),
    ("POST", "/api/accounts/1/import", {}),
    ("POST", "/api/accounts/1/import/pause", {}),
    ("POST", "/api/accounts/1/tags", {"name": "x"}),
    ("PATCH", "/api/tags/1", {"name": "x"}),
    ("DELETE", "/api/tags/1", None),
    ("GET", "/api/accounts/1/qrcodes", None),
    ("POST", "/api/accounts/1/qrcodes", {"name": "x", "scene": "x", "days": None}),
    ("DELETE", "/api/qrcodes/1", None),
    ("GET", "/api/qrcodes/1/picture", None),
    ("GET", "/api/accounts/1/menu", None),
    ("PUT", "/api/accounts/1/menu", {"buttons": [{"name": "x"}]}),
    ("DELETE", "/api/accounts/1/menu", None),
]


@on_sqlite
async def test_an_agent_is_kept_out_of_administration(somebody, shop, platform):
    for method, path, body in ROUTES:
        answer = await somebody.ask(method, path, json=body)
        assert answer.problem == (403, "forbidden"), (method, path)
    assert await platform.calls("") == []


@on_sqlite
async def test_a_supervisor_reads_and_changes_nothing(supervisor, shop, platform):
    for method, path, body in ROUTES:
        if method != "GET":
            answer = await supervisor.ask(method, path, json=body)
            assert answer.problem == (403, "forbidden"), (method, path)
    assert await platform.calls("") == []


@on_sqlite
async def test_nobody_gets_in_unsigned(visit, shop):
    stranger = await visit()
    for method, path, body in [*ROUTES, ("GET", "/api/contacts/1", None)]:
        assert (await stranger.ask(method, path, json=body)).status == 401, (method, path)


# Tags


async def test_a_tag_is_made_renamed_and_deleted_at_wechat(admin, shop, platform, runtime):
    made = await admin.post(f"/api/accounts/{shop.id}/tags", name="VIP")
    assert made.status == 201
    tag = made.body["id"]
    assert (await admin.patch(f"/api/tags/{tag}", name="贵宾")).body["name"] == "贵宾"

    await read_tags(runtime)
    names = [
        each["name"] for each in (await admin.get(f"/api/accounts/{shop.id}/tags")).body["items"]
    ]
    assert "贵宾" in names

    assert (await admin.ask("DELETE", f"/api/tags/{tag}")).status == 204
    await read_tags(runtime)
    items = (await admin.get(f"/api/accounts/{shop.id}/tags")).body["items"]
    assert "贵宾" not in [each["name"] for each in items]


@on_sqlite
async def test_what_wechat_refuses_is_told_with_its_code_and_changes_nothing(admin, shop):
    await admin.post(f"/api/accounts/{shop.id}/tags", name="VIP")

    again = await admin.post(f"/api/accounts/{shop.id}/tags", name="VIP")

    assert again.problem == (409, "wechat_refused")
    assert again.body["errcode"] == 45157
    items = (await admin.get(f"/api/accounts/{shop.id}/tags")).body["items"]
    assert [each["name"] for each in items].count("VIP") == 1


@on_sqlite
async def test_a_wechat_that_is_away_is_told_as_such(admin, desk, runtime):
    desk_away = DeskBuilder(runtime, "http://127.0.0.1:9")
    account = await desk_away.account("away", app_id="wx0000000000000001")

    answer = await admin.post(f"/api/accounts/{account.id}/tags", name="VIP")

    assert answer.problem == (503, "wechat_unreachable")


async def test_tags_given_by_an_agent_are_given_at_wechat(
    admin, somebody, shop, contact, platform, runtime
):
    await switch(admin, shop, sync_tags=True)
    tags = [
        (await admin.post(f"/api/accounts/{shop.id}/tags", name=name)).body["id"]
        for name in ("VIP", "投诉过")
    ]

    given = await somebody.ask("PUT", f"/api/contacts/{contact}/tags", json={"tag_ids": tags})
    assert [tag["name"] for tag in given.body["tags"]] == ["VIP", "投诉过"]
    await somebody.ask("PUT", f"/api/contacts/{contact}/tags", json={"tag_ids": tags[1:]})
    while await run_errands(runtime):
        pass

    assert await platform_tags(somebody, runtime, contact) == ["投诉过"]


@on_sqlite
async def test_a_level_follows_the_tags_that_wechat_tells_of(
    admin, somebody, shop, contact, runtime
):
    await switch(admin, shop, sync_tags=True)
    tag = (await admin.post(f"/api/accounts/{shop.id}/tags", name="VIP")).body["id"]
    await somebody.ask("PUT", f"/api/contacts/{contact}/tags", json={"tag_ids": [tag]})
    while await run_errands(runtime):
        pass
    assert (await admin.patch("/api/levels/1", earned={"tag_ids": [tag]})).status == 200

    assert await platform_tags(somebody, runtime, contact) == ["VIP"]

    shown = (await somebody.get(f"/api/contacts/{contact}")).body
    assert (shown["level"]["name"], shown["level"]["source"]) == ("VIP3", "tag")


async def platform_tags(somebody, runtime, contact):
    """The names of the tags that WeChat has on them."""
    assert (await somebody.post(f"/api/contacts/{contact}/refresh")).status == 200
    await Refresher(runtime).refresh_stale()
    body = (await somebody.get(f"/api/contacts/{contact}")).body
    return [tag["name"] for tag in body["tags"]]


@on_sqlite
async def test_tags_are_left_alone_where_the_setting_says_so(somebody, shop, contact):
    answer = await somebody.ask("PUT", f"/api/contacts/{contact}/tags", json={"tag_ids": []})

    assert answer.problem == (409, "tags_not_synced")


# Contacts


async def test_what_wechat_tells_of_a_follower_is_shown(somebody, contact, runtime):
    await Refresher(runtime).refresh_stale()

    shown = (await somebody.get(f"/api/contacts/{contact}")).body

    assert shown["subscribe_scene"].startswith("ADD_SCENE_")
    assert shown["subscribed_at"]
    assert shown["refreshed_at"]


async def test_a_remark_is_written_at_wechat_as_far_as_it_fits(
    admin, somebody, shop, contact, platform, runtime
):
    await switch(admin, shop, sync_remark=True)

    await somebody.patch(f"/api/contacts/{contact}", remark="广州天河体育西路的林小姐")
    while await run_errands(runtime):
        pass

    shown = (await somebody.get(f"/api/contacts/{contact}")).body
    assert shown["remark"] == "广州天河体育西路的林小姐"
    assert shown["platform_remark"] == "广州天河体育西路的"
    assert len(shown["platform_remark"].encode()) <= 29


async def test_whoever_is_blacklisted_here_can_be_blacklisted_at_wechat(
    somebody, contact, platform, runtime
):
    answer = await somebody.ask(
        "PUT",
        f"/api/contacts/{contact}/blacklist",
        json={"on": True, "at_wechat": True, "reason": "辱骂"},
    )
    assert (answer.body["blacklisted"], answer.body["blacklist_reason"]) == (True, "辱骂")
    await run_errands(runtime)
    (call,) = await platform.calls("batchblacklist")
    assert call["answer"]["errcode"] == 0

    answer = await somebody.ask("PUT", f"/api/contacts/{contact}/blacklist", json={"on": False})
    assert not answer.body["blacklisted"]
    await run_errands(runtime)
    assert len(await platform.calls("batchunblacklist")) == 1


@on_sqlite
async def test_a_busy_wechat_is_told_later(somebody, contact, platform, runtime, clock):
    await platform.post(
        "/sim/faults", fail_next=[{"path": "/cgi-bin/tags/members/batchblacklist", "errcode": -1}]
    )
    await somebody.ask(
        "PUT", f"/api/contacts/{contact}/blacklist", json={"on": True, "at_wechat": True}
    )

    assert await run_errands(runtime) == 1
    assert await run_errands(runtime) == 0
    clock.forward(seconds=2)
    assert await run_errands(runtime) == 1

    answers = [call["answer"]["errcode"] for call in await platform.calls("batchblacklist")]
    assert answers == [0, -1]


# Codes


async def test_a_code_is_made_drawn_and_listed(admin, shop):
    made = await admin.post(
        f"/api/accounts/{shop.id}/qrcodes", name="门店海报", scene="shop_1024", days=7
    )
    assert made.status == 201
    code = made.body

    async with admin.http.get(f"/api/qrcodes/{code['id']}/picture", params={"size": "600"}) as got:
        assert got.headers["content-type"] == "image/png"
        picture = Image.open(io.BytesIO(await got.read()))

    assert picture.width >= 600
    assert zxingcpp.read_barcodes(picture.convert("L"))[0].text == code["url"]
    (listed,) = (await admin.get(f"/api/accounts/{shop.id}/qrcodes")).body["items"]
    assert (listed["scans"], listed["follows"], listed["scene"]) == (0, 0, "shop_1024")


@on_sqlite
async def test_two_codes_never_share_a_scene(admin, shop, platform):
    wish = {"name": "海报", "scene": "shop_1024", "days": None}
    assert (await admin.post(f"/api/accounts/{shop.id}/qrcodes", **wish)).body["expires_at"] is None

    again = await admin.post(f"/api/accounts/{shop.id}/qrcodes", **wish)

    assert again.problem == (409, "scene_taken")
    assert len(await platform.calls("qrcode/create")) == 1


@on_sqlite
async def test_a_code_taken_off_the_list_is_gone_from_it(admin, shop):
    wish = {"name": "海报", "scene": "shop_1024", "days": 30}
    code = (await admin.post(f"/api/accounts/{shop.id}/qrcodes", **wish)).body["id"]

    assert (await admin.ask("DELETE", f"/api/qrcodes/{code}")).status == 204
    assert (await admin.ask("DELETE", f"/api/qrcodes/{code}")).problem == (404, "not_found")


# The menu

MENU = {
    "buttons": [
        {"type": "click", "name": "联系客服", "key": "AGENT"},
        {
            "name": "服务",
            "sub": [
                {"type": "view", "name": "我的订单", "url": "https://shop.example.com/orders"},
                {
                    "type": "miniprogram",
                    "name": "商城",
                    "url": "https://shop.example.com",
                    "app_id": "wx0c8e5b7a1f3d2946",
                    "page_path": "pages/index/index",
                },
            ],
        },
    ]
}


async def test_a_menu_is_published_read_back_and_taken_away(admin, shop):
    path = f"/api/accounts/{shop.id}/menu"
    assert (await admin.get(path)).body == {"buttons": [], "published_at": None}

    put = await admin.ask("PUT", path, json=MENU)
    read = await admin.get(path)

    assert put.status == 200
    assert read.body == put.body
    assert [each["name"] for each in read.body["buttons"][1]["sub"]] == ["我的订单", "商城"]
    assert (await admin.ask("DELETE", path)).status == 204
    assert (await admin.get(path)).body["buttons"] == []


@on_sqlite
@pytest.mark.parametrize(
    "buttons",
    [
        [{"type": "click", "name": "联系客服"}],
        [{"type": "click", "name": "名字长过十六字节", "key": "A"}],
        [{"type": "click", "name": "", "key": "A"}],
        [{"type": "dance", "name": "客服", "key": "A"}],
    ],
)
async def test_a_menu_that_wechat_would_refuse_is_not_sent(admin, shop, platform, buttons):
    answer = await admin.ask("PUT", f"/api/accounts/{shop.id}/menu", json={"buttons": buttons})

    assert answer.problem == (422, "over_limit")
    assert await platform.calls("menu/create") == []


# Customer-service accounts


async def test_an_agent_appears_to_customers_under_a_name(admin, desk, shop, platform):
    agent = await desk.agent()
    path = f"/api/accounts/{shop.id}/kf-accounts"
    wish = {"agent_id": agent.id, "name": "agent01", "nickname": "客服小周"}
    assert (await admin.post(path, **wish)).problem == (409, "no_wechat_id")
    await admin.patch(f"/api/accounts/{shop.id}", wechat_id="shopcare")

    made = await admin.post(path, **wish)

    assert made.status == 201
    assert made.body["kf_account"] == "agent01@shopcare"
    assert made.body["agent"] == {"id": agent.id, "name": agent.name}
    renamed = await admin.patch(f"{path}/agent01@shopcare", nickname="小周")
    assert (renamed.body["nickname"], renamed.body["agent"]["id"]) == ("小周", agent.id)
    freed = await admin.patch(f"{path}/agent01@shopcare", agent_id=None)
    assert freed.body["agent"] is None
    assert (await admin.ask("DELETE", f"{path}/agent01@shopcare")).status == 204
    assert (await admin.get(path)).body["items"] == []


async def test_names_that_wechat_has_lost_are_made_again(admin, desk, shop, platform, runtime):
    await admin.patch(f"/api/accounts/{shop.id}", wechat_id="shopcare")
    agent = await desk.agent()
    path = f"/api/accounts/{shop.id}/kf-accounts"
    await admin.post(path, agent_id=agent.id, name="agent01", nickname="客服小周")
    await platform.post("/sim/reset")
    (lost,) = (await admin.get(path)).body["items"]
    assert lost["missing"]

    (repaired,) = (await admin.post(f"{path}/repair")).body["items"]

    assert not repaired["missing"]
    assert (repaired["nickname"], repaired["agent"]["id"]) == ("客服小周", agent.id)


# The import


async def test_all_followers_are_imported_and_nobody_is_made_to_wait(
    admin, shop, platform, runtime
):
    openids = {await platform.follower(f"访客 {n}") for n in range(250)}
    assert (await admin.get(f"/api/accounts/{shop.id}/import")).body is None

    assert (await admin.post(f"/api/accounts/{shop.id}/import")).body["state"] == "running"
    importer = Importer(runtime)
    while await importer.go_on():
        pass

    found = (await admin.get(f"/api/accounts/{shop.id}/import")).body
    assert (found["state"], found["done"], found["total"]) == ("done", 250, 250)
    async with runtime.db.reading() as unit:
        known = (await unit.session.scalars(select(Contact))).all()
    assert {each.openid for each in known} == openids
    assert all(each.subscribed_at for each in known)
    assert (await admin.get("/api/conversations")).body["items"] == []
