"""The slot in the answer to a push: what the desk says by itself leaves in it, or otherwise, once.

The other half of these tests, with rules and costs, is ``desk/test_answers.py``.
"""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from functools import partial
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from sqlalchemy import select

from delivering import deliver
from desk_builder import AES_KEY, APP_ID, TOKEN
from patient import PATIENCE_SECONDS
from serving import serving
from web.knocker import Knocker, sign
from wxdesk.bus import end, forever
from wxdesk.clock import SystemClock
from wxdesk.desk import allowance, intake, outbox
from wxdesk.desk.answers import Cause
from wxdesk.desk.contacts import Contact
from wxdesk.desk.intake import KeptPush
from wxdesk.desk.outbox import Delivery, DeliveryState, Via
from wxdesk.runtime import running
from wxdesk.wechat import Envelope, Mode, cdata
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept

ANNA = "oFollowerAnna"
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
briefly = pytest.mark.parametrize("settings", [{"passive_wait_seconds": 0.1}])


@pytest.fixture
def settings() -> dict[str, float]:
    """Longer than WeChat would wait: no machine is too slow for an answer in time."""
    return {"passive_wait_seconds": 60}


@pytest.fixture
def may_cost() -> int:
    """What the rule of these tests may use up."""
    return 0


@pytest.fixture
async def shop(desk, mode, may_cost):
    account = await desk.account(mode=mode, policy="2023")
    await desk.rule(Cause.KEYWORD, "三天内到账", words=("退款",), may_cost=may_cost)
    return account


@pytest.fixture
async def understanding(runtime):
    """The intake, at work."""
    loop = asyncio.create_task(forever(runtime.bus, intake.LOOP, partial(understand_kept, runtime)))
    yield
    await end([loop])


async def deliveries(runtime):
    async with runtime.db.reading() as unit:
        return list(await unit.session.scalars(select(Delivery).order_by(Delivery.id)))


async def all_sent(runtime, count):
    """So many deliveries, as soon as it is noted of all that they were sent."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while [each.state for each in await deliveries(runtime)] != [DeliveryState.SENT] * count:
            await asyncio.sleep(0.02)
    return await deliveries(runtime)


async def left(runtime, openid=ANNA):
    async with runtime.db.reading() as unit:
        contact = await unit.session.scalar(select(Contact).where(Contact.openid == openid))
    return allowance.forecast_of(contact, runtime.clock.now()).left


def said(xml):
    """What an answer says, and to whom."""
    found = {child.tag: child.text for child in ET.fromstring(xml)}
    return found["ToUserName"], found["MsgType"], found["Content"]


def opened(xml):
    """An encrypted answer, its signature checked."""
    found = {child.tag: child.text for child in ET.fromstring(xml)}
    signed = sign(TOKEN, found["TimeStamp"], found["Nonce"], found["Encrypt"])
    assert found["MsgSignature"] == signed
    return Envelope(AES_KEY, APP_ID).open(found["Encrypt"])


# In time


@pytest.mark.usefixtures("understanding")
async def test_the_answer_carries_the_text_and_costs_nothing(runtime, desk, door, wechat):
    status, answer = await door.push(desk.text_xml(ANNA, "想退款"))

    assert (status, said(answer)) == (200, (ANNA, "text", "三天内到账"))
    await deliver(runtime)
    (delivery,) = await all_sent(runtime, 1)
    assert delivery.via is Via.PASSIVE
    assert (wechat.sent, await left(runtime)) == ([], 5)


@pytest.mark.parametrize("mode", [Mode.SECURE, Mode.COMPATIBLE])
@pytest.mark.usefixtures("understanding")
async def test_an_encrypted_push_is_answered_in_an_envelope(runtime, desk, door, mode):
    xml = desk.text_xml(ANNA, "退款")
    sealed = Envelope(AES_KEY, APP_ID).seal(xml.encode())
    envelope = f"<Encrypt>{cdata(sealed)}</Encrypt>"
    body = (
        xml.replace("</xml>", f"{envelope}</xml>")
        if mode is Mode.COMPATIBLE
        else f"<xml>{envelope}</xml>"
    )

    status, answer = await door.push(body, **door.signed(sealed=sealed))

    assert (status, said(opened(answer))) == (200, (ANNA, "text", "三天内到账"))


@pytest.mark.usefixtures("understanding")
async def test_where_no_rule_answers_success_is_said(runtime, desk, door):
    assert await door.push(desk.text_xml(ANNA, "你好")) == (200, "success")

    assert await deliveries(runtime) == []


@pytest.mark.usefixtures("understanding")
async def test_many_at_once_each_get_their_own(desk, door):
    async def ask(at):
        wants = at % 3 == 0
        text = "退款" if wants else "你好"
        return wants, f"oFollower{at}", await door.push(desk.text_xml(f"oFollower{at}", text))

    for wants, openid, (status, answer) in await asyncio.gather(*(ask(at) for at in range(60))):
        assert status == 200
        assert said(answer)[0] == openid if wants else answer == "success"


@pytest.mark.usefixtures("understanding")
async def test_a_repeated_push_is_answered_with_success(runtime, desk, door):
    xml = desk.text_xml(ANNA, "退款")
    first = await door.push(xml)

    assert [await door.push(xml) for _ in range(2)] == [(200, "success")] * 2

    assert said(first[1])[2] == "三天内到账"
    assert len(await deliveries(runtime)) == 1


@pytest.mark.usefixtures("understanding")
async def test_one_push_that_comes_three_times_at_once_is_answered_once(desk, door):
    xml = desk.text_xml(ANNA, "退款")

    answers = await asyncio.gather(*(door.push(xml) for _ in range(3)))

    assert sorted(answer == "success" for _, answer in answers) == [False, True, True]


# Too late


@briefly
async def test_who_is_understood_too_late_is_not_answered_at_all_where_it_may_cost_nothing(
    runtime, desk, door, wechat, clock
):
    assert await door.push(desk.text_xml(ANNA, "退款")) == (200, "success")
    clock.forward(seconds=1)
    await understand_kept(runtime)
    await deliver(runtime)

    (delivery,) = await deliveries(runtime)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "slot_missed")
    assert (wechat.sent, await left(runtime)) == ([], 5)


@briefly
@pytest.mark.parametrize("may_cost", [1])
@pytest.mark.parametrize("early", [True, False])
async def test_who_is_understood_too_late_is_answered_once_where_it_may_cost(
    runtime, desk, door, wechat, clock, early
):
    xml = desk.text_xml(ANNA, "退款")
    assert await door.push(xml) == (200, "success")
    if early:  # the desk's clock says that there is time, but the answer has gone
        await understand_kept(runtime)
        await deliver(runtime)
        assert wechat.sent == []
    clock.forward(seconds=1)
    await understand_kept(runtime)
    await deliver(runtime)

    assert await door.push(xml) == (200, "success")
    await deliver(runtime)
    assert wechat.texts == ["三天内到账"]
    assert await left(runtime) == 4


@pytest.mark.parametrize("settings", [{"passive_wait_seconds": 4}])
@pytest.mark.parametrize("may_cost", [1])
async def test_what_can_be_no_answer_leaves_through_the_api(runtime, desk, door, wechat):
    """A text that WeChat would not show as an answer; ours are split, so it is made so by hand."""
    asked = asyncio.create_task(door.push(desk.text_xml(ANNA, "退款")))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await kept(runtime):
            await asyncio.sleep(0.01)
    async with runtime.db.unit() as unit:
        found = await intake.claim_kept(unit, limit=1)
        await intake.receive(
            unit, found, now=runtime.clock.now(), passive_wait=timedelta(seconds=4)
        )
        delivery = await unit.session.scalar(select(Delivery))
        delivery.kind, delivery.content = "wxcard", {"card_id": "C1"}

    assert await asked == (200, "success")
    await deliver(runtime)

    assert [message["msgtype"] for message in wechat.messages] == ["wxcard"]


async def kept(runtime):
    async with runtime.db.reading() as unit:
        return list(await unit.session.scalars(select(KeptPush)))


# Who dies, and who races


@pytest.mark.parametrize("may_cost", [0, 1])
async def test_a_front_door_that_dies_before_it_answers_leaves_it_uncertain(
    runtime, desk, shop, wechat, clock, may_cost
):
    push = await desk.push(desk.text_xml(ANNA, "退款"))
    await understand_kept(runtime)
    async with runtime.db.unit() as unit:
        claimed = await outbox.claim_passive(
            unit, [push.id], now=clock.now(), lease=timedelta(seconds=30)
        )
    assert claimed  # and then the process is killed
    clock.forward(seconds=10)
    await deliver(runtime)
    assert (await deliveries(runtime))[0].state is DeliveryState.WAITING
    clock.forward(seconds=21)

    await deliver(runtime)

    (delivery,) = await deliveries(runtime)
    assert (delivery.state, delivery.via) == (DeliveryState.UNCERTAIN, Via.PASSIVE)
    assert (wechat.sent, await left(runtime)) == ([], 5)


@on_postgres
@pytest.mark.usefixtures("understanding")
async def test_of_two_processes_one_answers(runtime, desk, shop, clock):
    async with (
        running(runtime.settings, clock=clock) as other,
        serving(runtime) as one_url,
        serving(other) as other_url,
        aiohttp.ClientSession(one_url) as one_http,
        aiohttp.ClientSession(other_url) as other_http,
    ):
        doors = Knocker(one_http, clock), Knocker(other_http, clock)
        for at in range(20):
            xml = desk.text_xml(f"oFollower{at}", "退款")
            answers = await asyncio.gather(*(door.push(xml) for door in doors))
            assert sorted(answer == "success" for _, answer in answers) == [False, True]

    assert len(await all_sent(runtime, 20)) == 20


class TestARace:
    """Front door, intake and sender at their own pace, by a real clock."""

    @pytest.fixture
    def clock(self):
        return SystemClock()

    @pytest.mark.parametrize("settings", [{"passive_wait_seconds": 2.5}])
    @pytest.mark.parametrize("may_cost", [1])
    async def test_nothing_is_ever_said_twice_or_lost(self, runtime, desk, door, wechat):
        chance = random.Random(1)
        understand = partial(understand_kept, runtime)
        sending = asyncio.create_task(self.again(Sender(runtime).send_due, chance, 0.02))
        carried: Counter[str] = Counter()

        async def ask(openid):
            await asyncio.sleep(chance.random() * 0.3)
            xml, status = desk.text_xml(openid, "退款"), 503
            while status == 503:  # as WeChat does where a machine is too slow
                status, answer = await door.push(xml)
            carried[openid] += answer != "success"

        async def ask_while_it_understands(some, most_seconds):
            understanding = asyncio.create_task(self.again(understand, chance, most_seconds))
            await asyncio.gather(*map(ask, some))
            await end([understanding])

        everybody = [f"oFollower{at}" for at in range(100)]
        await asyncio.gather(*map(ask, everybody[:25]))  # understood once all are answered
        await ask_while_it_understands(everybody[25:50], 0.02)
        await ask_while_it_understands(everybody[50:75], 5.0)
        await ask_while_it_understands(everybody[75:], 5.0)
        while await understand():
            pass
        sent = await all_sent(runtime, len(everybody))
        await end([sending])

        by_api = Counter(openid for openid, _ in wechat.sent)
        assert {carried[openid] + by_api[openid] for openid in everybody} == {1}
        assert carried.total()
        assert by_api.total()
        passive = {each.openid for each in sent if each.via is Via.PASSIVE}
        assert passive == {openid for openid in everybody if carried[openid]}

    async def again(self, act, chance, most_seconds):
        while True:
            await asyncio.sleep(chance.random() * most_seconds)
            await act()
