"""Files are at WeChat before the messages that show them are sent, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import strange_files as files
from wxdesk.desk import media, outbox, replies
from wxdesk.desk.accounts import Account
from wxdesk.desk.conversations import Message, MessageState
from wxdesk.desk.kf import KfAccount
from wxdesk.desk.outbox import Delivery, DeliveryState
from wxdesk.desk.outbox.model import JobResult
from wxdesk.desk.replies import Manner, MediaUnusable, Reply
from wxdesk.runtime import running
from wxdesk.store.files import drafting
from wxdesk.worker.delivery import Sender
from wxdesk.worker.retention import forget_old
from wxdesk.worker.uploads import LEASE, Uploader


@pytest.fixture
async def agent(desk):
    return await desk.agent()


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oFollowerAnna", assignee=agent)


@pytest.fixture
def bring(runtime):
    """A file of an agent's; its id."""

    async def kept(content: bytes, name="picture.jpg") -> int:
        async def chunks():
            yield content

        async with drafting(runtime.drafts, most_bytes=2**26) as draft:
            await draft.fill(chunks())
            found = await media.keep(runtime.files, runtime.sandbox, draft)
        async with runtime.db.unit() as unit:
            return (await media.add_file(unit, found, name=name, now=runtime.clock.now())).id

    return kept


@pytest.fixture
def send(runtime, talk, agent):
    """Answer in the conversation of this test, or in another."""
    numbers = iter(range(100))

    async def reply(kind, text="", content=None, files=None, *, to=None) -> Message:
        async with runtime.db.unit() as unit:
            return await replies.send(
                unit,
                conversation_id=(to or talk).id,
                agent_id=agent.id,
                reply=Reply(kind, text, content or {}, files or {}),
                client_id=f"draft-number-{next(numbers)}",
                now=runtime.clock.now(),
                manner=Manner(anyway=True),  # days go by here
            )

    return reply


async def work(runtime):
    """Upload and send until there is nothing left to do now."""
    uploader, sender = Uploader(runtime), Sender(runtime)
    while await uploader.upload_due() + await sender.send_due():
        await uploader.finish()
        await sender.finish()


async def message_of(runtime, message) -> Message:
    async with runtime.db.reading() as unit:
        return await unit.session.get(Message, message.id)


async def deliveries(runtime):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(Delivery).order_by(Delivery.id))).all()


async def test_a_picture_is_uploaded_and_sent(runtime, wechat, bring, send):
    picture = await bring(files.picture())

    message = await send("image", files={"media": picture})
    await work(runtime)

    ((kind, name, content),) = wechat.uploads
    assert (kind, content) == ("image", files.picture())
    assert name.endswith(".jpg")
    assert wechat.messages == [
        {"touser": "oFollowerAnna", "msgtype": "image", "image": {"media_id": "image-1"}}
    ]
    sent = await message_of(runtime, message)
    assert (sent.state, sent.content["media"]["id"]) == (MessageState.SENT, picture)


WORDS = {"title": "冬季新品", "description": "九折"}
PAGE = "https://shop.example.com/o/77"
PLAIN = [
    ("news", WORDS | {"url": PAGE, "picture_url": PAGE}, {
        "articles": [{"title": "冬季新品", "description": "九折", "url": PAGE, "picurl": PAGE}]
    }),
    ("mpnewsarticle", {"article_id": "Art-1"}, {"article_id": "Art-1"}),
    ("mpnews", {"media_id": "Kept-1"}, {"media_id": "Kept-1"}),
    (
        "msgmenu",
        {"head": "请评价", "items": [{"id": "101", "content": "满意"}], "tail": "谢谢"},
        {
            "head_content": "请评价",
            "list": [{"id": "101", "content": "满意"}],
            "tail_content": "谢谢",
        },
    ),
    ("wxcard", {"card_id": "pCard-1"}, {"card_id": "pCard-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "said"), PLAIN, ids=[each[0] for each in PLAIN])
async def test_what_shows_no_file_leaves_at_once(runtime, wechat, send, kind, content, said):
    await send(kind, content=content)
    await work(runtime)

    assert wechat.messages == [{"touser": "oFollowerAnna", "msgtype": kind, kind: said}]
    assert wechat.uploads == []


async def test_a_voice_is_sent(runtime, wechat, bring, send):
    await send("voice", files={"media": await bring(files.mp3())})
    await work(runtime)

    assert [kind for kind, _, _ in wechat.uploads] == ["voice"]
    assert wechat.messages[0]["voice"] == {"media_id": "voice-1"}


async def test_a_video_without_a_thumb_shows_its_first_picture(runtime, wechat, bring, send):
    video = await bring(files.video())

    await send("video", "开箱", {"title": "开箱", "description": "一分钟"}, {"media": video})
    await work(runtime)

    uploads = {kind: content for kind, _, content in wechat.uploads}
    assert uploads["video"] == files.video()
    assert uploads["thumb"][:3] == b"\xff\xd8\xff"
    assert len(uploads["thumb"]) <= 64 * 1024
    assert wechat.messages[0]["video"] == {
        "media_id": "video-1",
        "thumb_media_id": "thumb-2",
        "title": "开箱",
        "description": "一分钟",
    }


async def test_music_and_mini_programs_show_a_thumb(runtime, wechat, bring, send):
    thumb = await bring(files.picture())

    await send("music", content=WORDS | {"url": PAGE, "hq_url": ""}, files={"thumb": thumb})
    card = {"title": "订单", "app_id": "wx0c8e5b7a1f3d2946", "page_path": "pages/order"}
    await send("miniprogrampage", content=card, files={"thumb": thumb})
    await work(runtime)

    music, program = wechat.messages
    ids = {kind: f"{kind}-{number}" for number, (kind, _, _) in enumerate(wechat.uploads, 1)}
    assert music["music"] == WORDS | {"musicurl": PAGE, "thumb_media_id": ids["thumb"]}
    assert program["miniprogrampage"] == {
        "title": "订单",
        "appid": "wx0c8e5b7a1f3d2946",
        "pagepath": "pages/order",
        "thumb_media_id": ids["image"],
    }


async def test_a_file_is_uploaded_once_while_wechat_holds_it(runtime, wechat, bring, send, desk):
    picture = await bring(files.picture())
    other = await desk.conversation(assignee=await desk.agent())

    await send("image", files={"media": picture})
    await send("image", files={"media": picture})
    await work(runtime)
    runtime.clock.forward(days=2)
    await send("image", files={"media": picture})
    await work(runtime)

    assert other.id
    assert len(wechat.uploads) == 1
    assert [each["image"]["media_id"] for each in wechat.messages] == ["image-1"] * 3


async def test_a_file_that_wechat_has_forgotten_is_uploaded_again(
    runtime, wechat, bring, send, clock
):
    picture = await bring(files.picture())
    await send("image", files={"media": picture})
    await work(runtime)
    clock.forward(days=3)

    await send("image", files={"media": picture})
    await work(runtime)

    assert [each["image"]["media_id"] for each in wechat.messages] == ["image-1", "image-2"]


async def test_an_id_that_ends_while_its_message_waits_is_brought_anew(
    runtime, wechat, bring, send, clock
):
    picture = await bring(files.picture())
    await send("image", files={"media": picture})
    wechat.errcodes = [45009] * 100
    for _ in range(24):
        await work(runtime)
        clock.forward(hours=3)
    assert wechat.messages == []

    wechat.errcodes.clear()
    await work(runtime)

    (message,) = wechat.messages
    assert message["image"] == {"media_id": "image-2"}


async def test_what_wechat_has_forgotten_early_is_uploaded_again_and_sent(
    runtime, wechat, bring, send
):
    message = await send("image", files={"media": await bring(files.picture())})
    wechat.errcodes = [40007]

    await work(runtime)

    assert [each["image"]["media_id"] for each in wechat.messages] == ["image-2"]
    assert (await message_of(runtime, message)).state is MessageState.SENT


async def test_what_one_sender_learns_to_be_forgotten_no_other_sends(
    runtime, wechat, bring, send, desk, agent, clock
):
    picture = await bring(files.picture())
    other = await desk.conversation(openid="oFollowerBert", assignee=agent)
    await send("image", files={"media": picture})
    await send("image", files={"media": picture}, to=other)
    for _ in range(2):
        uploader = Uploader(runtime)
        await uploader.upload_due()
        await uploader.finish()
        clock.forward(seconds=1)
    first, second = await claim_all(runtime)
    wechat.errcodes = [40007]

    await Sender(runtime)._send(first)
    await Sender(runtime)._send(second)
    await work(runtime)
    clock.forward(seconds=1)
    await work(runtime)

    assert [each["image"]["media_id"] for each in wechat.messages] == ["image-2", "image-2"]
    assert wechat.errcodes == []


async def claim_all(runtime):
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        return await outbox.claim_due(unit, now=now, lease=timedelta(seconds=30), limit=9)


async def test_what_wechat_forgets_twice_fails(runtime, wechat, bring, send):
    message = await send("image", files={"media": await bring(files.picture())})
    wechat.errcodes = [40007, 40007]

    await work(runtime)

    failed = await message_of(runtime, message)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "media_stale")
    assert len(wechat.uploads) == 2


async def test_a_file_that_wechat_does_not_take_fails_the_message(runtime, wechat, bring, send):
    message = await send("image", files={"media": await bring(files.picture())})
    wechat.media_errcodes = [40009]

    await work(runtime)

    failed = await message_of(runtime, message)
    assert (failed.state, failed.errcode) == (MessageState.FAILED, 40009)
    assert wechat.messages == []


async def test_an_upload_that_came_to_nothing_is_made_again(runtime, wechat, bring, send, clock):
    message = await send("image", files={"media": await bring(files.picture())})
    wechat.media_errcodes = [45009]
    await work(runtime)
    assert (await message_of(runtime, message)).state is MessageState.QUEUED

    clock.forward(hours=1)
    await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.SENT


async def test_replies_are_read_in_the_order_they_were_written(runtime, wechat, bring, send, clock):
    picture = await bring(files.picture())
    await send("text", "看图")
    await send("image", files={"media": picture})
    await send("text", "就是这个")
    wechat.media_errcodes = [45009]

    await work(runtime)
    assert [each["msgtype"] for each in wechat.messages] == ["text"]
    clock.forward(hours=1)
    await work(runtime)

    assert [each["msgtype"] for each in wechat.messages] == ["text", "image", "text"]


async def test_a_slow_upload_keeps_no_other_follower_waiting(
    runtime, wechat, bring, send, desk, agent
):
    other = await desk.conversation(openid="oFollowerBert", assignee=agent)
    await send("image", files={"media": await bring(files.picture())})
    wechat.answering.clear()
    uploader, sender = Uploader(runtime), Sender(runtime)
    await uploader.upload_due()

    await send("text", "在的", to=other)
    assert await sender.send_due() == 1
    wechat.answering.set()
    await uploader.finish()
    await sender.finish()

    assert wechat.texts == ["在的"]


async def test_an_uploader_that_dies_leaves_nothing_uncertain(runtime, wechat, bring, send, clock):
    message = await send("image", files={"media": await bring(files.picture())})
    async with runtime.db.unit() as unit:
        claimed = await outbox.claim_unprepared(unit, now=clock.now(), lease=LEASE, limit=8)
    assert len(claimed) == 1  # and then the process is killed

    await work(runtime)
    assert wechat.uploads == []
    clock.forward(minutes=4)
    await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.SENT
    assert len(wechat.messages) == 1


async def test_killed_between_the_upload_and_the_send_it_is_sent_once(runtime, wechat, bring, send):
    message = await send("image", files={"media": await bring(files.picture())})
    uploader = Uploader(runtime)
    await uploader.upload_due()
    await uploader.finish()
    assert wechat.messages == []  # and then the process is killed

    await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.SENT
    assert (len(wechat.uploads), len(wechat.messages)) == (1, 1)


async def test_a_lost_answer_to_a_picture_is_uncertain_and_sent_again_by_hand(
    runtime, wechat, bring, send, agent, clock
):
    message = await send("image", files={"media": await bring(files.picture())})
    wechat.lose_answers = 1
    await work(runtime)
    clock.forward(hours=2)
    await work(runtime)
    assert (await message_of(runtime, message)).state is MessageState.UNCERTAIN
    assert len(wechat.messages) == 1

    async with runtime.db.unit() as unit:
        await replies.resend(unit, message_id=message.id, agent_id=agent.id, now=clock.now())
    await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.SENT
    assert (len(wechat.messages), len(wechat.uploads)) == (2, 1)


async def test_uploaders_side_by_side_upload_a_file_once(
    runtime, wechat, bring, send, desk, agent, clock
):
    picture = await bring(files.picture())
    for number in range(6):
        talk = await desk.conversation(openid=f"oFollower{number}", assignee=agent)
        await send("image", files={"media": picture}, to=talk)

    async with running(runtime.settings, clock=clock) as other:
        for _ in range(3):
            await asyncio.gather(work(runtime), work(other), work(runtime))
            clock.forward(seconds=1)

    assert len(wechat.uploads) == 1
    assert sorted(each["touser"] for each in wechat.messages) == [
        f"oFollower{number}" for number in range(6)
    ]


async def claim(unit, key, now):
    return await media.claim_upload(unit, key, now=now, lease=LEASE, needed_until=now)


async def test_what_somebody_else_has_just_uploaded_is_not_uploaded_again(
    runtime, bring, talk, clock
):
    """Whoever looked before it was held, and claims after."""
    key = media.CopyKey(await bring(files.picture()), talk.account_id, "image")
    async with runtime.db.unit() as unit:
        assert await claim(unit, key, clock.now())
        held_until = clock.now() + timedelta(days=3)
        await media.record_copy(unit, key, media_id="image-1", expires_at=held_until)

        assert not await claim(unit, key, clock.now())
        assert await claim(unit, key, held_until)


async def test_waiting_for_somebody_elses_upload_is_no_attempt(runtime, wechat, bring, send, clock):
    picture = await bring(files.picture())
    await send("image", files={"media": picture})
    account_id = (await deliveries(runtime))[0].account_id
    async with runtime.db.unit() as unit:
        key = media.CopyKey(picture, account_id, "image")
        assert await claim(unit, key, clock.now())

    for _ in range(40):
        await work(runtime)
        clock.forward(seconds=1)

    (waiting,) = await deliveries(runtime)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 0)


async def test_an_upload_whose_uploader_died_is_taken_over(runtime, wechat, bring, send, clock):
    picture = await bring(files.picture())
    message = await send("image", files={"media": picture})
    account_id = (await deliveries(runtime))[0].account_id
    async with runtime.db.unit() as unit:
        key = media.CopyKey(picture, account_id, "image")
        assert await claim(unit, key, clock.now())

    await work(runtime)
    assert wechat.uploads == []
    for _ in range(3):
        clock.forward(minutes=4)
        await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.SENT


async def test_a_file_that_is_gone_cannot_be_sent(runtime, send):
    with pytest.raises(MediaUnusable) as refused:
        await send("image", files={"media": 404})

    assert refused.value.facts == {"media": 404, "role": "media", "problem": "gone"}
    assert await deliveries(runtime) == []


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("image", files.picture(kind="WEBP"), "type"),
        ("image", files.mp3(), "type"),
        ("image", files.SVG_WITH_SCRIPT, "type"),
        ("image", files.page_in_a_gif(), "type"),
        ("voice", files.wav(), "type"),
        ("voice", files.voice(61), "too_long"),
        ("video", files.picture(), "type"),
    ],
    ids=["webp", "sound", "svg", "gif and page", "wav", "long", "picture"],
)
async def test_what_wechat_would_not_take_is_refused_before(
    runtime, bring, send, kind, content, problem
):
    with pytest.raises(MediaUnusable) as refused:
        await send(kind, content={"title": "", "description": ""}, files={
            "media": await bring(content)
        })  # fmt: skip

    assert refused.value.facts["problem"] == problem


async def test_a_file_that_the_store_has_lost_fails_the_message(runtime, wechat, bring, send):
    picture = await bring(files.picture())
    message = await send("image", files={"media": picture})
    async with runtime.db.reading() as unit:
        file = await media.get_file(unit, picture)
    await runtime.files.remove(file.sha256, before=runtime.clock.now() + timedelta(days=9999))

    await work(runtime)

    assert (await message_of(runtime, message)).state is MessageState.FAILED


TEMPLATE = {
    "template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
    "title": "回复通知",
    "data": {"thing1": "您的问题已有回复"},
    "url": PAGE,
    "mini_program": None,
}


async def test_a_template_message_is_sent_under_its_delivery_and_numbered(runtime, wechat, send):
    message = await send("template", "回复通知", TEMPLATE)
    await work(runtime)

    (delivery,) = await deliveries(runtime)
    assert wechat.templates == [
        {
            "touser": "oFollowerAnna",
            "template_id": TEMPLATE["template_id"],
            "url": PAGE,
            "client_msg_id": str(delivery.id),
            "data": {"thing1": {"value": "您的问题已有回复"}},
        }
    ]
    assert (delivery.wechat_msg_id, delivery.state) == (8001, DeliveryState.SENT)
    assert (await message_of(runtime, message)).state is MessageState.SENT


async def tell(runtime, outcome, msg_id=8001):
    async with runtime.db.unit() as unit:
        await outbox.record_job_result(unit, 1, msg_id, outcome, now=runtime.clock.now())


async def test_what_became_of_a_template_message_is_shown(runtime, wechat, send):
    message = await send("template", "回复通知", TEMPLATE)
    await work(runtime)

    await tell(runtime, "delivered")

    shown = await message_of(runtime, message)
    assert (shown.content["outcome"], shown.state) == ("delivered", MessageState.SENT)


@pytest.mark.parametrize("outcome", ["blocked", "failed"])
async def test_a_template_message_that_did_not_arrive_has_failed(runtime, wechat, send, outcome):
    message = await send("template", "回复通知", TEMPLATE)
    await work(runtime)

    await tell(runtime, outcome)

    shown = await message_of(runtime, message)
    assert (shown.content["outcome"], shown.state) == (outcome, MessageState.FAILED)
    assert shown.reason == outcome


async def test_a_result_that_is_faster_than_the_sender_counts_as_well(runtime, wechat, send):
    message = await send("template", "回复通知", TEMPLATE)
    await tell(runtime, "blocked")

    await work(runtime)

    shown = await message_of(runtime, message)
    assert (shown.content["outcome"], shown.state) == ("blocked", MessageState.FAILED)


async def test_a_result_told_while_the_sender_notes_the_number_counts_a_little_later(
    runtime, wechat, send, clock
):
    """On PostgreSQL neither of the two units sees what the other writes."""
    message = await send("template", "回复通知", TEMPLATE)
    await work(runtime)
    async with runtime.db.unit() as unit:
        told = JobResult(account_id=1, msg_id=8001, outcome="blocked", at=clock.now())
        unit.session.add(told)

    await forget_old(runtime)

    assert (await message_of(runtime, message)).state is MessageState.FAILED
    async with runtime.db.reading() as unit:
        assert (await unit.session.scalars(select(JobResult))).all() == []


async def test_the_result_of_somebody_elses_message_changes_nothing(runtime, wechat, send):
    message = await send("template", "回复通知", TEMPLATE)
    await work(runtime)

    await tell(runtime, "blocked", msg_id=9999)
    await tell(runtime, "blocked", msg_id=9999)

    assert (await message_of(runtime, message)).state is MessageState.SENT


async def test_a_name_that_wechat_does_not_know_costs_the_name_not_the_message(
    runtime, wechat, send, desk, agent
):

    account = await desk.account()
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(Account).values(kf_names=True))
        unit.session.add(
            KfAccount(
                account_id=account.id, agent_id=agent.id, kf_account="li@shop", nickname="李华"
            )
        )
    await send("text", "一")
    await work(runtime)
    wechat.errcodes = [61451]
    await send("text", "二")
    await work(runtime)

    named, nameless = wechat.messages
    assert named["customservice"] == {"kf_account": "li@shop"}
    assert "customservice" not in nameless
    assert wechat.texts == ["一", "二"]
