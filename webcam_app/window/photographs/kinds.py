"""By what photographs are filtered and sorted, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from webcam_app.faces.face import UNSURE
from webcam_app.window.core_texts import label_text
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.translation import mark, tr


class Kind(NamedTuple):
    """What a filter lets through.

    Attributes:
        name: ``all``, ``label``, ``unsure``, ``mask``, ``no face``, ``error``, ``corrected`` or ``wrong``.
        label: of the model, where the name is ``label``.
    """

    name: str
    label: str = ""

    @property
    def text(self) -> str:
        """What people read."""
        return label_text(self.label) if self.name == "label" else _texts()[self.name]

    @property
    def help_text(self) -> str:
        """Which photographs these are, in one sentence."""
        if self.name == "label":
            return tr("Those with a face that is labelled '{label}'").format(label=label_text(self.label))
        return _sentences()[self.name]


ALL, NOT_SURE, MASKED = Kind("all"), Kind("unsure"), Kind("mask")
NO_FACE, FAULTY = Kind("no face"), Kind("error")
CORRECTED, WRONG = Kind("corrected"), Kind("wrong")
NARROWING = (MASKED, CORRECTED, WRONG)


def kinds_of(entry: Entry) -> frozenset[Kind]:
    """Every kind that a photograph is of."""
    kinds = {ALL}
    looked = entry.looked
    if looked is not None and looked.error:
        kinds.add(FAULTY)
    elif looked is not None and not entry.shown:
        kinds.add(NO_FACE)
    for each in entry.shown:
        face = each.face
        if face.masked:
            kinds.add(MASKED)
        if face.label == UNSURE:
            kinds.add(NOT_SURE)
        elif face.label is not None:
            kinds.add(Kind("label", face.label))
    if entry.corrected:
        kinds.add(CORRECTED)
    if entry.wrong:
        kinds.add(WRONG)
    return frozenset(kinds)


def lets_through(chosen: Collection[Kind], kinds: Collection[Kind]) -> bool:
    """Whether a photograph is shown.

    What a photograph shows is one of those that are chosen (two labels: either); masks, corrections and mistakes narrow
    that further (a label and masks: both).

    Args:
        chosen: the filters that are on; none of them lets all through.
        kinds: of the photograph.
    """
    either = [kind for kind in chosen if kind not in NARROWING]
    return all(kind in kinds for kind in chosen if kind in NARROWING) and (
        not either or any(kind in kinds for kind in either)
    )


def kinds_in_order(labels: Sequence[str]) -> list[Kind]:
    """All kinds, as they are offered.

    Args:
        labels: the model's labels, in order.
    """
    return [ALL, *(Kind("label", label) for label in labels), NOT_SURE, NO_FACE, FAULTY, MASKED, CORRECTED, WRONG]


def _texts() -> dict[str, str]:
    return {
        "all": tr("All"),
        "unsure": label_text("unsure"),
        "mask": label_text("mask"),
        "no face": tr("no face"),
        "error": tr("not read"),
        "corrected": tr("corrected"),
        "wrong": tr("wrong"),
    }


def _sentences() -> dict[str, str]:
    return {
        "all": tr("All photographs"),
        "unsure": tr("Those with a face that the model is unsure of"),
        "mask": tr("Of these, those with a mask"),
        "no face": tr("Those without a face"),
        "error": tr("Those that could not be read"),
        "corrected": tr("Of these, those of which something else is shown than the model said"),
        "wrong": tr("Of these, those of which the model said something else than is true"),
    }


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
    (mark("Name"), by_name),
    (mark("Confidence"), by_confidence),
    (mark("Label"), by_label),
    (mark("Wrong first"), wrong_first),
)
"""Each with what people read for it."""
