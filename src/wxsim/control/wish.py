"""Reads what a control request wishes; whatever is wrong with it is a ValueError, answered 400."""

import json
from typing import Any

from aiohttp import web

LONGEST_NAME = 64


async def read_wish(request: web.Request) -> dict[str, Any]:
    """The JSON object sent; nothing sent is an empty one.

    Raises:
        ValueError: It is not JSON, not an object, or no text that can be written in UTF-8.
    """
    text = await request.text()
    try:
        wish = json.loads(text) if text else {}
        json.dumps(wish, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON in UTF-8") from None
    if not isinstance(wish, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004  answered with 400
    return wish


def flag(wish: dict[str, Any], name: str, *, default: bool) -> bool:
    value = wish.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")  # noqa: TRY004
    return value


def name_of(wish: dict[str, Any]) -> str | None:
    name = wish.get("name")
    if name is not None and (not isinstance(name, str) or len(name) > LONGEST_NAME):
        raise ValueError(f"name is a text of at most {LONGEST_NAME} characters")
    return name.strip() if name else None


def limit_of(request: web.Request) -> int:
    limit = request.query.get("limit", "100")
    if not limit.isdecimal():
        raise ValueError("limit is a whole number")
    return int(limit[:9])
