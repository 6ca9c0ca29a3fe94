"""Scripted customers: they write, wait for an answer, and answer it. All of them are made up."""

import asyncio
import base64
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from wxsim import acts, film
from wxsim.acts import NotFollowing
from wxsim.follower import make_openid
from wxsim.live import Event
from wxsim.platform import NoSuchFollower, Platform
from wxsim.pusher import Pusher

Said = str | Mapping[str, Any]  # a text, or any other act of a follower


@dataclass(frozen=True, slots=True)
class Person:
    """``opening`` is said one thing after the other; each of ``later`` after an answer."""

    name: str
    opening: Sequence[Said]
    later: Sequence[Said] = ()


_PHOTO = {"type": "image", "file": base64.b64encode(film.picture()).decode()}

PEOPLE: Sequence[Person] = (
    Person(
        "林小满",
        ("你好", "我 20 号下的单，单号 WG20261120-3817，怎么还没发货呀？"),
        ("好的，那大概哪天能到？周五之前要用的", "明白了，谢谢～"),
    ),
    Person(
        "陈建国",
        ("包裹收到了，盒子是破的", _PHOTO, "衣服袖口也开线了，我要求退款"),
        ("退款多久到账？", "行，我等你消息"),
    ),
    Person(
        "苏晚晴",
        ("这款羊毛大衣我 165、52 公斤，穿 M 还是 S 合适？",),
        ("平时喜欢宽松一点的", "那就 M 吧，我这就去下单 😊"),
    ),
    Person(
        "周子航",
        ("物流三天没动了", "一直显示在杭州转运中心", "麻烦帮忙催一下"),
        ("单号是 SF1390027754681", "好，辛苦了"),
    ),
    Person(
        "李慧敏",
        ("您好，请问能开增值税专用发票吗？", "抬头：上海云杉信息技术有限公司"),
        ("税号 91310115MA1K4EXAM8，发到邮箱就可以",),
    ),
    Person(
        "老王头",
        (
            "打了三次电话都没人接！你们客服是摆设吗？",
            {"type": "voice", "seconds": 9},
            "再没人管我就打 12315 了",
        ),
        ("上个月买的电饭煲，煮一次跳一次闸，退货一直没人审核", "那行，今天之内给我答复"),
    ),
    Person(
        "赵一诺",
        ("昨天的问题已经解决啦，客服小姐姐很耐心，谢谢你们 🌹",),
        ("一定会再来的！",),
    ),
    Person(
        "何思远",
        (
            "想改一下收货地址，还来得及吗？",
            {
                "type": "location",
                "latitude": 30.657420,
                "longitude": 104.065840,
                "label": "四川省成都市锦江区春熙路88号",
            },
            "改成这里，5 栋 1203",
        ),
        ("电话不变，还是尾号 6021", "太好了，多谢"),
    ),
)


class People:
    """Brings scripted customers onto the platform, the same ones for the same seed."""

    def __init__(self, platform: Platform, pusher: Pusher) -> None:
        self._platform = platform
        self._pusher = pusher
        self._parts: set[asyncio.Task[None]] = set()
        self._origin = ""

    async def start(
        self, *, seed: float = 7, count: float = 6, pace: float = 1.0, origin: str = ""
    ) -> list[dict[str, Any]]:
        """Let them come, over about a quarter of a minute.

        Args:
            seed: Chooses who comes first, and how fast each is.
            count: How many.
            pace: Stretches all pauses; 0 is without any.
            origin: Where the simulator's own files are reached, as ``http://host:port``.

        Whoever has written already, before a restart, only goes on answering.
        """
        await self.stop()
        self._origin = origin
        cast = Random(seed).sample(PEOPLE, min(int(count), len(PEOPLE)))  # noqa: S311
        arrived = []
        for person in cast:
            openid = self._arrive(person, seed)
            dice = Random(f"{seed}/{person.name}")  # noqa: S311
            part = asyncio.create_task(self._play(person, openid, dice, pace))
            self._parts.add(part)
            part.add_done_callback(self._parts.discard)
            arrived.append({"openid": openid, "name": person.name})
        return arrived

    async def stop(self) -> None:
        parts = list(self._parts)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)

    def _arrive(self, person: Person, seed: float) -> str:
        who = f"{self._platform.account.app_id}/{seed:g}/{person.name}"
        openid = make_openid(self._platform.account.original_id, who.encode())
        if openid not in self._platform.followers:
            self._platform.new_follower(person.name, openid=openid, scripted=True)
        return openid

    async def _play(self, person: Person, openid: str, dice: Random, pace: float) -> None:
        with (
            self._platform.live.listening() as events,
            contextlib.suppress(NotFollowing, NoSuchFollower),
        ):
            if not self._platform.chat(openid):
                await self._open(person, openid, dice, pace)
            for said in person.later:
                await _answer(events, openid)
                await asyncio.sleep(pace * dice.uniform(1, 2.5))
                await self._say(openid, said)

    async def _open(self, person: Person, openid: str, dice: Random, pace: float) -> None:
        await asyncio.sleep(pace * dice.uniform(0, 10))
        for said in person.opening:
            await self._say(openid, said)
            await asyncio.sleep(pace * dice.uniform(1, 3))

    async def _say(self, openid: str, said: Said) -> None:
        wish = {"type": "text", "content": said} if isinstance(said, str) else said
        done = acts.perform(self._platform, openid, wish, origin=self._origin)
        for push in done.pushes:
            await self._pusher.deliver(push)


async def _answer(events: asyncio.Queue[Event | None], openid: str) -> None:
    """Wait until an agent has said something; automatic replies are passive ones."""
    while True:
        event = await events.get()
        if event is None:
            raise NoSuchFollower(openid)
        line = event.get("line", {})
        if event.get("openid") == openid and line.get("via") == "custom":
            return
