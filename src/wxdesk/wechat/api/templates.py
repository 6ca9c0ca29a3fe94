"""Template messages: service notices to followers, at any time.

Source: doc/service/api/notify/template; doc/service/api/notify/message (one-time subscription).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from wxdesk.wechat import limits
from wxdesk.wechat.answer import Answer
from wxdesk.wechat.caller import Caller
from wxdesk.wechat.errors import OverLimit

_KEY = re.compile(r"([a-z_]+?)\d*")
_CONSENT_PAGE = "https://mp.weixin.qq.com/mp/subscribemsg"


@dataclass(frozen=True, slots=True)
class MiniProgram:
    """A page of a mini program that is linked to the account."""

    app_id: str
    page_path: str = ""

    def to_json(self) -> dict[str, str]:
        """As WeChat writes it."""
        return {"appid": self.app_id, "pagepath": self.page_path}


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account.

    Attributes:
        content: Its text with ``{{thing1.DATA}}`` where values go.
    """

    id: str
    title: str
    content: str
    example: str
    primary_industry: str
    deputy_industry: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of its values, in their order."""
        return tuple(dict.fromkeys(re.findall(r"\{\{\s*(\w+)\.DATA\s*\}\}", self.content)))


class Templates:
    """``client.templates``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def send(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        url: str | None = None,
        mini_program: MiniProgram | None = None,
        client_msg_id: str | None = None,
    ) -> int:
        """Send one; it does not open the reply window.

        What became of it is pushed later as ``TemplateFinished``, under the id returned here.

        Args:
            openid: A follower.
            template_id: One of the account's own.
            data: Its values by their keys.
            url: The page it opens.
            mini_program: What it opens instead, where both are given.
            client_msg_id: WeChat sends two of the same id once, for a while.

        Raises:
            OverLimit: A value or the id is too long; see ``template_problems``.
            Refused: WeChat does not take it; nothing was sent.
            Unreached: Nothing was sent; safe to repeat.
            Uncertain: It may have been sent; repeated under the same ``client_msg_id`` at once, it
                is shown once.
        """
        _require_sound(data)
        message = _message(openid, template_id, url, mini_program)
        message["data"] = as_values(data)
        if client_msg_id is not None:
            if not 0 < len(client_msg_id) <= limits.CLIENT_MSG_ID_CHARS:
                raise OverLimit(f"a client_msg_id has 1 to {limits.CLIENT_MSG_ID_CHARS} characters")
            message["client_msg_id"] = client_msg_id
        said = await self._caller.change("/cgi-bin/message/template/send", message)
        return said.integer("msgid")

    async def send_once(
        self,
        openid: str,
        template_id: str,
        *,
        scene: int,
        title: str,
        text: str,
        color: str | None = None,
        url: str | None = None,
        mini_program: MiniProgram | None = None,
    ) -> None:
        """Send the one message somebody agreed to at ``consent_url``, follower or not.

        Errors as ``send``; 43101 without an agreement left.
        """
        _require_once(scene, title, text)
        content = {"value": text} | ({"color": color} if color else {})
        message = _message(openid, template_id, url, mini_program)
        message |= {"scene": str(scene), "title": title, "data": {"content": content}}
        await self._caller.do("/cgi-bin/message/template/subscribe", message)

    async def list(self) -> list[Template]:
        """The account's own: those it was given and has not deleted."""
        said = await self._caller.read(
            "/cgi-bin/template/get_all_private_template", max_bytes=limits.MAX_LIST_BYTES
        )
        return [_template(one) for one in said.parts("template_list")]

    async def add(self, short_id: str, keywords: Sequence[str] = ()) -> str:
        """Take one from WeChat's library, with these keywords in this order; return its id."""
        wanted: dict[str, Any] = {"template_id_short": short_id}
        if keywords:
            wanted["keyword_name_list"] = list(keywords)
        said = await self._caller.change("/cgi-bin/template/api_add_template", wanted)
        return said.text("template_id")

    async def delete(self, template_id: str) -> None:
        """Give one back; it can be sent no more."""
        await self._caller.do(
            "/cgi-bin/template/del_private_template", {"template_id": template_id}
        )


def consent_url(
    app_id: str, template_id: str, *, scene: int, redirect_url: str, reserved: str = ""
) -> str:
    """Where somebody, within WeChat, agrees to one message.

    They come back to ``redirect_url`` with ``openid``, ``template_id``, ``action`` (``confirm`` or
    ``cancel``), ``scene`` and ``reserved``.

    Raises:
        OverLimit: The scene is not 0 to 10 000, or more than 128 bytes are reserved.
    """
    if len(reserved.encode(errors="replace")) > limits.ONCE_RESERVED_BYTES:
        raise OverLimit(f"reserved has at most {limits.ONCE_RESERVED_BYTES} bytes")
    _require_scene(scene)
    query = {
        "action": "get_confirm",
        "appid": app_id,
        "scene": scene,
        "template_id": template_id,
        "redirect_url": redirect_url,
        "reserved": reserved,
    }
    return f"{_CONSENT_PAGE}?{urlencode(query)}#wechat_redirect"


def template_problems(data: Mapping[str, str]) -> list[str]:
    """Which values WeChat would refuse (47003) for their length, as far as its pages tell."""
    return [f"{key}: {problem}" for key, value in data.items() for problem in _problems(key, value)]


def as_values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Values as WeChat writes them."""
    return {key: {"value": value} for key, value in data.items()}


def _require_sound(data: Mapping[str, str]) -> None:
    if problems := template_problems(data):
        raise OverLimit("; ".join(problems))


def _problems(key: str, value: str) -> Iterator[str]:
    found = _KEY.fullmatch(key)
    kind = found[1] if found else ""
    most = limits.TEMPLATE_CHARS.get(kind)
    if most is not None and len(value) > most:
        yield f"at most {most} characters"
    if kind == "name" and _width(value) > limits.TEMPLATE_NAME_WIDTH:
        yield "at most 10 Chinese characters or 20 letters"
    if kind == "amount" and _whole_digits(value) > limits.TEMPLATE_AMOUNT_DIGITS:
        yield f"at most {limits.TEMPLATE_AMOUNT_DIGITS} digits"


def _width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def _whole_digits(amount: str) -> int:
    return sum(char.isdigit() for char in amount.partition(".")[0])


def _require_once(scene: int, title: str, text: str) -> None:
    _require_scene(scene)
    if len(title) > limits.ONCE_TITLE_CHARS:
        raise OverLimit(f"a title has at most {limits.ONCE_TITLE_CHARS} characters")
    if len(text) > limits.ONCE_TEXT_CHARS:
        raise OverLimit(f"the text has at most {limits.ONCE_TEXT_CHARS} characters")


def _require_scene(scene: int) -> None:
    if not 0 <= scene <= limits.ONCE_SCENE_MAX:
        raise OverLimit(f"a scene is 0 to {limits.ONCE_SCENE_MAX}")


def _message(
    openid: str, template_id: str, url: str | None, mini_program: MiniProgram | None
) -> dict[str, Any]:
    message: dict[str, Any] = {"touser": openid, "template_id": template_id}
    if url is not None:
        message["url"] = url
    if mini_program is not None:
        message["miniprogram"] = mini_program.to_json()
    return message


def _template(said: Answer) -> Template:
    return Template(
        said.text("template_id"),
        said.text("title", ""),
        said.text("content", ""),
        said.text("example", ""),
        said.text("primary_industry", ""),
        said.text("deputy_industry", ""),
    )
