"""What the platform posts to the account's server: one act of a follower, as XML."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wxsim import xml
from wxsim.account import Account, Mode
from wxsim.envelope import sign
from wxsim.xml import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """The same for every try.

    Attributes:
        kind: ``text``, ``image``, … or ``event/subscribe``, …
        msg_id: Messages only; events have none.
        answered: The follower sees the answer to it, or the grey line if there is none.
        pay_feedback: For the URL of rights-protection notices: never sealed, no signed query.
    """

    openid: str
    kind: str
    xml: bytes
    msg_id: int | None = None
    answered: bool = True
    pay_feedback: bool = False


def message(
    account: Account,
    openid: str,
    kind: str,
    elements: Sequence[Element],
    *,
    at: datetime,
    msg_id: int,
    last: Sequence[Element] = (),
) -> Push:
    """A message of the follower; ``last`` stands behind its MsgId."""
    head = _head(account, openid, kind, at)
    body = xml.document([*head, *elements, ("MsgId", msg_id), *last])
    return Push(openid=openid, kind=kind, xml=body, msg_id=msg_id)


def event(
    account: Account,
    openid: str,
    name: str,
    elements: Sequence[Element],
    *,
    at: datetime,
    answered: bool = True,
) -> Push:
    """Something the follower did that is not a message."""
    head = [*_head(account, openid, "event", at), ("Event", name)]
    return Push(
        openid=openid,
        kind=f"event/{name.lower()}",
        xml=xml.document([*head, *elements]),
        answered=answered,
    )


def pay_feedback(
    account: Account, openid: str, stage: str, elements: Sequence[Element], *, at: datetime
) -> Push:
    """A rights-protection notice (用户维权) of pay v2: ``request``, ``confirm`` or ``reject``."""
    timestamp = int(at.timestamp())
    facts = f"appid={account.app_id}&appkey={account.pay_key}&openid={openid}&timestamp={timestamp}"
    head: list[Element] = [
        ("OpenId", openid),
        ("AppId", account.app_id),
        ("TimeStamp", timestamp),
        ("MsgType", stage),
    ]
    tail: list[Element] = [
        ("AppSignature", hashlib.sha1(facts.encode(), usedforsecurity=False).hexdigest()),
        ("SignMethod", "sha1"),
    ]
    return Push(
        openid=openid,
        kind=f"pay-feedback/{stage}",
        xml=xml.document([*head, *elements, *tail]),
        answered=False,
        pay_feedback=True,
    )


def sealed(
    account: Account, push: Push, timestamp: str, nonce: str
) -> tuple[dict[str, str], bytes]:
    """Query and body of one POST, as the account's mode has them."""
    if push.pay_feedback:
        return {}, push.xml
    query = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": push.openid,
    }
    if account.mode is Mode.PLAIN:
        return query, push.xml
    cipher = account.envelope.seal(push.xml)
    signature = sign(account.token, timestamp, nonce, cipher)
    query |= {"encrypt_type": "aes", "msg_signature": signature}
    return query, _wrapped(account, push, cipher)


def _wrapped(account: Account, push: Push, cipher: str) -> bytes:
    encrypt = f"<Encrypt>{xml.cdata(cipher)}</Encrypt>\n</xml>\n".encode()
    if account.mode is Mode.COMPATIBLE:
        return push.xml.rstrip().removesuffix(b"</xml>") + encrypt
    to = f"<xml>\n    <ToUserName>{xml.cdata(account.original_id)}</ToUserName>\n    "
    return to.encode() + encrypt


def _head(account: Account, openid: str, kind: str, at: datetime) -> list[Element]:
    return [
        ("ToUserName", account.original_id),
        ("FromUserName", openid),
        ("CreateTime", int(at.timestamp())),
        ("MsgType", kind),
    ]
