"""A misspelt wish is refused: passed over, it would look like one that was granted."""

from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

UNKNOWN = "extra_forbidden"

_bodies: dict[str, TypeAdapter[Any]] = {}
"""What each route takes, by its `unique_id`; made when it is first asked."""


async def refuse_unknown(request: Request) -> None:
    """Raise where a JSON body names what its route does not know, at any depth.

    Of what else is wrong the route itself tells.

    Raises:
        RequestValidationError: Which names they are.
    """
    route: APIRoute = request.scope["route"]
    if route.body_field is None or "json" not in request.headers.get("content-type", "json"):
        return
    try:
        _body(route).validate_python(await request.json(), extra="forbid")
    except ValidationError as error:
        unknown = [
            {"loc": ("body", *each["loc"]), "msg": "nothing here is called so", "type": UNKNOWN}
            for each in error.errors(include_url=False, include_input=False)
            if each["type"] == UNKNOWN
        ]
        if unknown:
            raise RequestValidationError(unknown) from None
    except ValueError:
        return  # no JSON


def _body(route: APIRoute) -> TypeAdapter[Any]:
    assert route.body_field
    if route.unique_id not in _bodies:
        info = route.body_field.field_info
        body: Any = Annotated[info.annotation, info]
        _bodies[route.unique_id] = TypeAdapter(body)
    return _bodies[route.unique_id]
