"""File names and addresses made safe for one-line messages."""

from __future__ import annotations

import os
import re
import unicodedata

MAX_NAME_CHARACTERS = 200
"""Characters of a name that are shown: a name may have thousands, a message is one line."""

HIDDEN_PART = "…@"
"""Stands for what may be a part of a password."""

_PATH_BEGINS = re.compile(r"[/?#]")
_QUERY_BEGINS = re.compile(r"[?#]")


def shown(spec: str) -> str:
    """What a person named, a path or an address, as messages show it."""
    return without_password(spec) if "://" in spec else printable(spec)


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
    """The address with user name, password and query left out, for messages and window titles.

    Where a password has a ``/``, ``?`` or ``#`` in it, or where that cannot be told, more is left out.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return printable(url)
    before, at, after = rest.rpartition("@")
    # An @ after the host may belong to the path, but only where no colon says that it ends a password.
    if at and (":" in before or not _PATH_BEGINS.search(before)):
        hidden = HIDDEN_PART if _PATH_BEGINS.search(before) else ""
        rest = hidden + after
    return printable(f"{scheme}://{_QUERY_BEGINS.split(rest, maxsplit=1)[0]}")
