"""Files with mistakes in them, thousands of kinds of mistakes: an answer, always, and soon."""

import contextlib
import random

import pytest

import strange_files as files
from wxdesk.codec import FILE, CannotConvert, Sandbox, is_shown

SAMPLES = {
    "jpeg": files.picture(),
    "png": files.picture(kind="PNG"),
    "gif": files.picture(kind="GIF"),
    "webp": files.picture(kind="WEBP"),
    "bmp": files.picture(kind="BMP"),
    "amr": files.voice(1),
    "mp3": files.mp3(1),
    "wav": files.wav(1),
    "ogg": files.voice(1, "ogg", "libopus", 48_000),
    "mp4": files.video(),
    "webm": files.video(1, "webm", "libvpx", sound=False),
}


def spoilt(content: bytes, dice: random.Random) -> bytes:
    """With bytes changed, cut out, doubled, or the end cut off."""
    body = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(body))
        match dice.randrange(4):
            case 0:
                body[at] = dice.randrange(256)
            case 1:
                del body[at : at + dice.randrange(1, 64)]
            case 2:
                body[at:at] = body[at : at + dice.randrange(1, 64)]
            case 3:
                body[at : at + 4] = dice.choice([b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff"])
        if len(body) < 16:
            break
    return bytes(body[: dice.randrange(len(body) // 2, len(body) + 1)])


@pytest.mark.parametrize("kind", SAMPLES)
async def test_a_spoilt_file_is_answered_and_spoils_nothing(kind, tmp_path):
    dice, sandbox, path = random.Random(kind), Sandbox(), tmp_path / "file"
    try:
        for _ in range(25):
            path.write_bytes(spoilt(SAMPLES[kind], dice))
            async with sandbox.look(path) as found:
                assert found.content_type == FILE or is_shown(found.content_type)
            assert list(tmp_path.iterdir()) == [path]

        path.write_bytes(SAMPLES[kind])
        async with sandbox.look(path) as found:
            assert is_shown(found.content_type)
    finally:
        await sandbox.close()


@pytest.mark.parametrize(
    ("do", "kinds", "bounds"),
    [
        ("picture", ("jpeg", "png", "gif", "webp"), {"side": 100, "most_bytes": 20_000}),
        ("voice", ("amr", "mp3", "wav", "ogg"), {"longest_seconds": 60}),
        ("video", ("webm",), {}),
    ],
)
async def test_of_a_spoilt_file_something_is_made_or_nothing(do, kinds, bounds, tmp_path):
    dice, sandbox, path = random.Random(do), Sandbox(), tmp_path / "file"
    try:
        for _ in range(20):
            path.write_bytes(spoilt(SAMPLES[dice.choice(kinds)], dice))
            with contextlib.suppress(CannotConvert):
                async with sandbox.convert(do, path, **bounds) as (made, _):
                    assert made.stat().st_size > 0
            assert list(tmp_path.iterdir()) == [path]
    finally:
        await sandbox.close()
