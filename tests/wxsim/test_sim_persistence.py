"""A simulator with a folder goes on where it was; one without begins anew."""

import pytest

import samples
from wxsim.account import Account
from wxsim.files import MOST_FILES
from wxsim.platform import Platform
from wxsim.store import Store


async def test_a_restart_forgets_nothing(start, tmp_path):
    sim = await start(folder=tmp_path)
    openid = await sim.follower("小林")
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid, "在的")
    await sim.advance(600)
    chat, ledger = await sim.chat(openid), await sim.allowance(openid)
    token = (await sim.stable())["access_token"]
    await sim.close()

    again = await start(folder=tmp_path)

    assert await again.chat(openid) == chat
    assert (await again.allowance(openid))["grants"] == ledger["grants"]
    assert (await again.get("/sim/clock"))["ahead_seconds"] == 600
    assert (await again.stable())["access_token"] == token
    again.access_token = token
    assert (await again.send(openid, "还在的"))["errcode"] == 0
    ids = [line["id"] for line in await again.chat(openid)]
    assert ids == sorted(set(ids))


async def test_without_a_folder_nothing_stays(start):
    sim = await start()
    await sim.follower()
    await sim.close()

    assert (await (await start()).get("/sim/followers"))["items"] == []


@pytest.fixture
def account():
    return Account(app_id="wx1", app_secret="s", token="t", original_id="gh_1")


def test_every_change_is_kept_at_once(account, tmp_path):
    killed = Platform(account, Store(tmp_path))
    openid = killed.new_follower("小林").openid
    killed.show(openid, "me", "text", content="在吗")
    token = killed.give_token()

    heir = Platform(account, Store(tmp_path))  # the first was never closed

    assert heir.followers == killed.followers
    assert heir.chat(openid) == killed.chat(openid)
    assert heir.tokens.known == {token.value: token}
    heir.close()
    killed.close()


def test_msg_ids_grow_across_restarts_and_resets(account):
    first = Platform(account, Store(None))
    one, two = first.next_msg_id(), first.next_msg_id()
    first.reset()
    three = first.next_msg_id()
    first.close()
    second = Platform(account, Store(None))
    four = second.next_msg_id()
    second.close()

    assert one < two < three < four
    assert 2.4e16 < one < 2.5e16


def test_only_the_newest_files_are_kept_and_lasting_ones_always(account):
    platform = Platform(account, Store(None))
    lasting = platform.files.keep(b"x", "image", "image/png", now=platform.now(), lasting=True)

    ids = [platform.keep_file(b"x", "image/png") for _ in range(MOST_FILES + 2)]

    assert platform.find_file(ids[2]) is None
    assert platform.find_file(ids[3]) == platform.find_file(lasting.media_id) == ("image/png", b"x")
    platform.close()


async def test_what_the_account_has_made_outlives_a_restart(start, tmp_path):
    sim = await start(folder=tmp_path, kf_accounts=("zhou@shop",))
    openid = await sim.follower()
    tag = (await sim.call("/cgi-bin/tags/create", {"tag": {"name": "VIP"}}))["tag"]["id"]
    await sim.call("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": tag})
    await sim.call("/cgi-bin/user/info/updateremark", {"openid": openid, "remark": "老顾客"})
    button = {"type": "click", "name": "客服", "key": "K"}
    await sim.call("/cgi-bin/menu/create", {"button": [button]})
    await sim.call("/customservice/kfaccount/add", {"kf_account": "li@shop", "nickname": "小李"})
    await sim.call("/customservice/kfsession/create", {"kf_account": "zhou@shop", "openid": openid})
    scene = {"scene": {"scene_str": "door"}}
    code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene}
    ticket = (await sim.call("/cgi-bin/qrcode/create", code))["ticket"]
    template = {"template_id_short": "TM1"}
    await sim.call("/cgi-bin/template/api_add_template", template)
    image = await sim.upload_media("image", samples.picture())
    seen = [await look(sim, openid) for _ in range(2)][-1]
    await sim.close()

    again = await start(folder=tmp_path, kf_accounts=("zhou@shop",))

    assert await look(again, openid) == seen
    assert (await again.call("/cgi-bin/qrcode/create", code))["ticket"] == ticket
    _, body = await again.call_raw("/cgi-bin/media/get", media_id=image)
    assert body == samples.picture()


async def test_a_reset_empties_everything(sim):
    openid = await sim.follower()
    await sim.call("/cgi-bin/tags/create", {"tag": {"name": "VIP"}})
    await sim.call("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "x", "key": "K"}]})
    await sim.call("/customservice/kfaccount/add", {"kf_account": "li@shop", "nickname": "小李"})
    await sim.call("/cgi-bin/template/api_add_template", {"template_id_short": "TM1"})
    image = await sim.upload_media("image", samples.picture())
    await sim.faults(slow_ms=1)

    await sim.post("/sim/reset")

    sim.access_token = None
    assert (await sim.call("/cgi-bin/user/info", openid=openid))["errcode"] == 40003
    assert len((await sim.call("/cgi-bin/tags/get"))["tags"]) == 1
    assert (await sim.call("/cgi-bin/menu/get"))["errcode"] == 46003
    assert (await sim.call("/cgi-bin/customservice/getkflist")) == {"kf_list": []}
    listed = await sim.call("/cgi-bin/template/get_all_private_template")
    assert listed == {"template_list": []}
    assert (await sim.call("/cgi-bin/media/get", media_id=image))["errcode"] == 40007
    assert (await sim.get("/sim/faults"))["slow_ms"] == 0


async def look(sim, openid):
    """All that can be read, pictures' addresses aside: they have the port in them."""
    return [
        await sim.call("/cgi-bin/user/info", openid=openid),
        await sim.call("/cgi-bin/tags/get"),
        await sim.call("/cgi-bin/menu/get"),
        await sim.call("/cgi-bin/customservice/getkflist"),
        await sim.call("/customservice/kfsession/getsession", openid=openid),
        await sim.call("/cgi-bin/template/get_all_private_template"),
    ]
