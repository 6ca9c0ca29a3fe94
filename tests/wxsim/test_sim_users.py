"""Users, tags, blacklist: what the account may know and say of its followers."""

import time

import pytest

INFO = "/cgi-bin/user/info"
REMARK = "/cgi-bin/user/info/updateremark"
TAGGING = "/cgi-bin/tags/members/batchtagging"
BLACKLIST = "/cgi-bin/tags/members/batchblacklist"


async def test_what_is_known_of_a_follower_has_no_name(sim):
    openid = await sim.follower("小林", following=False)
    await sim.act(openid, "subscribe", scene="shop_1024")

    known = await sim.call(INFO, openid=openid, lang="en")

    assert known.pop("subscribe_time") == pytest.approx(time.time(), abs=5)
    assert len(known.pop("unionid")) == 28
    assert known == {
        "subscribe": 1,
        "openid": openid,
        "language": "en",
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "shop_1024",
    }


async def test_of_whoever_left_nothing_is_told(sim):
    openid = await sim.follower()
    await sim.act(openid, "unsubscribe")

    assert await sim.call(INFO, openid=openid) == {
        "subscribe": 0,
        "openid": openid,
        "tagid_list": [],
    }


async def test_unionids_are_only_there_when_bound(sim):
    openid = await sim.follower()
    await sim.faults(unionids=False)

    assert "unionid" not in await sim.call(INFO, openid=openid)


async def test_followers_are_listed_page_by_page(sim):
    openids = [await sim.follower() for _ in range(3)]
    await sim.act(openids[1], "unsubscribe")

    first = await sim.call("/cgi-bin/user/get")
    rest = await sim.call("/cgi-bin/user/get", next_openid=openids[0])
    end = await sim.call("/cgi-bin/user/get", next_openid=first["next_openid"])

    assert first["data"]["openid"] == [openids[0], openids[2]]
    assert (first["total"], first["count"], first["next_openid"]) == (2, 2, openids[2])
    assert rest["data"]["openid"] == [openids[2]]
    assert end == {"total": 2, "count": 0, "next_openid": ""}
    unknown = await sim.call("/cgi-bin/user/get", next_openid="nobody")
    assert unknown["errcode"] == 40003


async def test_many_are_asked_for_at_once(sim):
    openids = [await sim.follower() for _ in range(2)]
    path = "/cgi-bin/user/info/batchget"

    found = await sim.call(path, {"user_list": [{"openid": openid} for openid in openids]})
    too_many = await sim.call(path, {"user_list": [{"openid": openids[0]}] * 101})

    assert [one["openid"] for one in found["user_info_list"]] == openids
    assert too_many["errcode"] == 40032
    assert (await sim.call(path, {"user_list": ["x"]}))["errcode"] == 40031


async def test_a_remark_has_fewer_than_thirty_bytes(sim):
    openid = await sim.follower()

    fits = await sim.call(REMARK, {"openid": openid, "remark": "字" * 9 + "ab"})
    too_long = await sim.call(REMARK, {"openid": openid, "remark": "字" * 10})
    await sim.act(openid, "unsubscribe")
    gone = await sim.call(REMARK, {"openid": openid, "remark": ""})

    assert (fits["errcode"], too_long["errcode"], gone["errcode"]) == (0, 40092, 43004)


async def test_tags_are_made_carried_renamed_and_deleted(sim):
    openid = await sim.follower()
    made = (await sim.call("/cgi-bin/tags/create", {"tag": {"name": "VIP"}}))["tag"]
    tagged = await sim.call(TAGGING, {"openid_list": [openid], "tagid": made["id"]})
    await sim.call("/cgi-bin/tags/update", {"tag": {"id": made["id"], "name": "贵宾"}})

    listed = await sim.call("/cgi-bin/tags/get")
    members = await sim.call("/cgi-bin/user/tag/get", {"tagid": made["id"], "next_openid": ""})
    info = await sim.call(INFO, openid=openid)
    await sim.call("/cgi-bin/tags/delete", {"tag": {"id": made["id"]}})
    after = await sim.call("/cgi-bin/tags/getidlist", {"openid": openid})

    assert tagged["errcode"] == 0
    assert listed["tags"] == [
        {"id": 2, "name": "星标组", "count": 0},
        {"id": made["id"], "name": "贵宾", "count": 1},
    ]
    assert members["data"]["openid"] == [openid]
    assert (info["tagid_list"], info["groupid"]) == ([made["id"]], made["id"])
    assert after == {"tagid_list": []}


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("/cgi-bin/tags/create", {"tag": {"name": ""}}, 45157),
        ("/cgi-bin/tags/create", {"tag": {"name": "星标组"}}, 45157),
        ("/cgi-bin/tags/create", {"tag": {"name": "字" * 31}}, 45158),
        ("/cgi-bin/tags/create", {"tag": []}, 47001),
        ("/cgi-bin/tags/update", {"tag": {"id": 2, "name": "x"}}, 45058),
        ("/cgi-bin/tags/update", {"tag": {"id": 999, "name": "x"}}, 45159),
        ("/cgi-bin/tags/delete", {"tag": {"id": 0}}, 45058),
        (TAGGING, {"tagid": 2, "openid_list": "o"}, 40031),
        (TAGGING, {"tagid": 2, "openid_list": []}, 40032),
        (TAGGING, {"tagid": 2, "openid_list": ["o"] * 51}, 40032),
        (TAGGING, {"tagid": 2, "openid_list": ["o"]}, 49003),
        (TAGGING, {"tagid": 999, "openid_list": ["o"]}, 45159),
        (BLACKLIST, {"openid_list": ["o"] * 21}, 40032),
        ("/cgi-bin/tags/getidlist", {"openid": "o"}, 40003),
    ],
)
async def test_what_cannot_be_tagged_is_refused(sim, path, body, errcode):
    assert (await sim.call(path, body))["errcode"] == errcode


async def test_there_are_a_hundred_tags_and_twenty_of_one_follower(sim):
    openid = await sim.follower()

    async def create(number):
        return await sim.call("/cgi-bin/tags/create", {"tag": {"name": f"t{number}"}})

    made = [await create(number) for number in range(101)]
    ids = [answer["tag"]["id"] for answer in made[:21]]
    tagged = [await sim.call(TAGGING, {"openid_list": [openid], "tagid": one}) for one in ids]

    assert made[100]["errcode"] == 45056
    assert [answer["errcode"] for answer in tagged] == [0] * 20 + [45059]


async def test_the_blacklisted_are_not_heard_and_cannot_be_written_to(sim, server):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")

    await sim.call(BLACKLIST, {"openid_list": [openid]})
    listed = await sim.call("/cgi-bin/tags/members/getblacklist", {"begin_openid": ""})
    unheard = await sim.act(openid, "text", content="喂")
    refused = await sim.send(openid)
    await sim.call("/cgi-bin/tags/members/batchunblacklist", {"openid_list": [openid]})
    heard = await sim.act(openid, "text", content="现在呢")

    assert (listed["total"], listed["data"]["openid"]) == (1, [openid])
    assert (unheard["attempts"], unheard["withheld"]) == (0, "blacklisted")
    assert refused["errcode"] == 43019
    assert heard["attempts"] == 1


async def test_an_unverified_account_may_not_ask_after_users(sim):
    await sim.faults(unverified=True)

    assert (await sim.call("/cgi-bin/user/get"))["errcode"] == 48001
