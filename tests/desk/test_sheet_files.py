"""Files of strangers as tables, and tables as files that run nothing."""

import pytest

from wxdesk.desk import fields
from wxdesk.desk.sheets import SheetInvalid, read_table, safe, suggested, written
from wxdesk.desk.sheets.writing import plain


def problem_of(content):
    with pytest.raises(SheetInvalid) as refused:
        read_table(content)
    return refused.value.facts["problem"]


@pytest.mark.parametrize(
    "content",
    [
        "OpenID,备注名\no1,王女士\n".encode(),
        "\ufeffOpenID,备注名\r\no1,王女士\r\n".encode(),
        "OpenID,备注名\no1,王女士".encode("gb18030"),
        "OpenID\t备注名\no1\t王女士\n".encode("utf-16"),
        "OpenID;备注名\n\n;\no1;王女士\n".encode(),
        'OpenID,备注名,\n"o1"," 王女士",\n'.encode(),
    ],
)
def test_spreadsheets_of_all_kinds_are_read(content):
    table = read_table(content)

    assert (list(table.header), table.rows_of(0, 9)) == (["OpenID", "备注名"], [["o1", "王女士"]])


def test_a_row_knows_its_line_though_cells_have_several():
    table = read_table(b'openid,remark\no1,"a\nb"\n\no2,c\no3\n')

    assert [(row.line, list(row.cells)) for row in table.rows] == [
        (2, ["o1", "a\nb"]),
        (5, ["o2", "c"]),
        (6, ["o3", ""]),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"openid,remark\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "encoding"),
        (b"openid,remark\no1,\x00\n", "encoding"),
        (b'openid,remark\no1,"never closed\n', "csv"),
        (b"openid,remark\no1," + b"x" * 2001, "cell"),
        (b'openid,remark\no1,"' + b"x" * 200_000 + b'"', "csv"),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n1\n", "columns"),
        (b"openid\n" + b"o\n" * 50_001, "rows"),
    ],
)
def test_what_is_no_table_or_too_much_is_refused(content, problem):
    assert problem_of(content) == problem


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "=cmd|' /C calc'!A0"])
def test_nothing_is_run_and_it_comes_back_as_it_was(text):
    told = safe(text)

    assert told[0] == "'"
    assert plain(told) == text
    assert plain("'s Gravenhage") == "'s Gravenhage"


def test_numbers_stay_numbers_and_the_first_piece_has_the_mark():
    assert safe(-3.5) == -3.5
    assert written([["a", -1.0]], first=True) == b"\xef\xbb\xbfa,-1.0\r\n"
    assert written([['"', "b,c"]], first=False) == b'"""","b,c"\r\n'


def test_columns_are_known_by_their_names_once():
    header = ["OPENID", "备注名", "Tags", "等级", "手机", "Remark", "别的"]

    assert suggested(header, {"手机": 7}) == [
        *("openid", "remark", "tags", "level", "field:7", None, None),
    ]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("13812345678", "138****5678"),
        ("110101199003074512", "110****4512"),
        ("12345", "****45"),
    ],
)
def test_a_number_is_covered(number, told):
    assert fields.covered(number) == told


def test_numbers_in_a_text_are_covered_and_nothing_else():
    text = "王姐 13812345678，卡 6222021234567890123，订单 20260302，11010119900307451X"

    told = fields.covered_text(text)
    assert told == "王姐 138****5678，卡 622****0123，订单 20260302，110****451X"
    assert fields.covered_text(told) == told
