"""What somebody types into the search box, understood. Pure.

``退款 客户:王女士 类型:图片 日期:2026-03``: words, and operators that narrow them down. An operator
that is given twice means either of the two; all the rest has to hold at once.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wxdesk.desk.search.pieces import Phrase, phrases_of
from wxdesk.errors import Invalid

MOST_PHRASES = 12
MOST_VALUES = 10
EARLIEST_YEAR, LATEST_YEAR = 2000, 2199

OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(("客户", "customer", "from"), "customer"),
    **dict.fromkeys(("客服", "agent"), "agent"),
    **dict.fromkeys(("标签", "tag"), "tag"),
    **dict.fromkeys(("日期", "date"), "date"),
    **dict.fromkeys(("类型", "type"), "type"),
}

TYPES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("文字", "text"), ("text",)),
    **dict.fromkeys(("图片", "image", "picture"), ("image",)),
    **dict.fromkeys(("语音", "voice"), ("voice",)),
    **dict.fromkeys(("视频", "video"), ("video", "shortvideo")),
    **dict.fromkeys(("文件", "file"), ("file",)),
    **dict.fromkeys(("位置", "location"), ("location",)),
    **dict.fromkeys(("链接", "link"), ("link",)),
    **dict.fromkeys(("小程序", "miniprogram"), ("miniprogrampage",)),
    **dict.fromkeys(("图文", "文章", "news"), ("news", "mpnews", "mpnewsarticle")),
    **dict.fromkeys(("音乐", "music"), ("music",)),
    **dict.fromkeys(("菜单", "menu"), ("msgmenu",)),
    **dict.fromkeys(("卡券", "card"), ("wxcard",)),
    **dict.fromkeys(("模板", "template"), ("template",)),
    **dict.fromkeys(("支付", "payment"), ("payment",)),
    **dict.fromkeys(("维权", "complaint"), ("complaint",)),
}


class SearchUnclear(Invalid):
    """What was typed cannot be searched for.

    Its facts: ``why`` (nothing, too_much, empty, unknown_type, bad_date, two_dates), and what was
    typed: ``operator``, ``value``.
    """

    code = "search_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for.

    Attributes:
        phrases: All of them are there.
        customers: It is of one of these, by what they are called.
        agents: One of these wrote it.
        tags: Its customer carries one of these.
        kinds: It is of one of these kinds.
        since: It was said then or later; ``until``: earlier than that.
    """

    phrases: tuple[Phrase, ...] = ()
    customers: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_of_messages(self) -> bool:
        """Whether it asks for something that only messages have."""
        return bool(self.agents or self.kinds or self.since or self.until)


_TOKEN = re.compile(r'([^\s:："“”]+)[:：](?:["“]([^"“”]*)["”]?|(\S*))|\S+')


def understand(typed: str, *, today: date, zone: ZoneInfo) -> Asked:
    """What is meant.

    Args:
        typed: Words and operators.
        today: The day as it is in ``zone``, by whose clocks days begin.
        zone: Where whoever asks is.

    Raises:
        SearchUnclear: It is nothing, too much, or has an operator that cannot be understood.
    """
    words: list[str] = []
    given: dict[str, list[str]] = {
        name: [] for name in ("customer", "agent", "tag", "date", "type")
    }
    for match in _TOKEN.finditer(typed):
        operator = OPERATORS.get((match[1] or "").casefold())
        if operator is None:
            words.append(match[0])
            continue
        value = (match[2] if match[2] is not None else match[3]).strip()
        if not value:
            raise SearchUnclear(f"{match[1]}: nothing follows", why="empty", operator=match[1])
        given[operator].append(value)
    phrases = phrases_of(" ".join(words))
    if not phrases and not any(given.values()):
        raise SearchUnclear("there is nothing to look for", why="nothing")
    if len(phrases) > MOST_PHRASES or any(len(each) > MOST_VALUES for each in given.values()):
        raise SearchUnclear("fewer words find more", why="too_much")
    since, until = _span(given["date"], today, zone)
    return Asked(
        phrases=tuple(phrases),
        customers=tuple(given["customer"]),
        agents=tuple(given["agent"]),
        tags=tuple(given["tag"]),
        kinds=tuple(kind for value in given["type"] for kind in _kinds(value)),
        since=since,
        until=until,
    )


def _kinds(value: str) -> Sequence[str]:
    kinds = TYPES.get(value.casefold())
    if kinds is None:
        raise SearchUnclear(f"{value} is no type of message", why="unknown_type", value=value)
    return kinds


Days = tuple[date | None, date | None]
"""From a day on, until before another."""


def _span(
    values: Sequence[str], today: date, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    if len(values) > 1:
        raise SearchUnclear("one date or span of dates is enough", why="two_dates")
    if not values:
        return None, None
    try:
        first, after = days_of(values[0], today)
    except (ValueError, OverflowError):
        raise SearchUnclear(f"{values[0]} is no date", why="bad_date", value=values[0]) from None
    return _begin(first, zone), _begin(after, zone)


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None


_NAMED: Mapping[str, Callable[[date], Days]] = {
    **dict.fromkeys(("今天", "today"), lambda today: (today, _after(today, 1))),
    **dict.fromkeys(("昨天", "yesterday"), lambda today: (_after(today, -1), today)),
    **dict.fromkeys(("前天",), lambda today: (_after(today, -2), _after(today, -1))),
    **dict.fromkeys(("本周", "week"), lambda today: (_monday(today), _after(_monday(today), 7))),
    **dict.fromkeys(("上周",), lambda today: (_after(_monday(today), -7), _monday(today))),
    **dict.fromkeys(("本月", "month"), lambda today: _month(today.year, today.month)),
    **dict.fromkeys(("上月",), lambda today: _month(*_month_before(today))),
    **dict.fromkeys(("今年", "year"), lambda today: _year(today.year)),
}
_LATELY = re.compile(r"(?:近|最近)?(\d{1,3})(?:天|d)")
_SPAN = re.compile(r"(.*?)(?:\.\.|~|～|至|到)(.*)")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")


def days_of(value: str, today: date) -> Days:
    """The days that are meant by ``今天``, ``7d``, ``2026-03``, ``2026-03-01..03-07``, ``..2026``.

    Raises:
        ValueError: None.
    """
    value = value.casefold()
    if span := _SPAN.fullmatch(value):
        first, last = (_named(end, today) if end else (None, None) for end in span.groups())
        if first[0] and last[1] and first[0] >= last[1]:
            raise ValueError("it ends before it begins")
        if first[0] is None and last[1] is None:
            raise ValueError("it says nothing")
        return first[0], last[1]
    return _named(value, today)


def _named(value: str, today: date) -> Days:
    if named := _NAMED.get(value):
        return named(today)
    if lately := _LATELY.fullmatch(value):
        return _after(today, 1 - int(lately[1])), _after(today, 1)
    if found := _DAY_OF_YEAR.fullmatch(value):
        day = date(today.year, int(found[1]), int(found[2]))
        day = day if day <= today else date(today.year - 1, day.month, day.day)
        return day, _after(day, 1)
    found = _DAY.fullmatch(value)
    if not found:
        raise ValueError("no date")
    year, month, day_of_month = (int(part) if part else None for part in found.groups())
    if not year or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError("no year of any desk")
    if month is None:
        return _year(year)
    if day_of_month is None:
        return _month(year, month)
    day = date(year, month, day_of_month)
    return day, _after(day, 1)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return first, _after(first, monthrange(year, month)[1])


def _month_before(day: date) -> tuple[int, int]:
    last = day.replace(day=1) - timedelta(days=1)
    return last.year, last.month


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year + 1, 1, 1)
