"""How a message of the account stands on a phone: the content of a line, by kind.

What ``Platform.show`` takes for ``custom/send``, passive replies and templates alike, so that
the phone page draws each kind once. Beside the content a line may have ``via``, ``ai`` (true:
the grey line "made by third-party AI"), ``kf_account``, ``kf_name`` and ``kf_picture``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Content = dict[str, Any]


def media_url(media_id: str) -> str:
    """Where the simulator serves a file it keeps."""
    return f"/sim/media/{media_id}"


def image(media_id: str) -> Content:
    return {"media_id": media_id, "url": media_url(media_id)}


def voice(media_id: str, seconds: float | None = None) -> Content:
    """``play`` is the form a browser can play."""
    url = media_url(media_id)
    return {"media_id": media_id, "url": url, "play": f"{url}?as=mp3", "seconds": seconds}


def video(
    media_id: str, *, thumb: str | None = None, title: str = "", description: str = ""
) -> Content:
    """``thumb`` is a media id; without one the page asks for a frame of the film."""
    url = media_url(media_id)
    still = media_url(thumb) if thumb else f"{url}?as=jpeg"
    words = {"title": title, "description": description}
    return {"media_id": media_id, "url": url, "thumb_url": still, **words}


def music(
    thumb: str, *, title: str = "", description: str = "", url: str = "", hq_url: str = ""
) -> Content:
    words = {"title": title, "description": description}
    return {**words, "url": url, "hq_url": hq_url, "thumb_url": media_url(thumb)}


def article(*, title: str, description: str = "", url: str = "", picture_url: str = "") -> Content:
    """One of ``news``."""
    return {"title": title, "description": description, "url": url, "picture_url": picture_url}


def news(articles: Sequence[Content]) -> Content:
    """For ``news``, ``mpnews`` and ``mpnewsarticle``; each made by ``article``."""
    return {"articles": list(articles)}


def menu(head: str, items: Sequence[tuple[str, str]], tail: str = "") -> Content:
    """A ``msgmenu``; items are id and label."""
    lines = [{"id": item, "content": label} for item, label in items]
    return {"head": head, "items": lines, "tail": tail}


def mini_program(*, title: str, app_id: str, page_path: str, thumb: str | None = None) -> Content:
    picture = media_url(thumb) if thumb else None
    return {"title": title, "app_id": app_id, "page_path": page_path, "thumb_url": picture}


def card(card_id: str) -> Content:
    return {"card_id": card_id}


def template(
    template_id: str,
    *,
    title: str,
    rows: Mapping[str, str],
    url: str = "",
    mini_program: Mapping[str, str] | None = None,
) -> Content:
    """A template or subscription message; ``rows`` are name and value as shown."""
    shown = [{"name": name, "value": value} for name, value in rows.items()]
    aim = {"url": url, "mini_program": dict(mini_program) if mini_program else None}
    return {"template_id": template_id, "title": title, "rows": shown, **aim}
