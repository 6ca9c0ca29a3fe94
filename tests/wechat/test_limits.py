"""What WeChat would refuse is not asked for; what is just within its limits is."""

from datetime import UTC, datetime, timedelta

import pytest

from wxdesk.wechat import (
    Advice,
    Button,
    MatchRule,
    Menu,
    OverLimit,
    consent_url,
    menu_problems,
    template_problems,
)
from wxdesk.wechat.api.templates import Template

AT = datetime(2026, 1, 2, tzinfo=UTC)
OPENIDS = [f"oK7xT5hQ2mVbN9dLr3WcYpE8s{number:03}" for number in range(101)]
DAY = timedelta(days=1)


def once(scene=0, title="", text=""):
    return lambda c: c.templates.send_once("o1", "T", scene=scene, title=title, text=text)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.users.infos([]),
        lambda c: c.users.infos(OPENIDS),
        lambda c: c.users.set_remark("o1", "十个字的备注太长了吧"),
        lambda c: c.tags.create(""),
        lambda c: c.tags.create("字" * 31),
        lambda c: c.tags.rename(134, "字" * 31),
        lambda c: c.tags.tag([], 134),
        lambda c: c.tags.tag(OPENIDS[:51], 134),
        lambda c: c.tags.untag(OPENIDS[:51], 134),
        lambda c: c.blacklist.add(OPENIDS[:21]),
        lambda c: c.blacklist.remove(OPENIDS[:21]),
        lambda c: c.qrcodes.create("", DAY),
        lambda c: c.qrcodes.create("s" * 65, None),
        lambda c: c.qrcodes.create(0, DAY),
        lambda c: c.qrcodes.create(2**32, DAY),
        lambda c: c.qrcodes.create(100_001, None),
        lambda c: c.qrcodes.create("s", timedelta(0)),
        lambda c: c.qrcodes.create("s", timedelta(milliseconds=900)),
        lambda c: c.qrcodes.create("s", 30 * DAY + timedelta(seconds=1)),
        lambda c: c.kf.add("agent01", "客服"),
        lambda c: c.kf.add("agent-01@shopcare", "客服"),
        lambda c: c.kf.add("agent000001@shopcare", "客服"),
        lambda c: c.kf.add("agent01@" + "s" * 31, "客服"),
        lambda c: c.kf.add("agent01@shopcare", ""),
        lambda c: c.kf.update("agent01@shopcare", "字" * 17),
        lambda c: c.kf.set_picture("agent01@shopcare", bytes(5 * 1024 * 1024 + 1)),
        lambda c: c.media.upload_picture(
            bytes(1024 * 1024 + 1), filename="a.png", content_type="image/png"
        ),
        lambda c: c.records.list(AT, AT + DAY + timedelta(seconds=1)),
        lambda c: c.records.list(AT, AT - DAY),
        lambda c: c.records.list(AT, AT, limit=0),
        lambda c: c.records.list(AT, AT, limit=10_001),
        lambda c: c.materials.list("image", count=0),
        lambda c: c.materials.list("image", count=21),
        lambda c: c.menu.set(Menu(())),
        lambda c: c.menu.add_conditional((), MatchRule("2")),
        lambda c: c.templates.send("o1", "T", {"thing1": "字" * 21}),
        lambda c: c.templates.send("o1", "T", {}, client_msg_id="x" * 33),
        lambda c: c.templates.send("o1", "T", {}, client_msg_id=""),
        lambda c: c.notices.send("o1", "T", {"thing1": "字" * 21}),
        once(scene=10_001),
        once(title="字" * 16),
        once(text="字" * 201),
    ],
)
async def test_what_wechat_would_refuse_is_not_asked_for(client, wechat, call):
    with pytest.raises(OverLimit) as raised:
        await call(client)

    assert wechat.asked == []
    assert raised.value.advice is Advice.TELL_AGENT
    assert "o1" not in raised.value.why


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.users.infos(OPENIDS[:100]),
        lambda c: c.users.set_remark("o1", "九个字的备注正好行ab"),
        lambda c: c.users.set_remark("o1", ""),
        lambda c: c.tags.rename(134, "字" * 30),
        lambda c: c.tags.tag(OPENIDS[:50], 134),
        lambda c: c.blacklist.add(OPENIDS[:20]),
        lambda c: c.kf.add("agent00001@" + "s" * 30, "字" * 16),
        lambda c: c.records.list(AT, AT + DAY, limit=10_000),
        once(10_000, "字" * 15, "字" * 200),
    ],
)
async def test_what_is_just_within_the_limits_is_asked_for(client, wechat, call):
    await call(client)

    assert len(wechat.asked) == 1


@pytest.mark.parametrize(
    ("scene", "expires"),
    [("s" * 64, 30 * DAY), ("字" * 64, None), (1, timedelta(seconds=1)), (1, None)],
)
async def test_a_scene_just_within_the_limits_is_asked_for(client, wechat, scene, expires):
    wechat.answers = [{"ticket": "T", "url": "http://weixin.qq.com/q/0", "expire_seconds": 1}]

    code = await client.qrcodes.create(scene, expires)

    assert code.expires_in == (timedelta(seconds=1) if expires else None)


@pytest.mark.parametrize(
    ("key", "fits", "too_long"),
    [
        ("thing1", "字" * 20, "字" * 21),
        ("number2", "1" * 32, "1" * 33),
        ("letter3", "a" * 32, "a" * 33),
        ("symbol4", "!" * 5, "!" * 6),
        ("character_string5", "A1-" * 10, "A1-" * 11),
        ("phone_number6", "+86-0766-66888866", "+86-0766-668888660"),
        ("car_number7", "粤A8Z888挂", "粤A8Z888挂挂挂"),
        ("phrase8", "已经发出啦", "已经发出去啦"),
        ("name9", "十个字的名字正好可以", "十个字的名字正好可以吗"),
        ("name9", "a" * 20, "a" * 21),
        ("amount10", "￥9999999999.99元", "￥99999999999元"),
        ("thing", "字" * 20, "字" * 21),
    ],
)
def test_a_value_has_the_length_of_its_kind(key, fits, too_long):
    assert template_problems({key: fits}) == []
    (problem,) = template_problems({key: too_long})
    assert problem.startswith(f"{key}: at most ")


@pytest.mark.parametrize("key", ["keyword1", "first", "const2", "time3", "date4", "1", "", "字"])
def test_kinds_without_a_published_length_are_left_to_wechat(key):
    assert template_problems({key: "字" * 1000}) == []


def test_a_template_knows_its_keys():
    template = Template(
        "T", "", "{{first.DATA}}\n内容：{{ thing1.DATA }}{{thing1.DATA}}", "", "", ""
    )

    assert template.keys == ("first", "thing1")


OK = Button("联系客服", "click", key="K")
LINK = Button("订单", "view", url="https://shop.example.com/" + "a" * 999)


@pytest.mark.parametrize(
    "buttons",
    [
        (OK,),
        (OK, OK, Button("服务", sub=(OK, LINK, OK, OK, OK))),
        (Button("字" * 5, "click", key="k" * 128),),
        (Button("服务", sub=(Button("字" * 20, "view", url="u"),)),),
    ],
)
def test_a_menu_within_the_limits_has_no_problem(buttons):
    assert menu_problems(buttons) == []


@pytest.mark.parametrize(
    ("buttons", "problem"),
    [
        ((), "a menu has 1 to 3 buttons"),
        ((OK,) * 4, "a menu has 1 to 3 buttons"),
        ((Button("服务", sub=(OK,) * 6),), "button 1 has more than 5 below it"),
        ((OK, Button("字" * 6, "click", key="K")), "the name of button 2 has more than 16 bytes"),
        (
            (Button("服务", sub=(Button("字" * 21, "click", key="K"),)),),
            "the name of button 1.1 has more than 60 bytes",
        ),
        ((Button("a", "click", key="字" * 43),), "the key of button 1 has more than 128 bytes"),
        ((Button("a", "view", url="u" * 1025),), "the url of button 1 has more than 1024 bytes"),
        ((Button("", "click", key="K"),), "button 1 has no name"),
        ((Button("a", "text", value="x"),), "button 1 is of no type that WeChat knows"),
        ((Button("a"),), "button 1 is of no type that WeChat knows"),
        ((Button("a", "click"),), "button 1 has no key"),
        ((Button("a", "miniprogram", url="u", app_id="wx1"),), "button 1 has no page_path"),
        (
            (Button("a", sub=(Button("b", sub=(OK,)),)),),
            "button 1.1 has others below it",
        ),
    ],
)
def test_a_menu_says_what_is_wrong_with_it(buttons, problem):
    assert menu_problems(buttons) == [problem]


def test_the_page_of_consent_is_as_documented():
    assert consent_url(
        "wx4f1d7e0b92c6a835", "T", scene=1000, redirect_url="https://x.cn/a?b=c", reserved="r"
    ) == (
        "https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=wx4f1d7e0b92c6a835"
        "&scene=1000&template_id=T&redirect_url=https%3A%2F%2Fx.cn%2Fa%3Fb%3Dc&reserved=r"
        "#wechat_redirect"
    )
    with pytest.raises(OverLimit):
        consent_url("wx1", "T", scene=1, redirect_url="", reserved="字" * 43)
