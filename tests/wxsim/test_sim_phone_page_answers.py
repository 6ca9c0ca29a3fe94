"""Every kind of answer, as the phone page shows it in a real browser."""

import base64
import re
from pathlib import Path

import aiohttp
import pytest_asyncio
from playwright.async_api import expect

import wxsim
from wxsim import film, sound, xml

PHONE = Path(wxsim.__file__).parent / "phone"
ORIGINAL_ID = "gh_9a3c51e7b2d4"
MINI_PROGRAM = "wx0c8e5b7a1f3d2946"
PAGE = "https://shop.example.com/o/77"


@pytest_asyncio.fixture(loop_scope="session")
async def account(phone, sim):
    """The account's own hand: uploads, and sends to the follower of the page."""
    account = Account(sim, (await sim.get("/sim/followers"))["items"][0]["openid"])
    await sim.act(account.openid, "text", content="在吗")
    return account


class Account:
    def __init__(self, sim, openid):
        self.sim = sim
        self.openid = openid

    async def send(self, kind, branch, **more):
        body = {"touser": self.openid, "msgtype": kind, kind: branch, **more}
        answer = await self.sim.send_raw(body)
        assert answer["errcode"] == 0, answer

    async def upload(self, kind, body, name, path="/cgi-bin/media/upload"):
        form = aiohttp.FormData()
        form.add_field("media", body, filename=name)
        token = (await self.sim.stable())["access_token"]
        query = {"access_token": token, "type": kind}
        async with self.sim.http.post(self.sim.base + path, params=query, data=form) as response:
            answer = await response.json(content_type=None)
        return answer.get("media_id") or answer.get("thumb_media_id") or answer["url"]

    async def picture(self):
        return await self.upload("image", film.picture(), "a.jpg")


def last(phone, selector=".bubble"):
    return phone.locator(f".line:not(.me) {selector}").last


async def loaded(picture):
    await expect(picture).to_be_visible()
    assert await picture.evaluate("node => node.decode().then(() => node.naturalWidth)") > 0


async def test_links_in_a_text_can_be_tapped_and_nothing_else(phone, account, server):
    menu = "weixin://bizmsgmenu?msgmenucontent=催单&msgmenuid=9"
    mini = f'data-miniprogram-appid="{MINI_PROGRAM}" data-miniprogram-path="pages/o"'
    text = f'<a href="{PAGE}">订单</a> <a href="{menu}">催一下</a> <a href="{PAGE}" {mini}>小店</a>'
    await account.send("text", {"content": f'{text} {PAGE}。<b>粗</b> <a href="file:///x">坏</a>'})

    bubble = last(phone)
    await expect(bubble).to_have_text(
        f'订单 催一下 小店 {PAGE}。<b>粗</b> <a href="file:///x">坏</a>'
    )
    await expect(bubble.get_by_role("button")).to_have_count(4)
    for name, address in (
        ("订单", PAGE),
        ("小店", f"weapp://{MINI_PROGRAM}/pages/o"),
        (PAGE, PAGE),
    ):
        await bubble.get_by_role("button", name=name).click()
        await expect(phone.locator("#sheet .address")).to_have_text(address)
        await phone.keyboard.press("Escape")
    await bubble.get_by_role("button", name="催一下").click()
    await expect(phone.locator(".line.me .bubble").last).to_have_text("催单")
    assert server.pushes[-1]["bizmsgmenuid"] == "9"


async def test_a_picture_is_enlarged_and_put_away(phone, account):
    await account.send("image", {"media_id": await account.picture()})

    await loaded(last(phone, ".picture img"))
    await phone.get_by_role("button", name="看大图").click()
    await loaded(phone.locator("#sheet img"))
    await phone.keyboard.press("Escape")
    await expect(phone.locator("#sheet")).to_be_hidden()


async def test_a_voice_has_its_length_and_plays(phone, account):
    media_id = await account.upload("voice", sound.hum(4).amr, "a.amr")
    await account.send("voice", {"media_id": media_id})

    voice = last(phone, ".talking")
    await expect(voice).to_have_text("4″")
    await expect(voice).to_have_class("bubble speech talking unheard")
    await voice.click()
    await expect(voice).to_have_class("bubble speech talking sounding")
    await voice.click()
    await expect(voice).to_have_class("bubble speech talking")


async def test_a_film_shows_its_picture_and_plays(phone, account):
    media_id = await account.upload("video", film.sample().mp4, "a.mp4")
    thumb = await account.upload("thumb", film.picture(), "a.jpg")
    words = {"title": "如何熨烫", "description": "三步"}
    await account.send("video", {"media_id": media_id, "thumb_media_id": thumb, **words})

    await loaded(last(phone, ".film img"))
    await expect(last(phone, ".titled")).to_contain_text("如何熨烫")
    await phone.get_by_role("button", name="播放 视频").click()
    player = phone.locator("#sheet video")
    await player.evaluate("node => node.videoWidth || new Promise(go => node.onplaying = go)")
    assert await player.evaluate("node => node.videoWidth") == 320
    await phone.keyboard.press("Escape")
    await expect(player).to_have_count(0)


async def test_music_has_a_player(phone, account, sim):
    thumb = await account.upload("thumb", film.picture(), "a.jpg")
    words = {"title": "冬日来信", "description": "微光", "thumb_media_id": thumb}
    await account.send("music", {**words, "musicurl": "https://m.example/a.mp3", "hqmusicurl": ""})
    card = last(phone, ".music")
    await loaded(card.locator("img"))
    await card.get_by_role("button", name="播放").click()
    await expect(phone.locator("#toast")).to_contain_text("不播放")

    ours = f"{sim.base}/sim/media/{await account.upload('voice', sound.hum(4).amr, 'a.amr')}?as=mp3"
    await account.send("music", {**words, "musicurl": ours, "hqmusicurl": ""})
    await expect(phone.locator(".music")).to_have_count(2)
    await last(phone, ".music").get_by_role("button", name="播放").click()
    await expect(last(phone, ".music").get_by_role("button", name="暂停")).to_be_visible()


async def test_an_article_is_a_card_that_opens(phone, account, sim):
    own = await account.upload("image", film.picture(), "a.jpg", "/cgi-bin/media/uploadimg")
    article = {"title": "冬季新品", "description": "限时九折", "url": PAGE}
    for picture in (own, "https://cdn.example.com/p.jpg"):
        await account.send("news", {"articles": [{**article, "picurl": picture}]})
        card = last(phone, ".card")
        await expect(card).to_contain_text("冬季新品")
        await last(phone, "button:has-text('冬季新品')").click()
        await expect(phone.locator("#sheet .address")).to_have_text(PAGE)
        await phone.keyboard.press("Escape")
    await loaded(phone.locator(".news img"))


async def test_several_articles_are_one_card(phone, account, sim, server):
    items = [
        ("item", [("Title", t), ("Description", ""), ("PicUrl", ""), ("Url", PAGE)])
        for t in "甲乙丙"
    ]
    head = [("ToUserName", account.openid), ("FromUserName", ORIGINAL_ID), ("CreateTime", 1)]
    news = [("MsgType", "news"), ("ArticleCount", 3), ("Articles", items)]
    server.answers = [xml.document([*head, *news])]
    await sim.act(account.openid, "menu_click", key="K")

    await expect(last(phone, ".news").get_by_role("button")).to_have_text(["甲", "乙", "丙"])


async def test_a_menu_message_can_be_tapped_line_by_line(phone, account, server):
    items = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    await account.send("msgmenu", {"head_content": "请评价", "list": items, "tail_content": "谢谢"})

    bubble = last(phone, ".menu-lines")
    await expect(bubble).to_have_text("请评价满意不满意谢谢")
    await bubble.get_by_role("button", name="不满意").click()
    await expect(phone.locator(".line.me .bubble").last).to_have_text("不满意")
    assert server.pushes[-1]["bizmsgmenuid"] == "102"


async def test_cards_of_mini_programs_coupons_and_published_articles(phone, account):
    picture = await account.picture()
    page = {"title": "订单", "appid": MINI_PROGRAM, "pagepath": "pages/o?id=7"}
    await account.send("miniprogrampage", {**page, "thumb_media_id": picture})
    await loaded(last(phone, ".mini img"))
    await last(phone, ".mini").click()
    await expect(phone.locator("#sheet .address")).to_have_text(
        f"weapp://{MINI_PROGRAM}/pages/o?id=7"
    )
    await phone.keyboard.press("Escape")

    await account.send("wxcard", {"card_id": "pK7xT5kQm2VbN9dLr3WcYpE8sUiA"})
    await expect(last(phone, ".card")).to_contain_text("pK7xT5kQm2VbN9dLr3WcYpE8sUiA")
    await account.send("mpnewsarticle", {"article_id": "ART"})
    await expect(last(phone, ".card")).to_contain_text("ART")


async def test_a_template_message_is_a_card_with_rows(phone, account, sim):
    access = {"access_token": (await sim.stable())["access_token"]}
    wanted = {"template_id_short": "TM1", "keyword_name_list": ["事项", "时间"]}
    made = await sim.post("/cgi-bin/template/api_add_template", wanted, **access)
    data = {"thing1": {"value": "您的问题已有回复"}, "time2": {"value": "2026-01-02 10:00"}}
    body = {"touser": account.openid, "template_id": made["template_id"], "url": PAGE, "data": data}
    assert (await sim.post("/cgi-bin/message/template/send", body, **access))["errcode"] == 0

    card = last(phone, ".notice")
    await expect(card.locator("dd")).to_have_text(["您的问题已有回复", "2026-01-02 10:00"])
    await card.get_by_role("button", name="查看详情").click()
    await expect(phone.locator("#sheet .address")).to_have_text(PAGE)


async def test_an_agent_speaks_by_name_and_what_an_ai_wrote_says_so(phone, account, sim):
    await sim.post("/sim/account", {"kf_accounts": ["agent01@shopcare"]})
    service = {"customservice": {"kf_account": "agent01@shopcare"}}
    await account.send("text", {"content": "我是小周"}, **service)
    await expect(last(phone, ".who")).to_have_text("agent01")
    form = aiohttp.FormData()
    form.add_field("media", film.picture(), filename="a.jpg")
    token = (await sim.stable())["access_token"]
    query = {"access_token": token, "kf_account": "agent01@shopcare"}
    address = sim.base + "/customservice/kfaccount/uploadheadimg"
    async with sim.http.post(address, params=query, data=form) as response:
        assert (await response.json(content_type=None))["errcode"] == 0
    await account.send("text", {"content": "换了头像"}, **service)
    await loaded(last(phone, "img.avatar"))

    await account.send("text", {"content": "明天送达"}, aimsgcontext={"is_ai_msg": 1})
    await expect(last(phone, ".by-ai")).to_have_text("内容由第三方AI生成")


async def test_somebody_who_writes_is_seen_writing_until_the_message(phone, account, sim):
    access = {"access_token": (await sim.stable())["access_token"]}
    wish = {"touser": account.openid, "command": "Typing"}
    assert (await sim.post("/cgi-bin/message/custom/typing", wish, **access))["errcode"] == 0
    await expect(phone.locator("h1")).to_contain_text("对方正在输入…")

    await account.send("text", {"content": "在的"})
    await expect(phone.locator("#account-name")).to_have_text("微光生活馆")


async def test_nothing_is_wider_than_a_narrow_phone(browser, account, sim):
    await account.send("text", {"content": "很长" * 40 + "x" * 200 + PAGE * 5})
    await account.send("wxcard", {"card_id": "p" * 60})
    items = [{"id": "1", "content": "满" * 30}]
    await account.send("msgmenu", {"head_content": "请" * 60, "list": items, "tail_content": ""})
    for kind in ("voice", "video", "location", "miniprogrampage", "file", "unsupported", "image"):
        picture = base64.b64encode(film.picture()).decode() if kind == "image" else ""
        await sim.act(account.openid, kind, file=picture, title="长" * 60)
    page = await browser.new_page(viewport={"width": 320, "height": 640})
    await page.goto(f"{sim.base}/sim/")
    await page.get_by_role("button", name="小林").click()
    await expect(page.locator(".bubble")).to_have_count(10)

    thread = page.locator("#thread")
    assert await thread.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    await page.close()


WORD = re.compile(r"""\bt\('(\w+)'\)|data-(?:word|label)="(\w+)\"""")


def test_every_word_the_page_uses_is_there_in_both_languages():
    known = [
        set(re.findall(r"(\w+): '", (PHONE / f"{name}.js").read_text())) for name in ("zh", "en")
    ]
    files = [*PHONE.glob("*.js"), PHONE / "index.html"]
    used = {one or other for file in files for one, other in WORD.findall(file.read_text())}

    assert known[0] == known[1]
    assert used <= known[0]
    assert len(used) > 80
