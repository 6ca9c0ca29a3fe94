"""Web push: sealed for one browser (RFC 8291), signed as ours (RFC 8292), posted (RFC 8030)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal, Self
from urllib.parse import urlsplit

import aiohttp
import http_ece
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from wxdesk.errors import Invalid
from wxdesk.ways.outcome import Fate, Outcome

SERVICES = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
)
"""Where browsers have their push services, each with all that is below it."""

CURVE = ec.SECP256R1()
AUTH_BYTES = 16
LONGEST_ENDPOINT = 1000
SIGNED_FOR = timedelta(hours=12)
"""A signature may be good for a day at most (RFC 8292, 2)."""

PATIENCE = aiohttp.ClientTimeout(total=10)
LONGEST_WAIT = timedelta(hours=1)
RETRY_AFTER = re.compile(r"\d{1,6}")


class EndpointRefused(Invalid):
    """A browser's push service is none that we know, or what it gave is broken."""

    code = "push_endpoint_refused"


class WrongPushKey(Invalid):
    """The private key of the settings is none."""

    code = "wrong_push_key"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is reached, and what it is sealed with."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def of(cls, endpoint: str, p256dh: str, auth: str) -> Self:
        """As browsers give it.

        Raises:
            EndpointRefused: The keys are none.
        """
        try:
            key, secret = _bytes_of(p256dh), _bytes_of(auth)
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
        except (ValueError, binascii.Error, UnsupportedAlgorithm):
            raise EndpointRefused("the keys of the subscription are broken") from None
        if len(secret) != AUTH_BYTES:
            raise EndpointRefused("the secret of the subscription is broken")
        return cls(endpoint, key, secret)


@dataclass(frozen=True, slots=True)
class PushKeys:
    """Who we are to push services: the same for as long as subscriptions are to live.

    Attributes:
        private: 32 bytes in base64url.
        public: What browsers are told, an uncompressed point in base64url.
    """

    private: str
    public: str

    @classmethod
    def new(cls) -> Self:
        return cls._of(ec.generate_private_key(CURVE))

    @classmethod
    def read(cls, private: str) -> Self:
        """From the private key alone.

        Raises:
            WrongPushKey: It is none.
        """
        try:
            number = int.from_bytes(_bytes_of(private))
            return cls._of(ec.derive_private_key(number, CURVE))
        except (ValueError, binascii.Error):
            raise WrongPushKey("not 32 bytes of a P-256 key in base64url") from None

    @classmethod
    def _of(cls, key: ec.EllipticCurvePrivateKey) -> Self:
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        number = key.private_numbers().private_value
        return cls(_text_of(number.to_bytes(32)), _text_of(point))


@dataclass(frozen=True, slots=True)
class PushNote:
    """What is pushed.

    Attributes:
        content: What the page's service worker reads.
        topic: Replaces what was pushed under the same one and has not arrived yet.
        lives: So long the service keeps it for a browser that is away.
    """

    content: bytes
    topic: str
    lives: timedelta
    urgency: Literal["normal", "high"] = "high"


def require_endpoint(endpoint: str, origins: Collection[str]) -> None:
    """Only what is a push service is ever asked: endpoints are given by browsers, or by anybody.

    Args:
        endpoint: The address that a browser gave.
        origins: Origins (``https://push.example:8443``) that the operator trusts beside the known
            services, whatever they are.

    Raises:
        EndpointRefused: It is none of them.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise EndpointRefused("not an address") from None
    if len(endpoint) > LONGEST_ENDPOINT or parts.username is not None or "\\" in endpoint:
        raise EndpointRefused("not the address of a push service")
    if f"{parts.scheme}://{parts.netloc}" in origins:
        return
    known = any(host == each or host.endswith(f".{each}") for each in SERVICES)
    if parts.scheme != "https" or port not in (None, 443) or not known:
        raise EndpointRefused("not the address of a known push service", host=host[:100])


async def push(
    http: aiohttp.ClientSession,
    to: Subscription,
    note: PushNote,
    keys: PushKeys,
    *,
    subject: str,
    now: datetime,
) -> Outcome:
    """Push a note to a browser; its endpoint is one that was asked about before."""
    content = http_ece.encrypt(
        note.content,
        private_key=ec.generate_private_key(CURVE),
        dh=to.p256dh,
        auth_secret=to.auth,
        version="aes128gcm",
    )
    headers = {
        **_signed(to.endpoint, keys, subject, now),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(max(0, int(note.lives.total_seconds()))),
        "urgency": note.urgency,
        "topic": _text_of(hashlib.sha256(note.topic.encode()).digest()[:24]),
    }
    try:
        async with http.post(
            to.endpoint, data=content, headers=headers, timeout=PATIENCE, allow_redirects=False
        ) as answer:
            return _outcome(answer.status, answer.headers.get("retry-after", ""))
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        return Outcome(Fate.LATER, type(error).__name__)


def _signed(endpoint: str, keys: PushKeys, subject: str, now: datetime) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": subject,
    }
    headers: dict[str, str] = Vapid02.from_raw(keys.private.encode()).sign(claims)
    return headers


def _outcome(status: int, retry_after: str) -> Outcome:
    """RFC 8030, 5 and 7.3: 404 and 410 say that nobody subscribes any more."""
    why = f"http_{status}"
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(Fate.SENT)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Outcome(Fate.GONE, why)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = timedelta(seconds=int(retry_after)) if RETRY_AFTER.fullmatch(retry_after) else None
        return Outcome(Fate.LATER, why, min(wait, LONGEST_WAIT) if wait else None)
    return Outcome(Fate.REFUSED, why)


def _bytes_of(text: str) -> bytes:
    """Of base64url, with or without its padding."""
    plain = text.rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def _text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
