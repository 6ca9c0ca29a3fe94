"""Voice and video: how long, and what browsers and WeChat take made of them. In the sandbox only.

A container is always named to FFmpeg and read through a file we opened: it neither guesses one
(some are lists of other files) nor opens anything by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from PIL import Image

from wxdesk.codec.kinds import SOUNDS, VIDEOS
from wxdesk.codec.pictures import MOST_PIXELS

VOICE_RATE = 24_000
VOICE_BITS = 48_000
LONGEST_VIDEO_SECONDS = 300
LONGEST_SOUND_SECONDS = 600
MOST_VIDEO_SIDE = 1280
_PADDING_SECONDS = 0.1  # an encoder adds silence at both ends
_GRACE_SECONDS = 1
_TICK = Fraction(1, 90_000)
_QUARTER = 90
_EASY = {"h264", "vp8", "vp9", "av1", "aac", "mp3", "opus", "vorbis", "flac", "pcm_s16le", "hevc"}
"""What browsers play."""
_WECHAT_PLAYS = {"h264", "aac", "mp3"}

av.logging.set_level(None)


class NotASound(Exception):
    """It cannot be decoded."""


class TooLong(Exception):
    """It plays longer than may be."""


@contextmanager
def opened(path: Path, content_type: str) -> Iterator[InputContainer]:
    """A voice or a video, one thread for each of its streams."""
    container = (SOUNDS | VIDEOS)[content_type]
    try:
        with path.open("rb") as file, av.open(file, "r", format=container) as found:
            for stream in (*found.streams.video, *found.streams.audio):
                stream.codec_context.thread_count = 1
            for stream in found.streams.video:
                if stream.width * stream.height > MOST_PIXELS:
                    raise NotASound("too many pixels")
            yield found
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise NotASound(type(error).__name__) from error


def is_easy(found: InputContainer) -> bool:
    """Whether browsers play it as it is."""
    return _codecs(found) <= _EASY


def seconds_of(found: InputContainer) -> float | None:
    return round(found.duration / 1_000_000, 2) if found.duration else None


def first_frame(found: InputContainer) -> tuple[Image.Image, int, int] | None:
    """The picture a video begins with, upright, and the video's width and height."""
    for frame in found.decode(video=0):
        picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
        turned = frame.rotation % 360
        if turned:
            picture = picture.rotate(turned, expand=True)
        sides = (
            (frame.height, frame.width)
            if turned % 180 == _QUARTER
            else (
                frame.width,
                frame.height,
            )
        )
        return picture, *sides
    return None


def make_mp3(found: InputContainer, out: Path, *, longest_seconds: float) -> float:
    """One channel, as WeChat and every browser takes it; how many seconds it lasts.

    Raises:
        TooLong: It plays longer. The second by which a recording is stopped too late is cut off.
    """
    resampler = AudioResampler(format="s16p", layout="mono", rate=VOICE_RATE)
    most, samples = int((longest_seconds - _PADDING_SECONDS) * VOICE_RATE), 0
    with av.open(str(out), "w", format="mp3") as made:
        stream = made.add_stream("libmp3lame", rate=VOICE_RATE, layout="mono")
        stream.bit_rate = VOICE_BITS
        for piece in _resampled(found, resampler):
            samples += piece.samples
            if samples > most + VOICE_RATE * _GRACE_SECONDS:
                raise TooLong
            if samples <= most:
                made.mux(stream.encode(piece))
        made.mux(stream.encode(None))
    if not samples:
        raise NotASound("no sound in it")
    return round(min(samples, most) / VOICE_RATE, 2)


def _resampled(found: InputContainer, resampler: AudioResampler) -> Iterator[av.AudioFrame]:
    for frame in found.decode(audio=0):
        frame.pts = None
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def is_for_wechat(found: InputContainer, content_type: str) -> bool:
    """Whether WeChat shows this video as it is."""
    return content_type == "video/mp4" and _codecs(found) <= _WECHAT_PLAYS


def make_mp4(found: InputContainer, out: Path) -> None:
    """H.264 and AAC, no side longer than 1280 pixels.

    Raises:
        TooLong: It plays longer than five minutes.
    """
    if not found.streams.video:
        raise NotASound("no pictures in it")
    source = found.streams.video[0]
    width, height = _within(source.width, source.height)
    with av.open(str(out), "w", format="mp4", options={"movflags": "faststart"}) as made:
        film = made.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "26"})
        film.width, film.height, film.pix_fmt = width, height, "yuv420p"
        film.codec_context.time_base = _TICK
        film.codec_context.thread_count = 1
        sound = made.add_stream("aac", rate=44_100) if found.streams.audio else None
        resampler = AudioResampler(format="fltp", layout="stereo", rate=44_100)
        streams, pictures = [source, *found.streams.audio[:1]], 0
        for frame in found.decode(*streams):
            if isinstance(frame, av.VideoFrame) and (frame.time or 0) > LONGEST_VIDEO_SECONDS:
                raise TooLong
            if isinstance(frame, av.VideoFrame):
                pictures += 1
                made.mux(film.encode(frame.reformat(width, height, "yuv420p")))
            elif isinstance(frame, av.AudioFrame) and sound:
                for piece in resampler.resample(frame):
                    made.mux(sound.encode(piece))
        made.mux(film.encode(None))
        if sound:
            made.mux(sound.encode(None))
    if not pictures:
        raise NotASound("no pictures in it")


def _codecs(found: InputContainer) -> set[str]:
    streams = (*found.streams.video, *found.streams.audio)
    return {stream.codec_context.name.removesuffix("float") for stream in streams}


def _within(width: int, height: int) -> tuple[int, int]:
    """Even numbers, as H.264 wants them."""
    share = min(1.0, MOST_VIDEO_SIDE / max(width, height))
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)
