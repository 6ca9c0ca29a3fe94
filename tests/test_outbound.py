"""Addresses that people have entered, asked on real sockets."""

import socket
from ipaddress import ip_address

import pytest
from aiohttp import web

from elsewhere import elsewhere
from wxdesk.outbound import (
    AddressForbidden,
    BadAddress,
    NotReached,
    Outbound,
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
