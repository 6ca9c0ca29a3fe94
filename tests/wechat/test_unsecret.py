"""Pushes to look at: what opens something is covered, the rest stands as it came."""

import pytest

from wxdesk.wechat import read_elements, without_secrets


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "<xml><Event><![CDATA[SCAN]]></Event><Ticket><![CDATA[gQ.8+/=]]></Ticket></xml>",
            "<xml><Event><![CDATA[SCAN]]></Event><Ticket><![CDATA[****]]></Ticket></xml>",
        ),
        (
            "<xml><AppSignature>8c2f1d</AppSignature><Reason>8c2f1dx 8c2f1d</Reason></xml>",
            "<xml><AppSignature>****</AppSignature><Reason>8c2f1dx ****</Reason></xml>",
        ),
        (
            "<xml><UserCardCode>\n 12 </UserCardCode><CreateTime>12123</CreateTime></xml>",
            "<xml><UserCardCode>\n **** </UserCardCode><CreateTime>12123</CreateTime></xml>",
        ),
        (
            '{"MsgType": "event", "Ticket": "gQHq", "CreateTime": 1}',
            '{"MsgType": "event", "Ticket": "****", "CreateTime": 1}',
        ),
        ("<xml><Ticket></Ticket><A>1</A></xml>", "<xml><Ticket></Ticket><A>1</A></xml>"),
    ],
)
def test_secrets_are_covered_and_nothing_else(body, shown):
    assert without_secrets(body.encode()) == shown


def test_a_text_that_only_looks_like_a_secret_stays():
    body = "<xml><Content><![CDATA[<Ticket>abc</Ticket>]]></Content></xml>"
    assert "Ticket" not in read_elements(body.encode())
    assert without_secrets(body.encode()) == body
