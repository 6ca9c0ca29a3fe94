"""Whether a page of another system lets the desk frame it: asked once, read as browsers read it.

A frame does not tell that its page refused: a browser shows an empty box there. So the desk asks
the page itself when an admin names it, about no customer, and reads the headers by which pages
refuse: ``frame-ancestors`` (CSP Level 3, 6.4.2) and, where there is none, ``X-Frame-Options``
(HTML, 7.7).
"""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urljoin, urlsplit

from wxdesk.desk.cards import Framing
from wxdesk.errors import DeskError
from wxdesk.outbound import Answer, NotReached, Outbound

TIMEOUT_SECONDS = 5
MOST_BYTES = 1024
MOST_HOPS = 4
LONGEST_WHY = 200
DEFAULT_PORTS = {"http": 80, "https": 443}
SUCCESSES = range(200, 300)
REDIRECTS = range(300, 400)

_SOURCE = re.compile(r"(?:([a-z][a-z0-9+.-]*)://)?(\*|(?:\*\.)?[^:/]+)(?::(\d+|\*))?(?:/.*)?")


async def look(outbound: Outbound, address: str, desk: str) -> tuple[Framing, str | None]:
    """Ask a page, and tell what a frame on the desk would show; ``cards.Framing`` says with what.

    Redirects are followed within its origin, as the frame follows them.

    Args:
        outbound: By what it is asked.
        address: Of the page, signed, about nobody.
        desk: How browsers reach the desk.
    """
    for _ in range(MOST_HOPS):
        answer = await _ask(outbound, address)
        if isinstance(answer, str):
            return Framing.UNREACHABLE, answer
        target = _redirected(answer, address)
        if target is None:
            return _said(answer, address, desk)
        if _origin(target) != _origin(address):
            return Framing.ELSEWHERE, urlsplit(target).netloc[:LONGEST_WHY]
        address = target
    return Framing.UNREACHABLE, "redirects"


def _said(answer: Answer, address: str, desk: str) -> tuple[Framing, str | None]:
    if answer.status not in SUCCESSES:
        return Framing.UNSURE, str(answer.status)
    why = refusal(answer.headers, address, desk)
    return (Framing.REFUSED, why[:LONGEST_WHY]) if why else (Framing.SHOWN, None)


def refusal(headers: Mapping[str, str], page: str, desk: str) -> str | None:
    """The header by which a page refuses to be framed by the desk; None where it does not.

    Args:
        headers: By their names in small letters; several of a name joined by commas.
        page: Its address.
        desk: How browsers reach the desk.
    """
    named = False
    for policy in headers.get("content-security-policy", "").split(","):
        for directive in policy.split(";"):
            name, *sources = directive.split() or [""]
            if name.lower() != "frame-ancestors":
                continue
            named = True
            if not any(_matches(each.lower(), page, desk) for each in sources):
                return f"Content-Security-Policy: {directive.strip()}"
            break  # of a policy only the first counts
    options = headers.get("x-frame-options", "")
    if named or not _refuses(options, page, desk):
        return None
    return f"X-Frame-Options: {options.strip()}"


async def _ask(outbound: Outbound, address: str) -> Answer | str:
    """What a page answers, or in a word why it does not."""
    try:
        return await outbound.ask(
            "GET",
            address,
            headers={"accept": "text/html"},
            timeout_seconds=TIMEOUT_SECONDS,
            most_bytes=MOST_BYTES,
        )
    except NotReached as error:
        return str(error.facts["why"])
    except DeskError as error:
        return error.code


def _redirected(answer: Answer, address: str) -> str | None:
    """Where an answer leads instead; None where it leads nowhere."""
    target = answer.headers.get("location")
    if answer.status not in REDIRECTS or target is None:
        return None
    try:
        found = urljoin(address, target)
        _origin(found)
    except ValueError:
        return None
    return found


def _refuses(options: str, page: str, desk: str) -> bool:
    """What is none of these words is not minded; words that contradict each other refuse."""
    said = {each.strip().lower() for each in options.split(",")}
    if len(said) > 1:
        return not said.isdisjoint({"deny", "allowall", "sameorigin"})
    return "deny" in said or ("sameorigin" in said and _origin(page) != _origin(desk))


def _matches(source: str, page: str, desk: str) -> bool:
    """Whether one source of ``frame-ancestors`` stands for the desk."""
    if source == "'self'":
        return _origin(page) == _origin(desk)
    if source == "*":
        return True
    there = urlsplit(desk)
    if source.endswith(":"):
        return _scheme_fits(source[:-1], there.scheme)
    found = _SOURCE.fullmatch(source)
    if not found:
        return False
    scheme, host, port = found.groups()
    return (
        _scheme_fits(scheme or urlsplit(page).scheme, there.scheme)
        and _host_fits(host, there.hostname or "")
        and _port_fits(port, there)
    )


def _scheme_fits(wanted: str, scheme: str) -> bool:
    return wanted == scheme or (wanted, scheme) == ("http", "https")


def _host_fits(wanted: str, host: str) -> bool:
    return host.endswith(wanted[1:]) if wanted.startswith("*") else wanted == host


def _port_fits(wanted: str | None, desk: SplitResult) -> bool:
    port = desk.port or DEFAULT_PORTS.get(desk.scheme)
    if wanted is None:
        return port == DEFAULT_PORTS.get(desk.scheme)
    upgraded = wanted == "80" and desk.scheme == "https" and port == DEFAULT_PORTS["https"]
    return wanted in ("*", str(port)) or upgraded


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port, the default one where it names none.

    Raises:
        ValueError: This is no address.
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
