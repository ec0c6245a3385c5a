"""Types of command-line arguments that several steps share."""

from __future__ import annotations

import argparse


def positive(text: str) -> int:
    """An argument that is a whole number from 1 up.

    Raises:
        argparse.ArgumentTypeError: it is not.
    """
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)
