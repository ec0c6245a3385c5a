"""By what photographs are filtered and sorted, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from webcam_app.faces.face import UNSURE
from webcam_app.window.photographs.entry import Entry


class Kind(NamedTuple):
    """What a filter lets through.

    Attributes:
        name: ``all``, ``label``, ``unsure``, ``mask``, ``no face``, ``error``, ``wrong`` or ``waiting``.
        label: of the model, where the name is ``label``.
    """

    name: str
    label: str = ""

    @property
    def text(self) -> str:
        """What people read."""
        return self.label if self.name == "label" else _TEXTS[self.name]


ALL, NOT_SURE, MASKED = Kind("all"), Kind("unsure"), Kind("mask")
NO_FACE, FAULTY, WRONG = Kind("no face"), Kind("error"), Kind("wrong")
_TEXTS = {
    "all": "All",
    "unsure": UNSURE,
    "mask": "mask",
    "no face": "no face",
    "error": "not read",
    "wrong": "wrong",
}


def kinds_of(entry: Entry) -> frozenset[Kind]:
    """Every kind that a photograph is of."""
    kinds = {ALL}
    looked = entry.looked
    if looked is not None and looked.error:
        kinds.add(FAULTY)
    elif looked is not None and not entry.faces:
        kinds.add(NO_FACE)
    for face in entry.faces:
        if face.masked:
            kinds.add(MASKED)
        if face.label == UNSURE:
            kinds.add(NOT_SURE)
        elif face.label is not None:
            kinds.add(Kind("label", face.label))
    if entry.wrong:
        kinds.add(WRONG)
    return frozenset(kinds)


def kinds_in_order(labels: Sequence[str]) -> list[Kind]:
    """All kinds, as they are offered.

    Args:
        labels: the model's labels, in order.
    """
    return [ALL, *(Kind("label", label) for label in labels), NOT_SURE, MASKED, NO_FACE, FAULTY, WRONG]


def by_name(entry: Entry) -> Any:
    """In the order of the folders."""
    return entry.place


def by_confidence(entry: Entry) -> Any:
    """The least certain first, what has no label last."""
    confidence = entry.confidence
    return (confidence is None, confidence or 0.0, entry.place)


def by_label(entry: Entry) -> Any:
    """Labels by name, within each the most certain first; what has no label last."""
    label = entry.label
    return (label is None, label == UNSURE, label or "", -(entry.confidence or 0.0), entry.place)


def wrong_first(entry: Entry) -> Any:
    """Where the network is wrong, the most certain first; then what it was asked and got right."""
    return (not entry.wrong, entry.truth is None, -(entry.confidence or 0.0), entry.place)


ORDERS: tuple[tuple[str, Callable[[Entry], Any]], ...] = (
    ("Name", by_name),
    ("Confidence", by_confidence),
    ("Label", by_label),
    ("Wrong first", wrong_first),
)
"""Each with what people read for it."""
