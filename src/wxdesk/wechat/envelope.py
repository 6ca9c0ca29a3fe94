"""How WeChat signs what it posts, and the AES envelope it posts it in.

Source: "Message encryption and decryption" (doc/service/guide/dev/push/encryption).
"""

import base64
import binascii
import secrets
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from wxdesk.wechat.errors import Forged
from wxdesk.wechat.limits import AES_BLOCK, AES_KEY_CHARS

_IV_BYTES = 16
_RANDOM_BYTES = 16
_HEAD_BYTES = _RANDOM_BYTES + 4  # then the length of the message, big-endian


def signature(*parts: str) -> str:
    """WeChat's signature over the token and what was sent along, in any order."""
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    """Opens and seals the ``Encrypt`` element with one key of one account.

    Args:
        encoding_aes_key: ``EncodingAESKey`` as the settings page shows it.
        app_id: Stands inside every envelope; an envelope for another account stays closed.

    Raises:
        ValueError: The key is not 43 letters and digits.
    """

    __slots__ = ("_app_id", "_cipher")

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        if not (encoding_aes_key.isascii() and encoding_aes_key.isalnum()):
            raise ValueError("an EncodingAESKey is letters and digits")
        if len(encoding_aes_key) != AES_KEY_CHARS:
            raise ValueError(f"an EncodingAESKey has {AES_KEY_CHARS} characters")
        key = base64.b64decode(encoding_aes_key + "=")
        self._app_id = app_id.encode()
        self._cipher = Cipher(AES256(key), CBC(key[:_IV_BYTES]))

    def open(self, sealed: str | bytes) -> bytes:
        """The message inside.

        Raises:
            Forged: Not sealed with this key, damaged, or for another AppID.
        """
        opened = self._decrypt(sealed)
        padding = opened[-1:]
        unpadded = len(opened) - padding[0]
        if not 1 <= padding[0] <= AES_BLOCK or opened[unpadded:] != padding * padding[0]:
            raise Forged("broken envelope")
        end = _HEAD_BYTES + int.from_bytes(opened[_RANDOM_BYTES:_HEAD_BYTES], "big")
        if opened[end:unpadded] != self._app_id:
            raise Forged("foreign AppID")
        return opened[_HEAD_BYTES:end]

    def seal(self, xml: bytes, *, random16: bytes | None = None) -> str:
        """The message as content of an ``Encrypt`` element; ``random16`` is for test vectors."""
        random = random16 if random16 is not None else secrets.token_bytes(_RANDOM_BYTES)
        inside = random + len(xml).to_bytes(4, "big") + xml + self._app_id
        padding = AES_BLOCK - len(inside) % AES_BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(inside + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def _decrypt(self, sealed: str | bytes) -> bytes:
        try:
            encrypted = binascii.a2b_base64(sealed, strict_mode=True)
            decryptor = self._cipher.decryptor()
            opened = decryptor.update(encrypted) + decryptor.finalize()
        except ValueError:
            raise Forged("broken envelope") from None
        if not opened:
            raise Forged("empty envelope")
        return opened
