import asyncio
import re
import tracemalloc
from datetime import timedelta

import pytest
from aiohttp import web

from patient import PATIENCE_SECONDS
from wechat_calls import FILE
from wxdesk.wechat import (
    Advice,
    Client,
    MediaKind,
    OverLimit,
    Refused,
    Unanswered,
    Unreached,
    limits,
)
from wxdesk.wechat.download import safe_filename

MB = 1024 * 1024


def upload(client, content=FILE, kind=MediaKind.IMAGE, filename="a.jpg", **more):
    return client.media.upload(kind, content, filename=filename, content_type="image/jpeg", **more)


async def download(client, *, opens=True, **more):
    async with client.media.download("MEDIA", **more) as found:
        assert opens, "there should be nothing to read"
        return await found.read()


async def generated(*pieces):
    for piece in pieces:
        yield piece


class Pieces:
    """Content that can be iterated again."""

    async def __aiter__(self):
        yield FILE[:5]
        yield FILE[5:]


UPLOADED = {"type": "image", "media_id": "MEDIA", "created_at": 1767319200}


async def test_a_file_goes_up_as_wechat_takes_it(client, wechat):
    wechat.answers = [UPLOADED]

    await upload(client, filename='订单 "77".jpg')

    (asked,) = wechat.asked
    boundary = asked.headers["Content-Type"].removeprefix("multipart/form-data; boundary=")
    assert re.fullmatch(r"[0-9a-f]{32}", boundary)
    assert (
        asked.body
        == (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="media"; filename="订单 %2277%22.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        + FILE
        + f"\r\n--{boundary}--\r\n".encode()
    )


@pytest.mark.parametrize("content", [FILE, generated(FILE[:5], FILE[5:]), Pieces()])
async def test_the_length_is_told_beforehand(client, wechat, content):
    wechat.answers = [UPLOADED]

    await upload(client, content, size_bytes=len(FILE))

    (asked,) = wechat.asked
    assert int(asked.headers["Content-Length"]) == len(asked.body)
    assert "Transfer-Encoding" not in asked.headers
    assert FILE in asked.body


async def test_content_without_a_length_is_a_mistake(client, wechat):
    with pytest.raises(ValueError, match="length"):
        await upload(client, generated(FILE))

    assert wechat.asked == []


@pytest.mark.parametrize(
    "pieces", [(FILE,), (FILE, b"more", b"and more")], ids=["shorter", "longer"]
)
async def test_content_of_another_length_than_said_is_a_mistake(client, wechat, pieces):
    with pytest.raises(ValueError, match="not as long"):
        await upload(client, generated(*pieces), size_bytes=len(FILE) + 4)

    assert wechat.asked == []


async def test_what_goes_wrong_with_the_content_is_told_as_it_is(client, wechat):
    async def broken():
        yield FILE
        raise FileNotFoundError("the disk is gone")

    with pytest.raises(FileNotFoundError, match="the disk is gone"):
        await upload(client, broken(), size_bytes=1000)


async def test_content_that_can_be_read_again_is_sent_again_with_a_fresh_token(client, wechat):
    wechat.answers = [{"errcode": 42001, "errmsg": "expired"}, UPLOADED]

    uploaded = await upload(client, Pieces(), size_bytes=len(FILE))

    assert uploaded.media_id == "MEDIA"
    assert all(FILE in asked.body for asked in wechat.asked)


async def test_content_that_was_used_up_is_left_to_the_caller(client, wechat):
    wechat.answers = [{"errcode": 42001, "errmsg": "expired"}, UPLOADED]

    with pytest.raises(Refused) as raised:
        await upload(client, generated(FILE), size_bytes=len(FILE))

    assert raised.value.advice is Advice.REFRESH
    assert len(wechat.asked) == 1


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (MediaKind.IMAGE, 10 * MB),
        (MediaKind.VOICE, 2 * MB),
        (MediaKind.VIDEO, 10 * MB),
        (MediaKind.THUMB, 64 * 1024),
    ],
)
async def test_a_file_wechat_would_not_take_is_not_sent(client, wechat, kind, most):
    wechat.answers = [UPLOADED]

    for size in (0, most + 1):
        with pytest.raises(OverLimit, match="bytes"):
            await upload(client, bytes(size), kind)
    assert wechat.asked == []

    await upload(client, bytes(most), kind)


@pytest.mark.parametrize("filename", ["", "字" * 256])
async def test_a_file_without_a_sensible_name_is_not_sent(client, wechat, filename):
    with pytest.raises(OverLimit, match="filename"):
        await upload(client, filename=filename)


async def test_a_line_break_in_a_name_starts_no_line(client, wechat):
    wechat.answers = [UPLOADED]

    await upload(client, filename="a\r\nX-Evil: 1\r\n\r\n.jpg")

    assert b"\r\nX-Evil" not in wechat.asked[0].body


async def test_a_video_for_the_library_brings_its_title(client, wechat):
    wechat.answers = [{"media_id": "MEDIA"}]

    await client.materials.add(
        MediaKind.VIDEO,
        FILE,
        filename="v.mp4",
        content_type="video/mp4",
        title="标题",
        introduction="说明",
    )

    about = '{"title":"标题","introduction":"说明"}'
    assert f'name="description"\r\n\r\n{about}\r\n--'.encode() in wechat.asked[0].body


def a_file(body=FILE, **headers):
    headers = {"Content-Disposition": 'attachment; filename="MEDIA.jpg"', **headers}
    return web.Response(body=body, content_type="image/jpeg", headers=headers)


async def test_a_file_comes_down_with_what_wechat_says_about_it(client, wechat):
    wechat.answers = [a_file()]

    async with client.media.download("MEDIA") as found:
        assert (found.content_type, found.filename) == ("image/jpeg", "MEDIA.jpg")
        assert found.size_bytes == len(FILE)
        assert b"".join([chunk async for chunk in found.chunks()]) == FILE


NO = '{"errcode":40007,"errmsg":"invalid media_id hint: [x] rid: 1-2-3"}'


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(web.Response(text=NO), id="as text"),
        pytest.param(web.Response(text=NO, content_type="image/jpeg"), id="as a picture"),
        pytest.param(a_file(NO.encode()), id="as an attachment"),
        pytest.param(web.Response(text=f"\n {NO}"), id="after white space"),
    ],
)
async def test_an_error_is_never_a_file(client, wechat, answer):
    wechat.answers = [answer]

    with pytest.raises(Refused) as raised:
        await download(client)

    assert (raised.value.errcode, raised.value.errmsg) == (40007, "invalid media_id")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(web.Response(text="<html>busy</html>"), id="HTML"),
        pytest.param(web.Response(text=""), id="nothing"),
        pytest.param(web.Response(text=" \n "), id="white space"),
        pytest.param(web.Response(text='{"errcode":'), id="half an error"),
        pytest.param(web.Response(text="{}"), id="no address"),
        pytest.param(web.Response(text='{"video_url":7}'), id="an odd address"),
        pytest.param(web.Response(text='{"video_url":"file:///etc/passwd"}'), id="a file"),
        pytest.param(web.Response(text='{"video_url":"//x"}'), id="no scheme"),
        pytest.param(web.Response(text="{" + " " * 2 * MB), id="long and no JSON"),
        pytest.param(web.Response(status=404, body=FILE), id="not found"),
        pytest.param(web.Response(status=302, headers={"Location": "/x"}), id="elsewhere"),
    ],
)
async def test_what_is_no_file_is_no_file(client, wechat, answer):
    wechat.answers = [answer]

    with pytest.raises(Unanswered):
        await download(client)

    assert len(wechat.asked) == 1


async def test_a_video_is_fetched_from_where_wechat_says_and_without_the_token(client, wechat):
    wechat.answers = [
        web.json_response(
            {"video_url": f"{wechat.base}/v/1.mp4?sign=x"}, content_type="text/plain"
        ),
        web.Response(status=302, headers={"Location": f"{wechat.base}/cdn/1.mp4"}),
        web.Response(body=FILE, content_type="video/mp4"),
    ]

    async with client.media.download("MEDIA") as found:
        assert (found.content_type, await found.read()) == ("video/mp4", FILE)

    assert [path for path, _, _ in wechat.requests] == [
        "/cgi-bin/media/get",
        "/v/1.mp4",
        "/cdn/1.mp4",
    ]
    assert all("access_token" not in query for _, query, _ in wechat.requests[1:])


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(
            [web.Response(status=302, headers={"Location": "/x"}) for _ in range(9)],
            id="in circles",
        ),
        pytest.param([web.Response(status=404)], id="gone"),
        pytest.param([web.Response(text="<html></html>")], id="HTML"),
        pytest.param([web.Response(text=NO)], id="an error"),
        pytest.param([web.Response(text='{"video_url":"http://x"}')], id="another address"),
    ],
)
async def test_a_video_that_is_not_there_is_unanswered(client, wechat, answers):
    wechat.answers = [{"video_url": f"{wechat.base}/v"}, *answers]

    with pytest.raises(Unanswered):
        await download(client)

    assert len(wechat.asked) <= 5


async def test_a_video_is_not_fetched_from_what_is_no_web(client, wechat):
    wechat.answers = [
        {"video_url": f"{wechat.base}/v"},
        web.Response(status=302, headers={"Location": "file:///etc/passwd"}),
    ]

    with pytest.raises(Exception, match=r"^\w+$") as raised:
        await download(client)

    assert raised.value.advice is Advice.RETRY


@pytest.mark.parametrize("told", [True, False], ids=["told beforehand", "found out"])
async def test_a_file_longer_than_wanted_is_not_read_to_its_end(client, wechat, serve, told):
    async def endless(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        length = b"Content-Length: 100000000\r\n" if told else b""
        writer.write(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        while not writer.is_closing():
            writer.write(b"\xff" * 65536)
            await writer.drain()

    async with serve(endless) as address:
        far = Client(client._caller.http, f"http://{address}", client._caller._tokens)

        with pytest.raises(OverLimit, match="longer than 1000 bytes"):
            await download(far, max_bytes=1000, opens=not told)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"Content-Length: 1000\r\n\r\n\xff\xd8", id="of a known length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n5\r\n\xff\xd8", id="in chunks"),
    ],
)
async def test_a_file_that_ends_too_early_is_no_file(client, serve, said):
    async def cut_off(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + said)
        await writer.drain()

    async with serve(cut_off) as address:
        far = Client(client._caller.http, f"http://{address}", client._caller._tokens)

        with pytest.raises(Unanswered):
            await download(far)


async def test_a_file_may_be_left_half_read(client, wechat):
    wechat.answers = [a_file(bytes(MB)), a_file()]

    async with client.media.download("MEDIA") as found:
        async for _ in found.chunks():
            break

    assert await download(client) == FILE


async def test_an_error_of_the_reader_is_its_own(client, wechat):
    wechat.answers = [a_file()]

    with pytest.raises(OSError, match="disk full"):
        async with client.media.download("MEDIA"):
            raise OSError("disk full")


async def test_memory_does_not_grow_with_a_file(client, wechat):
    async def long(reader_or_none=None):
        for _ in range(9 * 16):
            yield bytes(65536)

    wechat.answers = [UPLOADED]
    await upload(client, b"warm up")
    size = 9 * 16 * 65536
    seen = 0

    async def take(request):
        nonlocal seen
        async for chunk in request.content.iter_any():
            seen += len(chunk)
        return web.json_response(UPLOADED)

    async def give(request):
        response = web.StreamResponse()
        await response.prepare(request)
        async for chunk in long():
            await response.write(b"\xff" + chunk[1:])
        return response

    app = web.Application()
    app.router.add_post("/cgi-bin/media/upload", take)
    app.router.add_get("/cgi-bin/media/get", give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0][:2]
        far = Client(client._caller.http, f"http://{host}:{port}", client._caller._tokens)
        tracemalloc.start()

        await upload(far, long(), MediaKind.VIDEO, size_bytes=size)
        async with far.media.download("MEDIA") as found:
            got = sum([len(chunk) async for chunk in found.chunks()])

        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    finally:
        await runner.cleanup()
    assert seen > size
    assert got == size
    assert peak < 2 * MB


async def test_a_picture_that_never_comes_is_given_up(client, serve):
    async def drip(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"\xff")
            await writer.drain()
            await asyncio.sleep(0.005)

    async with serve(drip) as address:
        soon = limits.CALL_PATIENCE / 100
        caller = client._caller
        far = Client(caller.http, f"http://{address}", caller._tokens, soon, soon)

        with pytest.raises(Unanswered, match="Timeout"):
            await download(far)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="MEDIA.jpg"', "MEDIA.jpg"),
        ("attachment; filename=MEDIA.amr", "MEDIA.amr"),
        ("attachment;FileName=MEDIA.amr; x=y", "MEDIA.amr"),
        ("attachment; filename*=UTF-8''%E8%AE%A2%E5%8D%95.pdf", "订单.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.jpg"', "a.jpg"),
        ('attachment; filename="a\x00\x1b[31mb.jpg"', "a[31mb.jpg"),
        ('attachment; filename=".."', None),
        ('attachment; filename=""', None),
        ("attachment", None),
        ("", None),
        ('attachment; filename="' + "x" * 1000 + '.jpg"', "x" * 251 + ".jpg"),
        ('attachment; filename="\udce8\udcae\udca2.pdf"', "订.pdf"),
    ],
)
def test_a_filename_is_one_harmless_name(disposition, name):
    assert safe_filename(disposition) == name


async def test_a_file_may_take_longer_than_an_answer_as_long_as_it_flows(client, serve):
    async def slowly(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n")
        for _ in range(30):
            writer.write(b"\xff" * 10)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serve(slowly) as address:
        caller = client._caller
        far = Client(caller.http, f"http://{address}", caller._tokens, timedelta(seconds=0.5))

        assert len(await download(far)) == 300


async def test_a_file_that_stands_still_is_given_up_before_its_time(client, serve):
    async def stall(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n\xff")
        await asyncio.Event().wait()

    async with serve(stall) as address, asyncio.timeout(PATIENCE_SECONDS):
        caller = client._caller
        far = Client(caller.http, f"http://{address}", caller._tokens, timedelta(seconds=0.1))

        with pytest.raises(Unanswered, match="Timeout"):
            await download(far)


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1",
        "http://127.0.0.1:99999/v",
        "http://127.0.0.1:x/v",
        "http://127.0.0.1:1/v",
        "http://",
        "https:///v",
        "http://\x00/",
        "http://a b/",
        "http://..",
        "http://%zz/",
        "http://xn--/",
        "http://" + "a" * 300 + ".invalid/",
        "http://视频.invalid/",
        "http://user:pass@127.0.0.1:1/",
        "http://127.0.0.1:1/\r\nX-Evil: 1",
    ],
)
async def test_an_address_that_is_none_is_a_typed_error(client, wechat, address):
    wechat.answers = [{"video_url": address}]

    with pytest.raises((Unanswered, Unreached)):
        await download(client)
