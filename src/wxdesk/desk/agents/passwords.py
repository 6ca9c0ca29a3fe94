"""Passwords are kept as argon2id hashes (RFC 9106, the library's low-memory profile).

Hashing takes tens of milliseconds of a core: call it outside of a unit, in a thread.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()

_NOBODY = (  # "nobody signs in with this": made once, as every command would wait for it
    "$argon2id$v=19$m=65536,t=3,p=4$ItNPoswTsn11q8Noh9MXNw"
    "$KNKB81+ij0VNE7GGNKfdpHRXWrJcvGtwQS8jJy1HB8I"
)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; for an unknown agent (None) no, after the same time."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
