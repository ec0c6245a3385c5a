"""Errors of libraries, quoted in one line."""

from __future__ import annotations

import pytest

from webcam_app.errors import first_line


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("one"), "one"),
        (ValueError("\n  first\nsecond\r\nthird"), "first"),
        (MemoryError(), "MemoryError"),
        (RuntimeError("  \n "), "RuntimeError"),
    ],
    ids=["one line", "several lines", "no text", "blank"],
)
def test_of_a_library_s_error_the_first_line_is_quoted(error: Exception, line: str) -> None:
    assert first_line(error) == line
