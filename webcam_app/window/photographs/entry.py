"""One photograph of the gallery: what the network sees in it, and what people say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from webcam_app.faces.face import UNSURE, Face
from webcam_app.photographs import Looked


@dataclass(frozen=True, slots=True)
class State:
    """What people can change about a photograph.

    Attributes:
        faces: the network's. One that was labelled by hand has no probabilities.
        truth: the true label of the largest face, as ``labels.csv`` or a folder's name says; None where unknown.
    """

    faces: tuple[Face, ...] = ()
    truth: str | None = None


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
    """

    path: Path
    home: Path
    name: str
    place: int
    looked: Looked | None = None
    state: State = State()

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces as they are shown."""
        return self.state.faces

    @property
    def truth(self) -> str | None:
        """The true label, None where unknown."""
        return self.state.truth

    @property
    def largest(self) -> Face | None:
        """The face that the photograph's label is about, None without a face."""
        return largest(self.faces)

    @property
    def label(self) -> str | None:
        """The label of the largest face as it is shown, None without one."""
        face = self.largest
        return None if face is None else face.label

    @property
    def confidence(self) -> float | None:
        """The network's, about the largest face."""
        face = None if self.looked is None else largest(self.looked.faces)
        return None if face is None else face.confidence

    @property
    def said(self) -> str | None:
        """What the network said of the largest face it found: a label or ``UNSURE``; None where it found none."""
        face = None if self.looked is None else largest(self.looked.faces)
        return None if face is None else face.label or UNSURE

    @property
    def wrong(self) -> bool:
        """Whether the network gave a label, and another one is true."""
        said = self.said
        return self.truth is not None and said not in (None, UNSURE, self.truth)

    def take(self, looked: Looked) -> None:
        """Take the network's answer; what was kept by hand stands above it."""
        self.looked = looked
        self.state = replace(self.state, faces=with_truth(looked.faces, self.truth))

    def know(self, truth: str | None) -> None:
        """Take the true label."""
        self.state = replace(self.state, faces=with_truth(self.faces, truth), truth=truth)


def largest(faces: tuple[Face, ...]) -> Face | None:
    """The largest face, None where there is none."""
    return max(faces, key=lambda face: face.box.width * face.box.height, default=None)


def by_hand(face: Face, label: str) -> Face:
    """A face with a label that a person gave it."""
    return replace(face, label=label, probabilities={})


def is_by_hand(face: Face) -> bool:
    """Whether a person gave it its label."""
    return face.label not in (None, UNSURE) and not face.probabilities


def with_truth(faces: tuple[Face, ...], truth: str | None) -> tuple[Face, ...]:
    """The faces, the largest of them labelled with what is true if the network says otherwise."""
    first = largest(faces)
    if first is None or truth is None or first.label == truth:
        return faces
    return tuple(by_hand(face, truth) if face is first else face for face in faces)
