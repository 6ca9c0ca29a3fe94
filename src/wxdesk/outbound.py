"""Addresses that people have entered: webhooks, cards, mail servers; which of them may be asked.

Whoever may enter an address must not reach what only the desk's machine reaches: the metadata of a
cloud, a database, a router. So the address of every connection is checked at the moment it is made,
whatever a name resolved to a moment before; redirects are not followed, and answers are bounded in
time and size.
"""

import asyncio
import json
import re
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from wxdesk.errors import Invalid, Unavailable

LONGEST_URL = 2000
MOST_CONNECTIONS = 100
LOOK_UP_SECONDS = 5
NAT64 = IPv6Network("64:ff9b::/96")

_PLAIN_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class BadAddress(Invalid):
    """It is no address that can be asked."""

    code = "bad_address"


class AddressForbidden(Invalid):
    """It leads into a network of the desk's own, which the settings do not allow."""

    code = "address_forbidden"


class InsecurePage(Invalid):
    """A page over ``http`` that lies in no network which the settings allow."""

    code = "insecure_page"


class NotReached(Unavailable):
    """Nobody was there, or nobody answered in time. ``why`` says it in a word."""

    code = "not_reached"


class NotPublic(OSError):
    """Not connected to: where it leads is nobody's business."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        headers: By their names in small letters; several of a name are joined by commas.
        body: The beginning of it, where it was longer than was asked for.
        whole: It was not.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """What it says.

        Raises:
            ValueError: That is no JSON.
        """
        if not self.whole:
            raise ValueError("too long")
        return json.loads(self.body)


class Outbound:
    """Asks addresses that people have entered.

    Args:
        allowed: Networks within which addresses may lie beside the public ones.
    """

    def __init__(self, allowed: Collection[Network] = ()) -> None:
        self._allowed = tuple(allowed)
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=MOST_CONNECTIONS, socket_factory=self._socket, use_dns_cache=False
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def close(self) -> None:
        await self._http.close()

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        timeout_seconds: float,
        most_bytes: int,
    ) -> Answer:
        """Ask once.

        Raises:
            BadAddress: It is no address.
            AddressForbidden: It leads where it must not.
            NotReached: There was no answer.
        """
        require_address(url)
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        plain = {"accept-encoding": "identity", "user-agent": "wxdesk", **headers}
        try:
            async with self._http.request(
                method, url, data=body, headers=plain, timeout=timeout, allow_redirects=False
            ) as answer:
                found = await _first(answer.content, most_bytes + 1)
                named = {
                    name.lower(): ", ".join(answer.headers.getall(name)) for name in answer.headers
                }
                return Answer(
                    answer.status, named, found[:most_bytes], whole=len(found) <= most_bytes
                )
        except aiohttp.InvalidURL:
            raise BadAddress("this is no address") from None
        except TimeoutError:
            raise NotReached("no answer in time", why="timeout") from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, NotPublic):
                raise AddressForbidden("it leads into the desk's own network") from None
            raise NotReached(str(error), why=_why(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NotReached(str(error) or type(error).__name__, why="broken") from None

    async def require_page(self, url: str) -> None:
        """Raise unless browsers may show a page: over https, or over http from networks allowed.

        Whatever its host leads to, as far as this machine knows: it is the browser that asks.

        Raises:
            BadAddress: It is no address.
            InsecurePage: It has to be one of https.
            AddressForbidden: It leads where it must not.
        """
        require_address(url)
        origin = origin_of(url)
        found = await _addresses_of(urlsplit(origin).hostname or "")
        if origin.startswith("http:") and not (found and all(map(self._names, found))):
            raise InsecurePage("a page is shown over https only")
        if not all(map(self.allows, found)):
            raise AddressForbidden("it leads into the desk's own network")

    def allows(self, address: Address) -> bool:
        """Whether it may be connected to."""
        return is_public(address) or self._names(address)

    def _names(self, address: Address) -> bool:
        """Whether the settings name a network in which it is."""
        return any(
            address.version == network.version and address in network for network in self._allowed
        )

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """The one place where a connection begins, to an address that is not looked up again."""
        family, kind, protocol, _, place = info
        if not self.allows(_embedded(_address(place))):
            raise NotPublic("not public")
        return socket.socket(family, kind, protocol)


def require_address(url: str) -> None:
    """Raise unless an address can be asked: ``http`` or ``https``, a host, no name and password.

    Raises:
        BadAddress: It cannot.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("this is no address") from None
    good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not good or port == 0 or len(url) > LONGEST_URL or any(each <= " " for each in url):
        raise BadAddress("an address begins with http:// or https:// and holds no password")


def origin_of(url: str) -> str:
    """Where a page is from, as a browser's policy names it: ``https://shop.example:8443``.

    Raises:
        BadAddress: Its host is no plain name: it holds a placeholder, or is an IPv6 address.
    """
    parts = urlsplit(url)
    host, _, port = parts.netloc.lower().partition(":")
    if not _PLAIN_HOST.fullmatch(host) or not (port.isascii() and (port.isdigit() or not port)):
        raise BadAddress("the host of a page is written in plain letters, digits, dots")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def connected(host: str, port: int, *, timeout_seconds: float, anywhere: bool) -> socket.socket:
    """A connection to a host; its name is looked up once, and what was checked is connected to.

    Blocks: to be called in a thread.

    Args:
        host: A name or an address.
        port: Where it listens.
        timeout_seconds: How long it may take to connect, and each answer after that.
        anywhere: Whether it may also lie in a network of the desk's own.

    Raises:
        OSError: Nobody is there, or nobody who may be asked.
    """
    failure = OSError("nobody is there")
    for family, kind, protocol, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not (anywhere or is_public(_address(place))):
            failure = NotPublic("not public")
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout_seconds)
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def is_public_host(host: str) -> bool:
    """Whether all that a name leads to is public. Blocks: to be called in a thread.

    Raises:
        OSError: There is no such host.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError("no name of a host") from None
    return all(is_public(_address(entry[4])) for entry in found)


def is_public(address: Address) -> bool:
    """Whether everybody can reach it, also as the IPv4 address that it may stand for."""
    found = _embedded(address)
    return found.is_global and not found.is_multicast


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks as they are written in a setting: ``10.0.0.0/8, 127.0.0.1``.

    Raises:
        ValueError: One of them is none.
    """
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


async def _addresses_of(host: str) -> Collection[Address]:
    """What a name leads to; nothing, where this machine does not know it."""
    look_up = asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.wait_for(look_up, LOOK_UP_SECONDS)
    except (OSError, UnicodeError):
        return ()
    return {_embedded(_address(entry[4])) for entry in found}


def _address(place: Sequence[Any]) -> Address:
    """Of a socket's place."""
    return ip_address(str(place[0]).partition("%")[0])


async def _first(stream: aiohttp.StreamReader, most: int) -> bytes:
    found = bytearray()
    while len(found) < most and (more := await stream.read(most - len(found))):
        found += more
    return bytes(found)


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _why(error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unknown_host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "bad_certificate"
    return "refused"
