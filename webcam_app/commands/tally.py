"""What ``classify`` counts, and says in its closing lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from webcam_app.faces.face import UNSURE
from webcam_app.photographs.labels.confusion import Confusion
from webcam_app.photographs.labels.truth import Truth
from webcam_app.photographs.results import Looked

UNLABELLED = "unlabelled"


class Tally:
    """Counts results; holds none of them."""

    def __init__(self, labels: Sequence[str]) -> None:
        """Begin with nothing.

        Args:
            labels: the model's labels, in order.
        """
        self._labels = tuple(labels)
        self.pictures = self.unreadable = 0
        self.first_problem = ""
        self._faces = self._masked = self._without_face = self._faulty = 0
        self._given: Counter[str] = Counter()
        self._confusion = Confusion(labels)

    def add(self, looked: Looked, truth: Truth) -> None:
        """Count a photograph.

        Args:
            looked: what was seen in it.
            truth: what is known of it; where the label is, the largest face is compared with that. Where it is not
                known whether a mask is worn, what the network says counts.
        """
        self.pictures += 1
        if looked.error:
            self.unreadable += 1
            self.first_problem = self.first_problem or looked.error
            return
        self._faulty += bool(looked.remark)
        self._without_face += not looked.faces
        for face in looked.faces:
            self._faces += 1
            self._masked += bool(face.masked)
            self._given[face.label or UNLABELLED] += 1
        if truth.label is not None:
            largest = max(looked.faces, key=lambda face: face.box.width * face.box.height, default=None)
            predicted = None if largest is None else largest.label or UNSURE
            predicted_masked = None if largest is None else largest.masked
            self._confusion.add(truth.label, predicted, predicted_masked if truth.masked is None else truth.masked)

    def lines(self, *, others: int = 0) -> Iterator[str]:
        """The counts, as lines for people.

        Args:
            others: files that are no pictures.
        """
        order = (*self._labels, UNSURE, UNLABELLED)
        given = ", ".join(f"{self._given[label]} {label}" for label in order if self._given[label])
        parts = [f"{count(self.pictures, 'picture')}, {count(self._faces, 'face')}" + (f" ({given})" if given else "")]
        if self._masked:
            parts.append(f"{self._masked} with a mask")
        if self._without_face:
            parts.append(f"{count(self._without_face, 'picture')} without a face")
        if self._faulty:
            parts.append(f"{self._faulty} read although damaged")
        if self.unreadable:
            parts.append(f"{self.unreadable} could not be read")
        if others:
            parts.append(f"{count(others, 'other file')} left out")
        yield "; ".join(parts)
        if self._confusion.total:
            yield from self._confusion.lines()


def count(number: int, what: str) -> str:
    """A number of things in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"
