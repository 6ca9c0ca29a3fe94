"""What the desk believes that WeChat allows, beside what the platform's own ledger says."""

import asyncio
import random

import pytest

from desk_builder import AES_KEY
from journeys.processes import Installation, free_port, simulator
from journeys.travel import Road, start

ACTS = (
    {"type": "text", "content": "还有一个问题"},
    {"type": "menu_click", "key": "MENU_{}"},
    {"type": "scan", "scene": "card_{}"},
    {"type": "msgmenu_click", "id": "101", "content": "满意"},
    {"type": "location", "latitude": 31.2, "longitude": 121.4, "label": "上海"},
)


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    folder = tmp_path_factory.mktemp("allowance")
    installation = Installation(folder, f"sqlite:///{folder}/desk.sqlite3")
    web = installation.serve()
    callback = f"{web.url}/wechat/shop"
    secret = {"mode": "secure", "aes-key": AES_KEY}
    sim = simulator(folder, free_port(), callback=callback, **secret)
    try:
        token = asyncio.run(start(installation, sim, [web], [], policy="2023"))
        yield Road(installation, sim, [web], token)
    finally:
        installation.stop()
        sim.stop()


async def test_what_the_desk_refuses_the_platform_would_have_refused(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        for number in range(5):
            assert (await traveller.answer(f"第{number}句"))["state"] == "sent"

        sixth = await traveller.try_to_reply("还有一句")
        ours, theirs = await traveller.ledger()

        assert (sixth["status"], sixth["code"], sixth["left"]) == (409, "replies_spent", 0)
        assert (ours["left"], theirs["sends_left"]) == (0, 0)
        await traveller.write("谢谢")
        assert (await traveller.answer("不客气"))["state"] == "sent"


@pytest.mark.parametrize("seed", range(6))
async def test_through_whatever_happens_the_two_ledgers_agree(road, seed):
    dice = random.Random(seed)
    async with road.travelled() as traveller:
        await traveller.is_served()
        for number in range(14):
            if dice.random() < 0.6:
                await _answer(traveller)
            else:
                await traveller.act(**_numbered(dice.choice(ACTS), number))
            ours, theirs = await _settled(traveller)
            assert ours["left"] == theirs["sends_left"], (ours, theirs)


async def test_another_sender_is_noticed_by_what_wechat_refuses(road):
    """Somebody else has used up all five; we learn of it with our first."""
    async with road.travelled() as traveller:
        await traveller.is_served()
        await traveller.uses_up(5)
        believed, _ = await traveller.ledger()
        assert believed["left"] == 5

        refused = await traveller.answer("我也说一句")
        corrected, theirs = await traveller.ledger()

        assert (refused["state"], refused["reason"]) == ("parked", "replies_spent")
        assert (corrected["left"], theirs["sends_left"]) == (0, 0)
        assert corrected["entries"][0]["turn"] == "spent"


async def test_a_desk_killed_between_spending_and_sending_sends_once_and_counts_once(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        (web,) = road.webs
        message = await traveller.reply("马上")
        web.kill()
        web.start()
        await web.ready(traveller.http)

    async with road.travelled() as again:
        again.openid, again.conversation = traveller.openid, traveller.conversation
        await _until_left(again, 4)
        ours, theirs = await again.ledger()
        said = [text for text, _ in await again.phone()]

    assert message["state"] == "queued"
    assert said in (["马上"], [])  # not sent only where it is told as uncertain
    assert ours["left"] == 4
    assert theirs["sends_left"] == 5 - len(said)


def _numbered(act, number):
    """Two events of one second and one key are one event, as far as WeChat lets anybody tell."""
    named = {name: act[name].format(number) for name in ("key", "scene") if name in act}
    return act | named


async def _answer(traveller):
    ours, _ = await traveller.ledger()
    if ours["left"]:
        assert (await traveller.answer("好的"))["state"] == "sent"
    else:
        assert (await traveller.try_to_reply("好的"))["status"] == 409


async def _settled(traveller):
    """Both ledgers, once what the follower did is understood."""
    for _ in range(100):
        ours, theirs = await traveller.ledger()
        if ours["left"] == theirs["sends_left"]:
            break
        await asyncio.sleep(0.03)
    return ours, theirs


async def _until_left(traveller, left):
    for _ in range(200):
        ours, _ = await traveller.ledger()
        if ours["left"] == left and not ours["allowance"]["reserved"]:
            return
        await asyncio.sleep(0.2)
