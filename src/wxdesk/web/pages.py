"""The built web app: hashed files are kept for good by browsers, its one page never."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

BUILT = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)


@router.get("/{path:path}")
async def page(path: str) -> Response:
    """A built file, or the page, which finds its own way to the address."""
    if path.startswith("api/"):
        raise HTTPException(404)
    file = (BUILT / path).resolve()
    if path and file.is_relative_to(BUILT) and file.is_file():
        hashed = path.startswith("assets/")
        caching = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return FileResponse(file, headers={"cache-control": caching})
    if path.startswith("assets/"):
        raise HTTPException(404)
    if not (BUILT / "index.html").is_file():
        return PlainTextResponse("The web app is not built. Run: make app\n", 503)
    return FileResponse(BUILT / "index.html", headers={"cache-control": "no-cache"})
