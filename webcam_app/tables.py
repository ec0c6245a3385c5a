"""CSV tables as they come from anywhere, and as spreadsheets take no harm from them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any

SEPARATORS = ",;\t"
MAX_TABLE_BYTES = 256 << 20
"""A million pictures' rows; a file beyond that is no table of labels, and would fill the memory."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark: a table begins with letters, digits or quotes, of which one byte in two is zero then.
_UNMARKED = (
    (re.compile(rb"[^\0]\0[^\0]\0", re.DOTALL), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]", re.DOTALL), "utf-16-be"),
)
_CHOSEN_SEPARATOR = re.compile(r"sep=([,;\t|])\s*\Z", re.IGNORECASE)
"""A first line by which Excel says what separates the others."""
_QUOTED = re.compile(r'[,;\t"\r\n]|\A\s|\s\Z')
# What a spreadsheet begins to calculate at, in any width, after what it leaves out.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# Such a text that was made harmless.
_HARMLESS = re.compile(r"'+(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def read_rows(file: IO[bytes], *, errors: str = "strict") -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, with the numbers of their last lines, from 1.

    UTF-8 and UTF-16 with or without a byte order mark, UTF-32 with one. Columns are separated by commas, semicolons or
    tabs, whatever there is most of in the first line; empty lines before that are left out.

    Args:
        file: at its beginning; seekable.
        errors: what to do about bytes that are no UTF-8, as ``bytes.decode`` has it.

    Raises:
        ValueError: it is no text or no CSV; says in which line.
    """
    head = file.read(4)
    file.seek(0)
    encoding = _encoding_of(head)
    number = 0
    with io.TextIOWrapper(file, encoding, errors if encoding == "utf-8-sig" else "strict", newline="") as text:
        try:
            before, start = 0, text.tell()
            first = text.readline()
            while first and not first.strip("\r\n"):
                before, start = before + 1, text.tell()
                first = text.readline()
            chosen = _CHOSEN_SEPARATOR.match(first)
            if chosen is None:
                text.seek(start)
            separator = max(SEPARATORS, key=first.count) if chosen is None else chosen[1]
            reader = csv.reader(text, delimiter=separator)
            for row in reader:
                number = before + reader.line_num + (chosen is not None)
                yield number, row
        except UnicodeError as error:
            raise ValueError(f"after line {number}: no text in {encoding[:6].upper()} ({error.args[-1]})") from None
        except csv.Error as error:
            raise ValueError(f"after line {number}: no CSV ({error})") from None


def _encoding_of(head: bytes) -> str:
    """Of a table that begins with these four bytes."""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    return marked or next((name for pattern, name in _UNMARKED if pattern.match(head)), "utf-8-sig")


def format_row(values: Sequence[Any]) -> str:
    """A row as a line of CSV, with its end.

    Texts that a spreadsheet would take for a formula are made harmless; ``original`` undoes that. Quotes stand around
    whatever another separator than the comma would cut in two.
    """
    return ",".join(_quote(harmless(value)) if isinstance(value, str) else str(value) for value in values) + "\n"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before what would be one."""
    return f"'{text}" if _FORMULA.match(text) or _HARMLESS.match(text) else text


def original(text: str) -> str:
    """The text that ``harmless`` was given."""
    return text[1:] if _HARMLESS.match(text) else text


def _quote(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(text) else text
