"""Tables as they come from anywhere, and as they are written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webcam_app.tables import format_row, harmless, original, read_rows

TEXT = "path{0}label\r\na.png{0}müde\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_separators_and_encodings_are_found(separator: str, encoding: str) -> None:
    content = TEXT.format(separator).encode(encoding)
    assert list(read_rows(io.BytesIO(content))) == [(1, ["path", "label"]), (2, ["a.png", "müde"])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(separator: str, encoding: str) -> None:
    content = TEXT.format(separator).encode(encoding)
    assert list(read_rows(io.BytesIO(content))) == [(1, ["path", "label"]), (2, ["a.png", "müde"])]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "sep=;\r\n"])
def test_empty_lines_before_the_first_row_are_left_out_but_counted(end: str, mark: str) -> None:
    content = (end * 2 + mark + TEXT.format(";")).encode()
    first = 4 if mark else 3
    assert list(read_rows(io.BytesIO(content))) == [(first, ["path", "label"]), (first + 1, ["a.png", "müde"])]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_table_without_rows_has_none(content: bytes) -> None:
    assert list(read_rows(io.BytesIO(content))) == []


@pytest.mark.parametrize("mark", ["sep=;\r\n", "SEP=,\n", "sep=|\n"])
def test_a_line_that_says_the_separator_is_obeyed_and_left_out(mark: str) -> None:
    content = (mark + TEXT.format(mark[4])).encode()
    assert list(read_rows(io.BytesIO(content))) == [(2, ["path", "label"]), (3, ["a.png", "müde"])]


@pytest.mark.parametrize("content", [b"path,label\n\xff\xfe,a\n", "path\n".encode("utf-16")[:-1], b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(ValueError, match="no text") as told:
        list(read_rows(io.BytesIO(content)))
    assert "\n" not in str(told.value)


def test_bytes_of_names_that_are_no_utf_8_come_through_if_asked_for() -> None:
    rows = read_rows(io.BytesIO(b"path\n\xff.png\n"), errors="surrogateescape")
    assert [row for _, row in rows] == [["path"], ["\udcff.png"]]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r", "\n", " =1", "＝1", "'=1", "''-1", "\u00a0=1"])
def test_formulas_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a.png", "'a'.png", "album/=1.png", "", "1-2", "'"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == original(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n ab＝;,\"")))
def test_what_was_made_harmless_comes_back(text: str) -> None:
    assert original(harmless(text)) == text


@given(st.lists(st.text(st.sampled_from("'=\t\r\n a;,\"")), min_size=2, max_size=3))
def test_a_row_is_read_as_it_was_written(values: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(format_row(values), newline=""))
    assert [original(value) for value in row] == values
