"""Frames of one take, as the names of their files tell: nearly the same look, so no test of each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from webcam_app.teaching.examples import Example

# Milliseconds of a take that count as one picture where a class has no other take: frames that follow one another show
# nearly the same.
TOGETHER_MS = 2000
_TAKE = re.compile(r"(take \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.\d{3}) (\d{6})\b.*")


def take_name(started: datetime) -> str:
    """What the pictures of one take are called: the local time at which it began."""
    return f"take {started:%Y-%m-%d %H.%M.%S}.{started.microsecond // 1000:03}"


def join_takes(examples: Sequence[Example]) -> list[Example]:
    """Say of frames which belong together, where nothing else is known of them.

    A take has one light, one place and mostly one pose: tests between its frames promise far more than will hold. So
    takes stay whole. Where a class has only one, its stretches of ``TOGETHER_MS`` have to do; see ``only_takes``.

    Args:
        examples: of any classes.

    Returns:
        The same in their order; ``person`` of a frame names its take, or its stretch of the take.
    """
    takes: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        if found := _TAKE.fullmatch(example.path.name):
            takes[example.label].add(found[1])
    joined = []
    for example in examples:
        found = _TAKE.fullmatch(example.path.name)
        if found is not None and example.person is None:
            stretch = f" {int(found[2]) // TOGETHER_MS}" if len(takes[example.label]) == 1 else ""
            example = replace(example, person=found[1] + stretch)
        joined.append(example)
    return joined


def only_takes(examples: Sequence[Example]) -> list[str]:
    """Classes of which all pictures are of one take, sorted: tests say little of them."""
    takes: dict[str, set[str | None]] = defaultdict(set)
    for example in examples:
        found = _TAKE.fullmatch(example.path.name)
        takes[example.label].add(None if found is None else found[1])
    return sorted(label for label, each in takes.items() if len(each) == 1 and None not in each)
