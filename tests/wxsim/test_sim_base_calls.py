"""The calls about the account itself, and MarkFail: quotas, requests, addresses, tickets."""

import re

from wxsim.api import ENDPOINTS
from wxsim.errmsg import ERRMSG

SEND = "/cgi-bin/message/custom/send"
GET_QUOTA = "/cgi-bin/openapi/quota/get"
APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")


async def test_a_quota_is_told_spent_and_cleared(sim):
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid)

    before = await sim.call(GET_QUOTA, {"cgi_path": SEND})
    await sim.call("/cgi-bin/openapi/quota/clear", {"cgi_path": SEND})
    after = await sim.call(GET_QUOTA, {"cgi_path": SEND})
    unknown = await sim.call(GET_QUOTA, {"cgi_path": "/cgi-bin/nothing"})

    assert before["quota"] == {"daily_limit": 500_000, "used": 1, "remain": 499_999}
    assert after["quota"]["used"] == 0
    assert unknown["errcode"] == 76021


async def test_a_switched_quota_runs_out_and_is_cleared(sim):
    await sim.faults(daily_quota=2)
    path = "/cgi-bin/getcallbackip"
    codes = [(await sim.call(path)).get("errcode", 0) for _ in range(3)]
    other = await sim.call("/cgi-bin/get_api_domain_ip")
    await sim.post(f"/cgi-bin/clear_quota/v2?appid={APP_ID}&appsecret={SECRET}")

    assert codes == [0, 0, 45009]
    assert other["ip_list"]
    assert "errcode" not in await sim.call(path)


async def test_a_quota_of_nothing_can_still_be_looked_at_and_cleared(sim):
    await sim.stable()
    await sim.faults(daily_quota=0)

    path = {"cgi_path": "/cgi-bin/getcallbackip"}
    assert (await sim.call("/cgi-bin/getcallbackip"))["errcode"] == 45009
    assert (await sim.call("/cgi-bin/openapi/quota/get", path))["quota"]["remain"] == 0
    assert (await sim.call("/cgi-bin/clear_quota", {"appid": APP_ID}))["errcode"] == 0


async def test_ten_clears_a_month(sim):
    async def clear():
        return (await sim.call("/cgi-bin/clear_quota", {"appid": APP_ID}))["errcode"]

    codes = [await clear() for _ in range(11)]
    await sim.advance(32 * 86_400)
    sim.access_token = None

    assert codes == [0] * 10 + [48006]
    assert await clear() == 0
    assert (await sim.call("/cgi-bin/clear_quota", {"appid": "x"}))["errcode"] == 40013


async def test_what_is_spent_outlives_a_restart(start, tmp_path):
    sim = await start(folder=tmp_path)
    await sim.call("/cgi-bin/getcallbackip")
    await sim.close()
    again = await start(folder=tmp_path)

    told = await again.call(GET_QUOTA, {"cgi_path": "/cgi-bin/getcallbackip"})

    assert told["quota"]["used"] == 1


async def test_a_refused_request_is_found_by_its_rid(sim):
    refused = await sim.send("nobody", "秘密")
    rid = RID.search(refused["errmsg"])[0]
    path = "/cgi-bin/openapi/rid/get"

    found = (await sim.call(path, {"rid": rid}))["request"]
    codes = [
        (await sim.call(path, {"rid": wrong}))["errcode"]
        for wrong in ("nonsense", f"{rid[:8]}-00000000-00000000", "00000001-00000000-00000000")
    ]

    assert '"errcode": 40003' in found["response_body"]
    assert "nobody" in found["request_body"]
    assert sim.access_token not in found["request_url"]
    assert found["client_ip"] == "127.0.0.1"
    assert codes == [76002, 76001, 76004]


async def test_only_listed_addresses_get_tokens(sim):
    await sim.faults(ip_whitelist=["203.0.113.9"])
    refused = await sim.plain()
    await sim.faults(ip_whitelist=["203.0.113.9", "127.0.0.1"])

    assert refused["errcode"] == 40164
    assert "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist" in refused["errmsg"]
    assert "access_token" in await sim.plain()


async def test_how_long_tokens_overlap_can_be_switched(sim):
    await sim.faults(token_overlap_s=0)
    first = (await sim.plain())["access_token"]
    await sim.plain()

    answer = await sim.get("/cgi-bin/getcallbackip", access_token=first)

    assert answer["errcode"] == 40001


async def test_the_callback_is_checked(sim, start):
    path = "/cgi-bin/callback/check"

    both = await sim.call(path, {"action": "all", "check_operator": "DEFAULT"})
    dns = await sim.call(path, {"action": "dns", "check_operator": "UNICOM"})
    action = await sim.call(path, {"action": "x", "check_operator": "CAP"})
    operator = await sim.call(path, {"action": "all", "check_operator": "x"})
    nowhere = await (await start(callback=None)).call(path, {"action": "all"})

    assert both["dns"][0]["ip"] == "127.0.0.1"
    assert both["ping"][0]["package_loss"] == "0%"
    assert list(dns) == ["dns"]
    assert (action["errcode"], operator["errcode"], nowhere["errcode"]) == (40202, 40203, 40201)


async def test_a_ticket_is_the_same_until_it_ends(sim):
    path = "/cgi-bin/ticket/getticket"
    first, second = [(await sim.call(path, type="jsapi"))["ticket"] for _ in range(2)]
    card = (await sim.call(path, type="wx_card"))["ticket"]
    await sim.advance(7200)
    sim.access_token = None
    third = (await sim.call(path, type="jsapi"))["ticket"]

    assert first == second
    assert len({first, card, third}) == 3
    assert (await sim.call(path, type="x"))["errcode"] == 40097


async def test_every_call_looks_at_the_token_first(sim):
    for path in [path for path, endpoint in ENDPOINTS.items() if endpoint.needs_token]:
        assert (await sim.get(path))["errcode"] == 41001, path
        assert (await sim.get(path, access_token="89_never"))["errcode"] == 40014, path


def test_every_code_has_a_text():
    assert len(ERRMSG) > 240
    assert all(text.strip() and "*" not in text for text in ERRMSG.values())


async def test_grants_can_be_bent(sim):
    openid = await sim.follower()
    await sim.faults(message_count=1, message_lasts_s=60, payment_grant=True)
    await sim.act(openid, "text", content="在吗")
    counted = await sim.allowance(openid)
    codes = [(await sim.send(openid))["errcode"] for _ in range(2)]
    await sim.act(openid, "pay", order_id="1")

    assert counted["sends_left"] == 1
    assert codes == [0, 45047]
    assert (await sim.send(openid))["errcode"] == 0


async def test_after_many_failures_nothing_is_pushed_for_a_minute(sim, server):
    openid = await sim.follower()
    await sim.faults(mark_fail_after=3, push_tries=1)
    server.answers = [500, 500, 500]

    failed = [await sim.act(openid, "text", content=text) for text in "123"]
    lost = await sim.act(openid, "text", content="4")
    await sim.advance(60)
    heard = await sim.act(openid, "text", content="5")

    assert [one["attempts"] for one in failed] == [1, 1, 1]
    assert (lost["attempts"], lost["withheld"]) == (0, "MarkFail")
    assert heard["attempts"] == 1
    assert [push["Content"] for push in server.pushes] == ["1", "2", "3", "5"]
    assert (await sim.chat(openid))[-2]["from"] == "system"


async def test_an_answer_in_between_starts_the_count_anew(sim, server):
    openid = await sim.follower()
    await sim.faults(mark_fail_after=2, push_tries=1)
    server.answers = [500, b"success", 500, b"success"]

    done = [await sim.act(openid, "text", content=text) for text in "1234"]

    assert [one["attempts"] for one in done] == [1, 1, 1, 1]
