"""Agents' own pictures: made anew from what they bring, shown to colleagues by their content."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

import strange_files as files
from sse import following
from wxdesk.worker.media_retention import forget_media
from wxdesk.worker.retention import EVERY

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FULL_SWEEP = 64  # rounds


@pytest.fixture
def clock(clock):
    """Files carry this machine's time, so the clock is set to it."""
    clock.forward(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    return clock


async def show(browser, content):
    return await browser.ask("POST", "/api/session/picture", data=io.BytesIO(content))


def path_of(agent):
    return f"/api/agents/{agent['id']}/picture/{agent['picture']}"


async def read(browser, path):
    async with browser.http.get(path) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_colleagues_see_a_small_picture_without_what_the_camera_noted(lihua, boss):
    brought = files.turned_picture()
    async with following(boss.http) as stream:
        await stream.next()
        answer = await show(lihua, brought)
        told = await stream.until(lambda event: event.kind == "agent")

    me = answer.body["agent"]
    assert told.data["picture"] == me["picture"]
    status, headers, content = await read(boss, path_of(me))
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    made = Image.open(io.BytesIO(content), formats=["JPEG"])
    assert max(made.size) <= 480
    assert len(content) <= 64 * 1024
    assert not made.getexif()


async def test_another_picture_or_none_takes_the_place_of_one(lihua, boss):
    first = (await show(lihua, files.picture())).body["agent"]
    second = (await show(lihua, files.picture(colour=(0, 90, 200)))).body["agent"]

    assert first["picture"] != second["picture"]
    assert (await boss.get(path_of(first))).status == 404
    assert (await read(boss, path_of(second)))[0] == 200

    none = await lihua.ask("DELETE", "/api/session/picture")
    assert none.body["agent"]["picture"] is None
    assert (await boss.get(path_of(second))).status == 404


@on_sqlite
@pytest.mark.parametrize(
    "content",
    [b"GIF89a", b"<html>", files.SVG_WITH_SCRIPT, files.wide_bomb()],
    ids=["broken", "page", "drawing", "bomb"],
)
async def test_what_is_no_picture_changes_nothing(lihua, content):
    kept = (await show(lihua, files.picture())).body["agent"]["picture"]

    assert (await show(lihua, content)).problem == (422, "not_a_picture")
    assert (await show(lihua, b"")).problem == (422, "invalid")
    assert (await lihua.get("/api/session")).body["agent"]["picture"] == kept


@on_sqlite
async def test_a_picture_of_a_telephone_is_taken_and_nothing_larger(lihua):
    large = files.noise(1500)
    assert len(large) > 1024 * 1024

    assert (await show(lihua, large)).status == 200
    assert (await show(lihua, bytes(10 * 1024 * 1024 + 1))).status == 413


@on_sqlite
async def test_nobody_sees_it_who_is_not_signed_in(lihua, visit):
    me = (await show(lihua, files.picture())).body["agent"]

    assert (await (await visit()).get(path_of(me))).problem == (401, "not_signed_in")


async def test_it_is_kept_for_as_long_as_it_is_shown(lihua, runtime, clock):
    me = (await show(lihua, files.picture())).body["agent"]
    clock.forward(days=40)
    for _ in range(FULL_SWEEP):
        await forget_media(runtime, every=EVERY)
        clock.forward(seconds=EVERY.total_seconds())
    assert await runtime.files.size(me["picture"]) > 0

    await lihua.sign_in("lihua")
    await lihua.ask("DELETE", "/api/session/picture")
    for _ in range(FULL_SWEEP):
        await forget_media(runtime, every=EVERY)
        clock.forward(seconds=EVERY.total_seconds())

    assert [found async for found in runtime.files.names(me["picture"][:2])] == []
