"""Pictures, voices and videos as people send them, and as those do who mean harm."""

import io
import math
import struct
import zlib
from array import array
from functools import cache

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from PIL import Image

SVG_WITH_SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ORIENTATION = 0x0112
CAMERA = 0x010F


@cache
def picture(width=64, height=48, kind="JPEG", *, colour=(200, 40, 40)) -> bytes:
    return _saved(Image.new("RGB", (width, height), colour), kind)


@cache
def noise(side=600, kind="PNG") -> bytes:
    """A picture that does not compress."""
    grain = Image.effect_noise((side, side), 90)
    return _saved(Image.merge("RGB", [grain] * 3), kind)


@cache
def turned_picture() -> bytes:
    """64 × 48 as a camera held sideways writes it, with what it notes."""
    notes = Image.Exif()
    notes[ORIENTATION], notes[CAMERA] = 6, "Telephone of Anna"
    return _saved(Image.new("RGB", (64, 48), "green"), "JPEG", exif=notes)


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")]
    )


@cache
def wide_bomb() -> bytes:
    """A picture of 50 000 × 50 000 pixels, says its header."""
    return _png(50_000, 50_000, zlib.compress(bytes(150_001)))


@cache
def _zeros() -> bytes:
    """200 MB of nothing, in 200 KB."""
    press = zlib.compressobj(9)
    return b"".join(press.compress(bytes(1024 * 1024)) for _ in range(200)) + press.flush()


@cache
def deep_bomb() -> bytes:
    """A small picture behind whose pixels come 200 MB of nothing."""
    return _png(64, 64, _zeros())


@cache
def text_bomb() -> bytes:
    """A picture whose comment unpacks to 200 MB."""
    whole = picture(kind="PNG")
    return whole[:33] + _chunk(b"zTXt", b"Comment\x00\x00" + _zeros()) + whole[33:]


def page_in_a_gif() -> bytes:
    return picture(kind="GIF") + b"<html><script>alert(document.domain)</script></html>"


def script_in_a_gif() -> bytes:
    """Begins ``GIF89a/*``: read as a script, all of the picture is a comment."""
    whole = picture(width=0x2A2F, height=2, kind="GIF")
    assert whole[6:8] == b"/*"
    return whole + b"*/=1;alert(1)"


def archive_in_a_picture() -> bytes:
    return picture() + b"PK\x05\x06" + bytes(18)


@cache
def voice(seconds=2, form="amr", codec="libopencore_amrnb", rate=8000) -> bytes:
    """A note, in one of FFmpeg's formats."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as target:
        stream = target.add_stream(codec, rate=rate, layout="mono")
        if form == "amr":
            stream.bit_rate = 12_200
        _sing(target, stream, seconds, rate)
    return out.getvalue()


def mp3(seconds=2) -> bytes:
    return voice(seconds, "mp3", "libmp3lame", 24_000)


def wav(seconds=2) -> bytes:
    return voice(seconds, "wav", "pcm_s16le", 16_000)


def _sing(target, stream, seconds, rate):
    resampler = AudioResampler(
        stream.format.name if stream.format else "s16",
        "mono",
        rate,
        frame_size=stream.frame_size or None,
    )
    wave = array("h", (round(9000 * math.sin(n * 440 * math.tau / rate)) for n in range(rate)))
    for second in range(seconds):
        frame = AudioFrame("s16", "mono", rate)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts = rate, second * rate
        for piece in resampler.resample(frame):
            target.mux(stream.encode(piece))
    for piece in resampler.resample(None):
        target.mux(stream.encode(piece))
    target.mux(stream.encode(None))


@cache
def video(seconds=1, form="mp4", codec="libx264", *, side=96, sound=True) -> bytes:
    """A square whose colour changes, with a note, in one of FFmpeg's formats."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as target:
        film = target.add_stream(codec, rate=10)
        film.width = film.height = side
        film.pix_fmt = "yuv420p"
        tune = target.add_stream("aac", rate=44_100, layout="mono") if sound else None
        for number in range(10 * seconds):
            image = Image.new("RGB", (side, side), (25 * (number % 10), 80, 120))
            target.mux(film.encode(av.VideoFrame.from_image(image)))
        target.mux(film.encode(None))
        if tune:
            _sing(target, tune, seconds, 44_100)
    return out.getvalue()
