"""Files over HTTP: brought by agents, shown to whoever is signed in, and to nobody else."""

import asyncio
import io

import pytest
from PIL import Image

import strange_files as files
from patient import PATIENCE_SECONDS
from wxdesk.desk.media import File

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Files are the same whatever database; their rows are tested with the workers."""


@pytest.fixture
def bring(lihua):
    """Bring a file to the desk; what it answers."""

    async def uploaded(content, kind="image", **query):
        params = {"kind": kind} | query
        return await lihua.ask("POST", "/api/media", data=io.BytesIO(content), params=params)

    return uploaded


async def get(visitor, path, **headers):
    """Status, body and headers."""
    async with visitor.http.get(path, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_picture_is_brought_and_shown(lihua, bring):
    answer = await bring(files.picture(), name="猫.jpg")

    assert answer.status == 201
    assert answer.body == {
        "id": answer.body["id"],
        "state": "ready",
        "content_type": "image/jpeg",
        "size_bytes": len(files.picture()),
        "width": 64,
        "height": 48,
        "seconds": None,
        "thumb": True,
        "play": False,
        "name": "猫.jpg",
        "kind": "image",
        "usable": True,
        "problem": None,
    }
    status, body, headers = await get(lihua, f"/api/media/{answer.body['id']}")
    assert (status, body) == (200, files.picture())
    assert headers["content-type"] == "image/jpeg"


async def test_a_small_picture_is_shown_beside_it(lihua, bring):
    picture = (await bring(files.noise(700))).body["id"]

    status, body, headers = await get(lihua, f"/api/media/{picture}/thumb")

    assert (status, headers["content-type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(body)) as thumb:
        assert max(thumb.size) <= 480


async def test_nobody_else_sees_it(lihua, bring, visit):
    picture = (await bring(files.picture())).body["id"]
    stranger = await visit()

    for path in ("", "/thumb", "/play"):
        assert (await stranger.get(f"/api/media/{picture}{path}")).problem == (
            401,
            "not_signed_in",
        )
    assert (await stranger.get("/api/media/limits")).status == 401
    refused = await stranger.ask("POST", "/api/media", data=b"x", params={"kind": "image"})
    assert refused.problem == (401, "not_signed_in")
    assert (await stranger.post(f"/api/media/{picture}/smaller")).status == 401


async def test_a_page_elsewhere_brings_nothing_in_the_agents_name(lihua):
    answer = await lihua.ask(
        "POST",
        "/api/media",
        data=files.picture(),
        params={"kind": "image"},
        headers={"x-csrf-token": "guessed"},
    )

    assert answer.problem == (403, "wrong_csrf_token")


async def test_it_is_kept_for_ever_by_the_browser_and_does_nothing_there(lihua, bring):
    picture = (await bring(files.picture())).body["id"]

    _, _, headers = await get(lihua, f"/api/media/{picture}")

    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"] == f"inline; filename*=UTF-8''{picture}.jpg"
    assert headers["content-security-policy"].startswith("sandbox")
    assert len(headers["etag"]) == 66


async def test_it_is_saved_under_the_name_it_was_brought_with(lihua, bring):
    picture = (await bring(files.picture(), name='猫";\r\nx: y.jpg')).body["id"]

    _, _, headers = await get(lihua, f"/api/media/{picture}")

    name = "%E7%8C%AB%22%3B%0D%0Ax%3A%20y.jpg"
    assert headers["content-disposition"] == f"inline; filename*=UTF-8''{name}"
    assert "x" not in headers


async def test_a_browser_that_has_it_is_sent_nothing(lihua, bring):
    picture = (await bring(files.picture())).body["id"]
    etag = (await get(lihua, f"/api/media/{picture}"))[2]["etag"]

    for known in (etag, f'"other", W/{etag}', "*"):
        status, body, _ = await get(lihua, f"/api/media/{picture}", **{"If-None-Match": known})
        assert (status, body) == (304, b"")
    status, _, _ = await get(lihua, f"/api/media/{picture}", **{"If-None-Match": '"other"'})
    assert status == 200


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-99999999", slice(0, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
async def test_a_range_is_answered(lihua, bring, wanted, part):
    content = files.mp3()
    voice = (await bring(content, "voice")).body["id"]

    status, body, headers = await get(lihua, f"/api/media/{voice}", Range=wanted)

    assert (status, body) == (206, content[part])
    first = range(len(content))[part][0]
    last = range(len(content))[part][-1]
    assert headers["content-range"] == f"bytes {first}-{last}/{len(content)}"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
async def test_a_range_behind_the_end_is_refused(lihua, bring, wanted):
    picture = (await bring(files.picture())).body["id"]

    status, _, headers = await get(lihua, f"/api/media/{picture}", Range=wanted)

    assert status == 416
    assert headers["content-range"] == f"bytes */{len(files.picture())}"


@pytest.mark.parametrize(
    "wanted", ["bytes=", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"]
)
async def test_what_is_no_single_range_is_answered_with_all_of_it(lihua, bring, wanted):
    picture = (await bring(files.picture())).body["id"]

    status, body, _ = await get(lihua, f"/api/media/{picture}", Range=wanted)

    assert (status, body) == (200, files.picture())


async def test_a_range_of_something_older_is_answered_with_all_of_it(lihua, bring):
    picture = (await bring(files.picture())).body["id"]

    status, _, _ = await get(
        lihua, f"/api/media/{picture}", **{"Range": "bytes=0-1", "If-Range": '"older"'}
    )

    assert status == 200


async def test_what_is_not_there_is_not_found(lihua, bring, runtime):
    assert (await lihua.get("/api/media/404")).problem == (404, "not_found")
    assert (await lihua.get("/api/media/0")).status == 422
    picture = (await bring(files.picture())).body["id"]
    assert (await lihua.get(f"/api/media/{picture}/play")).problem == (404, "not_found")
    async with runtime.db.reading() as unit:
        file = await unit.session.get(File, picture)
    folder = runtime.settings.data_dir / "media"
    (folder / file.sha256[:2] / file.sha256).unlink()

    assert (await lihua.get(f"/api/media/{picture}")).problem == (404, "media_gone")


@pytest.mark.parametrize(
    "content",
    [
        files.SVG_WITH_SCRIPT,
        files.page_in_a_gif(),
        b"<html><script>alert(1)</script></html>",
        files.wide_bomb(),
    ],
    ids=["svg", "gif", "html", "bomb"],
)
async def test_what_could_do_harm_is_refused(bring, content):
    answer = await bring(content)

    assert answer.problem == (422, "media_unusable")
    assert answer.body["problem"] == "type"


async def test_what_is_no_picture_or_sound_is_only_ever_saved(lihua, bring, runtime):
    """As it is when a follower sent it."""
    await bring(files.page_in_a_gif())
    async with runtime.db.reading() as unit:
        file = await unit.session.get(File, 1)

    _, _, headers = await get(lihua, f"/api/media/{file.id}")

    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''1.bin"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.wav(2), "audio/mpeg"),
        (files.voice(2, "webm", "libopus", 48_000), "audio/mpeg"),
        (files.voice(2, "mp4", "aac", 44_100), "audio/mpeg"),
        (files.mp3(2), "audio/mpeg"),
        (files.voice(2), "audio/amr"),
    ],
    ids=["wav", "webm", "m4a", "mp3", "amr"],
)
async def test_any_voice_is_made_one_that_wechat_takes_and_browsers_play(
    lihua, bring, content, content_type
):
    voice = (await bring(content, "voice")).body

    assert (voice["content_type"], voice["usable"], voice["play"]) == (content_type, True, True)
    assert voice["seconds"] == pytest.approx(2, abs=0.2)
    _, _, headers = await get(lihua, f"/api/media/{voice['id']}/play")
    assert headers["content-type"] == "audio/mpeg"


async def test_a_voice_that_was_stopped_a_moment_too_late_is_cut(bring):
    voice = (await bring(files.wav(60), "voice")).body

    assert voice["usable"] is True
    assert 59 < voice["seconds"] <= 60


async def test_a_voice_that_is_too_long_is_refused(bring):
    answer = await bring(files.wav(70), "voice")

    assert answer.problem == (422, "media_unusable")
    assert answer.body["problem"] == "too_long"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.picture(), "voice"),
        (files.picture(), "video"),
        (files.mp3(), "video"),
        (files.mp3(), "image"),
        (files.mp3(), "thumb"),
        (b"\x00" * 1000, "voice"),
    ],
    ids=range(6),
)
async def test_what_is_something_else_is_refused(bring, content, kind):
    answer = await bring(content, kind)

    assert answer.problem == (422, "media_unusable")
    assert answer.body["problem"] == "type"


async def test_a_video_is_kept_as_it_is_where_wechat_shows_it(lihua, bring):
    video = (await bring(files.video(), "video", name="开箱.mp4")).body

    assert (video["size_bytes"], video["usable"]) == (len(files.video()), True)
    assert (video["thumb"], video["play"]) == (True, True)
    _, body, _ = await get(lihua, f"/api/media/{video['id']}/play")
    assert body == files.video()


@pytest.mark.parametrize(
    "content",
    [
        files.video(1, "mov"),
        files.video(1, "webm", "libvpx", sound=False),
        files.video(1, "mp4", "mpeg4"),
    ],
    ids=["mov", "webm", "mpeg4"],
)
async def test_another_video_is_made_one_that_wechat_shows(bring, content):
    video = (await bring(content, "video")).body

    assert (video["content_type"], video["usable"]) == ("video/mp4", True)
    assert video["seconds"] == pytest.approx(1, abs=0.3)
    assert (video["width"], video["height"]) == (96, 96)


async def test_a_thumb_is_made_of_any_picture(lihua, bring):
    thumb = (await bring(files.noise(1200), "thumb")).body

    assert (thumb["content_type"], thumb["usable"]) == ("image/jpeg", True)
    assert thumb["size_bytes"] <= 64 * 1024


async def test_a_picture_that_is_too_large_is_offered_smaller(lihua, bring):
    large = files.noise(1200)
    large += bytes(12 * MEGABYTE - len(large))

    answer = await bring(large, name="large.png")
    assert (answer.status, answer.body["usable"], answer.body["problem"]) == (
        201,
        False,
        "too_large",
    )
    smaller = (await lihua.post(f"/api/media/{answer.body['id']}/smaller")).body

    assert (smaller["usable"], smaller["content_type"]) == (True, "image/jpeg")
    assert smaller["size_bytes"] <= 2 * MEGABYTE
    assert (smaller["width"], smaller["height"]) == (1200, 1200)
    assert smaller["id"] != answer.body["id"]


async def test_a_picture_of_a_type_that_wechat_does_not_take_is_made_one_that_it_does(lihua, bring):
    picture = (await bring(files.picture(kind="WEBP"))).body
    assert (picture["usable"], picture["problem"]) == (False, "type")

    smaller = (await lihua.post(f"/api/media/{picture['id']}/smaller")).body

    assert (smaller["usable"], smaller["content_type"]) == (True, "image/jpeg")


async def test_only_a_picture_is_made_smaller(lihua, bring):
    voice = (await bring(files.mp3(), "voice")).body["id"]

    assert (await lihua.post(f"/api/media/{voice}/smaller")).problem == (422, "media_unusable")
    assert (await lihua.post("/api/media/404/smaller")).problem == (404, "not_found")


@pytest.mark.parametrize("settings", [{"media_max_mb": 1}])
async def test_more_than_the_desk_takes_is_refused_and_leaves_nothing(bring, runtime):
    answer = await bring(bytes(MEGABYTE + 1))

    assert answer.problem == (413, "too_large")
    assert answer.body["max_bytes"] == MEGABYTE
    assert list(runtime.drafts.rglob("*")) == []


async def test_nothing_is_no_file(bring):
    assert (await bring(b"")).problem == (422, "invalid")


async def test_a_kind_that_is_none_is_refused(bring):
    assert (await bring(files.picture(), "hologram")).problem == (422, "invalid")


async def test_the_same_file_twice_is_one(bring):
    first = (await bring(files.picture(), name="one.jpg")).body
    second = (await bring(files.picture(), name="two.jpg")).body

    assert first["id"] == second["id"]
    assert (first["name"], second["name"]) == ("one.jpg", "two.jpg")


async def test_what_wechat_takes_is_told_beforehand(lihua):
    limits = (await lihua.get("/api/media/limits")).body

    told = {kind: (each["types"], each["max_bytes"]) for kind, each in limits.items()}
    assert told == {
        "image": (["image/jpeg", "image/png", "image/gif"], 10 * MEGABYTE),
        "voice": (["audio/amr", "audio/mpeg"], 2 * MEGABYTE),
        "video": (["video/mp4"], 10 * MEGABYTE),
        "thumb": (["image/jpeg"], 64 * 1024),
    }
    assert limits["voice"]["max_seconds"] == 60


@pytest.mark.parametrize("settings", [{"media_max_mb": 3}])
async def test_of_what_the_desk_makes_it_and_how_much_it_takes_is_told_as_well(lihua):
    limits = (await lihua.get("/api/media/limits")).body

    assert limits["image"]["made_of"] == ["image/bmp", "image/webp"]
    assert limits["video"]["made_of"] == ["video/quicktime", "video/webm"]
    assert {each["max_upload_bytes"] for each in limits.values()} == {3 * MEGABYTE}


async def test_an_upload_that_is_broken_off_leaves_nothing(lihua, runtime, base_url):
    host, _, port = base_url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    cookies = "; ".join(f"{each.key}={each.value}" for each in lihua.http.cookie_jar)
    writer.write(
        b"POST /api/media?kind=image HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\n"
        + f"Cookie: {cookies}\r\nX-Csrf-Token: {lihua.cookie('wxdesk_csrf')}\r\n\r\n".encode()
        + b"half a fi"
    )
    await writer.drain()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(runtime.drafts.glob("*")):
            await asyncio.sleep(0.01)
        writer.close()
        while any(runtime.drafts.glob("*")):
            await asyncio.sleep(0.01)


async def test_a_program_brings_a_file_with_its_token(visit, desk, agent):
    program = await visit(token=await desk.token(agent))

    answer = await program.ask("POST", "/api/media", data=files.picture(), params={"kind": "image"})

    assert answer.status == 201
