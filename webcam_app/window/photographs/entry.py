"""One photograph of the gallery: what the network sees in it, and what people say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.faces.marks import DRAWN, Mark, MarkedFace, by_hand, largest_marked, with_marks
from webcam_app.photographs import Looked


@dataclass(frozen=True, slots=True)
class State:
    """What people say of a photograph.

    Attributes:
        truth: the true label of the largest face, as ``labels.csv`` or a folder's name says; None where unknown.
        marks: what is said of single faces.
    """

    truth: str | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True, eq=False)
class Entry:
    """A photograph.

    Attributes:
        path: as the person named it, or below the folder that was named.
        home: the folder that was named, or the picture's own: there ``labels.csv`` lies.
        name: below ``home``, with slashes.
        place: its number in the order of the folders.
        looked: what the network said; None until it was asked.
        state: what people say.
        shown: the faces as they are shown, from left to right: the network's, with what people say of them.
        largest: the one that the photograph's label is about; None without a face.
    """

    path: Path
    home: Path
    name: str
    place: int
    looked: Looked | None = None
    state: State = State()
    shown: tuple[MarkedFace, ...] = ()
    largest: MarkedFace | None = None
    _looked_at: dict[Box, Face] | None = field(default=None, repr=False)
    """The network's answers about boxes that were drawn."""

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces as they are shown."""
        return tuple(each.face for each in self.shown)

    @property
    def truth(self) -> str | None:
        """The true label, None where unknown."""
        return self.state.truth

    @property
    def label(self) -> str | None:
        """The label of the largest face as it is shown, None without one."""
        first = self.largest
        return None if first is None else first.face.label

    @property
    def confidence(self) -> float | None:
        """The network's, about the largest face."""
        face = self._answer
        return None if face is None else face.confidence

    @property
    def said(self) -> str | None:
        """What the network said of the largest face: a label or ``UNSURE``; None where it did not find that face."""
        first = self.largest
        return None if first is None or first.said is None else first.said.label or UNSURE

    @property
    def wrong(self) -> bool:
        """Whether the network gave a label, and another one is true."""
        said = self.said
        return self.truth is not None and said not in (None, UNSURE, self.truth)

    @property
    def corrected(self) -> bool:
        """Whether something else is shown than what the network said."""
        return bool(self.state.marks) or any(is_by_hand(each.face) for each in self.shown)

    @property
    def to_look_at(self) -> list[Box]:
        """Boxes that were drawn, and about which the network was not asked yet."""
        known = self._looked_at or {}
        return [mark.box for mark in self.state.marks if mark.kind == DRAWN and mark.box not in known]

    def forget(self) -> None:
        """Know nothing of it any more: another network is asked, which has other labels."""
        self.looked, self.state, self._looked_at = None, State(), None
        self._show()

    def take(self, looked: Looked) -> None:
        """Take the network's answer; what was kept by hand stands above it."""
        self.looked = looked
        self._show()

    def take_drawn(self, box: Box, face: Face) -> None:
        """Take the network's answer about a box that was drawn."""
        if self._looked_at is None:
            self._looked_at = {}
        self._looked_at[box] = face
        self._show()

    def know(self, state: State) -> None:
        """Take what people say."""
        self.state = state
        self._show()

    @property
    def _answer(self) -> Face | None:
        first = self.largest
        if first is None or first.mark is None or first.mark.kind != DRAWN:
            return None if first is None else first.said
        return (self._looked_at or {}).get(first.face.box, first.said)

    def _show(self) -> None:
        faces = () if self.looked is None else self.looked.faces
        state = self.state
        shown = with_marks(faces, state.marks if self.looked is not None else (), self._looked_at)
        self.shown = tuple(_with_truth(shown, state.truth))
        self.largest = largest_marked(self.shown)


def is_by_hand(face: Face) -> bool:
    """Whether a person gave it its label."""
    return face.label not in (None, UNSURE) and not face.probabilities


def is_drawn(each: MarkedFace) -> bool:
    """Whether a person drew or moved it."""
    return each.mark is not None and each.mark.kind == DRAWN


def _with_truth(shown: Sequence[MarkedFace], truth: str | None) -> Sequence[MarkedFace]:
    """The faces, the largest of them labelled with what is true if it is shown otherwise."""
    first = largest_marked(shown)
    if first is None or truth is None or first.face.label == truth:
        return shown
    return [replace(each, face=by_hand(each.face, truth)) if each is first else each for each in shown]
