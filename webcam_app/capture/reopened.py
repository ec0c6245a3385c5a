"""What is opened beside a source for the sound and subtitles that belong to its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer


@dataclass(frozen=True, slots=True)
class Opened:
    """A container, and how many seconds its clock is behind the source's."""

    container: InputContainer
    behind: float = 0.0


@dataclass(frozen=True, slots=True)
class Reopened:
    """Whoever gets it closes the containers.

    Attributes:
        parts: what was opened.
        problems: what of it could not be, a line each.
        live: whether they have no end, and were joined on the way.
    """

    parts: Sequence[Opened]
    problems: Sequence[str] = ()
    live: bool = False
