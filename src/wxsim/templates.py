"""Template messages and subscription notices: templates, consents, what data they take.

Source: "Template messages", "One-time subscription", "Subscription notices"
(模板消息, 一次性订阅消息, 订阅通知), 2025.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from wxsim.codes import Refused
from wxsim.store import Store

MOST_TEMPLATES = 25
MOST_CONSENTS = 100_000
SAME_FOR = timedelta(minutes=10)  # for how long a client_msg_id suppresses a repeat
NAMES_KEPT = 10_000
MOST_DATA = 20_000  # characters of all values
TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_SLOT = re.compile(r"\{\{(\w+)\.DATA\}\}")
_KEY = re.compile(r"([a-z_]+?)\d*")

# What a value of each kind of key has to look like; kinds that are not here may be anything.
_FITS = {
    "thing": r".{0,20}",
    "number": r"-?\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r".{0,5}",
    "character_string": r"[\x00-\xff]{0,32}",
    "amount": r"\D{0,3}-?[\d,]{1,13}(\.\d{1,2})?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": r".{0,8}",
    "name": r".{0,10}|[\x00-\xff]{0,20}",
    "phrase": r".{0,5}",
    "time": r".*\d.*",
    "date": r".*\d.*",
}
_WORDS_FOR = {"时间": "time", "日期": "date", "金额": "amount", "单号": "character_string"}
_USUAL = ("事项", "时间")


@dataclass(frozen=True, slots=True)
class Template:
    """One template of the account's own list; ``content`` has its ``{{thing1.DATA}}``."""

    template_id: str
    title: str
    content: str

    @property
    def keys(self) -> list[str]:
        return _SLOT.findall(self.content)

    def filled(self, data: Mapping[str, str]) -> str:
        return _SLOT.sub(lambda slot: data.get(slot[1], ""), self.content)


class Templates:
    """The account's templates, and who has agreed to be written to with one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.known = {kept["template_id"]: Template(**kept) for kept in store.all("template")}
        self.industries: list[str] = store.get("state", "industries") or ["1", "2"]
        self._consents: dict[str, int] = dict(store.all("consent"))
        sent = sorted(store.all("sent as"), key=lambda kept: kept[2])
        self._sent: dict[str, tuple[int, datetime]] = {
            name: (msg_id, datetime.fromisoformat(at)) for name, msg_id, at in sent
        }

    def add(self, short_id: str, keywords: list[str] | None) -> Template:
        """One of the platform's library, with these words.

        Raises:
            Refused: 45026.
        """
        if len(self.known) >= MOST_TEMPLATES:
            raise Refused(45026)
        lines = [
            f"{word}：{{{{{_key(n, word)}.DATA}}}}" for n, word in enumerate(keywords or _USUAL, 1)
        ]
        made = Template(secrets.token_urlsafe(33)[:43], f"服务通知 {short_id}", "\n".join(lines))
        self.known[made.template_id] = made
        self._store.put("template", made.template_id, asdict(made))
        return made

    def delete(self, template_id: object) -> None:
        """Raises Refused: 40037."""
        known = self.get(template_id)
        del self.known[known.template_id]
        self._store.drop("template", known.template_id)

    def get(self, template_id: object) -> Template:
        """Raises Refused: 40037."""
        found = self.known.get(template_id) if isinstance(template_id, str) else None
        if found is None:
            raise Refused(40037)
        return found

    def set_industries(self, first: str, second: str) -> None:
        self.industries = [first, second]
        self._store.put("state", "industries", self.industries)

    def sent_as(self, name: str | None, msg_id: int, now: datetime) -> int:
        """The id of the message that went out under this name; ``msg_id``, if none did lately."""
        if name is None:
            return msg_id
        known = self._sent.get(name)
        if known is not None and now < known[1] + SAME_FOR:
            return known[0]
        self._sent.pop(name, None)
        self._sent[name] = (msg_id, now)
        self._store.put("sent as", name, [name, msg_id, now.isoformat()])
        for old in list(self._sent)[:-NAMES_KEPT]:
            del self._sent[old]
            self._store.drop("sent as", old)
        return msg_id

    # Consents: one message each. ``scene`` only where a one-time subscription was agreed to.

    def agree(self, openid: str, template_id: str, scene: str = "") -> None:
        """Once more."""
        if len(self._consents) < MOST_CONSENTS:
            self._count(openid, template_id, scene, +1)

    def withdraw(self, openid: str, template_id: str) -> None:
        """The follower has switched this notice off."""
        key = _consent_key(openid, template_id, "")
        self._consents.pop(key, None)
        self._store.drop("consent", key)

    def use(self, openid: str, template_id: str, scene: str = "") -> None:
        """Take one consent.

        Raises:
            Refused: 43101, none is left.
        """
        if not self._consents.get(_consent_key(openid, template_id, scene)):
            raise Refused(43101)
        self._count(openid, template_id, scene, -1)

    def _count(self, openid: str, template_id: str, scene: str, by: int) -> None:
        key = _consent_key(openid, template_id, scene)
        self._consents[key] = self._consents.get(key, 0) + by
        self._store.put("consent", key, [key, self._consents[key]])


def read_data(data: object) -> dict[str, str]:
    """``{key: {value}}`` as ``{key: value}``.

    Raises:
        Refused: 45012 too much; 47003 naming the key whose value does not fit its kind.
    """
    if not isinstance(data, dict):
        raise Refused(47003)
    if len(json.dumps(data)) > MOST_DATA:
        raise Refused(45012)
    return {str(key): _value(str(key), slot) for key, slot in data.items()}


def require_all(template: Template, data: Mapping[str, str]) -> None:
    """Raises Refused: 47003, a key of the template has no value."""
    for key in template.keys:
        if not data.get(key):
            raise Refused(47003, f"argument invalid! data.{key}.value is empty")


def _value(key: str, slot: Any) -> str:
    value = slot.get("value") if isinstance(slot, dict) else None
    text = str(value) if isinstance(value, int | float) else value
    kind = _KEY.fullmatch(key)
    fits = _FITS.get(kind[1]) if kind else None
    if not isinstance(text, str) or (fits and text and not re.fullmatch(fits, text, re.DOTALL)):
        raise Refused(47003, f"argument invalid! data.{key}.value invalid")
    return text


def _key(number: int, word: str) -> str:
    kind = next((kind for part, kind in _WORDS_FOR.items() if part in word), "thing")
    return f"{kind}{number}"


def _consent_key(openid: str, template_id: str, scene: str) -> str:
    return f"{openid}/{template_id}/{scene}"
