import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import (
    BadPush,
    Callback,
    Debugged,
    Envelope,
    Forged,
    Malformed,
    Mode,
    cdata,
    parse,
    read_elements,
    read_query,
    signature,
)

OFFICIAL_SEALED = (  # from WeChat's page on encryption
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
TOKEN = "Sh0pCareTok3n"
KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
NEXT_KEY = "N" * 43
APP_ID = "wx4f1d7e0b92c6a835"
NOW = datetime.fromtimestamp(1767319262, UTC)
SIGNED = {
    "signature": "ca043f50c67092b8dd9f232bd61236ad7ddacebd",
    "timestamp": "1767319262",
    "nonce": "1372623149",
    "openid": "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
}
ENCRYPTED = SIGNED | {
    "encrypt_type": "aes",
    "msg_signature": "ba605b641fb951248cf6e60637bc3c7be64efdce",
}


def callback(mode=Mode.SECURE, keys=(KEY,), **changed):
    return Callback(TOKEN, APP_ID, mode, keys, **changed)


def test_the_url_is_verified_as_in_the_official_example():
    account = Callback("AAAAA", "wxba5fad812f8e6fb9", Mode.PLAIN)
    query = read_query(
        b"signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249"
        b"&timestamp=1714036504&nonce=1514711492"
    )

    assert account.echo(query, NOW) == "4375120948345356249"


@pytest.mark.parametrize("mode", Mode)
def test_the_url_is_verified_in_plaintext_in_every_mode(mode):
    assert callback(mode).echo(SIGNED | {"echostr": "42"}, NOW) == "42"


def test_a_plaintext_push_is_passed_on_as_it_is(fixture):
    body = fixture("pushes/message-text.xml")

    assert callback(Mode.PLAIN, keys=()).unwrap(SIGNED, body, NOW) == body
    assert callback(Mode.PLAIN).unwrap(SIGNED | {"encrypt_type": "raw"}, body, NOW) == body
    assert callback(Mode.COMPATIBLE).unwrap(SIGNED, body, NOW) == body


@pytest.mark.parametrize("name", ["envelope-secure", "envelope-compatible"])
@pytest.mark.parametrize("mode", Mode)
def test_an_encrypted_push_is_opened(fixture, name, mode):
    body = fixture(f"pushes/{name}.xml")

    opened = callback(mode).unwrap(ENCRYPTED, body, NOW)

    assert opened == fixture("pushes/message-text.xml")


def test_of_a_body_in_both_forms_only_the_encrypted_one_is_believed(fixture):
    body = fixture("pushes/envelope-compatible.xml").replace("还没发货".encode(), b"refund me")

    opened = callback(Mode.COMPATIBLE).unwrap(ENCRYPTED, body, NOW)

    assert opened == fixture("pushes/message-text.xml")


def test_the_key_before_still_opens_while_it_is_rotated_out(fixture):
    body = fixture("pushes/envelope-secure.xml")

    opened = callback(keys=(NEXT_KEY, KEY)).unwrap(ENCRYPTED, body, NOW)

    assert opened == fixture("pushes/message-text.xml")


def test_a_key_that_is_gone_opens_nothing(fixture):
    with pytest.raises(Forged):
        callback(keys=(NEXT_KEY,)).unwrap(ENCRYPTED, fixture("pushes/envelope-secure.xml"), NOW)


def test_secure_mode_refuses_plaintext(fixture):
    with pytest.raises(Forged, match="plaintext"):
        callback().unwrap(SIGNED, fixture("pushes/message-text.xml"), NOW)


def test_plaintext_mode_refuses_an_envelope_it_has_no_key_for(fixture):
    with pytest.raises(Forged, match="no key"):
        callback(Mode.PLAIN, keys=()).unwrap(ENCRYPTED, fixture("pushes/envelope-secure.xml"), NOW)


def test_the_signature_of_the_query_alone_opens_no_envelope(fixture):
    query = ENCRYPTED | {"msg_signature": SIGNED["signature"]}

    with pytest.raises(Forged, match="msg_signature"):
        callback().unwrap(query, fixture("pushes/envelope-secure.xml"), NOW)


def test_an_envelope_for_another_account_is_forged():
    sealed = Envelope(KEY, "wx0000000000000000").seal(b"<xml/>")
    signed = signature(TOKEN, "1767319262", "1372623149", sealed)
    body = f"<xml><Encrypt>{cdata(sealed)}</Encrypt></xml>".encode()

    with pytest.raises(Forged, match="foreign AppID"):
        callback().unwrap(ENCRYPTED | {"msg_signature": signed}, body, NOW)


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "0", "你好", "ca043F50"])
def test_nothing_about_a_signature_may_be_other_than_signed(name, value):
    query = {**SIGNED, name: value}
    if value is None:
        del query[name]

    with pytest.raises(Forged):
        callback(Mode.PLAIN).unwrap(query, b"<xml/>", NOW)
    with pytest.raises(Forged):
        callback(Mode.PLAIN).echo(query | {"echostr": "42"}, NOW)


def test_an_encrypt_type_nobody_knows_is_forged():
    with pytest.raises(Forged, match="encrypt_type"):
        callback(Mode.COMPATIBLE).unwrap(SIGNED | {"encrypt_type": "des"}, b"<xml/>", NOW)


def test_an_envelope_without_content_is_forged():
    with pytest.raises(Forged, match="no Encrypt"):
        callback().unwrap(ENCRYPTED, b"<xml><ToUserName>gh_1</ToUserName></xml>", NOW)


def test_an_envelope_that_is_not_xml_is_malformed():
    with pytest.raises(Malformed):
        callback().unwrap(ENCRYPTED, b"Encrypt=AAAA", NOW)


def test_an_envelope_in_json_is_opened_as_in_the_official_example():
    account = Callback("AAAAA", "wxba5fad812f8e6fb9", Mode.SECURE, ("A" * 43,))
    query = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": "1714112445",
        "nonce": "415670741",
        "encrypt_type": "aes",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    }
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": OFFICIAL_SEALED}).encode()

    push = parse(account.unwrap(query, body, NOW))

    assert push.account == "gh_97417a04a28d"
    assert push.content == Debugged("hello world")


@pytest.mark.parametrize("seconds", [-601, 601])
def test_a_timestamp_far_off_is_refused(fixture, seconds):
    account = callback(max_skew=timedelta(minutes=10))
    body = fixture("pushes/envelope-secure.xml")

    with pytest.raises(Forged, match="far off"):
        account.unwrap(ENCRYPTED, body, NOW + timedelta(seconds=seconds))
    account.unwrap(ENCRYPTED, body, NOW + timedelta(seconds=seconds - seconds // 600))


@pytest.mark.parametrize("timestamp", ["soon", "-1767319262", "9" * 13, "9" * 5000])
def test_a_timestamp_that_is_none_is_refused(timestamp):
    query = {"timestamp": timestamp, "nonce": "1", "signature": signature(TOKEN, timestamp, "1")}

    with pytest.raises(Forged, match="timestamp"):
        callback(Mode.PLAIN, max_skew=timedelta(minutes=10)).unwrap(query, b"<xml/>", NOW)


@given(
    st.dictionaries(st.sampled_from([*ENCRYPTED, "echostr"]), st.text(max_size=50)),
    st.binary(max_size=100),
    st.sampled_from(Mode),
)
def test_whatever_is_sent_is_a_bad_push(query, body, mode):
    with pytest.raises(BadPush):
        callback(mode, max_skew=timedelta(minutes=10)).unwrap(query, body, NOW)


def test_a_wrapped_reply_opens_again():
    reply = "<xml><Content>您好</Content></xml>".encode()

    wrapped = read_elements(callback().wrap(reply, 1767319263, "13]]>72"))

    assert wrapped["TimeStamp"] == "1767319263"
    assert wrapped["Nonce"] == "13]]>72"
    assert Envelope(KEY, APP_ID).open(wrapped["Encrypt"]) == reply
    assert wrapped["MsgSignature"] == signature(TOKEN, "1767319263", "13]]>72", wrapped["Encrypt"])


def test_a_sealed_push_gets_a_sealed_answer_under_its_own_nonce():
    answer = read_elements(callback().answer(ENCRYPTED, b"<xml/>", NOW))

    assert Envelope(KEY, APP_ID).open(answer["Encrypt"]) == b"<xml/>"
    assert answer["Nonce"] == ENCRYPTED["nonce"]
    assert answer["TimeStamp"] == "1767319262"


@pytest.mark.parametrize("query", [SIGNED, SIGNED | {"encrypt_type": "raw"}])
def test_a_plain_push_gets_a_plain_answer(query):
    assert callback(Mode.COMPATIBLE).answer(query, b"<xml/>", NOW) == b"<xml/>"


def test_the_current_key_wraps():
    wrapped = read_elements(callback(keys=(NEXT_KEY, KEY)).wrap(b"<xml/>", 1767319263, "1"))

    assert Envelope(NEXT_KEY, APP_ID).open(wrapped["Encrypt"]) == b"<xml/>"


def test_without_a_key_nothing_is_wrapped():
    with pytest.raises(ValueError, match="no key"):
        callback(Mode.PLAIN, keys=()).wrap(b"<xml/>", 1767319263, "1")


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SECURE])
def test_an_encrypting_mode_needs_a_key(mode):
    with pytest.raises(ValueError, match="EncodingAESKey"):
        callback(mode, keys=())


def test_secrets_are_not_shown():
    shown = repr(callback())

    assert TOKEN not in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    ("raw", "query"),
    [
        (b"", {}),
        (b"a=1&b=&c=%E4%BD%A0+%2B", {"a": "1", "b": "", "c": "你 +"}),
    ],
)
def test_a_query_is_read(raw, query):
    assert read_query(raw) == query


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"signature=1&signature=2", id="twice"),
        pytest.param(b"nonce=%ff", id="not UTF-8"),
        pytest.param(b"nonce=\xe4\xbd\xa0", id="not ASCII"),
        pytest.param(b"&".join(b"a%d=1" % i for i in range(21)), id="too many"),
    ],
)
def test_an_odd_query_is_forged(raw):
    with pytest.raises(Forged):
        read_query(raw)


@given(
    st.lists(
        st.tuples(st.text("abc_1~-", min_size=1, max_size=6), st.text("ab=c1/.~-", max_size=8)),
        max_size=6,
        unique_by=lambda pair: pair[0],
    )
)
def test_a_query_without_quoting_is_read_as_the_standard_library_does(pairs):
    raw = "&".join(f"{name}={value}" for name, value in pairs)

    assert read_query(raw.encode()) == dict(parse_qsl(raw, keep_blank_values=True))
