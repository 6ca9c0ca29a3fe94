"""Addresses that people have entered, asked on real sockets."""

import asyncio
import socket
from ipaddress import ip_address

import pytest
from aiohttp import web

from elsewhere import elsewhere
from wxdesk.outbound import (
    AddressForbidden,
    BadAddress,
    InsecurePage,
    NotReached,
    Outbound,
    connected,
    origin_of,
    read_networks,
    require_address,
)

HERE = read_networks("127.0.0.0/8, ::1")
BOUNDS = {"timeout_seconds": 5, "most_bytes": 100}


@pytest.fixture
async def guarded():
    outbound = Outbound()
    yield outbound
    await outbound.close()


@pytest.fixture
async def allowed():
    outbound = Outbound(HERE)
    yield outbound
    await outbound.close()


@pytest.fixture
async def inside():
    """A server on this machine."""
    async with elsewhere() as there:
        there.answer = _answer
        yield there


def _answer(asked):
    if asked.path == "/away":
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
    return web.Response(text="x" * int(asked.query.get("size", 5)))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1"),
    ],
)
def test_networks_of_ones_own_are_refused(address, guarded):
    assert not guarded.allows(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "114.114.114.114", "2400:3200::1"])
def test_public_addresses_are_not(address, guarded):
    assert guarded.allows(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_nothing_inside_is_reached_by_number_or_by_name(guarded, inside, host):
    url = inside.url.replace("127.0.0.1", host)

    with pytest.raises(AddressForbidden):
        await guarded.ask("GET", url, headers={}, **BOUNDS)

    assert inside.asked == []


@pytest.mark.parametrize("host", ["[64:ff9b::7f00:1]", "[2002:7f00:1::]"])
async def test_an_address_within_an_address_is_seen(guarded, host):
    with pytest.raises(AddressForbidden):
        await guarded.ask("GET", f"http://{host}/", headers={}, **BOUNDS)


async def test_what_the_settings_allow_is_asked(allowed, inside):
    answer = await allowed.ask("POST", f"{inside.url}/hook", headers={}, body=b"{}", **BOUNDS)

    assert (answer.status, answer.text, answer.whole) == (200, "xxxxx", True)


async def test_a_redirect_is_an_answer_like_any_other(allowed, inside):
    answer = await allowed.ask("GET", f"{inside.url}/away", headers={}, **BOUNDS)

    assert answer.status == 302
    assert [each.path for each in inside.asked] == ["/away"]


async def test_of_a_long_answer_the_beginning_is_read(allowed, inside):
    answer = await allowed.ask("GET", f"{inside.url}/?size=5000000", headers={}, **BOUNDS)

    assert (len(answer.body), answer.whole) == (100, False)


async def test_nobody_there_is_told_in_a_word(allowed):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        with pytest.raises(NotReached) as told:
            await allowed.ask("GET", f"http://127.0.0.1:{port}/", headers={}, **BOUNDS)

    assert told.value.facts["why"] == "refused"


@pytest.mark.parametrize(
    "url",
    [
        *("", "hook", "//shop.example/hook", "ftp://shop.example", "file:///etc/passwd"),
        *("http://", "http://u:p@shop.example/", "http://shop.example:0/", "http://a b/"),
        *("http://shop.example:99999/", "https://shop.example/" + "x" * 2000, "http://[::1/"),
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadAddress):
        require_address(url)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://shop.example/a?b=c#d", "https://shop.example"),
        ("https://Shop.Example:8443/{openid}", "https://shop.example:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
    ],
)
def test_a_page_is_from_its_origin(url, origin):
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "host",
    [
        *("{account}.example", "shop.example;script-src", "shop.example,*", "*.example", "*"),
        *("shop.example\\.evil", "商店.example", "[::1]", "a..b", ".a", "a'b", "a:1:2", "a:١"),
    ],
)
def test_what_could_mean_something_else_in_a_policy_is_no_host_of_a_page(host):
    with pytest.raises(BadAddress):
        origin_of(f"https://{host}/")


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("http://127.0.0.1:8000/", InsecurePage),
        ("http://93.184.215.14/", InsecurePage),
        ("https://127.0.0.1/", AddressForbidden),
        ("https://localhost/", AddressForbidden),
        ("https://2130706433/", AddressForbidden),
        ("https://169.254.169.254/", AddressForbidden),
        ("https://u:p@shop.example/", BadAddress),
        ("javascript:alert(1)", BadAddress),
        ("data:text/html,x", BadAddress),
        ("https://", BadAddress),
    ],
)
async def test_what_browsers_must_not_show_is_refused(guarded, url, refusal):
    with pytest.raises(refusal):
        await guarded.require_page(url)


@pytest.mark.parametrize("url", ["https://93.184.215.14/", "https://nobody.invalid/"])
async def test_what_is_public_or_known_to_browsers_alone_is_shown(guarded, url):
    await guarded.require_page(url)


async def test_a_page_without_tls_may_lie_in_a_network_that_the_settings_name(allowed):
    await allowed.require_page("http://127.0.0.1:8000/")
    await allowed.require_page("https://127.0.0.1/")
    for url in ("http://10.0.0.1/", "http://nobody.invalid/", "http://93.184.215.14/"):
        with pytest.raises(InsecurePage):
            await allowed.require_page(url)


async def test_a_name_that_leads_elsewhere_at_its_second_look_is_not_followed(inside, monkeypatch):
    """The name of a server leads to a public address when it is checked, and inside after that."""
    port = int(inside.url.rpartition(":")[2])
    answers = [[_place("192.0.2.1", port)], [_place("127.0.0.1", port)]]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.pop(0))
    monkeypatch.setattr("wxdesk.outbound.is_public", lambda found: str(found) == "192.0.2.1")

    with pytest.raises(OSError):
        await asyncio.to_thread(
            connected, "mail.example", port, timeout_seconds=0.1, anywhere=False
        )

    assert len(answers) == 1


async def test_of_several_addresses_a_public_one_is_connected_to(inside, monkeypatch):
    port = int(inside.url.rpartition(":")[2])
    found = [_place("10.0.0.1", port), _place("127.0.0.1", port)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr("wxdesk.outbound.is_public", lambda found: str(found) == "127.0.0.1")

    with connected("mail.example", port, timeout_seconds=1, anywhere=False) as connection:
        assert connection.getpeername() == ("127.0.0.1", port)


def test_nothing_inside_is_connected_to_unless_it_is_named(inside):
    port = int(inside.url.rpartition(":")[2])

    with pytest.raises(OSError, match="not public"):
        connected("localhost", port, timeout_seconds=1, anywhere=False)
    connected("localhost", port, timeout_seconds=1, anywhere=True).close()


def _place(address, port):
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)
