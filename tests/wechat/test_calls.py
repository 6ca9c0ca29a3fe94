"""Every call asks what the reference says, and reads what the reference says is answered."""

import json

import pytest
from aiohttp import web

from wechat_calls import CALLS, FILE, MENU, MENU_JSON, OPENID
from wxdesk.wechat import (
    Client,
    Menu,
    MiniProgram,
    Refused,
    Tag,
    Unanswered,
    Uncertain,
    clear_quota_by_secret,
)

GROUPS = {
    name: group for name, group in vars(Client(None, "", None)).items() if not name.startswith("_")
}


def named(calls):
    return [pytest.param(known, id=known.name) for known in calls]


def answered(answer):
    if isinstance(answer, bytes):
        return web.Response(body=answer, content_type="image/jpeg")
    return answer


@pytest.mark.parametrize("known", named(CALLS))
async def test_a_call_asks_and_understands_as_documented(client, wechat, known):
    wechat.answers = [answered(known.answer)]

    value = await known.call(client)

    (asked,) = wechat.asked
    assert (asked.method, asked.path, asked.query) == (known.method, known.path, known.query)
    if known.uploads:
        assert FILE in asked.body
    elif known.body is None:
        assert asked.body == b""
    else:
        assert json.loads(asked.body) == known.body
    assert b"\\u" not in asked.body
    assert value == known.value
    assert wechat.tokens_seen == ["89_secret"]


def test_no_call_is_missing_here():
    made = {
        f"{name}.{method}"
        for name, group in GROUPS.items()
        for method in dir(type(group))
        if not method.startswith("_") and method != "picture_url"
    }

    assert made | {"send", "typing"} == {
        known.name.partition(",")[0].removesuffix(" no longer") for known in CALLS
    }


@pytest.mark.parametrize("known", named(CALLS))
async def test_a_refusal_is_told_by_every_call(client, wechat, known):
    wechat.answers = [{"errcode": 48001, "errmsg": "api unauthorized rid: 1-2-3"}]

    with pytest.raises(Refused) as raised:
        await known.call(client)

    assert (raised.value.errcode, raised.value.rid) == (48001, "1-2-3")


@pytest.mark.parametrize("known", named(CALLS))
async def test_busy_is_a_refusal_only_where_nothing_can_have_been_done(client, wechat, known):
    wechat.answers = [{"errcode": -1, "errmsg": "system error"}]

    with pytest.raises(Refused if known.reads else Uncertain):
        await known.call(client)


@pytest.mark.parametrize("known", named(CALLS))
async def test_a_lost_answer_is_uncertain_only_where_something_may_have_been_done(
    client, wechat, known
):
    wechat.answers = [web.Response(status=502, text="<html>Bad Gateway</html>")]

    with pytest.raises(Unanswered if known.reads else Uncertain):
        await known.call(client)


@pytest.mark.parametrize("known", named(CALLS))
async def test_every_call_is_made_again_with_a_fresh_token(client, wechat, known):
    wechat.answers = [{"errcode": 42001, "errmsg": "expired"}, answered(known.answer)]

    assert await known.call(client) == known.value
    first, second = wechat.asked
    assert first.body == second.body


async def test_an_answer_to_a_change_must_be_wechats(client, wechat):
    wechat.answers = [{"status": "healthy"}]

    with pytest.raises(Uncertain):
        await client.tags.delete(134)


async def test_a_list_may_be_long(client, wechat):
    openids = [f"{OPENID[:-5]}{number:05}" for number in range(10_000)]
    wechat.answers = [{"total": 10_000, "count": 10_000, "data": {"openid": openids}}]

    page = await client.users.list()

    assert len(page.openids) == 10_000


async def test_half_a_character_does_not_get_in(client, wechat):
    body = json.dumps({"subscribe": 1, "openid": OPENID, "remark": "王\ud83d"})
    wechat.answers = [web.Response(text=body)]

    info = await client.users.info(OPENID)

    assert info.remark == "王?"


async def test_half_a_character_goes_out_as_a_question_mark(client, wechat):
    await client.users.set_remark(OPENID, "王\ud83d")

    assert json.loads(wechat.asked[0].body)["remark"] == "王?"


@pytest.mark.parametrize("id_told", [2**64 + 1, "9" * 30, 1.5, "1.5", True, "", "１"])
async def test_a_number_that_is_none_is_not_believed(client, wechat, id_told):
    wechat.answers = [{"tags": [{"id": id_told, "name": "VIP"}]}]

    with pytest.raises(Unanswered):
        await client.tags.list()


@pytest.mark.parametrize("id_told", [134, "134"])
async def test_a_number_may_come_as_text(client, wechat, id_told):
    wechat.answers = [{"tags": [{"id": id_told, "name": "VIP"}]}]

    assert await client.tags.list() == [Tag(134, "VIP")]


def test_a_menu_is_read_as_it_was_written():
    assert Menu.from_json({"menu": MENU_JSON}) == MENU


def test_a_mini_program_without_a_page_opens_its_first():
    assert MiniProgram("wx1").to_json() == {"appid": "wx1", "pagepath": ""}


def test_a_picture_is_wechats_where_wechat_is_real(client, http):
    real = Client(http, "https://api.weixin.qq.com", None)

    assert real.qrcodes.picture_url("gQ==/+") == (
        "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%3D%3D%2F%2B"
    )
    assert client.qrcodes.picture_url("gQ").startswith("http://127.0.0.1:")


async def test_quotas_are_cleared_without_a_token(http, wechat):
    await clear_quota_by_secret(http, wechat.base, "wx4f1d7e0b92c6a835", "secret")

    (asked,) = wechat.asked
    assert (asked.method, asked.path) == ("POST", "/cgi-bin/clear_quota/v2")
    assert asked.query == {"appid": "wx4f1d7e0b92c6a835", "appsecret": "secret"}
