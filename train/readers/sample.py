"""What a data set says about one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webcam_app.faces.accuracy import LabelledBox

__all__ = ["LabelledBox", "Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of a data set.

    Attributes:
        key: the picture's path inside the set, with forward slashes; unique within the set.
        label: the class it was given; None where the set does not say.
        attributes: everything else that is known, by column name in lower case: ``age``, ``race``, ``mask``,
            ``subject``, ``split`` and so on. The label's own column is among them.
        boxes: the faces marked in it, for sets with ``boxes.csv``; else empty.
    """

    key: str
    label: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    boxes: tuple[LabelledBox, ...] = ()
