"""Somebody at the desk's API: a browser with cookies, or a program with a token."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from desk_builder import PASSWORD
from wxdesk.web.deps import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is None when there was no JSON."""

    status: int
    body: Any
    headers: Any

    @property
    def problem(self) -> tuple[int, str]:
        """Status and code of a problem; it has to be one."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert {"type", "title", "status", "detail", "code"} <= self.body.keys()
        assert self.body["status"] == self.status
        return self.status, self.body["code"]


class Visitor:
    """Keeps cookies and, like the desk's own page, proves where its requests come from."""

    def __init__(self, http: aiohttp.ClientSession):
        self.http = http

    async def sign_in(self, username: str, password: str = PASSWORD) -> Answer:
        return await self.post("/api/session", username=username, password=password)

    async def get(self, path: str, **query: Any) -> Answer:
        return await self.ask("GET", path, params=query)

    async def post(self, path: str, **body: Any) -> Answer:
        return await self.ask("POST", path, json=body)

    async def patch(self, path: str, **body: Any) -> Answer:
        return await self.ask("PATCH", path, json=body)

    async def ask(self, method: str, path: str, **request: Any) -> Answer:
        csrf = self.cookie(CSRF_COOKIE)
        headers = ({CSRF_HEADER: csrf} if csrf else {}) | request.pop("headers", {})
        async with self.http.request(
            method, path, headers=headers, allow_redirects=False, **request
        ) as answer:
            is_json = "json" in answer.content_type
            body = await answer.json(content_type=None) if is_json else None
            return Answer(answer.status, body, answer.headers)

    def cookie(self, name: str) -> str | None:
        return next((c.value for c in self.http.cookie_jar if c.key == name), None)

    @property
    def secret(self) -> str | None:
        return self.cookie(SESSION_COOKIE)
