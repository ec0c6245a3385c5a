"""File names and addresses made safe for one-line messages."""

from __future__ import annotations

import os
import unicodedata
from urllib.parse import urlsplit

MAX_NAME_CHARACTERS = 200
"""Characters of a name that are shown: a name may have thousands, a message is one line."""


def printable(name: str | os.PathLike[str]) -> str:
    """A name safe for any terminal: no line breaks or control characters, no undecodable bytes, not too long."""
    text = os.fspath(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = "".join("�" if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)
    return (
        text
        if len(text) <= MAX_NAME_CHARACTERS
        else f"{text[: MAX_NAME_CHARACTERS // 2]}…{text[-MAX_NAME_CHARACTERS // 2 :]}"
    )


def without_password(url: str) -> str:
    """The address with user name and password left out, for messages and window titles."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return printable(parts._replace(netloc=host, query="", fragment="").geturl())
    except ValueError:
        return printable(url.rpartition("@")[2])
