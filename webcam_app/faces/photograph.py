"""The faces of a picture file, from as few of its pixels as the networks can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from webcam_app.capture.frame import Frame, Image, Picture
from webcam_app.capture.pictures import jpeg_reduction, load_picture, reload_picture
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.card import ModelCard

SEARCHED_SIDE = 1280
"""A JPEG is searched at a size at which its shorter side has at least so many pixels: in the smallest face that is
looked for, a fortieth of that, the refiner then sees as many pixels as it takes (40)."""

ENOUGH = 0.8
"""A face is labelled from a crop of at least so many of the network's input pixels, if the picture has them."""


class StillAnalyzer(Protocol):
    """The part of ``FaceAnalyzer`` that is used here."""

    @property
    def card(self) -> ModelCard | None:
        """The network's card."""

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        """The faces of a photograph."""


class FrameAnalyzer(StillAnalyzer, Protocol):
    """The part of ``FaceAnalyzer`` that videos need too."""

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        """The faces of a video's next frame."""


def analyze_photograph(analyzer: StillAnalyzer, picture: Picture) -> list[Face]:
    """Find and label the faces of a picture file: the same faces at whatever size ``picture`` was decoded.

    A large JPEG is searched at a part of its size, which it is decoded to in a fraction of the time. It is decoded a
    second time, larger, where a face is so small that the network would see too little of it.

    Args:
        analyzer: looks for the faces, with ``analyze_still``.
        picture: from ``load_picture``.

    Returns:
        The faces as ``analyze_still`` gives them, with boxes in pixels of the whole picture.

    Raises:
        PictureError: the file cannot be decoded again.
    """
    searched = picture
    if picture.reducible and picture.reduction != jpeg_reduction(picture.width, picture.height, SEARCHED_SIDE):
        searched = reload_picture(picture, SEARCHED_SIDE)
    faces = analyzer.analyze_still(searched.image)
    wanted = _labelled_reduction(searched, faces, analyzer.card)
    if wanted < searched.reduction:
        searched = (
            picture
            if picture.reduction == wanted
            else reload_picture(picture, min(picture.width, picture.height) // wanted)
        )
        faces = analyzer.analyze_still(searched.image)
    return scaled(faces, searched.reduction)


def analyze_frame(analyzer: FrameAnalyzer, frame: Frame) -> list[Face]:
    """The faces of a frame: of a video's with regard to the frames before, of a picture's without.

    Args:
        analyzer: looks for the faces.
        frame: the next of its source.

    Returns:
        The faces; those of a picture with boxes in pixels of the whole picture, see ``on_image``.

    Raises:
        PictureError: the picture's file cannot be decoded again.
    """
    if frame.picture is None:
        return analyzer.analyze(frame.image, frame.time)
    return analyze_photograph(analyzer, frame.picture)


def on_image(faces: Sequence[Face], frame: Frame) -> list[Face]:
    """The faces that ``analyze_frame`` found, with boxes in pixels of ``frame.image``."""
    return list(faces) if frame.picture is None else scaled(faces, 1 / frame.picture.reduction)


def load_to_search(path: Path, *, place: Path | None = None, content: bytes | None = None) -> Picture:
    """Decode a picture file at the size at which ``analyze_photograph`` looks at it first; see ``load_picture``.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    return load_picture(path, shorter_side=SEARCHED_SIDE, place=place, content=content)


def scaled(faces: Sequence[Face], factor: float) -> list[Face]:
    """The faces with their boxes in pixels of a picture that is ``factor`` times as large."""
    if factor == 1:
        return list(faces)
    return [replace(face, box=Box(*(round(value * factor) for value in face.box))) for face in faces]


def _labelled_reduction(picture: Picture, faces: Sequence[Face], card: ModelCard | None) -> int:
    """The largest reduction at which the network sees enough of the smallest face."""
    if card is None or not faces:
        return picture.reduction
    smallest = min(max(face.box.width, face.box.height) for face in faces) * picture.reduction
    pixels = smallest * card.crop.scale
    reduction = picture.reduction
    while reduction > 1 and pixels / reduction < ENOUGH * card.input_size:
        reduction //= 2
    return max(reduction, jpeg_reduction(picture.width, picture.height))
