"""The platform's envelope against the official vectors and our own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxsim.account import Account, Mode
from wxsim.envelope import BrokenEnvelope, Envelope, sign
from wxsim.push import Push, sealed

PUSHES = Path(__file__).parents[1] / "fixtures" / "pushes"
OFFICIAL = Envelope("A" * 43, "wxba5fad812f8e6fb9")
OURS = Envelope("k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A", "wx4f1d7e0b92c6a835")
OFFICIAL_CIPHER = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
OFFICIAL_MESSAGE = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    b'"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)


@pytest.mark.parametrize(
    ("parts", "signature"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("AAAAA", "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        (
            ("AAAAA", "1714112445", "415670741", OFFICIAL_CIPHER),
            "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        ),
    ],
)
def test_signatures_are_the_official_ones(parts, signature):
    assert sign(*parts) == signature


def test_the_official_push_opens_and_is_sealed_alike():
    assert OFFICIAL.open(OFFICIAL_CIPHER) == OFFICIAL_MESSAGE
    assert OFFICIAL.seal(OFFICIAL_MESSAGE, salt=b"a8eedb185eb2fecf") == OFFICIAL_CIPHER


def test_the_official_reply_is_sealed_alike():
    sealed_reply = OFFICIAL.seal(b'{"demo_resp":"good luck"}', salt=b"707722b803182950")

    assert sealed_reply == (
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    )
    assert (
        sign("AAAAA", "1713424427", "415670741", sealed_reply)
        == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    )


def test_our_vector_is_sealed_alike():
    cipher = OURS.seal((PUSHES / "message-text.xml").read_bytes(), salt=b"q7Lk2ZpX9sVt4RbW")

    assert cipher in (PUSHES / "envelope-secure.xml").read_text()
    assert (
        sign("Sh0pCareTok3n", "1767319262", "1372623149", cipher)
        == "ba605b641fb951248cf6e60637bc3c7be64efdce"
    )


@pytest.mark.parametrize("mode", [Mode.SECURE, Mode.COMPATIBLE])
def test_a_sealed_push_is_laid_out_as_documented(mode):
    account = Account(
        app_id="wx4f1d7e0b92c6a835",
        app_secret="s",
        token="Sh0pCareTok3n",
        original_id="gh_9a3c51e7b2d4",
        mode=mode,
        aes_key="k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A",
    )
    xml = (PUSHES / "message-text.xml").read_bytes()
    push = Push(openid="oK7xT5hQ2mVbN9dLr3WcYpE8sUiA", kind="text", xml=xml)

    query, body = sealed(account, push, "1767319262", "1372623149")

    documented = (PUSHES / f"envelope-{mode}.xml").read_text()
    assert _without_cipher(body.decode()) == _without_cipher(documented)
    assert query["signature"] == "ca043f50c67092b8dd9f232bd61236ad7ddacebd"
    assert query["encrypt_type"] == "aes"


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_to_the_same(message):
    assert OURS.open(OURS.seal(message)) == message


@given(st.text(max_size=200))
def test_anything_else_is_broken(text):
    with pytest.raises(BrokenEnvelope):
        OURS.open(text)


def test_the_envelope_of_another_app_is_broken():
    other = Envelope("k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A", "wx0000000000000000")

    with pytest.raises(BrokenEnvelope, match="another AppID"):
        other.open(OURS.seal(b"hello"))


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "="])
def test_a_key_is_43_letters_and_digits(key):
    with pytest.raises(ValueError, match="43"):
        Envelope(key, "wx")


def _without_cipher(text):
    before, _, rest = text.partition("<Encrypt><![CDATA[")
    return before, rest.partition("]]>")[2]
