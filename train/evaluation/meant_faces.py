"""Which faces of a set are measured: one a picture, or those that a person labelled in it, where the person said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from train.readers import Dataset, Mark, Sample
from webcam_app.faces.accuracy import match_boxes
from webcam_app.faces.face import Box
from webcam_app.faces.marks import REMOVED, SAME_FACE


@dataclass(frozen=True, slots=True)
class MeantFace:
    """A face that is measured.

    Attributes:
        row: the picture's number in the set.
        sample: what the set says of the face: the picture's sample, with this face's label. What else the set says of
            the picture is about its largest face, and so missing from the others.
        mark: what a person said of it, with its place; None to find the face.
    """

    row: int
    sample: Sample
    mark: Mark | None = None


def meant_faces(dataset: Dataset, *, one_each: bool = False) -> list[MeantFace]:
    """The faces of a set, in its order; those of a picture as ``labels.csv`` has them.

    Args:
        dataset: the set.
        one_each: one for each picture, whatever is marked in it, as its own label says.
    """
    return [face for row, sample in enumerate(dataset) for face in _of_picture(row, sample, one_each)]


def says_no_face(marks: Sequence[Mark], box: Box) -> bool:
    """Whether a person said of a box that it holds no face."""
    removed = [mark.box for mark in marks if mark.kind == REMOVED]
    return match_boxes(removed, [box], SAME_FACE) != [None] * len(removed)


def _of_picture(row: int, sample: Sample, one_each: bool) -> Iterator[MeantFace]:
    marked = [] if one_each else [(label, mark) for label, mark in sample.labelled_faces if mark is not None]
    if not marked:
        yield MeantFace(row, sample)
        return
    largest = max((mark for _, mark in marked), key=lambda mark: mark.box.width * mark.box.height)
    for label, mark in marked:
        attributes = sample.attributes if mark is largest else {}
        yield MeantFace(row, replace(sample, label=label, attributes=attributes), mark)
