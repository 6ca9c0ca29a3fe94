"""Errors as answers: kinds to statuses in one table, bodies as RFC 9457 says."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as OutOfConnections
from starlette.exceptions import HTTPException

from wxdesk import logs
from wxdesk.desk import agents
from wxdesk.errors import Conflict, DeskError, Forbidden, Invalid, NotFound, Unavailable
from wxdesk.store.files import TooLarge
from wxdesk.wechat import CallFailed, OverLimit, Refused, Uncertain

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


class TooOften(Unavailable):
    """Figures change once a second; whoever asks for them more often has to wait."""

    code = "too_often"


class WeChatRefused(Conflict):
    """WeChat said no, and nothing was done: ``errcode``, ``errmsg`` and ``meaning`` say why."""

    code = "wechat_refused"


class WeChatWouldRefuse(Invalid):
    """WeChat was not asked: its documentation says that it would refuse this."""

    code = "over_limit"


class WeChatUnreachable(Unavailable):
    """WeChat was not asked, or did not answer; nothing was changed."""

    code = "wechat_unreachable"


class WeChatUncertain(Unavailable):
    """WeChat was asked and did not answer: it may have done it. Look before trying again."""

    code = "wechat_uncertain"


BY_WECHAT = (WeChatRefused, WeChatWouldRefuse, WeChatUnreachable)
"""What any route may answer that asks WeChat."""


_STATUSES: dict[type[DeskError], int] = {
    NotSignedIn: 401,
    WrongCredentials: 401,
    agents.TooManyTries: 429,
    TooOften: 429,
    TooLarge: 413,
    NotFound: 404,
    Invalid: 422,
    Forbidden: 403,
    Conflict: 409,
    Unavailable: 503,
}


_HTTP_CODES = {
    400: "bad_request",
    404: NotFound.code,
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
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
    app.add_exception_handler(CallFailed, _call_failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    for away in (DBAPIError, OutOfConnections, OSError):
        app.add_exception_handler(away, _database_away)
    for mistake in (IntegrityError, DataError, ProgrammingError, Exception):
        app.add_exception_handler(mistake, _mistake_of_ours)


async def _desk_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DeskError)
    response = answer(status_of(type(error)), error.code, str(error), **error.facts)
    if "retry_after_seconds" in error.facts:
        response.headers["retry-after"] = str(error.facts["retry_after_seconds"])
    return response


async def _call_failed(request: Request, error: Exception) -> JSONResponse:
    """A call to WeChat that a route made."""
    assert isinstance(error, CallFailed)
    log.warning("wechat_failed", path=request.url.path, error=str(error))
    return await _desk_error(request, _as_problem(error))


def _as_problem(error: CallFailed) -> DeskError:
    match error:
        case Refused(errcode=errcode, errmsg=errmsg, rid=rid, meaning=meaning):
            return WeChatRefused(
                str(error), errcode=errcode, errmsg=errmsg, rid=rid, meaning=meaning.value
            )
        case OverLimit():
            return WeChatWouldRefuse(str(error))
        case Uncertain():
            return WeChatUncertain(str(error))
    return WeChatUnreachable(str(error))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()
    ]
    return answer(422, Invalid.code, "the request cannot be right", errors=wrong)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    response = http_problem(error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


def http_problem(status: int, detail: str) -> JSONResponse:
    """What is wrong with the request as HTTP, whatever it asks for."""
    return answer(status, _HTTP_CODES.get(status, "http_error"), detail)


async def _database_away(request: Request, error: Exception) -> JSONResponse:
    log.error("database_away", path=request.url.path, error=type(error).__name__)
    return answer(503, Unavailable.code, "the database does not answer; try again")


async def _mistake_of_ours(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return answer(500, "internal", "a mistake of ours; the log says which")
