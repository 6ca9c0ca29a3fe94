"""A request's body comes to be a file: bounded in time and size, not in how fast it comes."""

import asyncio
from datetime import timedelta

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from wxdesk.errors import Invalid
from wxdesk.store.files import Draft

SLOWEST_UPLOAD = timedelta(minutes=10)


async def receive(request: Request, draft: Draft) -> None:
    """Fill a draft with the body.

    Raises:
        TooLarge: As the draft says.
        Invalid: There is nothing in it.
    """
    try:
        async with asyncio.timeout(SLOWEST_UPLOAD.total_seconds()):
            await draft.fill(request.stream())
    except TimeoutError:
        raise HTTPException(408, "the upload takes too long") from None
    except ClientDisconnect:
        raise HTTPException(400, "the upload was broken off") from None
    if not draft.size_bytes:
        raise Invalid("the file is empty")
