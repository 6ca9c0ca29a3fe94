"""Credentials at rest: sealed with a key derived from the installation's secret."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wxdesk.errors import Unavailable


class WrongSecretKey(Unavailable):
    """The database was written under another WXDESK_SECRET_KEY."""

    code = "wrong_secret_key"


class Vault:
    """Seals and opens credentials; signs what must come back unchanged.

    Args:
        secret: The installation's secret key, any text of 16 characters or more.
    """

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"credentials")))
        self._signing_key = _derive(secret, b"signatures")

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed.

        Raises:
            WrongSecretKey: It was sealed under another key, or is broken.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise WrongSecretKey("credentials do not open with this secret key") from None

    def sign(self, text: str) -> str:
        """A signature of ``text`` as 64 hexadecimal digits."""
        return hmac.new(self._signing_key, text.encode(), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    """A key for one purpose only (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=b"wxdesk " + purpose).derive(secret.encode())
