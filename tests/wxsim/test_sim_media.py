"""Material: what is taken and refused, how long it lives, how careless uploads are read."""

import aiohttp
import pytest

import samples
from wxsim.api.form import read_form
from wxsim.codes import Refused

UPLOAD = "/cgi-bin/media/upload"
GET = "/cgi-bin/media/get"
PICTURE = samples.picture()


@pytest.mark.parametrize(
    ("kind", "body", "content_type"),
    [
        ("image", PICTURE, "image/jpeg"),
        ("image", samples.picture("PNG"), "image/png"),
        ("image", samples.picture("GIF"), "image/gif"),
        ("voice", samples.voice(2, "amr"), "audio/amr"),
        ("voice", samples.voice(2, "mp3"), "audio/mpeg"),
        ("thumb", PICTURE, "image/jpeg"),
    ],
)
async def test_what_was_uploaded_comes_back_as_it_was(sim, kind, body, content_type):
    answer = await sim.upload(UPLOAD, body, type=kind)

    media_id = answer.pop("thumb_media_id" if kind == "thumb" else "media_id")
    response, got = await sim.call_raw(GET, media_id=media_id)
    assert sorted(answer) == ["created_at", "type"]
    assert got == body
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-disposition"].startswith(f'attachment; filename="{media_id}.')


async def test_a_video_is_told_where_it_is(sim):
    media_id = await sim.upload_media("video", samples.film())

    answer = await sim.call(GET, media_id=media_id)
    async with sim.http.get(answer["video_url"]) as response:
        body = await response.read()
    await sim.faults(video_as_bytes=True)
    _, straight = await sim.call_raw(GET, media_id=media_id)

    assert list(answer) == ["video_url"]
    assert body == straight == samples.film()


@pytest.mark.parametrize(
    ("kind", "body", "errcode"),
    [
        ("sticker", PICTURE, 40004),
        ("image", b"", 44001),
        ("image", b"hello", 40005),
        ("image", samples.picture("WEBP"), 40137),
        ("image", samples.picture("BMP"), 40137),
        ("image", PICTURE + bytes(10 * 1024 * 1024), 40009),
        ("voice", PICTURE, 40005),
        ("voice", b"#!AMR\n", 40005),
        ("voice", b"ID3" + bytes(100), 40005),
        ("voice", samples.voice(1) + bytes(2 * 1024 * 1024), 40010),
        ("voice", samples.voice(61, "amr"), 45007),
        ("video", PICTURE, 40005),
        ("video", samples.film() + bytes(10 * 1024 * 1024), 40011),
        ("thumb", samples.picture("PNG"), 40137),
        ("thumb", PICTURE + bytes(64 * 1024), 40012),
    ],
)
async def test_what_does_not_fit_is_refused_by_its_own_code(sim, kind, body, errcode):
    assert (await sim.upload(UPLOAD, body, type=kind))["errcode"] == errcode


async def test_a_picture_of_another_format_has_the_code_of_its_call(sim):
    await sim.post("/sim/account", {"kf_accounts": ["agent01@shopcare"]})
    head = "/customservice/kfaccount/uploadheadimg"

    sent = await sim.upload(UPLOAD, b"BM" + bytes(64), type="image")
    article = await sim.upload("/cgi-bin/media/uploadimg", b"GIF89a" + bytes(64))
    portrait = await sim.upload(head, b"GIF89a" + bytes(64), kf_account="agent01@shopcare")

    assert [sent["errcode"], article["errcode"], portrait["errcode"]] == [40137, 40005, 40005]


async def test_the_type_may_be_a_field_of_the_form(sim):
    form = aiohttp.FormData()
    form.add_field("type", "image")
    form.add_field("media", PICTURE, filename="a.jpg")

    assert (await sim.call(UPLOAD, form))["type"] == "image"


async def test_a_body_too_large_to_be_read_is_refused(sim):
    answer = await sim.upload(UPLOAD, bytes(18_000_000), type="image")

    assert answer["errcode"] == 45001


async def test_a_voice_may_have_sixty_seconds(sim):
    assert "media_id" in await sim.upload(UPLOAD, samples.voice(60, "amr"), type="voice")


async def test_temporary_material_dies_after_three_days(sim):
    media_id = await sim.upload_media("image", PICTURE)

    await sim.advance(3 * 86_400 - 1)
    sim.access_token = None
    still, _ = await sim.call_raw(GET, media_id=media_id)
    await sim.advance(1)
    response, body = await sim.call_raw(GET, media_id=media_id)

    assert still.headers["Content-Type"] == "image/jpeg"
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/plain"
    assert "Content-disposition" not in response.headers
    assert body.startswith(b'{"errcode":40007,"errmsg":"invalid media_id')


async def test_media_errors_may_be_of_the_type_of_json(sim):
    await sim.faults(media_json_as_text=False)

    response, _ = await sim.call_raw(GET, media_id="nothing")
    missing = await sim.call(GET)

    assert response.headers["Content-Type"].startswith("application/json")
    assert missing["errcode"] == 41006


async def test_what_a_follower_sent_can_be_fetched(sim, server):
    await sim.act(await sim.follower(), "voice")

    _, body = await sim.call_raw("/cgi-bin/media/get", media_id=server.pushes[0]["MediaId"])

    assert body.startswith(b"#!AMR\n")


async def test_a_picture_for_articles_is_an_address_and_no_material(sim):
    url = (await sim.upload("/cgi-bin/media/uploadimg", PICTURE))["url"]
    too_large = await sim.upload("/cgi-bin/media/uploadimg", PICTURE + bytes(1024 * 1024))

    async with sim.http.get(url) as response:
        assert await response.read() == PICTURE
    assert (await sim.call(GET, media_id=url.rpartition("/")[2]))["errcode"] == 40007
    assert too_large["errcode"] == 40009


async def test_lasting_material_stays_is_listed_and_may_be_deleted(sim):
    add, batch = "/cgi-bin/material/add_material", "/cgi-bin/material/batchget_material"
    first = await sim.upload(add, PICTURE, name="一.jpg", type="image")
    second = await sim.upload(add, samples.picture("BMP"), name="二.bmp", type="image")
    await sim.advance(30 * 86_400)
    sim.access_token = None

    listed = await sim.call(batch, {"type": "image", "offset": 0, "count": 20})
    page = await sim.call(batch, {"type": "image", "offset": 1, "count": 1})
    gone = await sim.call("/cgi-bin/material/del_material", {"media_id": first["media_id"]})
    counted = await sim.call("/cgi-bin/material/get_materialcount")

    assert [item["name"] for item in listed["item"]] == ["二.bmp", "一.jpg"]
    assert (listed["total_count"], listed["item_count"]) == (2, 2)
    assert [item["media_id"] for item in page["item"]] == [first["media_id"]]
    assert second["url"].startswith("http")
    assert gone["errcode"] == 0
    assert counted["image_count"] == 1
    again = await sim.call("/cgi-bin/material/get_material", {"media_id": first["media_id"]})
    assert again["errcode"] == 40007
    assert (await sim.call(batch, {"type": "image", "count": 21}))["errcode"] == 40097
    assert (await sim.call("/cgi-bin/material/get_material", b""))["errcode"] == 44002


async def test_a_lasting_video_has_title_and_words(sim):
    form = aiohttp.FormData()
    form.add_field("media", samples.film(), filename="a.mp4")
    form.add_field("description", '{"title":"标题","introduction":"说明"}')
    made = await sim.call("/cgi-bin/material/add_material", form, type="video")

    got = await sim.call("/cgi-bin/material/get_material", {"media_id": made["media_id"]})

    assert list(made) == ["media_id"]
    assert (got["title"], got["description"]) == ("标题", "说明")
    assert got["down_url"].startswith("http")


async def test_material_that_a_menu_uses_cannot_be_deleted(sim):
    made = await sim.upload("/cgi-bin/material/add_material", PICTURE, type="image")
    button = {"type": "media_id", "name": "图", "media_id": made["media_id"]}
    await sim.call("/cgi-bin/menu/create", {"button": [button]})

    answer = await sim.call("/cgi-bin/material/del_material", {"media_id": made["media_id"]})

    assert answer["errcode"] == 48005


# How forms are read

HEAD = b'--b\r\nContent-Disposition: form-data; name="media"; '


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ('filename="图片.jpg"', "图片.jpg"),
        ("filename=plain.jpg", "plain.jpg"),
        ('filename="%E5%9B%BE.jpg"', "图.jpg"),
        ("filename*=UTF-8''%E5%9B%BE.jpg", "图.jpg"),
        ('filename="=?utf-8?B?5Zu+LmpwZw==?="', "图.jpg"),
        ('filename="=?nonsense?X?x?="', "=?nonsense?X?x?="),
        ('filename="a\\"b.jpg"', 'a"b.jpg'),
    ],
)
def test_a_filename_is_read_however_it_is_written(filename, expected):
    body = HEAD + filename.encode() + b"\r\n\r\n\r\n\x00--b\r\n--b--\r\n"

    file = read_form(body, "multipart/form-data; boundary=b").file("media")

    assert (file.name, file.body, file.content_type) == (expected, b"\r\n\x00--b", "")


def test_a_form_needs_no_content_type_and_no_carriage_returns():
    body = b'--b\nContent-Disposition: form-data; name="media"; filename="a"\n\nxyz\n--b--'

    assert read_form(body, "application/octet-stream").file("media").body == b"xyz"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 41005),
        (b"no form", 41005),
        (b"--b--", 41005),
        (b"--b\r\n\r\n", 41005),
        (b"--b" * 1000, 41005),
        (HEAD[:-2] + b"\r\n\r\nx\r\n--b--", 41005),
        (HEAD + b'filename=""\r\n\r\nx\r\n--b--', 41005),
        (HEAD + b'filename="a"\r\n\r\nno end', 41005),
        (HEAD + b'filename="a"\r\n\r\n\r\n--b--', 44001),
    ],
)
def test_a_form_without_a_file_is_refused(body, errcode):
    with pytest.raises(Refused) as refused:
        read_form(body, "multipart/form-data; boundary=b").file("media")

    assert refused.value.errcode == errcode
