"""Temporary material, and the pictures of articles.

Source: "Temporary material" (临时素材), 2025.
"""

from wxsim.api import formats
from wxsim.api.call import Answer, Call, Raw
from wxsim.codes import Refused
from wxsim.files import File
from wxsim.lines import media_url
from wxsim.platform import Platform

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "voice/speex": "speex",
}


def upload(platform: Platform, call: Call) -> Answer:
    """``media/upload``: any picture, voice, video or thumbnail within its limits.

    Raises:
        Refused: 40004, 41005, 44001, 40005, 40009 to 40012, 40137, 45007.
    """
    form = call.form()
    kind = call.query.get("type") or form.fields.get("type", "")
    if kind not in formats.TEMPORARY:
        raise Refused(40004)
    upload = form.file("media")
    taken = formats.TEMPORARY[kind]
    content_type = formats.check(upload.body, taken, platform.faults.switches)
    now = platform.now()
    file = platform.files.keep(upload.body, kind, content_type, now=now, name=upload.name)
    field = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, field: file.media_id, "created_at": int(now.timestamp())}


def get(platform: Platform, call: Call) -> Answer:
    """``media/get``: the bytes; of a video where they are.

    Raises:
        Refused: 41006, 40007.
    """
    file = _asked_for(platform, call)
    if file.kind == "video" and not platform.faults.switches.video_as_bytes:
        return {"video_url": call.origin + media_url(file.media_id)}
    return as_attachment(platform, file)


def get_for_js(platform: Platform, call: Call) -> Answer:
    """``media/get/jssdk``: voices only."""
    file = _asked_for(platform, call)
    if file.kind != "voice":
        raise Refused(40007)
    return as_attachment(platform, file)


def upload_picture(platform: Platform, call: Call) -> Answer:
    """``media/uploadimg``: a picture for articles, known by its url only.

    Raises:
        Refused: 41005, 44001, 40005, 40009.
    """
    upload = call.form().file("media")
    content_type = formats.check(upload.body, formats.ARTICLE_PICTURE, platform.faults.switches)
    file = platform.files.keep(upload.body, "picture", content_type, now=platform.now())
    return {"url": call.origin + media_url(file.media_id)}


def as_attachment(platform: Platform, file: File) -> Raw:
    name = f"{file.media_id}.{_ENDINGS.get(file.content_type, 'dat')}"
    headers = {
        "Content-disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache, must-revalidate",
    }
    return Raw(platform.files.body(file.media_id), file.content_type, headers=headers)


def _asked_for(platform: Platform, call: Call) -> File:
    media_id = call.query.get("media_id")
    if not media_id:
        raise Refused(41006)
    file = platform.get_media(media_id)
    if file.lasting:
        raise Refused(40007)
    return file
