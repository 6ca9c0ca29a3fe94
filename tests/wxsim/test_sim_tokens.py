"""The two calls for access tokens, and how long their tokens are good."""

import pytest


async def code_of(sim, token):
    """What a send with this token is refused with, if it is the token's fault."""
    sim.access_token = token
    return (await sim.send("o" * 28))["errcode"]


GOOD = 40003  # the token passed; the openid is nobody's


async def test_a_token_is_long_and_good_for_two_hours(sim):
    answer = await sim.plain()

    assert answer["expires_in"] == 7200
    assert 120 < len(answer["access_token"]) <= 512
    assert await code_of(sim, answer["access_token"]) == GOOD


async def test_a_new_plain_token_leaves_the_old_one_five_minutes(sim):
    old = (await sim.plain())["access_token"]
    new = (await sim.plain())["access_token"]

    assert old != new
    await sim.advance(290)
    assert await code_of(sim, old) == GOOD
    await sim.advance(11)
    assert await code_of(sim, old) == 40001
    assert await code_of(sim, new) == GOOD


async def test_the_stable_token_stays_until_five_minutes_before_its_end(sim):
    first = await sim.stable()
    await sim.advance(6800)
    later = await sim.stable()

    assert later["access_token"] == first["access_token"]
    assert 395 <= later["expires_in"] <= 400

    await sim.advance(101)
    renewed = await sim.stable()
    assert renewed["access_token"] != first["access_token"]
    assert renewed["expires_in"] == 7200
    assert await code_of(sim, first["access_token"]) == GOOD

    await sim.advance(300)
    assert await code_of(sim, first["access_token"]) == 42001


async def test_a_forced_refresh_kills_the_old_token_at_once(sim):
    old = (await sim.stable())["access_token"]
    new = (await sim.stable(force_refresh=True))["access_token"]

    assert await code_of(sim, old) == 40001
    assert await code_of(sim, new) == GOOD


async def test_forcing_again_within_thirty_seconds_changes_nothing(sim):
    forced = (await sim.stable(force_refresh=True))["access_token"]

    assert (await sim.stable(force_refresh=True))["access_token"] == forced
    await sim.advance(31)
    assert (await sim.stable(force_refresh=True))["access_token"] != forced


async def test_twenty_may_be_forced_a_day(sim):
    seconds_to_midnight = 86_400 - (await platform_seconds(sim) + 8 * 3600) % 86_400
    await sim.advance(seconds_to_midnight + 1)
    for _ in range(20):
        assert "access_token" in await sim.stable(force_refresh=True)
        await sim.advance(31)

    assert (await sim.stable(force_refresh=True))["errcode"] == 45009
    assert "access_token" in await sim.stable()
    await sim.advance(86_400)
    assert "access_token" in await sim.stable(force_refresh=True)


async def platform_seconds(sim):
    from_iso = (await sim.get("/sim/clock"))["now"]
    hours, minutes, seconds = from_iso[11:19].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


async def test_the_two_kinds_do_not_touch_each_other(sim):
    stable = (await sim.stable())["access_token"]
    plain = (await sim.plain())["access_token"]
    await sim.stable(force_refresh=True)
    await sim.plain()
    await sim.advance(10)

    assert await code_of(sim, plain) == GOOD
    assert await code_of(sim, stable) == 40001


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"grant_type": ""}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "f" * 32}, 40125),
    ],
)
async def test_wrong_credentials_have_their_own_codes(sim, wrong, errcode):
    assert (await sim.stable(**wrong))["errcode"] == errcode
    assert (await sim.plain(**wrong))["errcode"] == errcode


async def test_the_stable_call_is_post_only(sim):
    assert (await sim.get("/cgi-bin/stable_token"))["errcode"] == 43002


async def test_an_address_not_on_the_list_is_named(sim):
    await sim.faults(ip_not_whitelisted=True, errmsg_tail="none")

    answer = await sim.stable()

    assert answer == {
        "errcode": 40164,
        "errmsg": "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    }


async def test_tokens_can_be_made_to_die_now(sim):
    stable, plain = (await sim.stable())["access_token"], (await sim.plain())["access_token"]

    await sim.faults(token_invalid_now=True)

    assert await code_of(sim, stable) == 40001
    assert await code_of(sim, plain) == 40001
    assert await code_of(sim, (await sim.stable())["access_token"]) == GOOD


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("89_nonsense", 40014)])
async def test_no_token_and_a_foreign_token_differ(sim, token, errcode):
    answer = await sim.post("/cgi-bin/message/custom/send", access_token=token)

    assert answer["errcode"] == errcode


async def test_an_expired_token_is_told_as_expired(sim):
    token = (await sim.plain())["access_token"]
    await sim.advance(7201)

    assert await code_of(sim, token) == 42001
