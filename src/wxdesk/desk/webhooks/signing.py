"""How what is told is signed: as Standard Webhooks says (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """What an endpoint checks signatures by."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(uid: str, body: bytes, keys: Iterable[str], now: datetime) -> dict[str, str]:
    """What goes with a body, signed by each of the secrets."""
    timestamp = str(int(now.timestamp()))
    signed = b".".join((uid.encode(), timestamp.encode(), body))
    return {
        "content-type": "application/json",
        "webhook-id": uid,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(key: str, signed: bytes) -> str:
    secret = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
