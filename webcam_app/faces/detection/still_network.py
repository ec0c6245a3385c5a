"""The photograph detector's network: a picture in, maps of where faces are out."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.detection.thresholds import FaceThresholds
from webcam_app.faces.detection.verifier import VerifierCard, parse_verifier
from webcam_app.faces.network_file import mapping_field, number_field, read_card, read_checked_model, text_field
from webcam_app.faces.tflite import as_input, dequantize, load_interpreter
from webcam_app.resources import model_path

MODEL = "detector.tflite"
LIVE_MODEL = "detector_live.tflite"
"""A smaller one, which every frame of a video can pay for."""
# What a card may ask for.
SIDE_RANGE = (4.0, 1024.0)
LOG_ODDS_RANGE = (-100.0, 100.0)
# Interpreters are kept for so many pixels of input together, 40 bytes each: a new size costs a third of a run, and the
# pictures of a folder are often of few sizes, each searched at some four scales. Those of a large photograph are made
# anew each time, which costs 10 ms: kept in two processes they were 65 MiB.
KEPT_PIXELS = 500_000


class FaceMaps(NamedTuple):
    """What the network says about a picture, a cell for each ``stride`` pixels.

    Attributes:
        logits: h×w float32, log-odds that a face's centre lies in the cell.
        boxes: h×w×3 float32, the centre's place right of and below the cell's centre, in cells, and the logarithm of
            the face's side over ``base_side``; of no meaning where the logit is low.
    """

    logits: NDArray[np.float32]
    boxes: NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class DetectorCard:
    """What the application needs to know about the network.

    Attributes:
        stride: pixels to a cell.
        multiple: pictures are padded to multiples of so many pixels.
        base_side: side in pixels that the size's output of 0 stands for.
        smallest: side in pixels of the smallest face that the network sees.
        largest: of the largest.
        thresholds: from which log-odds a proposal is a face where no verifier looks; see ``StillDetector``.
        min_logit: logit from which a cell makes a proposal.
        centre_output: name of the logits' tensor.
        box_output: name of the boxes' tensor.
        sha256: of the network's file.
        verifier: looks again at what was found; None where the card names none.
    """

    stride: int
    multiple: int
    base_side: float
    smallest: float
    largest: float
    thresholds: FaceThresholds
    min_logit: float
    centre_output: str
    box_output: str
    sha256: str
    verifier: VerifierCard | None = None


class StillNetwork:
    """The network with its card. Not thread-safe: use one in each thread."""

    def __init__(self, model: Path | None = None, *, threads: int = 1) -> None:
        """Load and check it.

        Args:
            model: the ``.tflite`` file with its card beside it; None for the one that the application ships.
            threads: threads of an interpreter.

        Raises:
            ModelError: a file is missing or damaged, or does not fit the other.
        """
        self.path = model or model_path(MODEL)
        self.card = read_card(self.path, _parse_card)
        self._content = read_checked_model(self.path, self.card.sha256)
        self._threads = threads
        self._interpreters: OrderedDict[tuple[int, int], Any] = OrderedDict()
        interpreter = load_interpreter(self._content, self.path, threads)
        self._input = self._input_detail(interpreter)
        self._centre = self._output_detail(interpreter, self.card.centre_output, 1)
        self._box = self._output_detail(interpreter, self.card.box_output, 3)

    def run(self, picture: NDArray[np.uint8]) -> FaceMaps:
        """Search a picture for faces of the sizes that the network sees.

        Args:
            picture: H×W×3 uint8 BGR, H and W multiples of the card's ``multiple``; not changed.

        Raises:
            InferenceError: the network failed.
        """
        try:
            interpreter = self._interpreter(picture.shape[0], picture.shape[1])
            interpreter.set_tensor(self._input["index"], as_input(picture, self._input["dtype"])[np.newaxis])
            interpreter.invoke()
            logits = dequantize(interpreter.get_tensor(self._centre["index"]), self._centre)[0, :, :, 0]
            boxes = dequantize(interpreter.get_tensor(self._box["index"]), self._box)[0]
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self.path}' failed on a picture: {error}") from error
        if not (np.isfinite(logits).all() and np.isfinite(boxes).all()):
            raise InferenceError(f"model '{self.path}' answered with numbers that are no log-odds")
        return FaceMaps(logits, boxes)

    def _interpreter(self, height: int, width: int) -> Any:
        """An interpreter for pictures of one size: a kept one, the one not used for longest resized, or a new one."""
        shape = (height, width)
        interpreter = self._interpreters.pop(shape, None)
        if interpreter is None:
            kept = sum(rows * columns for rows, columns in self._interpreters)
            while self._interpreters and kept + height * width > KEPT_PIXELS:
                (rows, columns), interpreter = self._interpreters.popitem(last=False)
                kept -= rows * columns
            if interpreter is None:
                interpreter = load_interpreter(self._content, self.path, self._threads)
            interpreter.resize_tensor_input(self._input["index"], [1, height, width, 3])
            interpreter.allocate_tensors()
        self._interpreters[shape] = interpreter
        return interpreter

    def _input_detail(self, interpreter: Any) -> dict[str, Any]:
        details: list[dict[str, Any]] = interpreter.get_input_details()
        if len(details) != 1 or len(details[0]["shape"]) != 4 or int(details[0]["shape"][3]) != 3:
            raise ModelError(f"model '{self.path}' takes no colour picture, as its card promises: install it again")
        return details[0]

    def _output_detail(self, interpreter: Any, name: str, channels: int) -> dict[str, Any]:
        outputs: dict[str, dict[str, Any]] = {detail["name"]: detail for detail in interpreter.get_output_details()}
        if name not in outputs or len(outputs[name]["shape"]) != 4 or int(outputs[name]["shape"][3]) != channels:
            raise ModelError(f"model '{self.path}' has no map '{name}' of {channels} channels, as its card promises")
        return outputs[name]


def _parse_card(document: Mapping[str, Any]) -> DetectorCard:
    entry, sizes = mapping_field(document, "input"), mapping_field(document, "sizes")
    outputs, thresholds = mapping_field(document, "outputs"), mapping_field(document, "thresholds")
    if entry["color_order"] != "BGR":
        raise ValueError("'color_order' is not BGR")
    card = DetectorCard(
        stride=int(number_field(entry, "stride", 1, 64)),
        multiple=int(number_field(entry, "multiple", 1, 256)),
        base_side=number_field(sizes, "base", *SIDE_RANGE),
        smallest=number_field(sizes, "smallest", *SIDE_RANGE),
        largest=number_field(sizes, "largest", *SIDE_RANGE),
        thresholds=FaceThresholds.parse(thresholds),
        min_logit=number_field(thresholds, "proposal", *LOG_ODDS_RANGE),
        centre_output=text_field(outputs, "centre"),
        box_output=text_field(outputs, "box"),
        sha256=text_field(document, "sha256").lower(),
        verifier=parse_verifier(mapping_field(document, "verifier")) if "verifier" in document else None,
    )
    if card.multiple % card.stride:
        raise ValueError(f"'multiple' is {card.multiple}, no multiple of the stride {card.stride}")
    if card.largest < 2 * card.smallest:
        # The next level of the pyramid is half as large: faces between the two ranges would be seen in neither.
        raise ValueError(f"'largest' is {card.largest:g}, less than twice the smallest {card.smallest:g}")
    return card
