"""That a follower used the account's menu.

Source: "Custom menu event pushes" (doc/service/guide/product/menu/Custom_Menu_Push_Events).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from wxdesk.wechat.push.fields import Fields

PictureSource = Literal["sysphoto", "photo_or_album", "weixin"]


@dataclass(frozen=True, slots=True)
class MenuClicked:
    """A button that answers; ``key`` is the developer's name for it."""

    key: str


@dataclass(frozen=True, slots=True)
class PageViewed:
    """A button that opens a page."""

    url: str
    menu_id: str | None = None


@dataclass(frozen=True, slots=True)
class MiniProgramViewed:
    """A button that opens a mini program."""

    page_path: str
    menu_id: str | None = None


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A button that scans a code.

    Attributes:
        scan_type: ``qrcode``, or ``barcode`` with a result like ``EAN_13,6901234567892``.
        waits: The follower is shown that an answer comes.
    """

    key: str
    scan_type: str
    result: str
    waits: bool


@dataclass(frozen=True, slots=True)
class PicturesChosen:
    """A button that takes or picks pictures; each of them comes as an ``Image`` of its own."""

    key: str
    source: PictureSource
    count: int
    md5s: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceChosen:
    """A button that picks a place; it comes as a ``Location`` too."""

    key: str
    latitude: float
    longitude: float
    scale: int | None = None
    label: str = ""
    poi_name: str = ""


MenuUse = MenuClicked | PageViewed | MiniProgramViewed | CodeScanned | PicturesChosen | PlaceChosen


def _clicked(fields: Fields) -> MenuClicked:
    return MenuClicked(fields.take("EventKey"))


def _viewed(fields: Fields) -> PageViewed:
    return PageViewed(fields.take("EventKey"), fields.find("MenuId"))


def _mini_program_viewed(fields: Fields) -> MiniProgramViewed:
    return MiniProgramViewed(fields.take("EventKey"), fields.find("MenuId"))


def _scanned(fields: Fields, *, waits: bool) -> CodeScanned:
    code = fields.inside("ScanCodeInfo")
    return CodeScanned(
        key=fields.find_text("EventKey"),
        scan_type=code.find_text("ScanType"),
        result=code.take("ScanResult"),
        waits=waits,
    )


def _pictures_chosen(fields: Fields, *, source: PictureSource) -> PicturesChosen:
    pictures = fields.inside("SendPicsInfo")
    md5s = pictures.texts_of("PicList/item/PicMd5Sum")
    count = pictures.find_whole("Count")
    return PicturesChosen(
        key=fields.find_text("EventKey"),
        source=source,
        count=len(md5s) if count is None else count,
        md5s=md5s,
    )


def _place_chosen(fields: Fields) -> PlaceChosen:
    place = fields.inside("SendLocationInfo")
    return PlaceChosen(
        key=fields.find_text("EventKey"),
        latitude=place.take_degrees("Location_X", 90),
        longitude=place.take_degrees("Location_Y", 180),
        scale=place.find_whole("Scale"),
        label=place.find_text("Label"),
        poi_name=place.find_text("Poiname"),
    )


READERS: dict[str, Callable[[Fields], MenuUse]] = {
    "event/click": _clicked,
    "event/view": _viewed,
    "event/view_miniprogram": _mini_program_viewed,
    "event/scancode_push": partial(_scanned, waits=False),
    "event/scancode_waitmsg": partial(_scanned, waits=True),
    "event/pic_sysphoto": partial(_pictures_chosen, source="sysphoto"),
    "event/pic_photo_or_album": partial(_pictures_chosen, source="photo_or_album"),
    "event/pic_weixin": partial(_pictures_chosen, source="weixin"),
    "event/location_select": _place_chosen,
}
