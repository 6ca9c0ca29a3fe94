"""A simulator with a folder goes on where it was; one without begins anew."""

import pytest

from wxsim.account import Account
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


def test_only_the_newest_files_are_kept(account):
    platform = Platform(account, Store(None))

    ids = [platform.keep_file(b"x", "image/png") for _ in range(203)]

    assert platform.find_file(ids[0]) is None
    assert platform.find_file(ids[3]) == ("image/png", b"x")
    platform.close()
