"""Addresses at other services: which the desk asks, how they are shown, and what is said there."""

import asyncio

import pytest

from push_service import push_service_running
from wxdesk.ways import AddressRefused, AddressRules, Fate, masked, normal, say

USUAL = AddressRules()
OWN = AddressRules(frozenset({"json"}), frozenset({"127.0.0.1"}))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
            "wecombot://693a91f6-7xxx",
        ),
        ("https://oapi.dingtalk.com/robot/send?access_token=abc0123456", "dingtalk://abc0123456"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/ab-cd-ef01", "feishu://ab-cd-ef01"),
        ("https://api.day.app/Kx9zQ/", "barks://api.day.app/Kx9zQ"),
        (" wecombot://693a91f6 ", "wecombot://693a91f6"),
        ("mailtos://me:secret@93.184.215.14", "mailtos://me:secret@93.184.215.14"),
    ],
)
def test_a_webhook_of_a_group_is_an_address(url, kept):
    assert normal(url, USUAL) == kept


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("json://127.0.0.1/", "scheme"),
        ("jsons://example.com/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("syslog://", "scheme"),
        ("https://example.com/hook", "scheme"),
        ("nothing", "scheme"),
        ("", "scheme"),
        ("barks://127.0.0.1/key", "host"),
        ("barks://169.254.169.254/key", "host"),
        ("ntfys://192.168.1.1/topic", "host"),
        ("mailtos://me:secret@127.0.0.1", "host"),
        ("mailtos://me:secret@qq.com?smtp=10.0.0.5", "host"),
        ("mailtos://me:secret@[::1]", "host"),
        ("mailtos://me:secret@93.184.215.14?pgpkey=/etc/shadow", "file"),
        ("mailtos://me:secret@93.184.215.14?+TEMPLATE=/etc/shadow", "file"),
        ("wecombot://", "unreadable"),
        ("dingtalk://" + "a" * 2000, "unreadable"),
        ("wecombot://a\nb", "unreadable"),
    ],
)
def test_what_the_desk_does_not_ask_is_refused_with_why(url, reason):
    with pytest.raises(AddressRefused) as refused:
        normal(url, USUAL)
    assert refused.value.facts["reason"] == reason or (
        reason == "host" and refused.value.facts["reason"] in ("unknown_host", "unreadable")
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("wecombot://693a91f6-7xxx", "wecombot://…xxx"),
        ("wecombot://short", "wecombot://…"),
        ("barks://api.day.app/Kx9zQ", "barks://…9zQ"),
        ("mailtos://me:secret@qq.com?smtp=smtp.qq.com", "mailtos://me@qq.com"),
        ("tgram://123456789:abcdefg_hij/12315544/", "tgram://…544"),
    ],
)
def test_a_secret_is_not_shown(url, shown):
    assert masked(url) == shown


async def test_what_is_said_arrives_where_the_operator_allows_it():
    async with push_service_running() as service:
        url = service.url.replace("http", "json") + "/hook"
        outcome = await asyncio.to_thread(say, url, "新会话", "一位客户", OWN)
        refused = await asyncio.to_thread(say, url, "新会话", "一位客户", USUAL)
        service.statuses = [500]
        failed = await asyncio.to_thread(say, url, "新会话", "一位客户", OWN)

    assert outcome.fate is Fate.SENT
    assert [(each["title"], each["message"]) for each in service.said[:1]] == [
        ("新会话", "一位客户")
    ]
    assert refused.fate is Fate.REFUSED
    assert failed.fate is Fate.LATER
    assert len(service.said) == 2
