"""That a follower comes, goes, or shows where they are.

Source: "Receiving event pushes" (doc/service/guide/product/message).
"""

from collections.abc import Callable
from dataclasses import dataclass

from wxdesk.wechat.push.fields import Fields

_SCENE = "qrscene_"
_PAYMENT = "last_trade_no_"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Somebody follows the account.

    Attributes:
        scene: What the scanned QR code stands for, without WeChat's prefix.
        ticket: The ticket of that QR code.
        trade_no: The payment from whose page they followed.
    """

    scene: str | None = None
    ticket: str | None = None
    trade_no: str | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The follower left; WeChat asks to delete what is known about them."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A follower scanned a QR code of the account; who only now follows is ``Subscribed``."""

    scene: str
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class LocationReported:
    """Where a follower is who lets the account know: degrees, and metres of precision."""

    latitude: float
    longitude: float
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class EnteredSession:
    """Somebody opened the chat of a mini program; ``session_from`` is what its button says."""

    session_from: str = ""


Visit = Subscribed | Unsubscribed | Scanned | LocationReported | EnteredSession


def _subscribed(fields: Fields) -> Subscribed:
    key = fields.find_text("EventKey")
    if key.startswith(_PAYMENT):
        return Subscribed(trade_no=key.removeprefix(_PAYMENT))
    return Subscribed(scene=key.removeprefix(_SCENE) or None, ticket=fields.find("Ticket"))


def _unsubscribed(_fields: Fields) -> Unsubscribed:
    return Unsubscribed()


def _scanned(fields: Fields) -> Scanned:
    return Scanned(fields.take("EventKey"), fields.find("Ticket"))


def _location_reported(fields: Fields) -> LocationReported:
    return LocationReported(
        latitude=fields.take_degrees("Latitude", 90),
        longitude=fields.take_degrees("Longitude", 180),
        precision=fields.find_decimal("Precision"),
    )


def _entered_session(fields: Fields) -> EnteredSession:
    return EnteredSession(fields.find_text("SessionFrom"))


READERS: dict[str, Callable[[Fields], Visit]] = {
    "event/subscribe": _subscribed,
    "event/unsubscribe": _unsubscribed,
    "event/scan": _scanned,
    "event/location": _location_reported,
    "event/user_enter_tempsession": _entered_session,
}
