"""Confusion matrices: the model's labels against the true ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from webcam_app.faces.face import UNSURE

NO_FACE = "no face"
ALL, BARE, MASKED = "all", "bare", "masked"


class Confusion:
    """Counts of true against given labels, all together and apart by mask."""

    def __init__(self, labels: Sequence[str]) -> None:
        """Begin with nothing.

        Args:
            labels: the model's labels, in order.
        """
        self._labels = tuple(labels)
        self._columns = (*self._labels, UNSURE, NO_FACE)
        self._counts: dict[str, Counter[tuple[str, str]]] = {ALL: Counter(), BARE: Counter(), MASKED: Counter()}

    def add(self, true: str, given: str | None, masked: bool | None) -> None:
        """Count a picture.

        Args:
            true: one of the labels.
            given: one of the labels, ``UNSURE``, or None where no face was found.
            masked: whether a mask is worn, None where unknown.
        """
        pair = (true, NO_FACE if given is None else given)
        self._counts[ALL][pair] += 1
        if masked is not None:
            self._counts[MASKED if masked else BARE][pair] += 1

    @property
    def total(self) -> int:
        """Pictures counted."""
        return self._counts[ALL].total()

    def lines(self) -> Iterator[str]:
        """The tables as text: all, then bare and masked apart where both or either is known."""
        groups = [group for group in (ALL, BARE, MASKED) if self._counts[group].total()]
        if len(groups) == 2 and self._counts[groups[1]].total() == self.total:
            groups = groups[1:]  # everything is of one group: once is enough
        for group in groups:
            yield ""
            yield from self._table(group)

    def _table(self, group: str) -> Iterator[str]:
        counts = self._counts[group]
        total = counts.total()
        first = max(len(word) for word in (*self._labels, "true label"))
        widths = [max(len(column), 7) for column in self._columns]
        yield f"{group}: {total} picture{'' if total == 1 else 's'}"
        yield "  ".join(["true label".ljust(first), *(c.rjust(w) for c, w in zip(self._columns, widths, strict=True))])
        for true in self._labels:
            cells = (str(counts[true, c]).rjust(w) for c, w in zip(self._columns, widths, strict=True))
            yield "  ".join([true.ljust(first), *cells])
        right = sum(counts[label, label] for label in self._labels)
        given = sum(count for (_, label), count in counts.items() if label in self._labels)
        share = f"{right / given:.1%}" if given else "none"
        yield f"right: {share} of the {given} that got a label, {right / total:.1%} of all {total}"
