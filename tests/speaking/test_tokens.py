"""Access tokens, shared by all processes through the database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from wxdesk.desk import accounts
from wxdesk.desk.accounts import KeptToken
from wxdesk.runtime import running
from wxdesk.speaking.tokens import TokenKeeper
from wxdesk.wechat import AccessToken, Unreached
from wxdesk.worker.delivery import Sender


@pytest.fixture
async def keeper(runtime, desk):
    return TokenKeeper(runtime, await desk.account())


async def kept(runtime):
    async with runtime.db.reading() as unit:
        (account,) = await accounts.list_all(unit)
        return await accounts.find_token(unit, runtime.vault, account.id)


async def send_one(runtime, desk):
    agent = await desk.agent()
    await desk.reply(await desk.conversation(assignee=agent), agent, "您好")
    sender = Sender(runtime)
    await sender.send_due()
    await sender.finish()


async def test_a_token_is_fetched_once_and_kept(keeper, wechat):
    assert [await keeper.current() for _ in range(3)] == ["token-1"] * 3

    assert wechat.token_asks == ["plain"]


async def test_a_token_at_rest_is_sealed(runtime, keeper):
    await keeper.current()

    async with runtime.db.reading() as unit:
        sealed = await unit.session.scalar(select(KeptToken.sealed))
    assert b"token-1" not in sealed


async def test_a_token_is_renewed_before_it_ends(runtime, keeper, wechat, clock):
    await keeper.current()
    clock.forward(hours=2, minutes=-5)
    await keeper.current()
    assert wechat.token_asks == ["plain"]

    clock.forward(minutes=1)
    await keeper.current()

    assert wechat.token_asks == ["plain", "plain"]
    assert (await kept(runtime)).expires_at == clock.now() + timedelta(hours=2)


async def test_a_stale_token_is_renewed_once_and_the_send_tried_once_more(runtime, desk, wechat):
    wechat.errcodes = [42001]

    await send_one(runtime, desk)

    assert wechat.texts == ["您好"]
    assert wechat.tokens_used == ["token-1", "token-2"]
    assert wechat.token_asks == ["plain", "plain", "forced"]  # plain gave the same one again


async def test_a_token_that_stays_stale_is_not_fetched_again_and_again(runtime, desk, wechat):
    wechat.errcodes = [40001, 40001, 40001]

    await send_one(runtime, desk)

    assert wechat.texts == []
    assert wechat.tokens_used == ["token-1", "token-2"]
    assert wechat.token_asks.count("forced") == 1


async def test_a_token_replaced_elsewhere_is_taken_without_forcing_another(keeper, wechat):
    assert await keeper.current() == "token-1"
    wechat.tokens_given = 2  # somebody beside the desk had a new one made

    assert await keeper.renew("token-1") == "token-2"

    assert "forced" not in wechat.token_asks


async def test_whoever_comes_late_with_the_refused_token_gets_the_new_one(keeper, wechat):
    await keeper.current()
    await keeper.renew("token-1")
    asks = len(wechat.token_asks)

    assert await keeper.renew("token-1") == "token-2"

    assert len(wechat.token_asks) == asks


async def test_processes_side_by_side_fetch_one_token_between_them(runtime, desk, wechat, clock):
    account = await desk.account()
    async with running(runtime.settings, clock=clock) as other:
        keepers = [TokenKeeper(rt, account) for rt in (runtime, other) for _ in range(4)]

        first = await asyncio.gather(*(each.current() for each in keepers))
        second = await asyncio.gather(*(each.renew("token-1") for each in keepers))

    assert set(first) == {"token-1"}
    assert set(second) == {"token-2"}
    assert wechat.token_asks == ["plain", "plain", "forced"]


async def test_while_another_is_fetched_the_kept_one_is_used_if_it_still_lasts(
    runtime, keeper, wechat, clock
):
    await keeper.current()
    clock.forward(hours=2, minutes=-4)

    async with runtime.renewals[(await only_account(runtime)).id]:
        assert await keeper.current() == "token-1"
        clock.forward(minutes=4)
        waiting = asyncio.create_task(keeper.current())
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
    assert await waiting == "token-2"
    assert wechat.token_asks == ["plain", "plain", "forced"]


async def only_account(runtime):
    async with runtime.db.reading() as unit:
        (account,) = await accounts.list_all(unit)
        return account


async def test_a_late_answer_never_replaces_a_newer_token(runtime, keeper, clock):
    earlier = clock.now()
    clock.forward(seconds=30)
    await keeper.current()
    late = AccessToken("late", expires_at=earlier + timedelta(hours=2), asked_at=earlier)

    async with runtime.db.unit() as unit:
        (account,) = await accounts.list_all(unit)
        await accounts.keep_token(unit, runtime.vault, account.id, late)

    assert (await kept(runtime)).value == "token-1"


async def test_a_keeper_that_dies_is_replaced_when_its_lease_ends(runtime, desk, clock):
    account = await desk.account()
    lease = timedelta(seconds=10)
    async with runtime.db.unit() as unit:
        now = clock.now()
        assert await accounts.claim_renewal(unit, account.id, now=now, lease=lease)
    waiting = asyncio.create_task(TokenKeeper(runtime, account).current())
    done, _ = await asyncio.wait([waiting], timeout=0.25)
    assert not done

    clock.forward(seconds=10)

    assert await waiting == "token-1"


async def test_a_keeper_that_was_refused_lets_the_next_one_try(runtime, desk, wechat):
    account = await desk.account()
    account.api_base = "http://127.0.0.1:9"
    keeper = TokenKeeper(runtime, account)
    for _ in range(2):
        with pytest.raises(Unreached):
            await keeper.current()

    account.api_base = wechat.url
    assert await keeper.current() == "token-1"
