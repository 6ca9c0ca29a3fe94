"""Whatever is sent to the API, it answers with a code, never with an error of its own."""

import json

import pytest

from wxsim.api import ENDPOINTS

DEEP = "[" * 5000
ODD = [None, True, -1, 2**70, 1.5, "", "x", "字" * 500, [], [[]], {}, {"a": {}}, "\\ud800", "\x00"]
NAMES = [
    "touser",
    "msgtype",
    "text",
    "template_id",
    "data",
    "scene",
    "title",
    "url",
    "miniprogram",
    "openid",
    "openid_list",
    "remark",
    "tag",
    "tagid",
    "user_list",
    "kf_account",
    "nickname",
    "invite_wx",
    "command",
    "starttime",
    "endtime",
    "msgid",
    "number",
    "media_id",
    "type",
    "offset",
    "count",
    "action_name",
    "action_info",
    "expire_seconds",
    "button",
    "matchrule",
    "menuid",
    "user_id",
    "next_openid",
    "begin_openid",
    "action",
    "check_operator",
    "cgi_path",
    "rid",
    "appid",
    "template_id_short",
    "keyword_name_list",
    "client_msg_id",
    "grant_type",
    "secret",
    "force_refresh",
    "industry_id1",
    "page",
]
BODIES = [b"", b"{", b"[]", b"null", b"\xff\xfe", DEEP.encode(), b'{"touser":"\\ud800"}']


@pytest.mark.parametrize("path", ["/cgi-bin/", "/customservice/", "/sns/", "/connect/", "/mp/"])
async def test_every_call_survives_every_body(sim, path):
    openid = await sim.follower()
    bodies = [json.dumps(dict.fromkeys(NAMES, value)).encode() for value in ODD]
    bodies += [json.dumps(dict.fromkeys(NAMES, value) | known(openid)).encode() for value in ODD]
    await sim.faults(forced_refreshes_a_day=10**6)

    for endpoint in [one for one in ENDPOINTS if one.startswith(path)]:
        for body in BODIES + bodies:
            response, answer = await sim.call_raw(endpoint, body)
            assert response.status in {200, 404}, (endpoint, body)
            assert not answer.startswith(b"500"), (endpoint, body)


async def test_every_call_survives_every_query(sim):
    await sim.call("/cgi-bin/user/get")
    for value in ("", "x", "字" * 9, "\x00", "-1", "9" * 50, "%00"):
        query = dict.fromkeys((*NAMES, "code", "ticket", "redirect_uri", "lang"), value)
        for endpoint in ENDPOINTS:
            response, _ = await sim.call_raw(
                endpoint, **{**query, "access_token": sim.access_token}
            )
            assert response.status in {200, 302, 404}, endpoint


async def test_a_body_that_is_not_encoded_as_it_says_is_refused(sim):
    headers = {"Content-Encoding": "gzip"}
    for path, status in (("/cgi-bin/stable_token", 200), ("/sim/followers", 400)):
        async with sim.http.post(sim.base + path, data=b"{}", headers=headers) as response:
            answer = await response.json()

        assert response.status == status
        assert answer.get("errcode") == 47001 or answer["error"]


def known(openid):
    """So far right, so that what is wrong lies deeper."""
    return {
        "touser": openid,
        "openid": openid,
        "openid_list": [openid],
        "tagid": 2,
        "type": "image",
        "action_name": "QR_SCENE",
        "command": "Typing",
    }
