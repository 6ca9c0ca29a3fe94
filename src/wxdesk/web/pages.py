"""The built web app: hashed files are kept for good by browsers, its one page never."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

BUILT = Path(__file__).parent / "static"

PAGES = {"api/docs": "api-docs.html"}
"""Pages of their own, by their addresses; every other address is the agents' page's."""


def pages(built: Path) -> APIRouter:
    """Serve what a folder holds. It is listed once: no address ever becomes a path."""
    router = APIRouter(include_in_schema=False)
    files = {file.relative_to(built).as_posix(): file for file in built.rglob("*.*")}

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(path: str) -> Response:
        """A built file, or the page, which finds its own way to the address."""
        path = PAGES.get(path, path)
        if file := files.get(path):
            return FileResponse(file, headers={"cache-control": _caching(path)})
        if path.startswith(("api/", "assets/")):
            raise HTTPException(404)
        if not (index := files.get("index.html")):
            return PlainTextResponse("The web app is not built. Run: make app\n", 503)
        return FileResponse(index, headers={"cache-control": _caching("index.html")})

    return router


def _caching(path: str) -> str:
    hashed = path.startswith("assets/")
    return "public, max-age=31536000, immutable" if hashed else "no-cache"
