"""The client and the simulator, written apart from the same reference, understand each other."""

import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from wechat_calls import KF
from wxdesk.wechat import (
    Button,
    Client,
    ImageMessage,
    MatchRule,
    Meaning,
    MediaKind,
    Menu,
    Refused,
    StableTokens,
    TextMessage,
    TokenRefused,
    fetch_token,
    oauth,
)
from wxsim.account import Account
from wxsim.app import create_app

APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PICTURE = {"filename": "订单.png", "content_type": "image/png"}


@pytest.fixture
async def sim():
    account = Account(
        app_id=APP_ID, app_secret=SECRET, token="token", original_id="gh_9a3c51e7b2d4"
    )
    runner = web.AppRunner(create_app(account), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0][:2])
    await runner.cleanup()


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(http, sim):
    return Client(http, sim, StableTokens(http, sim, APP_ID, SECRET))


@pytest.fixture
async def openid(http, sim):
    async with http.post(f"{sim}/sim/followers", json={}) as answer:
        openid = (await answer.json())["openid"]
    wish = {"type": "text", "content": "在吗"}
    async with http.post(f"{sim}/sim/followers/{openid}/send", json=wish) as answer:
        assert answer.ok
    return openid


async def whole(download):
    async with download as found:
        return await found.read(), found.content_type


async def test_a_file_comes_back_as_it_went(client, openid):
    uploaded = await client.media.upload(MediaKind.IMAGE, PNG, **PICTURE)

    await client.send(openid, ImageMessage(uploaded.media_id))

    assert await whole(client.media.download(uploaded.media_id)) == (PNG, "image/png")
    with pytest.raises(Refused) as raised:
        await whole(client.media.download("nobodys"))
    assert raised.value.meaning is Meaning.MEDIA_STALE


async def test_material_stays_until_it_is_deleted(client):
    added = await client.materials.add(MediaKind.IMAGE, PNG, **PICTURE)

    assert (await client.materials.list("image")).materials[0].media_id == added.media_id
    assert (await client.materials.count()).images == 1
    assert (await whole(client.materials.get(added.media_id)))[0] == PNG
    await client.materials.delete(added.media_id)
    assert (await client.materials.count()).images == 0


async def test_an_agent_gets_a_name_and_a_picture(client, openid):
    await client.kf.add(KF, "客服小周")
    await client.kf.update(KF, "客服小王")
    await client.kf.invite(KF, "wang_2026")
    await client.send(openid, TextMessage("您好"), KF, ai=True)

    (account,) = await client.kf.list()
    assert (account.account, account.nickname) == (KF, "客服小王")
    assert (account.invited_wechat_id, account.invite_status) == ("wang_2026", "waiting")
    assert await client.sessions.get(openid) is None
    await client.kf.delete(KF)
    assert await client.kf.list() == []


async def test_tags_and_remark_are_told_with_the_follower(client, openid):
    tag = await client.tags.create("VIP")
    await client.tags.tag([openid], tag.id)
    await client.users.set_remark(openid, "王女士")

    info = await client.users.info(openid)
    assert (info.remark, info.tag_ids) == ("王女士", (tag.id,))
    assert await client.users.infos([openid]) == [info]
    assert (await client.tags.members(tag.id)).openids == (openid,)
    await client.tags.untag([openid], tag.id)
    await client.tags.delete(tag.id)
    assert await client.tags.of(openid) == ()


async def test_all_followers_are_found_page_by_page(client, openid):
    page = await client.users.list()

    assert (page.openids, page.total) == ((openid,), 1)
    assert (await client.users.list(after=page.next)).next == ""


async def test_who_is_blacklisted_is_sent_nothing(client, openid):
    await client.blacklist.add([openid])

    with pytest.raises(Refused) as raised:
        await client.send(openid, TextMessage("您好"))
    assert raised.value.meaning is Meaning.BLACKLISTED
    assert (await client.blacklist.list()).openids == (openid,)
    await client.blacklist.remove([openid])
    await client.send(openid, TextMessage("您好"))


@pytest.mark.parametrize("scene", ["shop_1024", 7])
@pytest.mark.parametrize("expires", [timedelta(days=7), None])
async def test_a_code_has_a_picture(client, http, scene, expires):
    code = await client.qrcodes.create(scene, expires)

    assert code.expires_in == expires
    async with http.get(client.qrcodes.picture_url(code.ticket)) as picture:
        assert (picture.status, picture.content_type) == (200, "image/jpg")


async def test_a_menu_comes_back_as_it_went(client, openid):
    click = Button("联系客服", "click", key="K")
    menu = Menu((click, Button("服务", sub=(Button("单", "view", url="https://x.cn/"),))))

    assert await client.menu.get() is None
    await client.menu.set(menu)
    menu_id = await client.menu.add_conditional((click,), MatchRule("2"))

    found = await client.menu.get()
    assert found.buttons == (await client.menu.get_current()).buttons == menu.buttons
    assert [one.menu_id for one in found.conditional] == [menu_id]
    assert await client.menu.try_match(openid) == menu.buttons
    await client.menu.delete()
    assert await client.menu.get() is None


async def test_a_template_is_filled_in_and_sent(client, openid):
    await client.templates.add("TM00015")
    (template,) = await client.templates.list()

    values = dict.fromkeys(template.keys, "12")
    assert await client.templates.send(openid, template.id, values, "https://x.cn/") > 0
    await client.templates.delete(template.id)
    assert await client.templates.list() == []


async def test_a_refused_request_can_be_looked_up(client):
    with pytest.raises(Refused) as raised:
        await client.send("nobody", TextMessage("您好"))

    past = await client.account.look_up(raised.value.rid)

    assert json.loads(past.answer)["errcode"] == 40003


async def test_quotas_and_addresses_are_told(client):
    path = "/cgi-bin/message/custom/send"

    assert (await client.account.quota(path)).daily_limit == 500_000
    await client.account.clear_api_quota(path)
    await client.account.clear_quota(APP_ID)
    assert "127.0.0.1" in await client.account.api_ips()
    assert await client.account.callback_ips()
    assert (await client.jssdk.ticket()).expires_in == timedelta(hours=2)


async def test_tokens_and_grants_are_given_to_who_may_have_them(http, sim):
    now = datetime.now(UTC)

    assert (await fetch_token(http, sim, APP_ID, SECRET, now=now)).value
    with pytest.raises(TokenRefused) as raised:
        await fetch_token(http, sim, APP_ID, "wrong", now=now)
    assert raised.value.meaning is Meaning.CREDENTIALS
    with pytest.raises(TokenRefused) as raised:
        await oauth.exchange_code(http, sim, APP_ID, SECRET, "nobodys")
    assert raised.value.meaning is Meaning.LOGIN_STALE
