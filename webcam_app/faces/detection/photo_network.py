"""The photograph detector's network: a picture in, maps of where faces are out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.labelling.classifier import as_input, dequantize, load_interpreter
from webcam_app.resources import model_path

FORMAT = 1
MODEL = "detector.tflite"
MAX_CARD_BYTES = 1 << 20
MAX_MODEL_BYTES = 8 << 20
# Sizes for which an interpreter is kept: making one costs a third of a run, and the pictures of a folder are often of
# one or two sizes, each searched at some four.
KEPT_INTERPRETERS = 8


class FaceMaps(NamedTuple):
    """What the network says about a picture, a cell for each ``stride`` pixels.

    Attributes:
        logits: h×w float32, log odds that a face's centre lies in the cell.
        places: h×w×3 float32, the centre's place right of and below the cell's centre, in cells, and the logarithm of
            the face's side over ``base_side``; of no meaning where the logit is low.
    """

    logits: NDArray[np.float32]
    places: NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class DetectorCard:
    """What the application needs to know about the network.

    Attributes:
        stride: pixels to a cell.
        multiple: pictures are padded to multiples of so many pixels.
        base_side: side in pixels that the size's output of 0 stands for.
        smallest: side in pixels of the smallest face that the network sees.
        largest: of the largest.
        threshold: evidence from which something counts as a face; see ``PhotoDetector``.
        proposal: logit from which a cell is looked at more closely.
        centre_output: name of the logits' tensor.
        place_output: name of the places' tensor.
        sha256: of the network's file.
    """

    stride: int
    multiple: int
    base_side: float
    smallest: float
    largest: float
    threshold: float
    proposal: float
    centre_output: str
    place_output: str
    sha256: str


class PhotoNetwork:
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
        self.card = read_card(self.path)
        self._content = _read_model(self.path, self.card.sha256)
        self._threads = threads
        self._interpreters: OrderedDict[tuple[int, int], Any] = OrderedDict()
        interpreter = load_interpreter(self._content, self.path, threads)
        inputs = interpreter.get_input_details()
        outputs = {detail["name"]: detail for detail in interpreter.get_output_details()}
        if len(inputs) != 1 or len(inputs[0]["shape"]) != 4 or inputs[0]["shape"][3] != 3:
            raise ModelError(f"model '{self.path}' does not take pictures as its card promises: install it again")
        for name, channels in ((self.card.centre_output, 1), (self.card.place_output, 3)):
            if name not in outputs or outputs[name]["shape"][-1] != channels:
                raise ModelError(f"model '{self.path}' has no output '{name}' as its card promises: install it again")
        self._input = inputs[0]
        self._centre, self._place = outputs[self.card.centre_output], outputs[self.card.place_output]

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
            places = dequantize(interpreter.get_tensor(self._place["index"]), self._place)[0]
        except (RuntimeError, ValueError) as error:
            raise InferenceError(f"model '{self.path}' failed on a picture: {error}") from error
        if not (np.isfinite(logits).all() and np.isfinite(places).all()):
            raise InferenceError(f"model '{self.path}' answered with numbers that are no evidence")
        return FaceMaps(logits, places)

    def _interpreter(self, height: int, width: int) -> Any:
        shape = (height, width)
        if shape in self._interpreters:
            self._interpreters.move_to_end(shape)
            return self._interpreters[shape]
        interpreter = load_interpreter(self._content, self.path, self._threads)
        interpreter.resize_tensor_input(self._input["index"], [1, height, width, 3])
        interpreter.allocate_tensors()
        self._interpreters[shape] = interpreter
        if len(self._interpreters) > KEPT_INTERPRETERS:
            self._interpreters.popitem(last=False)
        return interpreter


def read_card(model: Path) -> DetectorCard:
    """The card beside a network.

    Raises:
        ModelError: it is missing or damaged.
    """
    path = model.with_suffix(".json")
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelError(f"model card '{path}' is larger than {MAX_CARD_BYTES >> 20} MB: it is no model card")
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r:.40} is not {FORMAT}")
        entry, sizes = document["input"], document["sizes"]
        card = DetectorCard(
            stride=int(entry["stride"]),
            multiple=int(entry["multiple"]),
            base_side=float(sizes["base"]),
            smallest=float(sizes["smallest"]),
            largest=float(sizes["largest"]),
            threshold=float(document["thresholds"]["face"]),
            proposal=float(document["thresholds"]["proposal"]),
            centre_output=str(document["outputs"]["centre"]),
            place_output=str(document["outputs"]["place"]),
            sha256=str(document["sha256"]).lower(),
        )
        _check(card, str(entry["color_order"]))
    except FileNotFoundError:
        raise ModelError(f"model card '{path}' is missing: install the application again") from None
    except OSError as error:
        raise ModelError(f"model card '{path}' cannot be read: {error.strerror or error}") from None
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise ModelError(f"model card '{path}' is damaged ({error}): install the application again") from None
    return card


def _check(card: DetectorCard, color_order: str) -> None:
    if color_order != "BGR" or not 1 <= card.stride <= card.multiple <= 256 or card.multiple % card.stride:
        raise ValueError("its input makes no sense")
    if not 4 <= card.smallest < card.base_side < card.largest <= 1024 or card.largest < 2 * card.smallest:
        raise ValueError("its sizes make no sense")
    if not (-50 < card.threshold < 50 and -50 < card.proposal < 50):
        raise ValueError("its thresholds make no sense")


def _read_model(path: Path, checksum: str) -> bytes:
    try:
        if path.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(f"model '{path}' is larger than {MAX_MODEL_BYTES >> 20} MB: it is refused")
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"model '{path}' is missing: install the application again") from None
    except OSError as error:
        raise ModelError(f"model '{path}' cannot be read: {error.strerror or error}") from None
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ModelError(
            f"model '{path}' is damaged or is not the one its card describes: install the application again"
        )
    return content
