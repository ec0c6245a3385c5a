"""The refiner: a small network that scores boxes as faces and corrects them, in a twentieth of a millisecond each.

Cascades that are tuned to miss nothing find much that is no face. The refiner says which of their proposals are faces,
bare, masked, turned or behind a hand, and moves each box to where the frontal cascade would have drawn it. MTCNN's
refinement network does the same job (Zhang et al. 2016).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.face import Box
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.network_file import (
    crop_field,
    input_size_field,
    mapping_field,
    number_field,
    read_card,
    read_checked_model,
    text_field,
)
from webcam_app.faces.tflite import (
    as_input,
    check_crop,
    dequantize,
    input_detail,
    invoke_on_crop,
    load_interpreter,
    output_detail,
    sigmoid,
)
from webcam_app.resources import model_path

# What a card may ask for: a threshold of 0 or 1 would take everything for a face, or nothing.
THRESHOLD_RANGE = (1e-6, 1 - 1e-6)
# Corrections of more than this (in sides of the box, and as a logarithm of its side) were never trained.
MAX_OFFSET = 0.6
# Crops that go through the network together where there are many.
BATCH = 12
# More runs on a drawn box do not bring the label nearer to that of the face as it is found.
DRAWN_STEPS = 2


class ScoredBox(NamedTuple):
    """What the refiner says about a box.

    Attributes:
        score: probability that it holds a face, 0 to 1.
        box: the corrected box; of no meaning where the score is low.
    """

    score: float
    box: FaceBox


@dataclasses.dataclass(frozen=True, slots=True)
class _Card:
    size: int
    crop: CropSpec
    face_output: str
    box_output: str
    threshold: float
    sha256: str


class BoxRefiner:
    """Scores proposed boxes as faces and corrects them. Not thread-safe: use one in each thread."""

    def __init__(self, model: Path | None = None) -> None:
        """Load the network.

        Args:
            model: the ``.tflite`` file with its card beside it; None for the one that the application ships.

        Raises:
            ModelError: a file is missing or damaged, or does not fit the other.
        """
        self.path = model or model_path("face.tflite")
        self._card = read_card(self.path, _parse_card)
        content = read_checked_model(self.path, self._card.sha256)
        self._interpreter = load_interpreter(content, self.path)
        self._batch = load_interpreter(content, self.path)
        size = self._card.size
        self._input = input_detail(self._interpreter, size, self.path)
        self._face = output_detail(self._interpreter, self._card.face_output, 1, self.path)
        self._box = output_detail(self._interpreter, self._card.box_output, 3, self.path)
        self._batch.resize_tensor_input(self._input["index"], [BATCH, size, size, 3])
        self._batch.allocate_tensors()

    @property
    def threshold(self) -> float:
        """Score from which a box is taken as a face."""
        return self._card.threshold

    @property
    def input_size(self) -> int:
        """Side of the network's input in pixels."""
        return self._card.size

    @property
    def crop(self) -> CropSpec:
        """How crops for the ``..._crop`` and ``..._crops`` methods are cut."""
        return self._card.crop

    def refine(self, image: NDArray[np.uint8], box: FaceBox, *, steps: int = 1) -> ScoredBox:
        """Score a box and correct it, several times in a row if asked.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            box: where a face may be, in pixels of ``image``; up to a third of its side off, or 1.4 times too large or
                small.
            steps: runs of the network at most, each on the box that the last one gave; a score far below the threshold
                ends them.

        Returns:
            The last score, and its corrected box.

        Raises:
            InferenceError: the network failed.
        """
        scored = self._refine_once(image, box)
        for _ in range(steps - 1):
            if scored.score < self.threshold / 8:
                break
            scored = self._refine_once(image, scored.box)
        return scored

    def fit_drawn(self, image: NDArray[np.uint8], box: Box) -> Box:
        """The box that the cascade would draw around a face that a person drew a box around, which may be a loose one.

        Cut out by a loose box, a face more often gets another label than it gets as the detector finds it.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            box: what the person drew, in pixels of ``image``.

        Returns:
            A square; the one around ``box`` where no face is seen in it.

        Raises:
            InferenceError: the network failed.
        """
        drawn = FaceBox.of(box)
        scored = self.refine(image, drawn, steps=DRAWN_STEPS)
        return scored.box.rounded if scored.score >= self.threshold else drawn.rounded

    def refine_crop(self, crop: NDArray[np.uint8], box: FaceBox) -> ScoredBox:
        """Score and correct a box whose crop is cut already.

        Args:
            crop: ``input_size``×``input_size``×3 uint8 BGR, cut with ``crop``; not changed.
            box: where it was cut.

        Raises:
            InferenceError: the network failed.
            ValueError: the crop has another shape or type.
        """
        logit, *offset = self._run(crop)
        return ScoredBox(sigmoid(logit), _corrected(box, *offset))

    def refine_crops(
        self, crops: Sequence[NDArray[np.uint8]], boxes: Sequence[FaceBox], min_score: float
    ) -> list[ScoredBox]:
        """Score and correct many boxes in batches, which is twice as fast as one by one.

        Args:
            crops: ``input_size``×``input_size``×3 uint8 BGR each, cut with ``crop``; not changed.
            boxes: where they were cut.
            min_score: boxes with a lower score are left out, above 0 and below 1.

        Returns:
            The others, in order.

        Raises:
            InferenceError: the network failed.
        """
        found = []
        for start in range(0, len(crops), BATCH):
            block = np.stack(crops[start : start + BATCH])
            logits, offsets = self._run_batch(block)
            for row in np.flatnonzero(logits >= math.log(min_score / (1 - min_score))):
                box = _corrected(boxes[start + int(row)], *map(float, offsets[row]))
                found.append(ScoredBox(sigmoid(float(logits[row])), box))
        return found

    def score(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> NDArray[np.float32]:
        """Probabilities that boxes hold a face.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            boxes: as the frontal cascade draws them, in pixels of ``image``.

        Returns:
            One number from 0 to 1 for each box, float32 (n,).

        Raises:
            InferenceError: the network failed.
        """
        return np.array([self._refine_once(image, FaceBox.of(box)).score for box in boxes], np.float32)

    def score_crops(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Probabilities that crops hold a face; see ``refine_crop`` for the crops.

        Raises:
            InferenceError: the network failed.
            ValueError: a crop has another shape or type.
        """
        logits = np.array([self._run(crop)[0] for crop in crops], np.float32)
        return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float32)

    def _refine_once(self, image: NDArray[np.uint8], box: FaceBox) -> ScoredBox:
        try:
            crop = crop_face(image, box.rounded, self._card.size, self._card.crop)
        except ValueError:  # wholly outside the picture
            return ScoredBox(0.0, box)
        return self.refine_crop(crop, box)

    def _run(self, crop: NDArray[np.uint8]) -> tuple[float, float, float, float]:
        check_crop(crop, self._card.size)
        try:
            invoke_on_crop(self._interpreter, self._input, crop)
            logit = self._read(self._interpreter, self._face)
            right, down, change = self._read(self._interpreter, self._box)
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self.path}' failed on a box: {error}") from error
        return float(logit[0]), float(right), float(down), float(change)

    def _run_batch(self, crops: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits (n,) and offsets (n, 3) of up to ``BATCH`` crops."""
        try:
            padded = np.zeros((BATCH, *crops.shape[1:]), np.uint8)
            padded[: len(crops)] = crops
            self._batch.set_tensor(self._input["index"], as_input(padded, self._input["dtype"]))
            self._batch.invoke()
            logits = self._read(self._batch, self._face)[: len(crops)]
            offsets = self._read(self._batch, self._box).reshape(BATCH, 3)[: len(crops)]
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self.path}' failed on {len(crops)} boxes: {error}") from error
        return logits, offsets

    def _read(self, interpreter: Any, detail: dict[str, Any]) -> NDArray[np.float32]:
        values = dequantize(interpreter.get_tensor(detail["index"]), detail).reshape(-1)
        if not np.isfinite(values).all():
            raise InferenceError(f"model '{self.path}' answered with numbers that are no probabilities")
        return values


def _corrected(box: FaceBox, right: float, down: float, log_side: float) -> FaceBox:
    x, y = box.x + _limited(right) * box.side, box.y + _limited(down) * box.side
    return FaceBox(x, y, box.side * math.exp(_limited(log_side)))


def _limited(offset: float) -> float:
    return max(-MAX_OFFSET, min(MAX_OFFSET, offset))


def _parse_card(document: Mapping[str, Any]) -> _Card:
    entry, outputs = mapping_field(document, "input"), mapping_field(document, "outputs")
    thresholds = mapping_field(document, "thresholds")
    if entry["color_order"] != "BGR":
        raise ValueError("'color_order' is not BGR")
    return _Card(
        size=input_size_field(entry),
        crop=crop_field(entry),
        face_output=text_field(outputs, "face"),
        box_output=text_field(outputs, "place"),
        threshold=number_field(thresholds, "face", *THRESHOLD_RANGE),
        sha256=text_field(document, "sha256").lower(),
    )
