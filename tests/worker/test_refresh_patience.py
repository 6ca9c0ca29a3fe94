"""Asking WeChat about followers: no more often, and of no fewer, than makes sense."""

from datetime import timedelta

import pytest

from desk_builder import DeskBuilder
from simulated import simulating
from wxdesk.desk import contacts
from wxdesk.wechat import OverLimit, Refused, Unanswered, Uncertain, Unreached
from wxdesk.worker.contacts import Refresher

BATCHGET = "user/info/batchget"
LOOK = 15  # seconds between two rounds


@pytest.fixture
async def platform():
    async with simulating() as sim:
        yield sim


@pytest.fixture
def desk(runtime, platform):
    return DeskBuilder(runtime, platform.url)


@pytest.fixture
async def meet(runtime, desk, clock):
    """Let the desk meet followers by their openids."""
    account = await desk.account()

    async def met(openids):
        async with runtime.db.unit() as unit:
            followers = [((account.id, openid), clock.now()) for openid in openids]
            return [contact.id for contact in await contacts.meet(unit, followers)]

    return met


async def refreshed(runtime, ids):
    """The openids of those whose facts are here."""
    async with runtime.db.reading() as unit:
        known = (await contacts.by_ids(unit, ids)).values()
    return {each.openid for each in known if each.refreshed_at}


async def test_an_account_that_may_not_ask_asks_once_a_day(runtime, meet, platform, clock):
    await platform.post("/sim/faults", unverified=True)
    await meet(f"oFollower{number:019}" for number in range(300))
    refresher = Refresher(runtime)

    for _ in range(8):
        await refresher.refresh_stale()
        clock.forward(seconds=LOOK)
    assert len(await platform.calls(BATCHGET)) == 1

    clock.forward(days=1)
    await refresher.refresh_stale()
    assert len(await platform.calls(BATCHGET)) == 2


async def test_one_whom_wechat_does_not_know_keeps_nobody_else_from_being_known(
    runtime, meet, platform
):
    real = [await platform.follower() for _ in range(5)]
    ids = await meet([*real[:2], "oNobody", *real[2:]])

    await Refresher(runtime).refresh_stale()

    assert await refreshed(runtime, ids) == set(real)


async def test_whoever_was_just_asked_about_is_not_asked_about_again(
    runtime, meet, platform, clock
):
    await meet([await platform.follower(), "oNobody"])
    refresher = Refresher(runtime)
    await refresher.refresh_stale()
    asked = len(await platform.calls(BATCHGET))

    for _ in range(4):
        clock.forward(hours=12)
        await refresher.refresh_stale()

    assert len(await platform.calls(BATCHGET)) == asked


@pytest.mark.parametrize(
    ("error", "attempts", "wait"),
    [
        (Unreached("away"), 1, timedelta(seconds=2)),
        (Unanswered("HTML"), 2, timedelta(seconds=4)),
        (Uncertain("lost"), 3, timedelta(seconds=8)),  # telling again does no harm
        (Unreached("away"), 29, timedelta(minutes=5)),
        (Unreached("away"), 30, None),
        (Refused(45011), 1, timedelta(minutes=1)),
        (Refused(45009), 99, timedelta(hours=1)),
        (Refused(48001), 1, None),
        (Refused(40003), 1, None),
        (OverLimit("too long"), 1, None),
    ],
)
def test_each_failure_has_its_own_patience(error, attempts, wait):
    assert contacts.wait_after(error, attempts=attempts) == wait
