"""From where somebody signs in: decided without a database."""

import pytest

from wxdesk.desk.agents import Whence
from wxdesk.desk.agents.whence import masked

KHTML = "(KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {KHTML} Chrome/126.0.0.0"
PIXEL = f"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 {KHTML} Chrome/126.0.0.0"
NOVA = f"Mozilla/5.0 (Linux; Android 10; HarmonyOS; NOH-AN00) AppleWebKit/537.36 {KHTML}"
NEXT = f"Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 {KHTML} Chrome/114.0.0.0"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 {KHTML}"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 {KHTML}"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0)"


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (f"{WINDOWS} Safari/537.36", "Chrome", "Windows"),
        (f"{WINDOWS} Safari/537.36 Edg/126.0.0.0", "Edge", "Windows"),
        (f"{WINDOWS} Safari/537.36 SE 2.X MetaSr 1.0", "Sogou", "Windows"),
        (f"{WINDOWS} wxwork/4.1.22 MicroMessenger/7.0.1 WindowsWechat", "WeCom", "Windows"),
        (f"{MAC} Version/17.4 Safari/605.1.15", "Safari", "Mac"),
        (f"{LINUX} Gecko/20100101 Firefox/127.0", "Firefox", "Linux"),
        (f"{PIXEL} Mobile Safari/537.36", "Chrome", "Android"),
        (f"{PIXEL} Quark/7.0.0.590 Mobile Safari/537.36", "Quark", "Android"),
        (f"{PIXEL} XWEB/1160117 MicroMessenger/8.0.49.2600(0x28003133)", "WeChat", "Android"),
        (f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1", "Safari", "iPhone"),
        (f"{IPHONE} CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1", "Chrome", "iPhone"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x18003137)", "WeChat", "iPhone"),
        (f"{NOVA} Chrome/99.0 HuaweiBrowser/14.0.5 Safari", "Huawei Browser", "HarmonyOS"),
        (f"{NEXT} Safari/537.36 ArkWeb/4.1.6.1 Mobile", "Chrome", "HarmonyOS"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_browser_and_system_are_called_as_people_call_them(user_agent, browser, system):
    found = Whence.of(user_agent, "")

    assert (found.browser, found.system) == (browser, system)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("::ffff:203.0.113.77", "203.0.113.*"),
        ("2001:db8:12:34::9", "2001:db8:12:*"),
        ("fe80::1%eth0", "fe80:0:0:*"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_address_tells_the_network_and_not_the_person(address, shown):
    assert masked(address) == shown
