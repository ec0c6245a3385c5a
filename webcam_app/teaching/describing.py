"""From examples to numbers: find the face, cut it out as always, vary it, and take its features."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image
from webcam_app.capture.pictures import read_picture
from webcam_app.errors import InferenceError, PictureError
from webcam_app.faces.analyzer import FaceAnalyzer
from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.labelling.features import FeatureNetwork
from webcam_app.teaching.duplicates import picture_hashes
from webcam_app.teaching.examples import Example

WHOLE = CropSpec(scale=1.0, shift_down=0.0)
"""A picture in which no face is found is taken as a face crop, as ``classify --whole-image`` does."""
# The face that is meant fills more of an example than this share of its shorter side; smaller ones are looked for only
# where there is none of that size.
SUBJECT_SHARE = 0.2
# Pictures that are handed to the threads at once: enough to keep them busy, few enough to be held in memory.
AHEAD = 16


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to vary a crop, as cameras and detectors do: sides of the box, and the picture's values.

    Attributes:
        right, down: shift in sides of the box.
        size: factor on the box's side.
        contrast: factor on the values.
        brightness: added to them, of 255.
        flipped: left and right exchanged.
    """

    right: float = 0.0
    down: float = 0.0
    size: float = 1.0
    contrast: float = 1.0
    brightness: float = 0.0
    flipped: bool = False


VARIANTS = (
    Variant(),
    Variant(flipped=True),
    Variant(right=0.04, down=-0.03, size=1.07, contrast=1.2),
    Variant(right=-0.04, down=0.03, size=0.94, contrast=0.8, brightness=15, flipped=True),
)
"""The first is the face as it is, the second its mirror image. Others are fixed, not drawn: the same pictures make the
same model."""


@dataclass(frozen=True, slots=True)
class Described:
    """Examples as numbers; row i of each belongs to ``examples[i]``.

    Attributes:
        examples: those that could be read.
        features: float32 (n, variants, dimension).
        hashes: uint64 (n, 2), for near-duplicates.
        whole: pictures in which no face was found.
        several: pictures with more faces than one, of which the largest was taken.
        unreadable: why each of the others could not be read, one line each.
    """

    examples: Sequence[Example]
    features: NDArray[np.float32]
    hashes: NDArray[np.uint64]
    whole: int = 0
    several: int = 0
    unreadable: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at a picture gave.

    Attributes:
        features: float32 (variants, dimension) of its largest face, or of the whole picture where none was found.
        hashes: uint64 (2,), for near-duplicates.
        faces: how many were found.
    """

    features: NDArray[np.float32]
    hashes: NDArray[np.uint64]
    faces: int

    @classmethod
    def together(
        cls, examples: Sequence[Example], looked: Sequence[Looked], unreadable: Sequence[str] = ()
    ) -> Described:
        """Many of them as one.

        Args:
            examples: those that could be read.
            looked: what a look at each gave.
            unreadable: why others could not be read.
        """
        return Described(
            examples,
            np.array([each.features for each in looked], np.float32),
            np.array([each.hashes for each in looked], np.uint64).reshape(len(looked), 2),
            sum(each.faces == 0 for each in looked),
            sum(each.faces > 1 for each in looked),
            unreadable,
        )


class Describer:
    """Finds a picture's face and describes it. Not thread-safe."""

    def __init__(self, network: Path | None = None) -> None:
        """Load the detectors and the features network.

        Args:
            network: another one than ``features_path`` names.

        Raises:
            ModelError: one is missing or damaged.
        """
        self._analyzer = FaceAnalyzer(classifier=None)
        self._network = FeatureNetwork(network)

    def find(self, image: Image) -> list[Box]:
        """The faces of a photograph, largest first; those far smaller than the largest are not looked for.

        Args:
            image: H×W×3 uint8 BGR; not changed.

        Raises:
            InferenceError: a network failed.
        """
        for smallest in (SUBJECT_SHARE * min(image.shape[:2]), 0.0):
            faces = self._analyzer.analyze_still(image, smallest=smallest)
            if self._analyzer.problem is not None:
                raise InferenceError(self._analyzer.problem)
            if faces:
                return sorted((face.box for face in faces), key=lambda box: -box.width * box.height)
        return []

    def describe(self, image: Image, box: Box | None, variants: Sequence[Variant] = VARIANTS) -> NDArray[np.float32]:
        """Features of a face and its variants, (variants, dimension).

        Args:
            image: H×W×3 uint8 BGR; not changed.
            box: the face; None to take the picture whole.
            variants: what to make of it.

        Raises:
            InferenceError: the network failed.
        """
        card = self._network.card
        height, width = image.shape[:2]
        spec = WHOLE if box is None else card.crop
        place = Box(0, 0, width, height) if box is None else box
        return np.stack(
            [self._network.describe(_cut(image, place, card.input_size, spec, variant)) for variant in variants]
        )

    def look(self, image: Image, variants: Sequence[Variant] = VARIANTS) -> Looked:
        """Find a picture's largest face and describe it; see ``find`` and ``describe``."""
        boxes = self.find(image)
        return Looked(self.describe(image, boxes[0] if boxes else None, variants), picture_hashes(image), len(boxes))


def describe_examples(
    examples: Sequence[Example],
    *,
    threads: int,
    progress: Callable[[int, Example], None] | None = None,
    read: Callable[[Path], Image] = read_picture,
    variants: Sequence[Variant] = VARIANTS,
    network: Path | None = None,
) -> Described:
    """Describe examples, several at a time; the result does not depend on the number of threads.

    Args:
        examples: what to read.
        threads: how many work.
        progress: is told how many are done, and the last one.
        read: decodes the picture at an example's path; raises ``PictureError``.
        variants: what to make of each face; the first is the face as it is.
        network: another features network than ``features_path`` names.

    Raises:
        ModelError: a network or cascade is missing or damaged.
        InferenceError: a network failed.
    """
    describers: SimpleQueue[Describer] = SimpleQueue()
    for _ in range(threads):
        describers.put(Describer(network))

    def look(example: Example) -> Looked | str:
        describer = describers.get()
        try:
            return describer.look(read(example.path), variants)
        except (PictureError, MemoryError, cv2.error) as error:
            return str(error) or f"{example.path} needs more memory than there is."
        finally:
            describers.put(describer)

    looked: list[Looked | str] = []
    with ThreadPoolExecutor(threads, thread_name_prefix="teach") as pool:
        try:
            todo = iter(examples)
            while part := list(itertools.islice(todo, AHEAD)):
                for example, result in zip(part, pool.map(look, part), strict=True):
                    looked.append(result)
                    if progress is not None:
                        progress(len(looked), example)
        except BaseException:  # Ctrl-C among them: what has not begun need not be waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    kept = [(example, result) for example, result in zip(examples, looked, strict=True) if isinstance(result, Looked)]
    return Looked.together(
        [example for example, _ in kept],
        [result for _, result in kept],
        [result for result in looked if isinstance(result, str)],
    )


def _cut(image: Image, box: Box, size: int, spec: CropSpec, variant: Variant) -> Image:
    place = FaceBox.of(box)
    moved = FaceBox(
        place.x + variant.right * place.side, place.y + variant.down * place.side, place.side * variant.size
    ).rounded
    # The box itself is not rounded anew: the first variant is the crop that the application cuts.
    unmoved = variant.right == variant.down == 0.0 and variant.size == 1.0
    crop = crop_face(image, box if unmoved else moved, size, spec)
    if variant.contrast != 1.0 or variant.brightness:
        values = (np.arange(256) - 128.0) * variant.contrast + 128.0 + variant.brightness
        crop = np.clip(np.rint(values), 0, 255).astype(np.uint8)[crop]
    return np.ascontiguousarray(crop[:, ::-1]) if variant.flipped else crop
