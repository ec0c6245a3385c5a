"""From a frame to its faces: detection, tracking, labelling."""

from __future__ import annotations

import time as clock
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from webcam_app.capture.frame import Image
from webcam_app.errors import InferenceError, ModelError
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still import StillDetector
from webcam_app.faces.detection.still_network import LIVE_MODEL, MODEL, StillNetwork
from webcam_app.faces.detection.verifier import FaceVerifier
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.faces.labelling.labeller import Labeller
from webcam_app.faces.labelling.loading import load_classifier
from webcam_app.faces.tracking.track import Track
from webcam_app.faces.tracking.tracker import FaceTracker
from webcam_app.resources import model_path

# Seconds between frames where the caller gives no times.
DEFAULT_INTERVAL = 1 / 30
# Smallest face that is searched in a photograph, in pixels: the network sees nothing in less. In large photographs it
# is this share of the shorter side: smaller faces are not the subject, and would take most of the time.
STILL_SMALLEST = 20.0
STILL_SHARE = 1 / 40
# Without the detector's network, a photograph of more pixels is searched at half its size, and so on.
STILL_PIXELS = 2_500_000


class FaceAnalyzer:
    """Finds faces, keeps a track for each, and labels them. Not thread-safe: use one in each thread.

    OpenCV's number of threads is the process's and stays as it is. Images of webcam size are searched faster on one
    thread: a program of its own calls ``cv2.setNumThreads(1)``, as this application does.

    Attributes:
        problem: why the last call could not find or label faces, in one line; None where it could.
        stage_ms: milliseconds of the last ``analyze`` for ``detect`` and ``classify``.
    """

    def __init__(
        self,
        model: Path | None = None,
        *,
        classifier: FaceClassifier | Literal["load"] | None = "load",
        masks: bool = True,
        threads: int = 1,
    ) -> None:
        """Load the networks and the cascades.

        Args:
            model: a ``.tflite`` file with its card beside it, or a taught model's card; None for the one that the
                application ships or the environment names.
            classifier: labels the faces instead of ``model``; None finds and follows them without labels.
            masks: whether to say who wears a mask.
            threads: threads of the network that ``model`` names.

        Raises:
            ModelError: a file is missing, damaged, or does not fit the other.
            ValueError: both ``model`` and ``classifier`` are given.
        """
        if model is not None and classifier != "load":
            raise ValueError("give a model or a classifier, not both")
        if classifier == "load":
            classifier = load_classifier(model, threads=threads)
        self._labeller = None if classifier is None else Labeller(classifier, masks=masks)
        self._masks = masks
        self._refiner = BoxRefiner() if model_path("face.tflite").exists() else None
        self._tracker = FaceTracker(self._refiner, _network(LIVE_MODEL))
        network = _network(MODEL)
        self._still = None if network is None else _still_detector(self._refiner, network, threads)
        self.problem: str | None = None
        self.stage_ms: dict[str, float] = {"detect": 0.0, "classify": 0.0}
        self.reset()

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None without a network."""
        return None if self._labeller is None else self._labeller.card

    @property
    def classifier(self) -> FaceClassifier | None:
        """The network, None without one. To be used by the analyzer's own thread only."""
        return None if self._labeller is None else self._labeller.classifier

    def use_classifier(self, classifier: FaceClassifier) -> None:
        """Label with another network from the next call on. Faces keep their tracks and are labelled anew.

        Args:
            classifier: to be used by this analyzer only from now on.
        """
        self._labeller = Labeller(classifier, masks=self._masks)

    def reset(self) -> None:
        """Forget all faces. Track numbers go on counting."""
        self._tracker.reset()
        self._time = -DEFAULT_INTERVAL

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        """Find, follow and label the faces of the next frame.

        Where a network fails, the faces are returned without what it would have said, and ``problem`` tells why.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            time: the frame's time in seconds, as in ``Frame.time``; None for 1/30 s after the last one. Time that goes
                backwards is the start of something else: all faces are forgotten.

        Returns:
            The faces, oldest track first.

        Raises:
            ValueError: ``image`` is no H×W×3 uint8 array.
        """
        _check(image)
        start = clock.perf_counter()
        now = self._time + DEFAULT_INTERVAL if time is None else time
        if now < self._time:
            self.reset()
        self._time = now
        self.problem = None
        try:
            tracks = self._tracker.update(image, Pyramid.of(image), now)
        except InferenceError as error:
            self.problem = str(error)
            tracks = []
        middle = clock.perf_counter()
        self._label(tracks, image, now)
        end = clock.perf_counter()
        self.stage_ms = {"detect": (middle - start) * 1e3, "classify": (end - middle) * 1e3}
        return [self._face(track, detected=track.last_detected == now) for track in tracks]

    def analyze_still(self, image: Image, *, smallest: float = 0.0) -> list[Face]:
        """Find and label the faces of a photograph: thoroughly, and without regard to frames before it.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest: side in pixels of the smallest face that is of interest: the larger, the faster.

        Returns:
            The faces from left to right, numbered from 1.

        Raises:
            ValueError: ``image`` is no H×W×3 uint8 array.
        """
        _check(image)
        self.problem = None
        try:
            boxes = self._find_still(image, smallest)
        except (InferenceError, ModelError) as error:
            self.problem = str(error)
            return []
        tracks = []
        for number, box in enumerate(sorted(boxes), 1):
            track = Track(box, 0.0)
            track.confirm(number)
            if self.card is not None:
                track.start_label(self.card)
            tracks.append(track)
        self._label(tracks, image, 0.0, still=True)
        return [self._face(track, detected=True) for track in tracks]

    def label_box(self, image: Image, box: Box) -> Face:
        """Label the face in a box that a person drew. Where a network fails, ``problem`` tells why.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            box: in pixels of ``image``; the network looks at the square where the face is in it.

        Returns:
            A face with this very box.

        Raises:
            ValueError: ``image`` is no H×W×3 uint8 array.
        """
        _check(image)
        self.problem = None
        face = Face(box, 1, detected=False)
        if self._labeller is None:
            return face
        try:
            fitted = box if self._refiner is None else self._refiner.fit_drawn(image, box)
            track = Track(FaceBox.of(fitted), 0.0)
            track.start_label(self._labeller.card)
            self._labeller.label([track], image, 0.0, still=True)
        except InferenceError as error:
            self.problem = str(error)
            return face
        return replace(self._face(track, detected=False), box=box, track=1)

    def _find_still(self, image: Image, smallest: float) -> list[FaceBox]:
        if min(image.shape[:2]) < STILL_SMALLEST:
            return []
        if self._still is not None:
            smallest = max(STILL_SMALLEST, STILL_SHARE * min(image.shape[:2]), smallest)
            return [scored.box for scored in self._still.find(image, smallest)]
        shrunk, factor = _shrink(image)
        boxes = [track.box for track in FaceTracker(self._refiner).find_once(shrunk)]
        return [FaceBox(box.x * factor, box.y * factor, box.side * factor) for box in boxes]

    def _label(self, tracks: list[Track], image: Image, now: float, *, still: bool = False) -> None:
        if self._labeller is None:
            return
        try:
            self._labeller.label(tracks, image, now, still=still)
        except InferenceError as error:
            self.problem = str(error)

    def _face(self, track: Track, *, detected: bool) -> Face:
        box, number, label = track.refined_box.rounded, track.number or 0, track.label
        if label is None:
            return Face(box, number, detected=detected)
        return Face(
            box,
            number,
            label.label,
            label.probabilities,
            label.mask if self._masks else None,
            label.masked if self._masks else None,
            detected,
        )


def _network(name: str) -> StillNetwork | None:
    """A detector that is shipped; None where somebody took it away, which leaves its work to the cascades."""
    path = model_path(name)
    return StillNetwork(path) if path.exists() else None


def _still_detector(refiner: BoxRefiner | None, network: StillNetwork, threads: int) -> StillDetector:
    card = network.card.verifier
    verifier = None if card is None or refiner is None else FaceVerifier(card, network.path.parent, threads=threads)
    fitting = verifier is not None and verifier.fits()
    return StillDetector(refiner, network=network, verifier=verifier if fitting else None)


def _shrink(image: Image) -> tuple[Image, int]:
    """An image of at most ``STILL_PIXELS``, and the factor by which it was shrunk, a power of two."""
    import imutils  # only photographs need it; the window starts without

    shrunk, factor = image, 1
    height, width = image.shape[:2]
    while shrunk.shape[0] * shrunk.shape[1] > STILL_PIXELS:
        factor *= 2
        # The shorter side decides, so that a thin picture keeps at least a pixel of it.
        shrunk = (
            imutils.resize(image, width=max(1, width // factor))
            if width < height
            else imutils.resize(image, height=max(1, height // factor))
        )
    return shrunk, factor


def _check(image: Image) -> None:
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        shape = getattr(image, "shape", type(image).__name__)
        raise ValueError(f"an image is H×W×3 uint8 BGR, not {shape} {getattr(image, 'dtype', '')}".rstrip())
    if image.size == 0:
        raise ValueError("an image has no pixels")
