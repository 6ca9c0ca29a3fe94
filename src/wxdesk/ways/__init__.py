"""Ways by which something reaches a person whose page is closed: web push, and other services.

They know neither the desk nor its tables: what is to be said, and where to, is given.
"""

from wxdesk.ways.address import SCHEMES, AddressRefused, AddressRules, masked, normal, say
from wxdesk.ways.outcome import Fate, Outcome
from wxdesk.ways.push import (
    EndpointRefused,
    PushKeys,
    PushNote,
    Subscription,
    WrongPushKey,
    push,
    require_endpoint,
)

__all__ = [
    "SCHEMES",
    "AddressRefused",
    "AddressRules",
    "EndpointRefused",
    "Fate",
    "Outcome",
    "PushKeys",
    "PushNote",
    "Subscription",
    "WrongPushKey",
    "masked",
    "normal",
    "push",
    "require_endpoint",
    "say",
]
