"""Files as programs write them, and as nobody should: read into headers and rows."""

import codecs

import pytest

from bookingapp.domain.imports import sheet
from bookingapp.domain.imports.encoding import Unreadable
from tests.domain.import_files import csv_file

ANNA = ["Änna Müller", "0171 1", "änna@example.com"]
BEN = ["Ben €", "0171 2", "ben@example.com"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_encoding_and_separator_reads_the_same(encoding, mark, separator):
    found = sheet.read(csv_file(ANNA, BEN, encoding=encoding, mark=mark, separator=separator))
    assert found.headers == ["Name", "Telefon", "E-Mail"]
    assert [row.cells for row in found.rows] == [ANNA, BEN]
    assert [row.number for row in found.rows] == [1, 2]


def test_line_breaks_within_quotes_belong_to_the_cell():
    found = sheet.read(b'Name;Note\r\n"Anna";"one\r\ntwo; three"\r\nBen;"say ""hi"""\r\n')
    assert [row.cells for row in found.rows] == [["Anna", "one\r\ntwo; three"], ["Ben", 'say "hi"']]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(end):
    found = sheet.read(end.join(["Name,Phone", "Anna,1", "Ben,2", ""]).encode())
    assert [row.cells for row in found.rows] == [["Anna", "1"], ["Ben", "2"]]


def test_the_separator_may_be_told_in_a_line_of_its_own():
    found = sheet.read(b"sep=|\r\nName|Phone, home\r\nAnna|1\r\n")
    assert found.headers == ["Name", "Phone, home"]


def test_commas_in_the_texts_do_not_outvote_the_semicolons():
    rows = b"".join(b"Anna, Maria;Street 1, left, right;Town\n" for _ in range(5))
    assert sheet.read(b"Name;Street, No;Town\n" + rows).headers == ["Name", "Street, No", "Town"]


def test_one_column_is_enough():
    assert sheet.read(b"Name\nAnna\nBen\n").headers == ["Name"]


def test_headers_are_told_apart_and_none_is_empty():
    found = sheet.read(b"Phone,,Phone,  Phone \n1,2,3,4\n")
    assert found.headers == ["Phone", "#2", "Phone (2)", "Phone (3)"]


def test_a_header_that_looks_like_a_second_one_stays_apart():
    assert sheet.read(b"A,A (2),A\n1,2,3\n").headers == ["A", "A (2)", "A (3)"]


def test_columns_that_hold_nothing_are_not_there():
    found = sheet.read(b"Name;Phone;;\nAnna;1;;\nBen;2;;\n")
    assert found.headers == ["Name", "Phone"]


def test_ragged_rows_keep_what_they_have_and_empty_ones_only_their_number():
    found = sheet.read(b"\n\nA,B,C\n1\n\n,,\n1,2,3,4,,\n")
    assert [(row.number, row.cells) for row in found.rows] == [
        (1, ["1"]),
        (4, ["1", "2", "3", "4"]),
    ]


def test_zero_bytes_and_control_characters_are_dropped():
    found = sheet.read(b"Na\x00me,Phone\nAn\x00na\x07,1\x002\n")
    assert (found.headers, found.rows[0].cells) == (["Name", "Phone"], ["Anna", "12"])


def test_what_was_guarded_from_being_calculated_comes_back_as_it_was():
    found = sheet.read(b"Name,Phone\n'=1+1,'+49 171\n'n Abend,x\n")
    assert [row.cells for row in found.rows] == [["=1+1", "+49 171"], ["'n Abend", "x"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n\x00 \n", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"Name,Phone\n", "no_rows"),
        (b"Name,Phone\n,,\n\n", "no_rows"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0rest of an old one", "workbook"),
        (b"%PDF-1.7 ...", "not_text"),
        (bytes(range(1, 32)) * 40, "not_text"),
        (b"x" * (sheet.MOST_BYTES + 1), "too_large"),
        (b"A\n" + b"1\n" * (sheet.MOST_ROWS + 1), "too_many_rows"),
        (b",".join(b"h%d" % n for n in range(101)) + b"\n1\n", "too_many_columns"),
        (b'Name,Phone\n"Anna,1\n' + b"Ben,2\n" * 500, "quote"),
        (b'Name,Phone\n"' + b"x" * 200_000 + b'"\n', "quote"),
    ],
)
def test_what_cannot_be_used_says_why(content, code):
    with pytest.raises(Unreadable) as error:
        sheet.read(content)
    assert error.value.code == code


def test_the_line_of_an_open_quotation_mark_is_named():
    with pytest.raises(Unreadable) as error:
        sheet.read(b'Name,Phone\nBen,2\n"Anna,1\n' + b"Ben,2\n" * 500)
    assert error.value.facts == {"line": 3}


def test_a_long_cell_is_cut_but_stays_too_long():
    found = sheet.read(b"Name,Note\nAnna," + b"x" * 20_000 + b"\n")
    assert len(found.rows[0].cells[1]) == sheet.LONGEST_CELL + 1


def test_ten_thousand_rows_are_read():
    found = sheet.read(csv_file(*([ANNA] * 10_000)))
    assert len(found.rows) == 10_000
