"""Small files of the kinds WeChat takes."""

import io

import av
from PIL import Image


def picture(kind="JPEG", size=(48, 32)):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


def voice(seconds=2.0, kind="mp3"):
    """Silence: ``mp3`` or ``amr``."""
    codec, rate = {"mp3": ("libmp3lame", 16000), "amr": ("libopencore_amrnb", 8000)}[kind]
    made = io.BytesIO()
    with av.open(made, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        for at in range(0, int(seconds * rate), rate // 10):
            frame = av.AudioFrame(format="s16", layout="mono", samples=rate // 10)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.rate, frame.pts = rate, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()


def film():
    """As much of an MP4 as its beginning."""
    return bytes.fromhex("00000018") + b"ftypmp42" + bytes(4) + b"mp42isom" + bytes(2000)
