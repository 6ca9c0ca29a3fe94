"""The built web app: what browsers may keep, and that nothing beside it is ever given out."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest

from patient import PATIENCE_SECONDS
from serving import serving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = b"<!doctype html><title>wxdesk</title>"
SECRET = b"nobody's business"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A web app of two files, with a secret beside their folder."""
    folder = tmp_path_factory.mktemp("built")
    built = folder / "static"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_bytes(PAGE)
    (built / "favicon.svg").write_bytes(b"<svg/>")
    (built / "assets" / "index-4f1d7e0b.js").write_bytes(b"export {}")
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "static-secret.txt").write_bytes(SECRET)
    return built


@pytest.fixture
async def site(runtime, built):
    """The address of a desk with this web app."""
    async with serving(runtime, built=built) as url:
        yield url


@pytest.fixture
async def http(site):
    async with aiohttp.ClientSession(site) as session:
        yield session


async def test_what_bears_a_hash_is_kept_for_good_and_the_page_never(http):
    async with http.get("/assets/index-4f1d7e0b.js") as script, http.get("/") as page:
        assert await script.read() == b"export {}"
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.content_type == "text/javascript"
        assert await page.read() == PAGE
        assert page.headers["cache-control"] == "no-cache"
    async with http.get("/favicon.svg") as icon:
        assert icon.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/conversations/7", "/sign-in", "/index.html", "/wechat"])
async def test_the_page_finds_its_own_way_to_an_address(http, path):
    async with http.get(path) as answer:
        assert (answer.status, await answer.read()) == (200, PAGE)
    async with http.head(path) as answer:
        assert (answer.status, await answer.read()) == (200, b"")


@pytest.mark.parametrize("path", ["/assets/index-00000000.js", "/assets/", "/api/", "/api/x"])
async def test_what_cannot_be_the_page_is_not_found(http, path):
    async with http.get(path) as answer:
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/assets%2f..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "//secret.txt",
        "/../static-secret.txt",
        "/..;/secret.txt",
        "/./../secret.txt",
        "/%00",
        "/secret.txt%00.js",
        "/assets/%00",
        "/" + "a" * 5000,
        "/" + "%2e%2e/" * 50 + "etc/passwd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/%ff%fe",
    ],
)
async def test_nothing_beside_the_web_app_is_given_out(site, path):
    status, body = await get_as_it_is(site, path)

    assert status in (200, 404)
    assert SECRET not in body
    assert b"root:" not in body


async def test_without_a_built_web_app_the_page_says_so(runtime, tmp_path):
    async with (
        serving(runtime, built=tmp_path / "nothing") as url,
        aiohttp.ClientSession(url) as http,
        http.get("/") as answer,
    ):
        assert answer.status == 503
        assert "make app" in await answer.text()


async def get_as_it_is(url, path):
    """Over a bare socket: clients would tidy the path."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), answer
