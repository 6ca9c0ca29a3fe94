"""From where somebody signs in: as people call it, and no more than they are shown. Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self

Signs = tuple[tuple[str, str], ...]

BROWSERS: Signs = (
    ("wxwork/", "WeCom"),
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Lark/", "Feishu"),
    ("QQBrowser/", "QQ Browser"),
    ("UCBrowser/", "UC Browser"),
    ("Quark/", "Quark"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("VivoBrowser/", "vivo Browser"),
    ("HeyTapBrowser/", "OPPO Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    (" MetaSr ", "Sogou"),
    ("360SE", "360"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What a User-Agent says, and of which browser. Most say that they are Chrome or Safari, too: those
come last."""

SYSTEMS: Signs = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Whence:
    """From where somebody signs in; what is not known is empty.

    Attributes:
        browser: ``Chrome``.
        system: ``Windows``; of what is held in a hand, what people call it: ``iPhone``.
        address: Masked: ``203.0.113.*``.
    """

    browser: str = ""
    system: str = ""
    address: str = ""

    @classmethod
    def of(cls, user_agent: str, address: str) -> Self:
        """As a request tells it."""
        return cls(_named(BROWSERS, user_agent), _named(SYSTEMS, user_agent), masked(address))


def _named(known: Signs, user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "")


def masked(address: str) -> str:
    """Enough of an address to know a network by, too little to know a person by.

    Of IPv4 three numbers of four, of IPv6 the 48 bits that a site gets; "" where it is none.
    """
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or known
    if isinstance(known, IPv4Address):
        return str(known).rpartition(".")[0] + ".*"
    first = known.exploded.split(":")[:3]
    return ":".join(f"{int(group, 16):x}" for group in first) + ":*"
