import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import Envelope, Forged, signature

# WeChat's own vectors, from its page on encryption.
OFFICIAL = Envelope("A" * 43, "wxba5fad812f8e6fb9")
OFFICIAL_SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
OFFICIAL_MESSAGE = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    b'"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
OFFICIAL_REPLY = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)

# The vectors of our reference, with XML.
KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
OURS = Envelope(KEY, "wx4f1d7e0b92c6a835")
REPLY = (
    "<xml><ToUserName><![CDATA[oK7xT5hQ2mVbN9dLr3WcYpE8sUiA]]></ToUserName>"
    "<FromUserName><![CDATA[gh_9a3c51e7b2d4]]></FromUserName><CreateTime>1767319263</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[您好，稍等，正在为您查询。]]></Content></xml>"
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("AAAAA", "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        (
            ("AAAAA", "1714112445", "415670741", OFFICIAL_SEALED),
            "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        ),
        (
            ("AAAAA", "1713424427", "415670741", OFFICIAL_REPLY),
            "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        ),
        (("Sh0pCareTok3n", "1767319262", "1372623149"), "ca043f50c67092b8dd9f232bd61236ad7ddacebd"),
    ],
)
def test_signatures_are_those_of_the_vectors(parts, expected):
    assert signature(*parts) == expected


def test_the_official_envelope_opens():
    assert OFFICIAL.open(OFFICIAL_SEALED) == OFFICIAL_MESSAGE
    assert OFFICIAL.open(OFFICIAL_SEALED.encode()) == OFFICIAL_MESSAGE


def test_the_official_messages_seal_to_the_official_envelopes():
    assert OFFICIAL.seal(OFFICIAL_MESSAGE, random16=b"a8eedb185eb2fecf") == OFFICIAL_SEALED
    reply = OFFICIAL.seal(b'{"demo_resp":"good luck"}', random16=b"707722b803182950")
    assert reply == OFFICIAL_REPLY


def test_our_own_vectors_hold(fixture):
    push = fixture("pushes/message-text.xml")
    sealed = OURS.seal(push, random16=b"q7Lk2ZpX9sVt4RbW")
    reply = OURS.seal(REPLY.encode(), random16=b"A1b2C3d4E5f6G7h8")

    assert sealed.encode() in fixture("pushes/envelope-secure.xml")
    assert (
        signature("Sh0pCareTok3n", "1767319262", "1372623149", sealed)
        == "ba605b641fb951248cf6e60637bc3c7be64efdce"
    )
    assert reply.startswith("yf7n/zPj6O7GMaH5GXYFdDyyjx7cBy37")
    assert (
        signature("Sh0pCareTok3n", "1767319263", "1372623149", reply)
        == "ee0b478e2599638520567b10375f48fda9d09a22"
    )


@given(st.binary(max_size=200))
def test_whatever_is_sealed_opens(message):
    assert OURS.open(OURS.seal(message)) == message


def test_the_same_message_never_looks_the_same():
    assert OURS.seal(b"<xml/>") != OURS.seal(b"<xml/>")


def test_an_envelope_for_another_account_stays_closed():
    with pytest.raises(Forged, match="foreign AppID"):
        Envelope(KEY, "wx0000000000000000").open(OURS.seal(b"<xml/>"))


def test_an_envelope_sealed_with_another_key_stays_closed():
    with pytest.raises(Forged):
        Envelope("B" * 43, "wx4f1d7e0b92c6a835").open(OURS.seal(b"<xml/>"))


def sealed(inside):
    """Encrypted with our key, but with an inside as no one should write it."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(inside) + encryptor.finalize()).decode()


APP_ID = b"wx4f1d7e0b92c6a835"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("", id="empty"),
        pytest.param("你好", id="not ASCII"),
        pytest.param("????", id="not base64"),
        pytest.param("AAAA", id="not whole blocks"),
        pytest.param(OURS.seal(b"<xml/>") + "\n", id="more than base64"),
        pytest.param(sealed(b"\x00" * 32), id="no padding"),
        pytest.param(sealed(b"\x21" * 64), id="too much padding"),
        pytest.param(
            sealed(b"r" * 16 + b"\0\0\0\x09" + b"m" * 9 + APP_ID + b"\x21" * 33), id="33 of padding"
        ),
        pytest.param(sealed(b"\x20" * 32), id="nothing but padding"),
        pytest.param(sealed(b"r" * 16 + b"\xff" * 4 + APP_ID + b"\x0a" * 10), id="long length"),
        pytest.param(sealed(b"r" * 16 + b"\0\0\0\1" + APP_ID + b"\x0a" * 10), id="length by one"),
        pytest.param(
            sealed(b"r" * 16 + b"\0" * 4 + APP_ID + b"\x09" + b"\x0a" * 9), id="uneven padding"
        ),
    ],
)
def test_a_broken_envelope_is_forged(broken):
    with pytest.raises(Forged):
        OURS.open(broken)


@given(st.text(max_size=100) | st.binary(max_size=96).map(base64.b64encode))
def test_any_envelope_opens_or_is_forged(sealed_somehow):
    with suppress(Forged):
        OURS.open(sealed_somehow)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "+", "A" * 42 + "字"])
def test_a_key_is_43_letters_and_digits(key):
    with pytest.raises(ValueError, match="EncodingAESKey"):
        Envelope(key, "wx4f1d7e0b92c6a835")
