"""Where WeChat knocks: whoever else does is turned away, and whatever it brings is kept."""

import asyncio
import sqlite3
import time
from contextlib import asynccontextmanager
from hashlib import sha1
from io import BytesIO
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, select

from desk_builder import APP_ID
from patient import PATIENCE_SECONDS
from web.knocker import Knocker
from wxdesk.desk import accounts
from wxdesk.desk.accounts import Credentials
from wxdesk.desk.intake import KeptPush
from wxdesk.wechat import Envelope, Mode, cdata

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
any_time = pytest.mark.parametrize("settings", [{"push_skew_seconds": 0}])
in_mode = pytest.mark.parametrize("mode", Mode)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pushes"
OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
# the reference's own vector: one push, signed and sealed
SIGNED = {
    "signature": "ca043f50c67092b8dd9f232bd61236ad7ddacebd",
    "timestamp": "1767319262",
    "nonce": "1372623149",
    "openid": OPENID,
}
ENCRYPTED = SIGNED | {
    "encrypt_type": "aes",
    "msg_signature": "ba605b641fb951248cf6e60637bc3c7be64efdce",
}
NEXT_KEY = "N" * 43


@pytest.fixture
async def kept(runtime):
    """``await kept()``: the kept pushes."""

    async def read():
        async with runtime.db.reading() as unit:
            return (await unit.session.scalars(select(KeptPush).order_by(KeptPush.id))).all()

    return read


@pytest.fixture
async def official(runtime):
    """The account of WeChat's own examples, in secure mode."""
    async with runtime.db.unit() as unit:
        await accounts.add(
            unit,
            runtime.vault,
            slug="official",
            name="官方示例",
            app_id="wxba5fad812f8e6fb9",
            credentials=Credentials("secret", "AAAAA", "A" * 43),
            mode=Mode.SECURE,
            now=runtime.clock.now(),
        )


def fixture(name):
    return (FIXTURES / f"{name}.xml").read_bytes()


# Verification


@on_sqlite
@any_time
async def test_the_url_is_verified_as_in_the_official_example(official, http):
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "echostr": "4375120948345356249",
        "timestamp": "1714036504",
        "nonce": "1514711492",
    }

    async with http.get("/wechat/official", params=query) as answer:
        assert answer.status == 200
        assert await answer.read() == b"4375120948345356249"
        assert answer.content_type == "text/plain"


@on_sqlite
@in_mode
async def test_the_url_is_verified_in_plaintext_in_every_mode(door):
    answer = await door.knock("GET", "shop", door.signed(echostr="<b>42</b>"))

    assert answer == (200, "<b>42</b>")


@on_sqlite
@pytest.mark.parametrize("changed", [{"signature": "0" * 40}, {"nonce": "2"}, {"echostr": ""}])
async def test_a_verification_that_wechat_did_not_ask_for_is_refused(door, changed):
    assert await door.knock("GET", "shop", door.signed(echostr="42") | changed) == (
        403,
        "not from WeChat",
    )


@on_sqlite
async def test_an_account_nobody_has_is_not_found(door):
    assert (await door.knock("GET", "other", door.signed(echostr="42")))[0] == 404
    assert (await door.push("<xml/>", slug="other"))[0] == 404
    assert (await door.push("<xml/>", slug="shop/"))[0] == 404
    assert (await door.push("<xml/>", slug=""))[0] == 404


@on_sqlite
@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_nothing_but_get_and_post_is_answered(door, kept, method):
    assert (await door.knock(method, "shop", door.signed(echostr="42"), b"<xml/>"))[0] == 405
    assert await kept() == []


# Complaints, at an address of their own


async def complain(door, xml, **query):
    return await door.knock("POST", "shop/pay-feedback", query, xml.encode())


async def test_a_complaint_is_kept_once(door, desk, kept):
    xml = desk.complaint_xml(OPENID)

    assert await complain(door, xml) == (200, "success")
    assert await complain(door, xml) == (200, "success")

    (push,) = await kept()
    assert (push.kind, push.openid, push.body) == ("payfeedback/request", OPENID, xml.encode())


@on_sqlite
async def test_each_step_of_a_complaint_is_kept(door, desk, kept, clock):
    for stage in ("request", "reject", "confirm"):
        clock.forward(minutes=1)
        assert await complain(door, desk.complaint_xml(OPENID, stage)) == (200, "success")

    assert [push.kind.partition("/")[2] for push in await kept()] == [
        "request",
        "reject",
        "confirm",
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("<xml><AppId>wx0000000000000000</AppId></xml>", 403),
        (f"<xml><AppId>{APP_ID}</AppId></xml>", 400),
        ("not XML", 400),
        ("<xml>" + "<a>" * 100_000, 400),
    ],
)
async def test_what_is_no_complaint_of_this_account_is_refused(door, kept, xml, status):
    assert (await complain(door, xml))[0] == status
    assert await kept() == []


@on_sqlite
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_complaints_are_posted(door, method):
    assert (await door.knock(method, "shop/pay-feedback", door.signed(echostr="42")))[0] == 405


@on_sqlite
@pytest.mark.parametrize(
    "slug", ["shop/other", "shop/pay-feedback/", "shop//", "other/pay-feedback"]
)
async def test_there_is_nothing_else_below_an_account(door, slug):
    assert (await door.push("<xml/>", slug=slug))[0] == 404


@pytest.fixture
async def pay_sign_key(shop, runtime):
    async with runtime.db.unit() as unit:
        await accounts.set_pay_sign_key(unit, runtime.vault, slug=shop.slug, key="pay sign key")
    return "pay sign key"


@on_sqlite
async def test_with_the_key_of_wechat_pay_only_its_own_complaints_are_kept(
    pay_sign_key, door, desk, kept, clock
):
    forged = desk.complaint_xml(OPENID)
    signed = sha1(
        f"appid={APP_ID}&appkey={pay_sign_key}&openid={OPENID}"
        f"&timestamp={clock.now().timestamp():.0f}".encode()
    ).hexdigest()
    genuine = forged.replace("</xml>", f"<AppSignature>{signed}</AppSignature></xml>")

    assert (await complain(door, forged))[0] == 403
    assert (await complain(door, genuine))[0] == 200

    assert [push.body for push in await kept()] == [genuine.encode()]


@on_sqlite
async def test_nobody_can_fill_the_disk_with_complaints_that_nothing_proves(
    door, desk, kept, clock
):
    xml = desk.complaint_xml(OPENID)
    answers = [
        (await complain(door, xml.replace("9038172645501928374", str(n))))[0] for n in range(70)
    ]
    assert answers == [200] * 60 + [429] * 10

    clock.forward(minutes=1)
    assert (await complain(door, xml))[0] == 200
    assert len(await kept()) == 61


# The three modes


@any_time
@pytest.mark.parametrize(
    ("mode", "query", "name"),
    [
        (Mode.PLAIN, SIGNED, "message-text"),
        (Mode.PLAIN, SIGNED | {"encrypt_type": "raw"}, "message-text"),
        (Mode.COMPATIBLE, ENCRYPTED, "envelope-compatible"),
        (Mode.COMPATIBLE, SIGNED, "message-text"),
        (Mode.SECURE, ENCRYPTED, "envelope-secure"),
    ],
)
async def test_the_vector_of_the_reference_is_kept_in_plain(door, kept, query, name):
    answer = await door.knock("POST", "shop", query, fixture(name))

    assert answer == (200, "success")
    assert [(row.openid, row.body) for row in await kept()] == [(OPENID, fixture("message-text"))]


@on_sqlite
@any_time
async def test_the_official_envelope_is_opened_and_its_json_kept(official, http, kept):
    """Official Accounts are pushed XML only; that it is 400, not 403, says that it was opened."""
    query = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": "1714112445",
        "nonce": "415670741",
        "encrypt_type": "aes",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    }
    sealed = (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQ"
        "qcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfM"
        "ZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRt"
        "Wygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    )

    async def knock(envelope):
        body = f"<xml><Encrypt>{cdata(envelope)}</Encrypt></xml>"
        async with http.post("/wechat/official", params=query, data=body) as answer:
            return answer.status

    assert await knock(sealed) == 200
    assert await knock("B" + sealed[1:]) == 403
    (push,) = await kept()
    assert (push.kind, push.openid) == ("event/debug_demo", "o9AgO5Kd5ggOC-bXrbNODIiE3bGY")


@on_sqlite
@any_time
@pytest.mark.parametrize("mode", [Mode.SECURE])
async def test_secure_mode_refuses_plaintext(door, kept):
    assert (await door.knock("POST", "shop", SIGNED, fixture("message-text")))[0] == 403
    assert await kept() == []


@on_sqlite
@any_time
@pytest.mark.parametrize("mode", [Mode.SECURE])
async def test_the_key_before_is_still_accepted_while_it_is_rotated_out(runtime, door):
    async def with_old():
        return await door.knock("POST", "shop", ENCRYPTED, fixture("envelope-secure"))

    async def with_new():
        return await push_sealed(door, Envelope(NEXT_KEY, APP_ID), fixture("message-text"))

    await rotate(runtime, NEXT_KEY)
    await becomes(with_new, (200, "success"))
    assert await with_old() == (200, "success")

    await rotate(runtime, "M" * 43)
    await becomes(with_old, (403, "not from WeChat"))


# Who is turned away


@on_sqlite
@pytest.mark.parametrize("mode", [Mode.SECURE])
@pytest.mark.parametrize(
    ("key", "app_id"),
    [(NEXT_KEY, APP_ID), ("k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A", "wx0000000000000000")],
    ids=["another key", "another AppID"],
)
async def test_an_envelope_of_another_account_is_refused(door, kept, key, app_id):
    answer = await push_sealed(door, Envelope(key, app_id), fixture("message-text"))

    assert answer[0] == 403
    assert await kept() == []


@on_sqlite
@pytest.mark.parametrize("mode", [Mode.SECURE])
@pytest.mark.parametrize("sealed", ["", "AAAA", "=", "💥", "A" * 43, "A" * 44])
async def test_a_broken_envelope_is_refused(door, sealed):
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"

    assert (await door.push(body, **door.signed(sealed=sealed or "x")))[0] == 403


@on_sqlite
@pytest.mark.parametrize("seconds", [-601, 601])
async def test_a_timestamp_far_off_is_refused(door, desk, clock, kept, seconds):
    query = door.signed()
    clock.forward(seconds=-seconds)

    assert (await door.knock("POST", "shop", query, desk.text_xml(OPENID, "你好")))[0] == 403
    assert await kept() == []


@on_sqlite
async def test_a_push_that_was_signed_by_somebody_else_is_refused(door, desk, kept):
    xml = desk.text_xml(OPENID, "你好")

    assert (await door.push(xml, signature="0" * 40))[0] == 403
    assert (await door.push(xml, nonce="2"))[0] == 403
    assert (await door.knock("POST", "shop", {}, xml))[0] == 403
    assert await kept() == []


@on_sqlite
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b'{"ToUserName": "gh_1"}',
        b"<xml><ToUserName>",
        b"<xml></xml>",
        b'<!DOCTYPE xml [<!ENTITY me SYSTEM "file:///etc/passwd">]><xml>&me;</xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/"><xml></xml>',
        b"<xml><Content>&me;</Content></xml>",
        "<xml>你好</xml>".encode("utf-16"),
        b"<xml>" * 5000,
        b"<xml>\xff</xml>",
    ],
)
async def test_what_is_no_push_is_refused(door, kept, body):
    assert await door.push(body) == (400, "not a push")
    assert await kept() == []


@on_sqlite
async def test_a_body_over_a_megabyte_is_refused_however_it_comes(door, kept):
    async def chunks():
        for _ in range(20):
            yield b" " * 65536

    whole = BytesIO(b" " * (1024 * 1024 + 1))
    assert (await door.knock("POST", "shop", door.signed(), whole))[0] == 413
    assert (await door.knock("POST", "shop", door.signed(), chunks()))[0] == 413
    assert await kept() == []


# What is kept


async def test_kinds_nobody_knows_are_kept_and_thanked_for(door, desk, kept):
    event = desk.event_xml(OPENID, "Brand_New_Event", key="x" * 500)
    message = desk.text_xml(OPENID, "x").replace("[text]", "[hologram]")

    assert await door.push(event) == (200, "success")
    assert await door.push(message) == (200, "success")
    assert [row.kind for row in await kept()] == ["event/brand_new_event", "hologram"]


async def test_the_same_push_three_times_at_once_is_one_row_and_three_thanks(door, desk, kept):
    xml = desk.text_xml(OPENID, "你好")

    answers = await asyncio.gather(*(door.push(xml) for _ in range(3)))

    assert answers == [(200, "success")] * 3
    assert len(await kept()) == 1


async def test_many_at_once_are_all_kept(runtime, door, desk):
    pushes = [desk.text_xml(f"oFollower{number:019}", "你好") for number in range(300)]

    answers = await asyncio.gather(*(door.push(xml) for xml in pushes))

    assert set(answers) == {(200, "success")}
    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(func.count()).select_from(KeptPush)) == 300


@pytest.mark.parametrize("settings", [{"push_wait_seconds": 0.3}])
async def test_while_the_database_is_blocked_wechat_is_asked_to_try_again(
    runtime, door, desk, kept
):
    xml = desk.text_xml(OPENID, "你好")
    async with blocked(runtime.db.url):
        began = time.monotonic()
        answer = await door.push(xml)
        took = time.monotonic() - began

    assert answer == (503, "try again")
    assert took < 2
    assert await door.push(xml) == (200, "success")
    assert len(await kept()) == 1


@asynccontextmanager
async def blocked(url):
    """Nobody else writes a push meanwhile."""
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(url.database, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
    else:
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        async with connection.transaction():
            await connection.execute("LOCK TABLE pushes")
            yield
        await connection.close()


async def rotate(runtime, key):
    async with runtime.db.unit() as unit:
        await accounts.rotate_aes_key(unit, runtime.vault, slug="shop", aes_key=key)


async def becomes(answer, wanted):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await answer() != wanted:
            await asyncio.sleep(0.01)


async def push_sealed(door: Knocker, envelope, xml):
    sealed = envelope.seal(xml)
    body = f"<xml><Encrypt>{cdata(sealed)}</Encrypt></xml>"
    return await door.push(body, **door.signed(sealed=sealed))
