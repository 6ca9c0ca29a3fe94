"""What is in a file, whatever it was declared as; and what a hostile one comes to: nothing."""

import asyncio
import io
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

import strange_files as files
from wxdesk.codec import FILE, Look, Sandbox, recognise


@pytest.fixture
async def sandbox():
    made = Sandbox()
    yield made
    await made.close()


@pytest.fixture
def file(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "somebody's file"
        path.write_bytes(content)
        return path

    return write


async def look(sandbox, path) -> Look:
    async with sandbox.look(path) as found:
        return found


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.picture(), "image/jpeg"),
        (files.picture(kind="PNG"), "image/png"),
        (files.picture(kind="GIF"), "image/gif"),
        (files.picture(kind="WEBP"), "image/webp"),
        (files.picture(kind="BMP"), "image/bmp"),
        (files.voice(), "audio/amr"),
        (files.mp3(), "audio/mpeg"),
        (files.wav(), "audio/wav"),
        (files.voice(2, "ogg", "libopus", 48_000), "audio/ogg"),
        (files.voice(2, "webm", "libopus", 48_000), "audio/webm"),
        (files.voice(2, "mp4", "aac", 44_100), "audio/mp4"),
        (files.voice(2, "adts", "aac", 44_100), "audio/aac"),
        (files.video(), "video/mp4"),
        (files.video(1, "mov"), "video/quicktime"),
        (files.video(1, "webm", "libvpx", sound=False), "video/webm"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_file_is_what_is_in_it(sandbox, file, content, content_type):
    assert (await look(sandbox, file(content))).content_type == content_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"<html><script>alert(1)</script></html>",
        files.SVG_WITH_SCRIPT,
        b'{"errcode":40007,"errmsg":"invalid media_id"}',
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"#!AMR\n",
        b"ID3" + bytes(500),
        files.page_in_a_gif(),
        files.script_in_a_gif(),
        files.archive_in_a_picture(),
        files.wide_bomb(),
        files.picture()[:200],
        files.video()[:200],
    ],
    ids=range(15),
)
async def test_what_is_broken_or_something_else_too_is_only_ever_saved(sandbox, file, content):
    found = await look(sandbox, file(content))

    assert found == Look(FILE)


@pytest.mark.parametrize("bomb", [files.deep_bomb(), files.text_bomb()], ids=["deep", "text"])
async def test_a_small_picture_that_unpacks_to_much_fills_no_memory(sandbox, file, bomb):
    before = await child_memory(sandbox, file)

    await look(sandbox, file(bomb))

    assert await child_memory(sandbox, file) - before < 64 * 1024  # KB


async def child_memory(sandbox, file) -> int:
    """The most that the child has held so far, in KB."""
    await look(sandbox, file(files.picture()))
    status = Path(f"/proc/{sandbox._idle[0].process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


async def test_a_thumb_is_small_upright_and_says_nothing_of_the_camera(sandbox, file):
    async with sandbox.look(file(files.turned_picture())) as found:
        assert (found.width, found.height) == (48, 64)
        with Image.open(found.thumb) as thumb:
            assert (thumb.format, thumb.size) == ("JPEG", (48, 64))
            assert not thumb.getexif()
        assert b"Anna" not in found.thumb.read_bytes()


async def test_a_thumb_of_a_large_picture_is_480_pixels_and_64_kilobytes_at_most(sandbox, file):
    async with sandbox.look(file(files.noise(1500))) as found:
        assert (found.width, found.height) == (1500, 1500)
        with Image.open(found.thumb) as thumb:
            assert max(thumb.size) <= 480
        assert found.thumb.stat().st_size <= 64 * 1024


async def test_a_voice_that_browsers_do_not_play_is_made_one_that_they_do(sandbox, file):
    async with sandbox.look(file(files.voice(3))) as found:
        assert not found.playable
        assert found.seconds == pytest.approx(3, abs=0.1)
        assert recognise(found.play) == "audio/mpeg"


async def test_what_browsers_play_is_left_as_it_is(sandbox, file):
    found = await look(sandbox, file(files.mp3(2)))

    assert (found.playable, found.play) == (True, None)
    assert found.seconds == pytest.approx(2, abs=0.2)


async def test_a_video_has_a_picture_in_front_of_it(sandbox, file):
    async with sandbox.look(file(files.video(2))) as found:
        assert (found.width, found.height, found.playable) == (96, 96, True)
        assert found.seconds == pytest.approx(2, abs=0.2)
        with Image.open(io.BytesIO(found.thumb.read_bytes())) as thumb:
            assert thumb.size == (96, 96)


async def test_nothing_is_left_beside_a_file(sandbox, file):
    path = file(files.voice())

    await look(sandbox, path)

    assert list(path.parent.iterdir()) == [path]


async def test_a_child_that_dies_costs_one_file_and_no_other(sandbox, file):
    path = file(files.picture())
    await look(sandbox, path)
    os.kill(sandbox._idle[0].process.pid, signal.SIGKILL)

    assert (await look(sandbox, path)).content_type in ("image/jpeg", FILE)
    assert (await look(sandbox, path)).content_type == "image/jpeg"


async def test_a_child_that_takes_too_long_is_ended(sandbox, file):
    path = file(files.picture())
    await look(sandbox, path)
    child = sandbox._idle[0].process
    os.kill(child.pid, signal.SIGSTOP)

    answer = await sandbox._ask("look", path, "image/jpeg", path.with_suffix(".out"), 0.05)

    assert answer == {"problem": "undecodable"}
    assert child.returncode == -signal.SIGKILL


async def test_who_goes_away_while_a_file_is_looked_at_leaves_no_child_behind(sandbox, file):
    path = file(files.picture())
    await look(sandbox, path)
    child = sandbox._idle[0].process
    os.kill(child.pid, signal.SIGSTOP)

    asking = asyncio.create_task(look(sandbox, path))
    while sandbox._idle:
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert child.returncode == -signal.SIGKILL


async def test_a_child_has_nothing_of_ours(sandbox, file):
    await look(sandbox, file(files.picture()))

    assert Path(f"/proc/{sandbox._idle[0].process.pid}/environ").read_bytes() == b""
