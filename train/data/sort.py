"""Step ``sort``: label pictures by hand in a small window, one key a class.

    python -m train sort --data pictures --classes female male
    python -m train sort --data pictures --classes cat dog=g --move sorted

Writes ``labels.csv`` into the folder, or moves the pictures into a folder a class. It may be closed or killed at any
time; the next start goes on where it stopped, and no decision is lost.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from train.data.sorting import Sorting, find_labels
from train.errors import SortError

# After the digits, letters; those that do something else are left out.
_SPARE_KEYS = "123456789" + "abcdefghijklmnoprtvwxy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of pictures")
    parser.add_argument(
        "--classes", nargs="+", metavar="NAME[=KEY]", help="the classes (default: those of an earlier session)"
    )
    parser.add_argument(
        "--move", nargs="?", type=Path, const=Path(), metavar="DIR",
        help="move the pictures into a folder a class, in DIR or in the folder itself, instead of writing labels.csv",
    )  # fmt: skip


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text.

    Raises:
        SortError: there is nothing to sort, no class is known, another window is at work, or there is no display.
        DatasetError: there is a ``labels.csv`` that cannot be read.
    """
    names = arguments.classes or find_labels(arguments.data)
    if not names:
        raise SortError("name the classes: --classes female male")
    keys = choose_keys(names)
    move_to = arguments.data if arguments.move == Path() else arguments.move
    desktop = sys.platform not in ("win32", "darwin")
    if desktop and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        raise SortError("sorting needs a window, and there is no display here")
    try:
        from train.data.sort_window import run_window
    except ImportError as error:
        raise SortError(f"sorting needs PyQt5 ({error}): pip install PyQt5") from error
    return run_window(lambda: Sorting(arguments.data, list(keys), move_to=move_to), arguments.data, keys)


def choose_keys(names: Sequence[str]) -> dict[str, str]:
    """One key for each class: the one asked for with ``=``, else its digit.

    Args:
        names: ``class`` or ``class=k``.

    Returns:
        Class to key, in the order given.

    Raises:
        SortError: a key is used twice or is no letter or digit, or there are more classes than keys.
    """
    keys: dict[str, str] = {}
    for name in names:
        label, equals, key = name.rpartition("=")
        if not equals:
            label, key = name, ""
        elif len(key) != 1 or not key.isalnum() or not key.isascii():
            raise SortError(f"the key of class {label!r} is {key!r}: it must be one letter or digit")
        if not label or label in keys:
            raise SortError(f"the class {label!r} is named twice or has no name")
        keys[label] = key.lower()
    asked = [key for key in keys.values() if key]
    if len(set(asked)) < len(asked):
        raise SortError("two classes have the same key")
    spare = [key for key in _SPARE_KEYS if key not in asked]
    for label, key in keys.items():
        if not key:
            if not spare:
                raise SortError(f"{len(keys)} classes are more than there are keys: give keys with NAME=KEY, or fewer")
            keys[label] = spare.pop(0)
    return keys
