"""The signature and the AES envelope of pushes, as the platform makes them.

Written from the documentation, apart from the desk's own: two sides that shared this code could
agree on a mistake.

Source: "Message encryption and decryption" (消息加解密), 2025; its vectors are in the tests.
"""

import base64
import binascii
import hashlib
import re
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # bytes; AES pads to 16 elsewhere, WeChat to 32
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class BrokenEnvelope(Exception):
    """What came is not sealed for this account."""


def sign(*parts: str) -> str:
    """SHA-1 over the parts, sorted and joined: of token, timestamp, nonce and, if any, cipher."""
    joined = "".join(sorted(parts)).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


class Envelope:
    """Seals and opens with one EncodingAESKey, for one AppID.

    Raises:
        ValueError: The key is not 43 letters and digits.
    """

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        if not _KEY.fullmatch(encoding_aes_key):
            raise ValueError("an EncodingAESKey is 43 letters and digits")
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, message: bytes, *, salt: bytes | None = None) -> str:
        """16 random bytes, length, message, AppID; padded, encrypted, in base64."""
        salt = secrets.token_hex(8).encode() if salt is None else salt
        full = salt + len(message).to_bytes(4, "big") + message + self._app_id
        pad = BLOCK - len(full) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes:
        """The message inside.

        Raises:
            BrokenEnvelope: Not base64, not our key, or another AppID at its end.
        """
        full = self._decrypt(sealed)
        pad = full[-1]
        if not 1 <= pad <= BLOCK:
            raise BrokenEnvelope("the padding is wrong")
        length = int.from_bytes(full[16:20], "big")
        message, app_id = full[20 : 20 + length], full[20 + length : -pad]
        if app_id != self._app_id:
            raise BrokenEnvelope("it is sealed for another AppID")
        return message

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BrokenEnvelope("it is not base64") from error
        if not raw or len(raw) % BLOCK:
            raise BrokenEnvelope("it is not whole blocks")
        decryptor = self._cipher.decryptor()
        return decryptor.update(raw) + decryptor.finalize()
