"""Media that are old or were never sent are forgotten, on both databases; and nothing else is."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

import strange_files as files
from wxdesk.desk import media, replies
from wxdesk.desk.conversations import Message
from wxdesk.desk.media import File
from wxdesk.desk.replies import Reply
from wxdesk.runtime import running
from wxdesk.store.files import drafting
from wxdesk.worker.retention import EVERY, forget_old

FULL_SWEEP = 64  # rounds


@pytest.fixture
def clock(clock):
    """Files carry this machine's time, so the clock is set to it."""
    clock.forward(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    return clock


@pytest.fixture
async def keeping(runtime, clock):
    """The desk, with files forgotten after 30 days."""
    settings = runtime.settings.model_copy(update={"keep_media_days": 30})
    async with running(settings, clock=clock) as rt:
        yield rt


@pytest.fixture
def bring(runtime):
    async def kept(content: bytes) -> File:
        async def chunks():
            yield content

        async with drafting(runtime.drafts, most_bytes=2**26) as draft:
            await draft.fill(chunks())
            found = await media.keep(runtime.files, runtime.sandbox, draft)
        async with runtime.db.unit() as unit:
            return await media.add_file(unit, found, name=None, now=runtime.clock.now())

    return kept


@pytest.fixture
def show(runtime, desk):
    """A message of an agent's that shows a file."""

    async def sent(file: File) -> Message:
        agent = await desk.agent()
        talk = await desk.conversation(assignee=agent)
        async with runtime.db.unit() as unit:
            return await replies.send(
                unit,
                conversation_id=talk.id,
                agent_id=agent.id,
                reply=Reply("image", "", {}, {"media": file.id}),
                client_id="draft-number-1",
                now=runtime.clock.now(),
            )

    return sent


def in_store(runtime):
    folder = runtime.settings.data_dir / "media"
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def rows(runtime, kind=File):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(kind))).all()


async def content_of(runtime, message):
    async with runtime.db.reading() as unit:
        return (await unit.session.get(Message, message.id)).content


async def test_an_old_picture_is_gone_and_its_message_says_so(keeping, bring, show, clock):
    file = await bring(files.picture())
    message = await show(file)
    clock.forward(days=31)

    await forget_old(keeping)

    assert await rows(keeping) == []
    assert in_store(keeping) == set()
    assert (await content_of(keeping, message))["media"] == {"id": None, "state": "deleted"}


async def test_a_picture_is_kept_as_long_as_it_was_shown_lately(keeping, bring, show, clock):
    file = await bring(files.picture())
    await show(file)
    clock.forward(days=20)
    await show(file)
    clock.forward(days=20)

    await forget_old(keeping)

    assert [each.id for each in await rows(keeping)] == [file.id]
    assert in_store(keeping) == set(file.stored_names)


async def test_by_default_what_was_shown_is_kept_for_ever(runtime, bring, show, clock):
    file = await bring(files.picture())
    await show(file)
    clock.forward(days=4000)

    for _ in range(FULL_SWEEP):
        await forget_old(runtime)
        clock.forward(seconds=EVERY.total_seconds())

    assert in_store(runtime) == set(file.stored_names)


async def test_what_was_brought_and_not_sent_is_gone_after_a_day(runtime, bring, clock):
    await bring(files.voice())
    clock.forward(hours=23)
    await forget_old(runtime)
    assert len(in_store(runtime)) == 2  # and as an MP3

    clock.forward(hours=2)
    await forget_old(runtime)

    assert (await rows(runtime), in_store(runtime)) == ([], set())


async def test_the_number_of_a_file_that_is_gone_is_never_given_again(runtime, bring, clock):
    gone = await bring(files.picture())
    clock.forward(days=2)
    await forget_old(runtime)

    assert (await bring(files.picture(32, 32))).id > gone.id


async def test_a_file_without_a_row_is_swept_up(runtime, bring, clock):
    async with drafting(runtime.drafts, most_bytes=100) as draft:
        await draft.write(b"its process was killed before the row")
        await draft.finish()
        await runtime.files.put(draft)
    clock.forward(hours=2)

    for _ in range(FULL_SWEEP):
        await forget_old(runtime)
        clock.forward(seconds=EVERY.total_seconds())

    assert in_store(runtime) == set()


async def test_a_file_that_has_just_come_waits_for_its_row(runtime, clock):
    async with drafting(runtime.drafts, most_bytes=100) as draft:
        await draft.write(b"its row comes in a moment")
        await draft.finish()
        await runtime.files.put(draft)

    clock.forward(minutes=30)
    before = clock.now() - timedelta(hours=1)

    assert await runtime.files.remove(draft.sha256, before=before) is False
    assert in_store(runtime) == {draft.sha256}


async def test_a_file_that_is_brought_again_counts_as_new(runtime, bring, clock):
    file = await bring(files.picture())
    old = clock.now() - timedelta(days=9)
    folder = runtime.settings.data_dir / "media"
    for path in folder.rglob("*"):
        os.utime(path, (old.timestamp(), old.timestamp()))

    await bring(files.picture())

    before = clock.now() - timedelta(hours=1)
    assert await runtime.files.remove(file.sha256, before=before) is False


async def test_a_small_picture_that_two_files_share_stays_with_the_other(
    keeping, bring, show, clock
):
    first = await bring(files.picture(kind="PNG"))
    second = await bring(files.picture(kind="BMP"))
    assert first.thumb_sha256 == second.thumb_sha256
    clock.forward(days=20)
    await show(first)
    clock.forward(days=20)

    await forget_old(keeping)

    assert in_store(keeping) == set(first.stored_names)


async def test_what_a_dead_process_was_writing_is_swept_up(runtime, clock):
    runtime.drafts.mkdir(parents=True)
    (runtime.drafts / "abc.draft").write_bytes(b"half a fi")
    clock.forward(hours=25)

    await forget_old(runtime)

    assert list(runtime.drafts.iterdir()) == []
