"""What a push is on the wire: sealed for one browser, signed as ours, and only to push services."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from push_service import push_service_running
from wxdesk.ways import (
    EndpointRefused,
    Fate,
    PushKeys,
    PushNote,
    Subscription,
    WrongPushKey,
    push,
    require_endpoint,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTE = PushNote('{"title": "新会话"}'.encode(), "conversation-7", timedelta(seconds=40))


@pytest.fixture
async def service():
    async with push_service_running() as service:
        yield service


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


def given(browser):
    told = browser.subscription
    return Subscription.of(told["endpoint"], **told["keys"])


async def test_only_the_browser_it_is_for_reads_it_and_the_service_knows_who_pushed(service, http):
    browser, keys = service.browser(), PushKeys.new()
    other = service.browser()

    outcome = await push(http, given(browser), NOTE, keys, subject="mailto:a@b.cn", now=NOW)

    (pushed,) = service.pushed
    claims = pushed.signed_by(keys.public)
    assert outcome.fate is Fate.SENT
    assert browser.open(pushed.body) == {"title": "新会话"}
    with pytest.raises(Exception, match=r"Decryption error|InvalidTag|decrypt"):
        other.open(pushed.body)
    assert claims["aud"] == service.url
    assert claims["sub"] == "mailto:a@b.cn"
    assert NOW < datetime.fromtimestamp(claims["exp"], UTC) <= NOW + timedelta(hours=24)
    assert (pushed.headers["ttl"], pushed.headers["urgency"]) == ("40", "high")
    assert len(pushed.headers["topic"]) <= 32
    assert "conversation" not in pushed.headers["topic"]


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (201, Fate.SENT),
        (404, Fate.GONE),
        (410, Fate.GONE),
        (429, Fate.LATER),
        (503, Fate.LATER),
        (400, Fate.REFUSED),
        (413, Fate.REFUSED),
        (302, Fate.REFUSED),
    ],
)
async def test_what_the_service_answers_decides(service, http, status, fate):
    service.statuses = [status]
    outcome = await push(
        http, given(service.browser()), NOTE, PushKeys.new(), subject="mailto:a@b.cn", now=NOW
    )

    assert outcome.fate is fate
    assert len(service.pushed) == 1


async def test_a_service_that_is_away_is_tried_later(http):
    async with push_service_running() as service:
        to = given(service.browser())
    outcome = await push(http, to, NOTE, PushKeys.new(), subject="mailto:a@b.cn", now=NOW)

    assert outcome.fate is Fate.LATER


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQ",
        "https://sg2p.notify.windows.com/w/?token=BQYA",
    ],
)
def test_the_services_of_browsers_are_known(endpoint):
    require_endpoint(endpoint, ())


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evilfcm.googleapis.com.example/a",
        "https://notfcm-googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://user@fcm.googleapis.com/a",
        "https://fcm.googleapis.com@169.254.169.254/a",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[fcm.googleapis.com/a",
        "https://localhost/a",
        "https://10.0.0.1\\@fcm.googleapis.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "https://fcm.googleapis.com/" + "a" * 2000,
    ],
)
def test_nothing_else_is_ever_asked(endpoint):
    with pytest.raises(EndpointRefused):
        require_endpoint(endpoint, ())


def test_an_operator_may_trust_another_and_no_neighbour_of_it():
    trusted = {"http://127.0.0.1:9000"}
    require_endpoint("http://127.0.0.1:9000/to/1", trusted)
    for neighbour in ("http://127.0.0.1:9001/to/1", "http://127.0.0.1:90001/", "http://127.0.0.1/"):
        with pytest.raises(EndpointRefused):
            require_endpoint(neighbour, trusted)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("AAAA", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("é", "x"),
        ("B" * 87, "AAAAAAAAAAAAAAAAAAAAAA"),
    ],
)
def test_keys_that_are_none_are_refused(p256dh, auth):
    with pytest.raises(EndpointRefused):
        Subscription.of("https://fcm.googleapis.com/a", p256dh, auth)


def test_a_private_key_tells_its_public_one_and_nonsense_is_told():
    keys = PushKeys.new()
    assert PushKeys.read(keys.private) == keys
    for wrong in ("", "AAAA", "no base64!", "_" * 43):
        with pytest.raises(WrongPushKey):
            PushKeys.read(wrong)
