"""The platform's ledger: what opened a grant, what spent it, what was refused."""


def told(ledger):
    return [(entry["what"], entry.get("trigger"), entry.get("left")) for entry in ledger["entries"]]


async def test_every_act_and_every_send_is_an_entry(sim):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid, "您好" * 30)
    await sim.act(openid, "scan", scene="shop")
    await sim.send(openid)
    await sim.act(openid, "pay", order_id="1")
    await sim.act(openid, "text", content="还在吗")

    ledger = await sim.allowance(openid)

    assert told(ledger) == [
        ("renewed", "message", 5),
        ("nothing", "payment", None),
        ("spent", "scan", 2),
        ("opened", "scan", 3),
        ("spent", "message", 4),
        ("opened", "message", 5),
    ]
    sent = ledger["entries"][4]
    assert (sent["kind"], sent["granted"]) == ("text", 5)
    assert sent["text"] == "您好" * 19 + "您…"
    assert sent["expires_at"] == ledger["entries"][5]["expires_at"]


async def test_what_is_refused_says_with_which_code(sim):
    openid = await sim.follower()
    await sim.send(openid)
    await sim.act(openid, "menu_click", key="HELP")
    for _ in range(4):
        await sim.send(openid)
    await sim.act(openid, "unsubscribe")

    entries = (await sim.allowance(openid))["entries"]

    assert [entry["what"] for entry in entries] == [
        "closed",
        "refused",
        "spent",
        "spent",
        "spent",
        "opened",
        "refused",
    ]
    assert [entry.get("errcode") for entry in entries] == [None, 45047, *[None] * 4, 45015]


async def test_without_renewal_an_act_keeps_the_grant_as_it_is(sim):
    openid = await sim.follower()
    await sim.post("/sim/account", {"renewal": "no_renewal"})
    await sim.act(openid, "text", content="一")
    await sim.send(openid)
    await sim.act(openid, "text", content="二")

    assert told(await sim.allowance(openid))[0] == ("kept", "message", 4)


async def test_without_a_count_nothing_is_left_to_count(start):
    sim = await start(policy="2013")
    openid = await sim.follower()
    await sim.act(openid, "text", content="一")
    await sim.send(openid)

    assert told(await sim.allowance(openid))[0] == ("spent", "message", None)


async def test_passive_replies_and_templates_spend_nothing(sim, server):
    openid = await sim.follower()
    server.answers = [reply]
    await sim.act(openid, "text", content="在吗")

    assert [entry["what"] for entry in (await sim.allowance(openid))["entries"]] == ["opened"]
    assert (await sim.chat(openid))[-1]["via"] == "passive"


async def test_the_newest_fifty_entries_outlive_a_restart(start, tmp_path):
    sim = await start(folder=tmp_path, policy="2013")
    openid = await sim.follower()
    await sim.act(openid, "text", content="一")
    for number in range(55):
        await sim.send(openid, str(number))
    before = (await sim.allowance(openid))["entries"]
    await sim.close()

    again = await start(folder=tmp_path)
    after = (await again.allowance(openid))["entries"]

    assert after == before
    assert [entry["text"] for entry in after] == [str(number) for number in range(54, 4, -1)]


def reply(request, body):
    openid = request.query["openid"]
    return (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>gh_9a3c51e7b2d4</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>您好</Content></xml>"
    ).encode()
