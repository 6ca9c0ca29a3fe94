import pyexpat
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import Malformed, cdata, read_elements


def test_only_the_roots_children_are_read():
    body = b"<xml>0<A>1<B>2</B>3</A>4<C><![CDATA[5]]>6</C><D/></xml>"

    assert read_elements(body) == {"A": "13", "C": "56", "D": ""}


def test_the_body_is_utf_8_whatever_it_declares():
    body = '<?xml version="1.0" encoding="gb2312"?><xml><A>你好</A></xml>'.encode()

    assert read_elements(body) == {"A": "你好"}


def test_of_two_elements_of_one_name_the_last_counts():
    assert read_elements(b"<xml><A>1</A><A>2</A></xml>") == {"A": "2"}


def test_a_text_longer_than_the_parsers_buffer_arrives_whole():
    text = "字\n" * 100_000

    assert read_elements(f"<xml><A>{text}</A></xml>".encode()) == {"A": text}


LAUGHS = """<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>
<xml><A>&lol2;</A></xml>"""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"success", id="no XML"),
        pytest.param(b'{"ToUserName":"gh_1"}', id="JSON"),
        pytest.param(b"<xml><A></xml>", id="not nested well"),
        pytest.param(b"<xml></xml><xml></xml>", id="two roots"),
        pytest.param(b"<xml><A>1</A>", id="cut off"),
        pytest.param(b"<xml><A>\xff\xfe</A></xml>", id="not UTF-8"),
        pytest.param("<xml><A>1</A></xml>".encode("utf-16"), id="UTF-16"),
        pytest.param(b"<xml><A>\x00</A></xml>", id="a null byte"),
        pytest.param(b"<xml><A>\xed\xa0\x80</A></xml>", id="half a surrogate pair"),
        pytest.param(b"<xml><A>&nbsp;</A></xml>", id="an undefined entity"),
        pytest.param(b"<!DOCTYPE xml><xml><A>1</A></xml>", id="a document type"),
        pytest.param(LAUGHS.encode(), id="a billion laughs"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>',
            id="an external entity",
        ),
        pytest.param(
            b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml><A>&e;</A></xml>',
            id="an external document type",
        ),
        pytest.param(b"<a>" * 33 + b"</a>" * 33, id="too deep"),
        pytest.param(b"<a>" * 200_000, id="much too deep"),
        pytest.param(b"<xml>" + b"<a/>" * 2_001 + b"</xml>", id="too many elements"),
        pytest.param(b"<xml><A>" + b"1" * 1_000_000 + b"</A></xml>", id="over a megabyte"),
    ],
)
def test_what_is_not_wechats_xml_is_malformed(body):
    with pytest.raises(Malformed):
        read_elements(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_elements_or_malformed(body):
    with suppress(Malformed):
        read_elements(body)


@given(st.data())
def test_any_damaged_push_is_elements_or_malformed(data):
    body = bytearray(b"<xml><A><![CDATA[\xe4\xbd\xa0]]></A><B>1</B><C><D>&lt;</D></C></xml>")
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=4)):
        body[at] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        read_elements(bytes(body))


XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)


@given(XML_TEXT, st.integers(0, 3))
def test_any_text_survives_cdata(text, ends):
    text += "]]>" * ends

    assert read_elements(f"<xml><A>{cdata(text)}</A></xml>".encode()) == {"A": text}


def test_the_parser_is_expat_itself():
    assert pyexpat.version_info >= (2, 4, 1)  # the first that bounds entity expansion
