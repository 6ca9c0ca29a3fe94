"""The server configuration of one account: what may come in at its callback URL.

Source: "Receiving pushes" (doc/service/guide/dev/push) and its page on encryption.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from urllib.parse import parse_qsl

from wxdesk.wechat.elements import cdata, read_elements
from wxdesk.wechat.envelope import Envelope, signature
from wxdesk.wechat.errors import Forged

_MAX_PARAMS = 20
FAR_OFF = "timestamp far off"
"""Why a push is refused that is WeChat's: one of the two clocks is wrong."""

_TIMESTAMP_DIGITS = 12


class Mode(StrEnum):
    """How WeChat posts: as it is, both ways in one body, or encrypted only."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SECURE = "secure"


@dataclass(frozen=True, slots=True)
class Callback:
    """What one account's settings page says about pushes.

    Attributes:
        token: Shared with WeChat, for signatures.
        app_id: Stands inside every envelope.
        mode: What WeChat was told to send.
        aes_keys: The current ``EncodingAESKey``, then the one before it while it is rotated out.
        max_skew: How far a push's timestamp may be from our clock; None for any.

    Raises:
        ValueError: A key is not one, or the mode needs one and there is none.
    """

    token: str = field(repr=False)
    app_id: str
    mode: Mode
    aes_keys: tuple[str, ...] = field(default=(), repr=False)
    max_skew: timedelta | None = None
    _envelopes: tuple[Envelope, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.mode is not Mode.PLAIN and not self.aes_keys:
            raise ValueError(f"mode {self.mode} needs an EncodingAESKey")
        envelopes = tuple(Envelope(key, self.app_id) for key in self.aes_keys)
        object.__setattr__(self, "_envelopes", envelopes)

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """What to answer when WeChat verifies the URL (GET): never encrypted, in no mode.

        Raises:
            Forged: Not asked by WeChat.
        """
        self._verify(query, "signature", now=now)
        return _param(query, "echostr")

    def unwrap(self, query: Mapping[str, str], body: bytes, now: datetime) -> bytes:
        """The plain XML of a push (POST).

        Where a body carries both forms only the encrypted one is believed: the signature of the
        other covers no body.

        Raises:
            Forged: Not posted by WeChat for this account, or not in the form it must have.
            Malformed: The envelope is not XML.
        """
        if _is_encrypted(query):
            return self._unwrap_encrypted(query, body, now)
        if self.mode is Mode.SECURE:
            raise Forged("plaintext in secure mode")
        self._verify(query, "signature", now=now)
        return body

    def answer(self, query: Mapping[str, str], xml: bytes, now: datetime) -> bytes:
        """A passive reply to the push that came with this query: sealed if that was."""
        if not _is_encrypted(query):
            return xml
        return self.wrap(xml, int(now.timestamp()), _param(query, "nonce"))

    def wrap(self, xml: bytes, timestamp: int, nonce: str) -> bytes:
        """A passive reply in the envelope that secure mode asks for.

        Args:
            xml: The reply.
            timestamp: Ours, in Unix seconds.
            nonce: Any; the push's own will do.

        Raises:
            ValueError: The account has no key.
        """
        if not self._envelopes:
            raise ValueError("there is no key to wrap with")
        sealed = self._envelopes[0].seal(xml)
        signed = signature(self.token, str(timestamp), nonce, sealed)
        return (  # of these only the nonce can hold anything but letters, digits, + / and =
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp>"
            f"<Nonce>{cdata(nonce)}</Nonce></xml>"
        ).encode()

    def _unwrap_encrypted(self, query: Mapping[str, str], body: bytes, now: datetime) -> bytes:
        if not self._envelopes:
            raise Forged("encrypted, and there is no key")
        sealed = read_elements(body).get("Encrypt")
        if not sealed:
            raise Forged("no Encrypt")
        self._verify(query, "msg_signature", sealed, now=now)
        return self._open(sealed)

    def _open(self, sealed: str) -> bytes:
        *keys_before_last, last = self._envelopes
        for envelope in keys_before_last:
            try:
                return envelope.open(sealed)
            except Forged:
                continue  # sealed with the key that is being rotated out
        return last.open(sealed)

    def _verify(
        self, query: Mapping[str, str], signed_as: str, *signed: str, now: datetime
    ) -> None:
        claimed = _param(query, signed_as)
        timestamp = _param(query, "timestamp")
        expected = signature(self.token, timestamp, _param(query, "nonce"), *signed)
        if not compare_digest(claimed, expected):
            raise Forged(f"wrong {signed_as}")
        self._check_time(timestamp, now)

    def _check_time(self, timestamp: str, now: datetime) -> None:
        if self.max_skew is None:
            return
        if len(timestamp) > _TIMESTAMP_DIGITS or not timestamp.isdigit():
            raise Forged("odd timestamp")
        if abs(now.timestamp() - int(timestamp)) > self.max_skew.total_seconds():
            raise Forged(FAR_OFF)


def read_query(raw: bytes) -> dict[str, str]:
    """The parameters of a callback's query string, as ``echo`` and ``unwrap`` take them.

    Raises:
        Forged: A parameter stands twice, is not UTF-8, or there are more than WeChat sends.
    """
    try:
        params = _split(raw.decode("ascii"))
    except ValueError:
        raise Forged("odd query") from None
    query = dict(params)
    if len(query) != len(params):
        raise Forged("a parameter stands twice")
    return query


def _split(query: str) -> list[tuple[str, str]]:
    """What ``parse_qsl`` says, in half the time where nothing is quoted, as in every push."""
    if "%" in query or "+" in query or query.count("&") >= _MAX_PARAMS:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMS)
    pairs = (param.partition("=") for param in query.split("&") if param)
    return [(name, value) for name, _, value in pairs]


def _is_encrypted(query: Mapping[str, str]) -> bool:
    match query.get("encrypt_type", ""):
        case "aes":
            return True
        case "" | "raw":
            return False
    raise Forged("odd encrypt_type")


def _param(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value or not value.isascii():
        raise Forged(f"no {name}")
    return value
