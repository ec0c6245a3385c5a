"""One photograph after another: read it, find and label its faces, write its labelled copy."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from webcam_app.capture.frame import Image, Picture
from webcam_app.capture.pictures import jpeg_reduction, load_picture
from webcam_app.errors import ModelError, OutputError, WebcamAppError, first_line
from webcam_app.faces.face import Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.photograph import analyze_photograph, load_to_search, scaled
from webcam_app.output.cover import CoverKind, cover_faces
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.output.pictures import encode_picture, write_picture
from webcam_app.photographs.results import Looked, Photograph
from webcam_app.photographs.whole_image import WholeImage

if TYPE_CHECKING:
    from webcam_app.faces.analyzer import FaceAnalyzer

LARGE_PIXELS = 24_000_000
"""Of a picture with more, several at a time would take gigabytes: seven bytes a pixel while it is decoded."""
# A file of less has hardly so many pixels, and need not be opened to see.
LARGE_BYTES = 200_000
ANALYZER = "webcam_app.faces.analyzer:FaceAnalyzer"


@dataclass(frozen=True, slots=True)
class LookerSpec:
    """What a looker is made from, in this process or another.

    Attributes:
        model: the network that labels; None for the one that the application ships or the environment names.
        whole_image: a picture in which no face is found is taken as a face crop.
        overwrite: whether labelled copies may replace files.
        cover: how the faces in labelled copies are covered; None for not at all.
        analyzer: module and class of what finds and labels faces.
        background: processes of their own let others go first, such as a window in which someone works meanwhile.
    """

    model: Path | None = None
    whole_image: bool = False
    overwrite: bool = False
    cover: CoverKind | None = None
    analyzer: str = field(default_factory=lambda: ANALYZER)
    background: bool = False


class Looker:
    """Labels photographs. Not thread-safe: use one in each thread."""

    def __init__(self, spec: LookerSpec) -> None:
        """Load the networks.

        Args:
            spec: which, and what is asked for.

        Raises:
            ModelError: one is missing, damaged, or does not fit the other.
        """
        module, _, name = spec.analyzer.partition(":")
        self._analyzer: FaceAnalyzer = getattr(import_module(module), name)(spec.model)
        classifier = self._analyzer.classifier if spec.whole_image else None
        self._whole_image = None if classifier is None else WholeImage(classifier)
        self._overwrite, self._cover = spec.overwrite, spec.cover

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None without one."""
        return self._analyzer.card

    def look(
        self,
        photograph: Photograph,
        content: bytes | None = None,
        *,
        copy_back: bool = False,
        before_large: Callable[[int], None] | None = None,
    ) -> Looked:
        """Label a photograph. Whatever is wrong with it is said in the result.

        Args:
            photograph: which, and where its labelled copy goes.
            content: the file's bytes where its path leads nowhere on this machine; None to open the path.
            copy_back: the labelled copy is not written but given back.
            before_large: called with the number of pixels before a picture of more than ``LARGE_PIXELS`` is decoded.

        Raises:
            OutputError: the labelled copy cannot be written.
            ModelError: a network is missing.
        """
        path = photograph.path
        try:
            if before_large is not None:
                _announce(photograph, before_large)
            picture = load_to_search(path, place=photograph.place, content=content)
            faces = self._find(picture)
            whole = None
            if photograph.copy is not None:
                whole = picture
                if picture.reduction > 1:
                    whole = load_picture(path, place=photograph.place, content=content)
        except (OutputError, ModelError):
            raise
        except (WebcamAppError, cv2.error) as error:
            return Looked(path, error=str(error))
        except MemoryError:
            return Looked(path, error="there is not enough memory for it")
        except Exception as error:  # of many pictures one must not end all: its row says what happened
            return Looked(path, error=f"unexpected error ({type(error).__name__}: {first_line(error)})")
        copy = None
        if photograph.copy is not None and whole is not None:
            drawn = self._drawn(whole, faces)
            if copy_back:
                copy = encode_picture(photograph.copy, drawn)
            else:
                write_picture(photograph.copy, drawn, overwrite=self._overwrite)
        return Looked(path, tuple(faces), remark=picture.remark, problem=self._analyzer.problem or "", copy=copy)

    def _drawn(self, whole: Picture, faces: list[Face]) -> Image:
        """The labelled copy; faces have boxes in pixels of the whole picture."""
        labels = () if self.card is None else self.card.labels
        faces = scaled(faces, 1 / whole.reduction)
        image = whole.image
        if self._cover is not None:
            image = cover_faces(image, [face.box for face in faces], self._cover)
        return draw_overlay(image, faces, OverlayStyle(), labels=labels)

    def _find(self, picture: Picture) -> list[Face]:
        faces = analyze_photograph(self._analyzer, picture)
        if self._whole_image is None or faces:
            return faces
        return scaled([self._whole_image.label(picture.image)], picture.reduction)


def _announce(photograph: Photograph, before_large: Callable[[int], None]) -> None:
    """Call back if the picture is large; whatever is wrong with the file, decoding will tell."""
    import PIL.Image

    pixels = 0
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if photograph.path.stat().st_size < LARGE_BYTES:
            return
        with PIL.Image.open(photograph.path) as picture:
            pixels = picture.width * picture.height
            if picture.format == "JPEG" and not picture.info.get("progressive"):
                # Decoded at a part of its size; where that shows small faces, at a larger part.
                pixels //= jpeg_reduction(picture.width, picture.height) ** 2
    if pixels > LARGE_PIXELS:
        before_large(pixels)
