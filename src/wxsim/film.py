"""Videos as the platform keeps them (MP4), and the picture that stands for one."""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageDraw

LONGEST_SECONDS = 60
_MOST_PIXELS = 40_000_000  # of one frame
_SIDE = 640  # pixels a converted film is wide at most
_THUMB_SIDE = 240
_RATE = 15
_TICK = Fraction(1, 1000)
_SOUND_RATE = 44_100
_AAC_FRAME = 1024  # samples


class NotFilm(ValueError):
    """Nothing in this file can be watched."""


@dataclass(frozen=True, slots=True)
class Film:
    mp4: bytes
    thumb: bytes
    seconds: float


def as_film(body: bytes) -> Film:
    """Any file with moving pictures; what is MP4 already stays as it is.

    Raises:
        NotFilm: There are none in it.
    """
    is_mp4 = body[4:8] == b"ftyp" and not body[8:12].startswith(b"qt")
    mp4 = body if is_mp4 else _as_mp4(body)
    return Film(mp4, still(mp4), _seconds(mp4))


def still(body: bytes) -> bytes:
    """The first frame as a small JPEG.

    Raises:
        NotFilm: There is none.
    """
    try:
        with av.open(io.BytesIO(body), "r") as source:
            _require_sane(source.streams.video[0])
            for frame in source.decode(video=0):
                _require_sane(frame)
                return _jpeg(_image(frame))
    except (FFmpegError, IndexError) as error:
        raise NotFilm("this is no video that can be played") from error
    raise NotFilm("there is no picture in this file")


@cache
def sample() -> Film:
    """Two seconds that nobody had to record: a parcel crossing the picture."""
    sink = io.BytesIO()
    with av.open(sink, "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=_RATE, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(2 * _RATE):
            target.mux(stream.encode(_frame(_parcel(number))))
        target.mux(stream.encode(None))
    mp4 = sink.getvalue()
    return Film(mp4, still(mp4), 2.0)


@cache
def picture() -> bytes:
    """A photo that nobody had to take."""
    return _jpeg(_parcel(8), 320)


def _as_mp4(body: bytes) -> bytes:
    sink = io.BytesIO()
    try:
        with av.open(io.BytesIO(body), "r") as source, av.open(sink, "w", format="mp4") as target:
            if source.format.name.endswith("_pipe") or not source.streams.video:
                raise NotFilm("there are no moving pictures in this file")
            _convert(source, target)
    except (FFmpegError, IndexError) as error:
        raise NotFilm("this is no video that can be played") from error
    return sink.getvalue()


def _convert(source: InputContainer, target: OutputContainer) -> None:
    """The pictures as H.264, the sound as AAC: what every phone plays."""
    tracks: list[_Pictures | _Sound] = [_Pictures(source.streams.video[0], target)]
    if source.streams.audio:
        tracks.append(_Sound(source.streams.audio[0], target))
    by_index = {track.index: track for track in tracks}
    for packet in source.demux([source.streams[index] for index in by_index]):
        for frame in packet.decode():
            if not isinstance(frame, VideoFrame | AudioFrame):
                continue
            if (frame.time or 0) <= LONGEST_SECONDS:
                by_index[packet.stream.index].add(frame)
    for track in tracks:
        track.end()


class _Pictures:
    def __init__(self, source: VideoStream, target: OutputContainer) -> None:
        self.index = source.index
        self._target = target
        self._last = -1
        _require_sane(source)
        self._stream = target.add_stream("libx264", options={"preset": "ultrafast"})
        self._stream.width, self._stream.height = _fitting(source.width, source.height)
        self._stream.pix_fmt, self._stream.time_base = "yuv420p", _TICK

    def add(self, frame: Any) -> None:
        """Unless its moment is not after the one before."""
        _require_sane(frame)
        at = round((frame.time or 0) / _TICK)
        if at > self._last:
            self._last = at
            small = frame.reformat(self._stream.width, self._stream.height, "yuv420p")
            small.pts, small.time_base = at, _TICK
            self._target.mux(self._stream.encode(small))

    def end(self) -> None:
        if self._last < 0:
            raise NotFilm("there are no moving pictures in this file")
        self._target.mux(self._stream.encode(None))


class _Sound:
    def __init__(self, source: AudioStream, target: OutputContainer) -> None:
        self.index = source.index
        self._target = target
        self._heard = 0
        self._stream = target.add_stream("aac", rate=_SOUND_RATE, layout="mono")
        self._resampler = AudioResampler("fltp", "mono", _SOUND_RATE, frame_size=_AAC_FRAME)

    def add(self, frame: Any) -> None:
        for small in self._resampler.resample(frame):
            small.pts, small.time_base = self._heard, Fraction(1, _SOUND_RATE)
            self._heard += small.samples
            self._target.mux(self._stream.encode(small))

    def end(self) -> None:
        self.add(None)
        self._target.mux(self._stream.encode(None))


def _require_sane(frame: VideoFrame | VideoStream) -> None:
    if frame.width * frame.height > _MOST_PIXELS:
        raise NotFilm("a frame of this video is too large")


def _fitting(width: int, height: int) -> tuple[int, int]:
    """Even, as H.264 needs them, and not over the side."""
    scale = min(1.0, _SIDE / max(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _seconds(mp4: bytes) -> float:
    with av.open(io.BytesIO(mp4), "r") as source:
        return round((source.duration or 0) / av.time_base, 1)


def _jpeg(image: Image.Image, side: int = _THUMB_SIDE) -> bytes:
    sink = io.BytesIO()
    image.thumbnail((side, side))
    image.convert("RGB").save(sink, "JPEG", quality=80)
    return sink.getvalue()


def _image(frame: VideoFrame) -> Image.Image:
    rgb = frame.reformat(format="rgb24")
    plane = rgb.planes[0]
    size = (rgb.width, rgb.height)
    return Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)


def _frame(image: Image.Image) -> VideoFrame:
    frame = VideoFrame(image.width, image.height, "rgb24")
    frame.planes[0].update(image.tobytes())
    return frame


def _parcel(number: int) -> Image.Image:
    image = Image.new("RGB", (320, 240), (226, 232, 228))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 190, 320, 240), fill=(180, 190, 184))
    left = 20 + number * 6
    draw.rectangle((left, 110, left + 90, 192), fill=(190, 140, 88))
    draw.rectangle((left + 38, 110, left + 52, 192), fill=(232, 206, 160))
    draw.line((left, 110, left + 90, 110), fill=(120, 84, 46), width=3)
    return image
