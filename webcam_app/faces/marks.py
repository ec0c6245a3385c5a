"""What people say about single faces of a photograph: drawn, labelled, or none at all.

In a ``labels.csv`` it stands in rows of its own, beside the picture's row, which has the label of the largest face:

    path,label,x,y,width,height,face
    1.jpg,female,,,,,
    1.jpg,female,10,20,80,80,found
    1.jpg,male,200,40,60,60,drawn
    1.jpg,,5,5,30,30,removed

``face`` is ``found`` for a face that the network found and somebody labelled, ``drawn`` for one that somebody drew or
moved, with a label where somebody gave one, and ``removed`` for a box that holds no face. The box is in pixels of the
whole picture, upright. A row with anything else in that column, or without it, is about the picture. The window writes
this table (``photographs/labels/corrections.py``); ``classify --labels``, ``teach`` and ``python -m train`` read it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webcam_app.faces.accuracy import match_boxes
from webcam_app.faces.face import Box, Face

KIND_COLUMN = "face"
BOX_COLUMNS = ("x", "y", "width", "height")
MARK_COLUMNS = (*BOX_COLUMNS, KIND_COLUMN)
"""The columns of a table that say where a face is, and what it is."""
DRAWN, FOUND, REMOVED = "drawn", "found", "removed"
KINDS = (DRAWN, FOUND, REMOVED)
# A mark is about the face that overlaps its box this much (IoU): two faces beside each other do not.
SAME_FACE = 0.5
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person says about one face.

    Attributes:
        box: where it is, in pixels of the whole picture.
        kind: ``DRAWN``, ``FOUND`` or ``REMOVED``.
        label: given by a person; None for none.
    """

    box: Box
    kind: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MarkedFace:
    """A face with what a person says of it.

    Attributes:
        face: as it is to be shown. One that a person labelled has no probabilities.
        said: the network's own answer about it, from its search of the whole picture; None where it did not find it.
        mark: what the person says; None for nothing.
    """

    face: Face
    said: Face | None
    mark: Mark | None = None


def is_mark(kind: str) -> bool:
    """Whether a row with this in its column ``face`` is about one face, not about the picture."""
    return kind.strip().casefold() in KINDS


def read_mark(values: Mapping[str, str], label: str | None) -> Mark:
    """The mark of a row for which ``is_mark`` holds.

    Args:
        values: of the columns ``MARK_COLUMNS``.
        label: the row's; None or empty for none.

    Raises:
        ValueError: its box is none; says so in a few words.
    """
    numbers = []
    for column in BOX_COLUMNS:
        try:
            value = float(values.get(column, ""))
        except ValueError:
            value = math.nan
        if not abs(value) <= _LARGEST:
            raise ValueError(f"{column} is {values.get(column, '')!r:.40}, not a pixel position")
        numbers.append(round(value))
    box = Box(*numbers)
    if box.width <= 0 or box.height <= 0:
        raise ValueError("the box is empty")
    return Mark(box, values.get(KIND_COLUMN, "").strip().casefold(), label or None)


def mark_values(mark: Mark) -> dict[str, str]:
    """What a table has of a mark in ``MARK_COLUMNS``."""
    return dict(zip(MARK_COLUMNS, (*map(str, mark.box), mark.kind), strict=True))


def with_marks(
    faces: Sequence[Face], marks: Sequence[Mark], looked_at: Mapping[Box, Face] | None = None
) -> list[MarkedFace]:
    """The faces of a photograph as people say they are, from left to right.

    Args:
        faces: the network's.
        marks: what people say.
        looked_at: the network's answers about boxes that were drawn.
    """
    if not marks:
        return [MarkedFace(face, face) for face in faces]
    matched = match_boxes([mark.box for mark in marks], [face.box for face in faces], SAME_FACE)
    taken = {at for at in matched if at is not None}
    shown = [MarkedFace(face, face) for at, face in enumerate(faces) if at not in taken]
    for mark, at in zip(marks, matched, strict=True):
        if mark.kind == REMOVED:
            continue
        said = None if at is None else faces[at]
        seen = (looked_at or {}).get(mark.box, said) if mark.kind == DRAWN else said
        face = Face(mark.box, 0, detected=False) if seen is None else replace(seen, box=mark.box)
        if mark.label is not None and face.label != mark.label:
            face = by_hand(face, mark.label)
        shown.append(MarkedFace(face, said, mark))
    shown.sort(key=lambda each: each.face.box)
    return [replace(each, face=replace(each.face, track=number)) for number, each in enumerate(shown, 1)]


def by_hand(face: Face, label: str) -> Face:
    """A face with a label that a person gave it, and so without probabilities."""
    return replace(face, label=label, probabilities={})


def largest(faces: Sequence[Face]) -> Face | None:
    """The largest face, which the label of a picture is about; None where there is none."""
    return max(faces, key=lambda face: face.box.width * face.box.height, default=None)


def largest_marked(faces: Sequence[MarkedFace]) -> MarkedFace | None:
    """The same of faces with what people say of them."""
    if len(faces) == 1:  # as in most of ten thousand
        return faces[0]
    return max(faces, key=lambda each: each.face.box.width * each.face.box.height, default=None)


def judged(faces: Sequence[Face], marks: Sequence[Mark]) -> Face | None:
    """The network's own answer about the largest face of a picture, to be compared with the picture's true label.

    A box that holds no face does not count, and a face that somebody had to draw was not found.

    Args:
        faces: the network's.
        marks: what people say.

    Returns:
        One of ``faces``; None where the network did not find it.
    """
    if not marks:
        return largest(faces)
    first = largest_marked(with_marks(faces, marks))
    return None if first is None else first.said
