"""Texts that people see, in their language (Qt Linguist)."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication

CONTEXT = "webcam-app"
"""The one context of all texts: the same English text has the same translation everywhere, unless a note parts them."""


def tr(text: str, note: str | None = None, count: int = -1) -> str:
    """A text in the language of the window.

    Args:
        text: in English, as a literal, so that it can be collected; values are filled in afterwards with ``format``.
        note: parts a text from an equal one that means something else.
        count: the number that plural forms depend on; it replaces ``%n``.
    """
    return QCoreApplication.translate(CONTEXT, text, note, count)
