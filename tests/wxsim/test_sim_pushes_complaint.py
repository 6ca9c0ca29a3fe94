"""Complaints go to an address of their own, and can be followed from request to end."""

import base64

from wxdesk.wechat import parse_pay_feedback
from wxsim import film

APP_ID = "wx4f1d7e0b92c6a835"
PICTURE = base64.b64encode(film.picture()).decode()


def paths(server):
    return [path for path, _, _ in server.visits]


async def test_a_complaint_is_posted_below_the_callback_unsealed(start, server):
    sim = await start(
        mode="secure", aes_key="k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A", policy="2013"
    )
    openid = await sim.follower()

    await sim.act(
        openid, "complain", reason="袖口开线", solution="换一件", contact="138", trade_no="42"
    )

    ((path, query, body),) = server.visits
    told = parse_pay_feedback(body, app_id=APP_ID)
    assert path == "/wechat/shop/pay-feedback"
    assert query == {}
    assert (told.openid, told.stage, told.trade_no) == (openid, "request", "42")
    assert (told.reason, told.solution, told.contact) == ("袖口开线", "换一件", "138")
    assert (await sim.allowance(openid))["sends_left"] is None  # of 2013: without a count


async def test_a_complaint_is_signed_as_pay_v2_does(sim, server):
    await sim.act(await sim.follower(), "complain")

    parse_pay_feedback(server.bodies[0]).verify("simulated-pay-sign-key")


async def test_its_pictures_can_be_looked_at(sim, server):
    await sim.act(await sim.follower(), "complain", pictures=[PICTURE, PICTURE])

    pictures = parse_pay_feedback(server.bodies[0], app_id=APP_ID).pictures
    assert len(pictures) == 2
    async with sim.http.get(pictures[0]) as response:
        assert await response.read() == film.picture()


async def test_the_last_complaint_is_confirmed_or_rejected(sim, server):
    openid = await sim.follower()
    await sim.act(openid, "complain", reason="袖口开线")
    await sim.act(openid, "complain", stage="reject")
    await sim.act(openid, "complain", stage="confirm")

    told = [parse_pay_feedback(body, app_id=APP_ID) for body in server.bodies]
    assert [one.stage for one in told] == ["request", "reject", "confirm"]
    assert len({(one.feedback_id, one.reason) for one in told}) == 1
    shown = [(line["type"], line["stage"]) for line in await sim.chat(openid)]
    assert shown == [("complaint", "request"), ("complaint", "reject"), ("complaint", "confirm")]


async def test_its_address_can_be_set(sim, server):
    elsewhere = server.url.replace("/wechat/shop", "/pay/rights")

    account = await sim.post("/sim/account", {"pay_feedback": elsewhere})
    await sim.act(await sim.follower(), "complain")

    assert account["pay_feedback"] == elsewhere
    assert paths(server) == ["/pay/rights"]
