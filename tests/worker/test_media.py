"""What followers send is fetched before WeChat forgets it, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

import strange_files as files
from wxdesk.desk import media
from wxdesk.desk.conversations import Message
from wxdesk.desk.events import Event
from wxdesk.desk.media import Attachment, AttachmentState, File, Wanted
from wxdesk.runtime import running
from wxdesk.wechat import OverLimit
from wxdesk.worker.media import LEASE, Fetcher, may_be_asked


@pytest.fixture
async def wait_for(runtime, desk):
    """A message of a follower that waits for something; the message's id."""

    async def waiting(*media_ids, kind="image", role="media", url=None, openid=None):
        talk = await desk.conversation(openid=openid)
        account = await desk.account()
        async with runtime.db.unit() as unit:
            wanted = Wanted(role, media_ids, kind, url)
            message = await unit.session.get(Message, talk.last_message_id)
            message.content = media.waiting_content(wanted)
            await media.expect(
                unit,
                message_id=message.id,
                account_id=account.id,
                wanted=[wanted],
                now=runtime.clock.now(),
            )
        return message.id

    return waiting


async def fetch(runtime):
    fetcher = Fetcher(runtime)
    while await fetcher.fetch_due():
        await fetcher.finish()


async def shown(runtime, message_id, role="media"):
    async with runtime.db.reading() as unit:
        return (await unit.session.get(Message, message_id)).content[role]


async def all_of(runtime, kind):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(kind))).all()


async def stored(runtime, name):
    size = await runtime.files.size(name)
    return b"".join([chunk async for chunk in runtime.files.read(name, 0, size - 1)])


async def test_a_picture_is_fetched_and_shown(runtime, wechat, wait_for):
    wechat.files["abc"] = files.picture()
    message_id = await wait_for("abc")

    await fetch(runtime)

    (file,) = await all_of(runtime, File)
    assert await shown(runtime, message_id) == {
        "id": file.id,
        "state": "ready",
        "content_type": "image/jpeg",
        "size_bytes": len(files.picture()),
        "width": 64,
        "height": 48,
        "seconds": None,
        "thumb": True,
        "play": False,
        "name": None,
    }
    assert await stored(runtime, file.sha256) == files.picture()


async def test_browsers_are_told_when_it_has_come(runtime, wechat, wait_for):
    wechat.files["abc"] = files.picture()
    message_id = await wait_for("abc")
    before = {event.number for event in await all_of(runtime, Event)}

    await fetch(runtime)

    new = [event for event in await all_of(runtime, Event) if event.number not in before]
    assert [(event.kind, event.thing_id) for event in new] == [("message", message_id)]
    async with runtime.db.reading() as unit:
        assert (await unit.session.get(Message, message_id)).version == 3


async def test_a_voice_plays_in_every_browser(runtime, wechat, wait_for):
    wechat.files["narrow"] = files.voice(2)
    message_id = await wait_for("narrow", kind="voice")

    await fetch(runtime)

    (file,) = await all_of(runtime, File)
    assert (await shown(runtime, message_id))["play"] is True
    assert (file.content_type, round(file.seconds)) == ("audio/amr", 2)
    assert (await stored(runtime, file.play_sha256))[:3] in (b"ID3", b"\xff\xf3\x84")


async def test_the_finer_voice_is_preferred_and_the_other_does_as_well(runtime, wechat, wait_for):
    wechat.files |= {"fine": files.voice(3), "coarse": files.voice(2)}
    both = await wait_for("fine", "coarse", kind="voice")
    one = await wait_for("gone", "coarse", kind="voice")

    await fetch(runtime)

    assert round((await shown(runtime, both))["seconds"]) == 3
    assert round((await shown(runtime, one))["seconds"]) == 2


async def test_a_video_is_fetched_from_where_wechat_says_it_is(runtime, wechat, wait_for):
    wechat.files["video-1"] = files.video()
    message_id = await wait_for("video-1", kind="video")

    await fetch(runtime)

    assert wechat.media_asked == ["video-1", "/shown/video-1"]
    found = await shown(runtime, message_id)
    assert (found["content_type"], found["thumb"], found["play"]) == ("video/mp4", True, True)


async def test_the_same_file_is_kept_once(runtime, wechat, wait_for):
    wechat.files |= {"a": files.picture(), "b": files.picture()}
    first, second = await wait_for("a"), await wait_for("b")

    await fetch(runtime)

    assert await shown(runtime, first) == await shown(runtime, second)
    assert len(await all_of(runtime, File)) == 1


async def test_what_wechat_does_not_know_yet_is_asked_for_again(runtime, wechat, wait_for, clock):
    message_id = await wait_for("slow")
    await fetch(runtime)
    assert (await shown(runtime, message_id))["state"] == "waiting"

    wechat.files["slow"] = files.picture()
    await fetch(runtime)
    assert wechat.media_asked == ["slow"]  # not before its time
    clock.forward(seconds=5)
    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_while_wechat_is_away_it_is_asked_for_three_days(runtime, wechat, wait_for, clock):
    message_id = await wait_for("abc")
    wechat.media_errcodes = [45009] * 1000
    for _ in range(71):
        await fetch(runtime)
        clock.forward(hours=1)
    assert (await shown(runtime, message_id))["state"] == "waiting"

    wechat.media_errcodes.clear()
    wechat.files["abc"] = files.picture()
    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_after_three_days_it_is_lost(runtime, wechat, wait_for, clock):
    message_id = await wait_for("abc")
    wechat.media_errcodes = [45009] * 1000

    for _ in range(74):
        await fetch(runtime)
        clock.forward(hours=1)

    lost = {"id": None, "state": "lost", "reason": "expired"}
    assert await shown(runtime, message_id) == lost
    asked = len(wechat.media_asked)
    clock.forward(days=1)
    await fetch(runtime)
    assert len(wechat.media_asked) == asked


async def test_an_error_is_never_kept_as_a_picture(runtime, wechat, wait_for):
    wechat.files["abc"] = b"<html>busy</html>"
    message_id = await wait_for("abc")

    await fetch(runtime)

    assert await all_of(runtime, File) == []
    assert (await shown(runtime, message_id))["state"] == "waiting"


async def test_what_is_too_large_is_lost_and_leaves_nothing(runtime, wechat, wait_for, tmp_path):
    settings = runtime.settings.model_copy(update={"media_max_mb": 1})
    wechat.files["abc"] = files.picture() + bytes(1024 * 1024)
    message_id = await wait_for("abc")

    async with running(settings, clock=runtime.clock) as small:
        await fetch(small)

    lost = {"id": None, "state": "lost", "reason": "too_large"}
    assert await shown(runtime, message_id) == lost
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


async def test_what_cannot_be_shown_safely_is_kept_to_be_saved(runtime, wechat, wait_for):
    wechat.files |= {"bomb": files.wide_bomb(), "page": files.page_in_a_gif()}
    messages = [await wait_for("bomb"), await wait_for("page")]

    await fetch(runtime)

    for each in messages:
        found = await shown(runtime, each)
        assert (found["state"], found["content_type"]) == ("ready", "application/octet-stream")
        assert found["thumb"] is found["play"] is False


async def test_a_picture_survives_where_wechat_shows_it(runtime, wechat, wait_for, desk):
    wechat.files["public"] = files.picture()
    message_id = await wait_for("expired", url=f"{wechat.url}/shown/public")

    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_what_is_shown_there_has_to_be_a_picture(runtime, wechat, wait_for):
    wechat.files["public"] = b"<html>this picture has expired</html>"
    message_id = await wait_for("expired", url=f"{wechat.url}/shown/public")

    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "waiting"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://mmbiz.qpic.cn/mmbiz_jpg/T7kd0Qx3/0", True),
        ("https://mmbiz.qpic.cn/mmbiz_jpg/T7kd0Qx3/0?wx_fmt=png", True),
        ("http://qpic.cn.evil.example/0", False),
        ("http://evilqpic.cn/0", False),
        ("http://mmbiz.qpic.cn:8080/0", False),
        ("http://mmbiz.qpic.cn@127.0.0.1/0", False),
        ("http://127.0.0.1\\@mmbiz.qpic.cn/0", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("file:///etc/passwd", False),
        ("ftp://mmbiz.qpic.cn/0", False),
        ("//mmbiz.qpic.cn/0", False),
        ("", False),
    ],
)
async def test_an_address_in_a_push_leads_to_wechats_pictures_only(desk, url, asked):
    assert may_be_asked(url, await desk.account()) is asked


async def test_a_real_accounts_pictures_are_never_on_a_simulator(runtime, desk, wechat):
    account = await desk.account()
    account.api_base = "https://api.weixin.qq.com"

    assert not may_be_asked(f"{wechat.url}/shown/public", account)
    assert not may_be_asked("https://api.weixin.qq.com/cgi-bin/menu/delete", account)


async def test_a_fetcher_that_dies_leaves_it_to_the_next(runtime, wechat, wait_for, clock):
    wechat.files["abc"] = files.picture()
    message_id = await wait_for("abc")
    async with runtime.db.unit() as unit:
        await media.claim_due(unit, now=clock.now(), lease=LEASE, limit=8)  # and then it is killed

    await fetch(runtime)
    assert wechat.media_asked == []
    clock.forward(minutes=5)
    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_the_answer_to_an_older_claim_changes_nothing(runtime, wechat, wait_for, clock):
    message_id = await wait_for("abc")
    async with runtime.db.unit() as unit:
        (old,) = await media.claim_due(unit, now=clock.now(), lease=LEASE, limit=8)
    clock.forward(minutes=5)
    wechat.files["abc"] = files.picture()
    await fetch(runtime)

    await Fetcher(runtime)._record_failure(old, OverLimit("too large"))

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_fetchers_side_by_side_fetch_everything_once(runtime, wechat, wait_for, clock):
    for number in range(12):
        wechat.files[f"id{number}"] = files.picture(colour=(number, 0, 0))
        await wait_for(f"id{number}")

    async with running(runtime.settings, clock=clock) as other:
        await asyncio.gather(fetch(runtime), fetch(other), fetch(runtime))

    assert sorted(wechat.media_asked) == sorted(wechat.files)
    states = {each.state for each in await all_of(runtime, Attachment)}
    assert states == {AttachmentState.READY}


async def test_a_picture_for_a_line_without_a_conversation_waits_with_it(runtime, wechat, wait_for):
    """Nobody is told of it: it is shown with the conversation that adopts it."""
    wechat.files["abc"] = files.picture()
    message_id = await wait_for("abc")
    async with runtime.db.unit() as unit:
        (await unit.session.get(Message, message_id)).conversation_id = None

    await fetch(runtime)

    assert (await shown(runtime, message_id))["state"] == "ready"


async def test_the_time_to_fetch_begins_with_wechats_time(runtime, desk, clock):
    talk = await desk.conversation()
    sent_at = clock.now() - timedelta(days=2)
    async with runtime.db.unit() as unit:
        await media.expect(
            unit,
            message_id=talk.last_message_id,
            account_id=talk.account_id,
            wanted=[Wanted("media", ("abc",), "image")],
            now=clock.now(),
            sent_at=sent_at,
        )
        assert media.LOOP in unit.wakes

    (attachment,) = await all_of(runtime, Attachment)
    assert attachment.expires_at == sent_at + timedelta(days=3)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_desk_may_keep_its_files_in_a_bucket(runtime, wechat, wait_for, clock, s3):
    settings = runtime.settings.model_copy(
        update={
            "media_bucket": "desk",
            "media_s3_endpoint": s3,
            "media_s3_access_key": SecretStr("desk"),
            "media_s3_secret_key": SecretStr("proof"),
        }
    )
    wechat.files["abc"] = files.voice()
    message_id = await wait_for("abc", kind="voice")

    async with running(settings, clock=clock) as rt:
        await fetch(rt)

        (file,) = await all_of(rt, File)
        assert await stored(rt, file.sha256) == files.voice()
        assert await rt.files.size(file.play_sha256) > 0
    assert (await shown(runtime, message_id))["state"] == "ready"
    assert [path for path in runtime.drafts.parent.rglob("*") if path.is_file()] == []
