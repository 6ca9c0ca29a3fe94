import pyexpat
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdesk.wechat import Malformed, cdata, read_elements
from wxdesk.wechat.elements import _flat_elements, _xml_elements, read_tree


def test_only_the_roots_children_are_read():
    body = b"<xml>0<A>1<B>2</B>3</A>4<C><![CDATA[5]]>6</C><D/></xml>"

    assert read_elements(body) == {"A": "13", "C": "56", "D": ""}


def test_json_is_read_as_the_same_elements():
    body = '{"A":"你好","B":24811057300007919,"C":1.50,"D":null,"E":true,"F":{"G":1},"H":[1,2]}'

    assert read_elements(body.encode()) == {
        "A": "你好",
        "B": "24811057300007919",
        "C": "1.50",
        "D": "",
        "E": "1",
        "F": "",
        "H": "2",
    }


def test_what_is_nested_is_read_when_asked_for():
    in_xml = read_tree(b"<xml>\n<A><B>1</B><B>2</B></A></xml>")
    in_json = read_tree(b'{"A":{"B":[1,2]}}')

    assert [found.text for found in in_xml.iterfind("A/B")] == ["1", "2"]
    assert [found.text for found in in_json.iterfind("A/B")] == ["1", "2"]


@pytest.mark.parametrize("char", ["\0", "\x08", "\x10", "\x1d", "\x0b", "\ufffe", "\uffff"])
def test_a_control_character_that_a_follower_typed_loses_no_push(char):
    body = f"<xml><A><![CDATA[往后{char}余生]]></A><B><C>{char}</C></B></xml>".encode()
    blank = " " * len(char.encode())

    assert read_elements(body) == {"A": f"往后{blank}余生", "B": ""}
    assert read_tree(body).findtext("B/C") == blank


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
        pytest.param(b'["gh_1"]', id="JSON, but a list"),
        pytest.param(b'{"ToUserName":"gh_1"', id="JSON cut off"),
        pytest.param(b'{"A":"\xff"}', id="JSON that is not UTF-8"),
        pytest.param('{"A":1}'.encode("utf-16"), id="JSON in UTF-16"),
        pytest.param(b'{"A":' * 33 + b"1" + b"}" * 33, id="JSON too deep"),
        pytest.param(b'{"A":' * 200_000, id="JSON much too deep"),
        pytest.param(b'{"A":[' + b"1," * 2_000 + b"1]}", id="JSON with too many members"),
        pytest.param(b"<xml><A></xml>", id="not nested well"),
        pytest.param(b"<xml></xml><xml></xml>", id="two roots"),
        pytest.param(b"<xml><A>1</A>", id="cut off"),
        pytest.param(b"<xml><A>\xff\xfe</A></xml>", id="not UTF-8"),
        pytest.param("<xml><A>1</A></xml>".encode("utf-16"), id="UTF-16"),
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
        pytest.param(b"<xml>" + b"<a></a>" * 2_001 + b"</xml>", id="too many elements of text"),
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


@pytest.mark.parametrize("char", ["\0", "\x08", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_no_xml_can_hold_is_replaced(char):
    body = f"<xml><A>{cdata(f'a{char}b')}</A></xml>".encode()

    assert read_elements(body) == {"A": "a b"}


PIECES = st.sampled_from(
    [
        *("<A>", "</A>", "<B>", "</B>", "<A/>", "<![CDATA[", "]]>", "]]", "]", ">", "<", "&lt;"),
        *("<!--", "-->", "<?x?>", "\n", "\r\n", " ", "\t", "1", "字", "\x01", "\x0b", "\x7f"),
        *("\ufffe", "\x85", "\u2028", "<xml>", "</xml>", "<1>", "</1>", "<A b='c'>", "<a:A>"),
        *(
            "<A>1</A>",
            "<B><![CDATA[2]]></B>",
            "<字>",
            "</字>",
            "<!DOCTYPE xml>",
            '<?xml version="1.0"?>',
        ),
    ]
)


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=12), st.booleans())
def test_the_fast_reading_agrees_with_the_careful_one(pieces, rooted):
    text = "".join(pieces)
    body = (f"<xml>{text}</xml>" if rooted else text).encode()

    flat = _flat_elements(body)

    if flat is not None:
        assert flat == _xml_elements(body)


@given(st.lists(st.tuples(st.sampled_from(["A", "B_1", "Idx"]), XML_TEXT), max_size=5))
def test_what_wechat_writes_is_read_fast(elements):
    inside = "\n".join(f"<{name}>{cdata(text)}</{name}>" for name, text in elements)

    flat = _flat_elements(f"<xml>\n    {inside}\n</xml>\n".encode())

    if not any(mark in text for _, text in elements for mark in ("\r", "]]>")):
        assert flat == dict(elements)


def test_the_fast_reading_takes_no_time_over_what_it_does_not_understand():
    body = b"<xml>" + b"<A><![CDATA[" * 600 + b"]" * 900

    began = process_time()
    for _ in range(100):
        assert _flat_elements(body) is None

    assert process_time() - began < 1


def test_the_parser_is_expat_itself():
    assert pyexpat.version_info >= (2, 4, 1)  # the first that bounds entity expansion
