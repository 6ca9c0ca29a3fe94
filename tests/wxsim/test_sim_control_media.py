"""What followers send along: kept as the platform keeps it, served as browsers can show it."""

import base64
import io

import av
import pytest

from wxdesk.wechat import parse
from wxsim import film, sound

WAV = io.BytesIO()
with av.open(WAV, "w", format="wav") as made:
    stream = made.add_stream("pcm_s16le", rate=44_100, layout="stereo")
    silence = av.AudioFrame("s16", "stereo", 44_100)
    silence.planes[0].update(bytes(silence.planes[0].buffer_size))
    silence.sample_rate = 44_100
    made.mux(stream.encode(silence))


def encoded(body):
    return base64.b64encode(body).decode()


async def fetched(sim, path, status=200, **headers):
    async with sim.http.get(sim.base + path, headers=headers) as response:
        assert response.status == status
        return response.headers, await response.read()


def webm(seconds):
    """A film as browsers record it: VP8 and Opus in Matroska."""
    sink = io.BytesIO()
    with av.open(sink, "w", format="webm") as target:
        stream = target.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 321, 241, "yuv420p"
        heard = target.add_stream("libopus", rate=48_000, layout="mono")
        for _ in range(10 * seconds):
            frame = av.VideoFrame(321, 241, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            target.mux(stream.encode(frame))
        for _ in range(50 * seconds):
            quiet = av.AudioFrame("s16", "mono", 960)
            quiet.planes[0].update(bytes(quiet.planes[0].buffer_size))
            quiet.sample_rate = 48_000
            target.mux(heard.encode(quiet))
        target.mux([*stream.encode(None), *heard.encode(None)])
    return sink.getvalue()


@pytest.mark.parametrize(
    ("file", "seconds"),
    [(WAV.getvalue(), 1), (sound.hum(5).amr, 5), (sound.as_mp3(sound.hum(2).amr), 2), (b"", 3)],
)
async def test_a_voice_of_any_kind_is_kept_as_amr(sim, server, file, seconds):
    openid = await sim.follower()

    await sim.act(openid, "voice", file=encoded(file))

    voice = parse(server.bodies[0]).content
    assert voice.format == "amr"
    for media_id in (voice.media_id, voice.media_id_16k):
        headers, body = await fetched(sim, f"/sim/media/{media_id}")
        assert (headers["Content-Type"], body[:6]) == ("audio/amr", b"#!AMR\n")
    (line,) = await sim.chat(openid)
    assert line["seconds"] == pytest.approx(seconds, abs=0.2)


async def test_a_voice_is_cut_to_a_minute(sim, server):
    long = sound.hum(60).amr + sound.hum(60).amr.removeprefix(b"#!AMR\n")
    openid = await sim.follower()

    await sim.act(openid, "voice", file=encoded(long))

    (line,) = await sim.chat(openid)
    _, body = await fetched(sim, line["url"])
    assert line["seconds"] == 60
    assert len(body) == len(sound.hum(60).amr)


async def test_a_voice_is_served_as_browsers_can_play_it(sim, server):
    openid = await sim.follower()
    await sim.act(openid, "voice", seconds=2)

    headers, body = await fetched(sim, (await sim.chat(openid))[0]["play"])

    assert headers["Content-Type"] == "audio/mpeg"
    with av.open(io.BytesIO(body)) as played:
        assert played.duration / av.time_base == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("kind", ["video", "shortvideo"])
async def test_a_film_becomes_mp4_with_a_thumbnail(sim, server, kind):
    await sim.act(await sim.follower(), kind, file=encoded(webm(2)))

    video = parse(server.bodies[0]).content
    assert video.short is (kind == "shortvideo")
    _, body = await fetched(sim, f"/sim/media/{video.media_id}")
    headers, thumb = await fetched(sim, f"/sim/media/{video.thumb_media_id}")
    with av.open(io.BytesIO(body)) as film_:
        (pictures,) = film_.streams.video
        assert (pictures.codec.name, pictures.width, pictures.height) == ("h264", 320, 240)
        assert [heard.codec.name for heard in film_.streams.audio] == ["aac"]
    assert headers["Content-Type"] == "image/jpeg"
    assert len(thumb) < 64_000


async def test_a_film_that_is_mp4_stays_as_it_is(sim, server):
    mp4 = film.sample().mp4

    await sim.act(await sim.follower(), "video", file=encoded(mp4))

    video = parse(server.bodies[0]).content
    assert (await fetched(sim, f"/sim/media/{video.media_id}"))[1] == mp4


async def test_a_film_can_be_sought_in(sim):
    openid = await sim.follower()
    await sim.act(openid, "video")
    path, mp4 = (await sim.chat(openid))[0]["url"], film.sample().mp4

    headers, part = await fetched(sim, path, 206, Range="bytes=10-19")

    assert part == mp4[10:20]
    assert headers["Content-Range"] == f"bytes 10-19/{len(mp4)}"
    assert (await fetched(sim, path, 206, Range="bytes=-5"))[1] == mp4[-5:]
    await fetched(sim, path, 416, Range=f"bytes={len(mp4)}-")
    await fetched(sim, path, 400, Range="bytes=x")


async def test_a_film_without_a_thumbnail_is_shown_by_its_first_frame(sim):
    openid = await sim.follower()
    await sim.act(openid, "video")

    headers, body = await fetched(sim, (await sim.chat(openid))[0]["url"] + "?as=jpeg")

    assert (headers["Content-Type"], body[:3]) == ("image/jpeg", b"\xff\xd8\xff")


async def test_what_cannot_be_converted_is_refused(sim):
    openid = await sim.follower()
    await sim.act(openid, "image", file=encoded(b"\x89PNG\r\n\x1a\nno picture"))

    for form in ("mp3", "jpeg"):
        await fetched(sim, (await sim.chat(openid))[0]["url"] + f"?as={form}", 400)
    await fetched(sim, "/sim/media/unknown?as=mp3", 404)


@pytest.mark.parametrize(
    "wish",
    [
        {"type": "voice", "file": encoded(b"hello")},
        {"type": "voice", "file": encoded(film.sample().mp4)},
        {"type": "voice", "seconds": "3"},
        {"type": "voice", "file": encoded(b"#!AMR\n")},
        {"type": "video", "file": encoded(film.picture())},
        {"type": "video", "file": encoded(sound.hum(1).amr)},
        {"type": "video", "file": encoded(film.sample().mp4[:200])},
        {"type": "scan", "picture": encoded(film.picture())},
        {"type": "scan", "picture": encoded(b"hello")},
        {"type": "scan", "picture": 7},
        {"type": "menu_click", "button": "pic_weixin", "key": "K", "pictures": ["?"]},
        {"type": "menu_click", "button": "pic_weixin", "key": "K", "pictures": ["aGVsbG8="]},
        {"type": "menu_click", "button": "pic_weixin", "key": "K", "pictures": ["/9j/"] * 10},
        {"type": "complain", "pictures": "x"},
        {"type": "complain", "pictures": ["aGVsbG8="]},
    ],
)
async def test_what_is_not_what_it_should_be_is_refused_and_changes_nothing(sim, server, wish):
    openid = await sim.follower()

    answer = await sim.act(openid, wish["type"], **wish)

    assert answer["error"]
    assert "attempts" not in answer
    assert (await sim.chat(openid), server.requests) == ([], [])
    assert (await sim.allowance(openid))["grants"] == []
