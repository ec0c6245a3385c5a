"""Results that come in any order, put into that of their questions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from webcam_app.photographs.results import Looked, Photograph


class Order:
    """Numbers photographs when they are handed out, and gives results back in that order.

    At most ``ahead`` photographs are between the first one without a result and the last one handed out: while a huge
    picture takes its time others go on, but what waits behind it stays small.
    """

    def __init__(self, photographs: Iterable[Photograph], ahead: int) -> None:
        self._input = iter(photographs)
        self._again: deque[tuple[int, Photograph]] = deque()
        self._done: dict[int, Looked] = {}
        self._ahead = ahead
        self._handed_out = self._given = 0
        self._exhausted = False

    @property
    def finished(self) -> bool:
        """Whether every photograph's result was given."""
        return self._exhausted and self._given == self._handed_out

    def next(self) -> tuple[int, Photograph] | None:
        """A photograph to be worked on with its number; None where there is none now."""
        if self._again:
            return self._again.popleft()
        if self._exhausted or self._handed_out - self._given >= self._ahead:
            return None
        photograph = next(self._input, None)
        if photograph is None:
            self._exhausted = True
            return None
        self._handed_out += 1
        return self._handed_out - 1, photograph

    def again(self, number: int, photograph: Photograph) -> None:
        """Let a photograph be worked on once more, before the others."""
        self._again.appendleft((number, photograph))

    def put(self, number: int, looked: Looked) -> None:
        """Take a result."""
        self._done[number] = looked

    def results(self) -> Iterator[Looked]:
        """The results whose turn it is."""
        while self._given in self._done:
            looked = self._done.pop(self._given)
            self._given += 1
            yield looked
