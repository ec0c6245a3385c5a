"""What a data set says about one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webcam_app.faces.accuracy import LabelledBox
from webcam_app.faces.marks import REMOVED, Mark

__all__ = ["LabelledBox", "Mark", "Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of a data set.

    Attributes:
        key: the picture's path inside the set, with forward slashes; unique within the set.
        label: the class it was given; None where the set does not say.
        attributes: everything else that is known, by column name in lower case: ``age``, ``race``, ``mask``,
            ``subject``, ``split`` and so on. The label's own column is among them.
        boxes: the faces marked in it, for sets with ``boxes.csv``; else empty.
        marks: what a person said about single faces in it, as ``webcam_app.faces.marks`` has it in ``labels.csv``.
    """

    key: str
    label: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    boxes: tuple[LabelledBox, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def labelled_faces(self) -> list[tuple[str, Mark | None]]:
        """The faces with a label: those that a person labelled, else the one that the picture's label is about.

        Returns:
            Label and mark of each, None in place of a mark for the face of a picture whose faces nobody labelled.
        """
        marked: list[tuple[str, Mark | None]] = [
            (mark.label, mark) for mark in self.marks if mark.label is not None and mark.kind != REMOVED
        ]
        if marked or self.label is None:
            return marked
        return [(self.label, None)]
