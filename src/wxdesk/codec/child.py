"""The process in which files of strangers are decoded: a job a line on its input, in JSON.

It has no environment, little memory, and for each job little time; who waits for it ends it when
it takes too long, and begins another.
"""

import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from wxdesk.codec import pictures, sounds
from wxdesk.codec.kinds import PICTURES, SOUNDS, VIDEOS

MOST_MEMORY_BYTES = 2 * 1024**3
MOST_WRITTEN_BYTES = 256 * 1024**2

Answer = dict[str, Any]


def look(path: Path, content_type: str, out: Path) -> Answer:
    """How large, how long; a small picture at ``….thumb``, an MP3 at ``….play`` where needed."""
    thumb, play = out.with_suffix(".thumb"), out.with_suffix(".play")
    if content_type in PICTURES:
        picture = pictures.open_picture(path, content_type)
        pictures.make_thumb(picture, thumb)
        return {
            "content_type": content_type,
            "width": picture.width,
            "height": picture.height,
            "thumb": str(thumb),
        }
    with sounds.opened(path, content_type) as found:
        if found.streams.video:
            return _look_at_video(found, content_type, thumb)
        if not found.streams.audio:
            return {"problem": "type"}
        return _listen(found, content_type.replace("video/", "audio/"), play)


def _look_at_video(found: Any, content_type: str, thumb: Path) -> Answer:
    easy, seconds = sounds.is_easy(found), sounds.seconds_of(found)
    first = sounds.first_frame(found)
    if first is None:
        return {"problem": "type"}
    picture, width, height = first
    pictures.make_thumb(picture, thumb)
    return {
        "content_type": content_type,
        "width": width,
        "height": height,
        "seconds": seconds,
        "playable": easy,
        "thumb": str(thumb),
    }


def _listen(found: Any, content_type: str, play: Path) -> Answer:
    if content_type == "audio/quicktime":
        content_type = "audio/mp4"
    answer: Answer = {"content_type": content_type, "seconds": sounds.seconds_of(found)}
    if sounds.is_easy(found):
        return answer | {"playable": True}
    seconds = sounds.make_mp3(found, play, longest_seconds=sounds.LONGEST_SOUND_SECONDS)
    return answer | {"seconds": seconds, "play": str(play)}


def to_voice(path: Path, content_type: str, out: Path, *, longest_seconds: float) -> Answer:
    """An MP3 that WeChat takes; nothing when the file is one, or AMR, that is short enough."""
    if content_type not in SOUNDS and content_type not in VIDEOS:
        return {"problem": "type"}
    with sounds.opened(path, content_type) as found:
        if not found.streams.audio:
            return {"problem": "type"}
        known = sounds.seconds_of(found) or longest_seconds + 1
        seconds = sounds.make_mp3(found, out, longest_seconds=longest_seconds)
    if content_type in ("audio/mpeg", "audio/amr") and known <= longest_seconds:
        return {"seconds": seconds}
    return {"seconds": seconds, "made": str(out)}


def to_video(path: Path, content_type: str, out: Path) -> Answer:
    """An MP4 that WeChat shows; nothing when the file is one."""
    if content_type not in VIDEOS:
        return {"problem": "type"}
    with sounds.opened(path, content_type) as found:
        if not found.streams.video:
            return {"problem": "type"}
        if sounds.is_for_wechat(found, content_type):
            return {}
        sounds.make_mp4(found, out)
    return {"made": str(out)}


def to_picture(path: Path, content_type: str, out: Path, *, side: int, most_bytes: int) -> Answer:
    """A JPEG within these bounds."""
    if content_type not in PICTURES:
        return {"problem": "type"}
    picture = pictures.open_picture(path, content_type)
    pictures.save_within(picture, out, side=side, most_bytes=most_bytes)
    return {"made": str(out)}


JOBS: dict[str, Callable[..., Answer]] = {
    "look": look,
    "voice": to_voice,
    "video": to_video,
    "picture": to_picture,
}


def do(job: dict[str, Any]) -> Answer:
    """One job; whatever is wrong with the file is an answer, not an end."""
    try:
        path, out = Path(job["path"]), Path(job["out"])
        return JOBS[job["do"]](path, job["content_type"], out, **job["bounds"])
    except sounds.TooLong:
        return {"problem": "too_long"}
    except (pictures.NotAPicture, sounds.NotASound, MemoryError, OSError) as error:
        return {"problem": "undecodable", "why": f"{type(error).__name__}: {error}"[:200]}


def main() -> None:
    """Do what is asked, until nobody asks any more."""
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN_BYTES, MOST_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        job = json.loads(line)
        _allow_seconds(job["seconds"])
        sys.stdout.write(json.dumps(do(job)) + "\n")
        sys.stdout.flush()


def _allow_seconds(seconds: float) -> None:
    """Of the processor, from now on; the system ends whoever takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
