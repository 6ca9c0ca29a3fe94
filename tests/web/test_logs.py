"""What the desk logs while it is knocked at, used and attacked, in every form it logs in."""

import io
import logging

import pytest
import structlog

from desk_builder import AES_KEY, PASSWORD, TOKEN
from wxdesk import logs
from wxdesk.desk.intake import KeptPush
from wxdesk.wechat import Mode
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
WORDS = "我的身份证号是四四零三"


@pytest.fixture(params=[False, True], ids=["console", "json"])
def logged(request):
    """What was logged so far, as an operator's log would hold it: `logged.getvalue()`."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("info", json=request.param)
    root.handlers[0].setStream(written := io.StringIO())
    yield written
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE])
async def test_no_secret_no_openid_and_no_words_are_logged(
    logged, runtime, door, desk, agent, lihua, wechat
):
    xml = desk.text_xml(OPENID, WORDS)
    await door.push(xml)
    await door.push(xml, signature="0" * 40)
    await door.push(xml + "<oops>")
    await door.push(xml, encrypt_type="aes", msg_signature="0" * 40)
    await door.knock("GET", "shop", {"echostr": WORDS})
    await park_something(runtime, door, desk)
    talk = await desk.conversation(openid=OPENID, text=WORDS, assignee=agent)
    draft = {"kind": "text", "text": WORDS}
    path = f"/api/conversations/{talk.id}/replies"
    await lihua.post(path, client_id="draft-number-1", **draft)
    await lihua.post(path, client_id="draft-number-2", **draft)
    await lihua.post(path, client_id="\0", **draft)
    await lihua.sign_in("lihua", "wrong horse")
    wechat.errcodes = [40001, 0, 45015]
    sender = Sender(runtime)
    while await sender.send_due():
        await sender.finish()

    text = logged.getvalue()
    for happening in ("push_refused", "push_parked", "send_failed", "token_renewed", "sent"):
        assert happening in text
    for secret in (TOKEN, AES_KEY, "app secret", PASSWORD, "wrong horse", "token-1", "token-2"):
        assert secret not in text
    assert lihua.secret not in text
    assert OPENID not in text
    assert WORDS not in text


async def park_something(runtime, door, desk):
    """A push that cannot be understood: its body is damaged after it was kept."""
    await door.push(desk.text_xml(OPENID, WORDS))
    async with runtime.db.unit() as unit:
        kept = await unit.session.get(KeptPush, 1)
        kept.body = f"<xml>{OPENID}{WORDS}".encode()
    await understand_kept(runtime)
