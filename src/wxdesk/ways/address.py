"""Addresses at other services (企业微信, 钉钉, 飞书, Bark, mail …), each one URL of Apprise's.

An address is somebody's own, and the desk's machine is who asks: so only schemes that were chosen,
no hosts within a private network unless they were named, and nothing that names a file.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import apprise
from apprise.plugins import NotifyBase
from apprise.plugins.email import NotifyEmail

from wxdesk.errors import Invalid
from wxdesk.outbound import is_public_host
from wxdesk.ways import mail
from wxdesk.ways.outcome import Fate, Outcome

SCHEMES = frozenset(
    {
        *("wecombot", "dingtalk", "feishu", "lark", "wxpusher", "schan"),
        *("bark", "barks", "pushdeer", "pushdeers", "ntfys", "mailto", "mailtos"),
        *("tgram", "slack", "discord"),
    }
)
LONGEST = 1000
SHORT_KEY = 8  # of so short a one nothing is shown
CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
MAIL = frozenset({"mailto", "mailtos"})
KNOWN_HOSTS = frozenset({"api.day.app", "api2.pushdeer.com", "ntfy.sh"})
"""Where those services are whose users may run one of their own."""

FILES = frozenset({"template", "pgp", "pgpkey", "pgpkeyfile", "keyfile", "cert", "attach", "image"})
_WEBHOOKS = (
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)"), "feishu://{}"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)"), "lark://{}"),
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"), "dingtalk://{}"),
    (
        re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]+)"),
        "wecombot://{}",
    ),
    (re.compile(r"https://api\.day\.app/(\w+)/?.*"), "barks://api.day.app/{}"),
)
_ASSET = apprise.AppriseAsset(app_id="wxdesk", app_desc="wxdesk", secure_logging=True)


UNKNOWN_HOST = "unknown_host"


class AddressRefused(Invalid):
    """An address cannot be read, or the desk does not ask such a one."""

    code = "address_refused"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What operators allow beside the usual.

    Attributes:
        schemes: Schemes of Apprise's beside ours.
        hosts: Names or addresses of services run by somebody else than the usual, or within a
            private network.
    """

    schemes: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


def normal(url: str, rules: AddressRules) -> str:
    """An address as it is kept: a service's own webhook becomes its scheme. Looks names up: slow.

    Raises:
        AddressRefused: With ``reason``: unreadable, scheme, file, host or unknown_host.
    """
    url = url.strip()
    for webhook, scheme in _WEBHOOKS:
        if found := webhook.fullmatch(url):
            url = scheme.format(found[1])
    _plugin(url, rules)
    return url


def masked(url: str) -> str:
    """An address as it may be shown: its service, and the end of its key."""
    parts = urlsplit(url)
    if parts.scheme in MAIL:
        return f"{parts.scheme}://{parts.username or ''}@{parts.hostname or ''}"
    key = f"{parts.netloc}{parts.path}".rstrip("/")
    return f"{parts.scheme}://…{key[-3:] if len(key) > SHORT_KEY else ''}"


def say(url: str, title: str, body: str, rules: AddressRules) -> Outcome:
    """Say something at an address. Blocks: to be called in a thread."""
    try:
        plugin = _plugin(url, rules)
    except AddressRefused as error:
        reason = str(error.facts.get("reason", error.code))
        return Outcome(Fate.LATER if reason == UNKNOWN_HOST else Fate.REFUSED, reason)
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
    try:
        if isinstance(plugin, NotifyEmail):
            mail.send(plugin, title, body, anywhere=plugin.smtp_host in rules.hosts)
            return Outcome(Fate.SENT)
        done = plugin.notify(title=title, body=body)
    except Exception as error:  # whatever a service's plugin does not mind itself
        return Outcome(Fate.LATER, type(error).__name__)
    return Outcome(Fate.SENT) if done else Outcome(Fate.LATER, "not_taken")


def _plugin(url: str, rules: AddressRules) -> NotifyBase:
    scheme = url.partition("://")[0].lower()
    if len(url) > LONGEST or not url.isprintable():
        raise AddressRefused("too long, or not text", reason="unreadable")
    if scheme not in SCHEMES | rules.schemes:
        raise AddressRefused(f"{scheme[:20]} is not allowed", reason="scheme", scheme=scheme[:20])
    query = urlsplit(url).query
    if FILES & {
        name.strip().lower().lstrip("+-:") for name, _ in parse_qsl(query, keep_blank_values=True)
    }:
        raise AddressRefused("an address must not name files", reason="file")
    plugin = apprise.Apprise.instantiate(url, asset=_ASSET, suppress_exceptions=True)
    if not isinstance(plugin, NotifyBase):
        raise AddressRefused("not an address of this service", reason="unreadable")
    if "host" in plugin.template_tokens:
        _require_host(plugin, rules, may_be_any=scheme in MAIL)
    return plugin


def _require_host(plugin: NotifyBase, rules: AddressRules, *, may_be_any: bool) -> None:
    """Over HTTP a host may answer with another place: so only those that are known, or named."""
    hosts = {str(getattr(plugin, name, None) or "") for name in ("host", "smtp_host")} - {""}
    for host in sorted(hosts - rules.hosts - KNOWN_HOSTS):
        if not may_be_any:
            raise AddressRefused(f"{host} is not known", reason="host", host=host[:100])
        _require_public(host)


def _require_public(host: str) -> None:
    try:
        public = is_public_host(host)
    except OSError:
        raise AddressRefused("no such host", reason=UNKNOWN_HOST, host=host[:100]) from None
    if not public:
        raise AddressRefused(f"{host} is not public", reason="host", host=host[:100])
