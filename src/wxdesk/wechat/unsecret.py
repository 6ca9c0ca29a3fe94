"""A push as it may be looked at: what opens something, or proves who one is, is covered."""

import re

from wxdesk.wechat.elements import read_elements

COVER = "****"
SECRETS = ("Ticket", "AppSignature", "UserCardCode", "OldUserCardCode")
"""A ticket gives a QR code, a signature may be told again, a coupon's code can be redeemed."""


def without_secrets(body: bytes) -> str:
    """A push as WeChat wrote it, with covers for its secrets.

    Raises:
        Malformed: It is no push, and nobody knows what in it is secret.
    """
    elements = read_elements(body)
    text = body.decode(errors="replace")
    for value in {elements.get(name, "").strip() for name in SECRETS} - {""}:
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", COVER, text)
    return text
