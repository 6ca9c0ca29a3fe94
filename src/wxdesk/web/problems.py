"""Errors as answers: kinds to statuses in one table, bodies as RFC 9457 says."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from wxdesk import logs
from wxdesk.desk import agents
from wxdesk.errors import Conflict, DeskError, Forbidden, Invalid, NotFound, Unavailable

MEDIA_TYPE = "application/problem+json"

log = logs.get(__name__)


class NotSignedIn(Forbidden):
    """Nobody has signed in, or the session has ended."""

    code = "not_signed_in"


class WrongCredentials(Forbidden):
    """No agent has this username and password."""

    code = "wrong_credentials"


class WrongCsrfToken(Forbidden):
    """A browser sent this without being told to by the desk's own page."""

    code = "wrong_csrf_token"


_STATUSES: dict[type[DeskError], int] = {
    NotSignedIn: 401,
    WrongCredentials: 401,
    agents.TooManyTries: 429,
    NotFound: 404,
    Invalid: 422,
    Forbidden: 403,
    Conflict: 409,
    Unavailable: 503,
}


class Problem(BaseModel):
    """An error as it is answered; it may hold further facts."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str


def status_of(error: type[DeskError]) -> int:
    """The status of an error: its own, which stands first in the table, else its kind's."""
    return next((code for kind, code in _STATUSES.items() if issubclass(error, kind)), 500)


def problems(*errors: type[DeskError]) -> dict[int | str, dict[str, Any]]:
    """What a route may answer when it goes wrong, for the API's description."""
    possible: tuple[type[DeskError], ...] = (NotSignedIn, *errors)
    return {
        status_of(error): {"model": Problem, "description": HTTPStatus(status_of(error)).phrase}
        for error in possible
    }


def answer(status: int, code: str, detail: str, **facts: Any) -> JSONResponse:
    """A problem as a response."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **facts,
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""
    app.add_exception_handler(DeskError, _desk_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _mistake_of_ours)


async def _desk_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DeskError)
    response = answer(status_of(type(error)), error.code, str(error), **error.facts)
    if "retry_after_seconds" in error.facts:
        response.headers["retry-after"] = str(error.facts["retry_after_seconds"])
    return response


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()
    ]
    return answer(422, Invalid.code, "the request cannot be right", errors=wrong)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return answer(error.status_code, phrase.lower().replace(" ", "_"), str(error.detail))


async def _mistake_of_ours(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return answer(500, "internal", "a mistake of ours; the log says which")
