"""Voices as the platform keeps them (AMR, 8 kHz) and as browsers play them (MP3).

FFmpeg writes AMR narrow-band only; the finer voice of ``MediaId16K`` is therefore narrow-band
too, unless the file given was wide-band AMR already.
"""

import io
import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError

LONGEST_SECONDS = 60  # of one voice: "hold to talk" ends by itself
_AMR_RATE = 8000
_MP3_RATE = 24_000
_BIT_RATE = 12_200  # the finest mode of AMR narrow-band
_WIDE_BAND = b"#!AMR-WB\n"
_PITCHES = (220, 262, 330, 262)  # Hz, of the voice that nobody recorded


class NotSound(ValueError):
    """Nothing in this file can be heard."""


@dataclass(frozen=True, slots=True)
class Voice:
    """``finer`` is what ``MediaId16K`` names."""

    amr: bytes
    finer: bytes
    seconds: float


def as_voice(body: bytes) -> Voice:
    """Any file with a sound, cut to a minute.

    Raises:
        NotSound: There is none in it.
    """
    amr, seconds = _converted(body, "amr", "libopencore_amrnb", _AMR_RATE)
    return Voice(amr, body if body.startswith(_WIDE_BAND) else amr, seconds)


def as_mp3(body: bytes) -> bytes:
    """The same sound for a browser.

    Raises:
        NotSound: There is none in it.
    """
    return _converted(body, "mp3", "libmp3lame", _MP3_RATE)[0]


@lru_cache(maxsize=64)
def hum(seconds: int) -> Voice:
    """A voice that nobody had to record: four soft notes, again and again."""
    frames = (_note(_PITCHES[tick % len(_PITCHES)], tick) for tick in range(2 * seconds))
    amr, length = _written(frames, "amr", "libopencore_amrnb", _AMR_RATE)
    return Voice(amr, amr, length)


def _converted(body: bytes, form: str, codec: str, rate: int) -> tuple[bytes, float]:
    try:
        with av.open(io.BytesIO(body), "r") as source:
            if not source.streams.audio:
                raise NotSound("there is no sound in this file")
            return _written(source.decode(audio=0), form, codec, rate)
    except FFmpegError as error:
        raise NotSound("this is no sound that can be played") from error


def _written(frames: Iterator[AudioFrame], form: str, codec: str, rate: int) -> tuple[bytes, float]:
    """The file, and how many seconds it lasts."""
    sink, samples = io.BytesIO(), 0
    with av.open(sink, "w", format=form) as target:
        stream = cast(AudioStream, target.add_stream(codec, rate=rate, layout="mono"))
        if form == "amr":
            stream.bit_rate = _BIT_RATE
        resampler = AudioResampler("s16", "mono", rate, frame_size=stream.frame_size or None)
        for frame in _resampled(frames, resampler):
            samples += frame.samples
            target.mux(stream.encode(frame))
            if samples >= LONGEST_SECONDS * rate:
                break
        target.mux(stream.encode(None))
    if not samples:
        raise NotSound("there is no sound in this file")
    return sink.getvalue(), min(samples / rate, LONGEST_SECONDS)


def _resampled(frames: Iterator[AudioFrame], resampler: AudioResampler) -> Iterator[AudioFrame]:
    for frame in frames:
        frame.pts = None  # what was cut out of a longer recording begins at nought
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _note(hertz: int, tick: int) -> AudioFrame:
    """Half a second that swells and fades."""
    count = _AMR_RATE // 2
    wave = (
        round(6000 * math.sin(math.pi * n / count) * math.sin(2 * math.pi * hertz * n / _AMR_RATE))
        for n in range(count)
    )
    frame = AudioFrame("s16", "mono", count)
    frame.planes[0].update(array("h", wave).tobytes())
    frame.sample_rate, frame.pts = _AMR_RATE, tick * count
    return frame
