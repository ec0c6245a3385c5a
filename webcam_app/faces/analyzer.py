"""From a frame to its faces: found, followed, labelled."""

from __future__ import annotations

import time as clock
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image
from webcam_app.errors import InferenceError
from webcam_app.faces.card import ModelCard
from webcam_app.faces.cascades import FRONTAL_ALT, Cascade
from webcam_app.faces.classifier import Classifier
from webcam_app.faces.crop import crop_face
from webcam_app.faces.evidence import TrackEvidence
from webcam_app.faces.face import Box, Face

# Smallest face that is looked for, in pixels of a frame of 480 lines; the network sees little in less.
SMALLEST = 30
SAME_FACE_IOU = 0.3
FORGET_SECONDS = 0.5
# Seconds between frames where the caller gives no times.
DEFAULT_INTERVAL = 1 / 30


@dataclass(slots=True)
class _Track:
    number: int
    box: Box
    seen: float
    evidence: TrackEvidence | None


class FaceAnalyzer:
    """Finds faces, keeps a track for each, and labels them. Not thread-safe: use one in each thread."""

    def __init__(self, model: Path | None = None, *, masks: bool = True, threads: int = 1) -> None:
        """Load the network and the cascades.

        Args:
            model: the ``.tflite`` file with its card beside it; None for the one that the application ships.
            masks: whether to say who wears a mask.
            threads: threads for the cascades and the network.

        Raises:
            ModelError: a file is missing, damaged, or does not fit the other.
        """
        self._prepare(Classifier(model, threads=threads), masks, threads)

    @classmethod
    def without_model(cls, *, threads: int = 1) -> FaceAnalyzer:
        """An analyzer that finds and follows faces but labels none."""
        analyzer = cls.__new__(cls)
        analyzer._prepare(None, False, threads)
        return analyzer

    def _prepare(self, classifier: Classifier | None, masks: bool, threads: int) -> None:
        cv2.setNumThreads(threads)
        self._classifier = classifier
        self._masks = masks
        self._cascade = Cascade(FRONTAL_ALT)
        self.problem: str | None = None
        self.stage_ms: dict[str, float] = {"detect": 0.0, "classify": 0.0}
        self._next = 1
        self.reset()

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None without a network."""
        return None if self._classifier is None else self._classifier.card

    def reset(self) -> None:
        """Forget all faces. Track numbers go on counting."""
        self._tracks: list[_Track] = []
        self._time = -DEFAULT_INTERVAL

    def analyze(self, image: Image, time: float | None = None) -> list[Face]:
        """Find, follow and label the faces of the next frame.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            time: the frame's time in seconds, as in ``Frame.time``; None for 1/30 s after the last one.

        Returns:
            The faces, oldest track first.

        Raises:
            ValueError: ``image`` is no H×W×3 uint8 array.
        """
        _check(image)
        start = clock.perf_counter()
        now = self._time + DEFAULT_INTERVAL if time is None else time
        self._time = now
        hits = self._sweep(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))  # type: ignore[arg-type]
        self._follow(hits, now)
        middle = clock.perf_counter()
        for track in self._tracks:
            self._label(track, image, now)
        end = clock.perf_counter()
        self.stage_ms = {"detect": (middle - start) * 1e3, "classify": (end - middle) * 1e3}
        return [self._face(track, detected=track.seen == now) for track in self._tracks]

    def analyze_still(self, image: Image) -> list[Face]:
        """Find and label the faces of a photograph, without regard to frames before it.

        Args:
            image: H×W×3 uint8 BGR; not changed.

        Returns:
            The faces from left to right, numbered from 1.

        Raises:
            ValueError: ``image`` is no H×W×3 uint8 array.
        """
        _check(image)
        boxes = self._sweep(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))  # type: ignore[arg-type]
        tracks = [_Track(number, box, 0.0, self._evidence()) for number, box in enumerate(sorted(boxes), 1)]
        for track in tracks:
            self._label(track, image, 0.0)
        return [self._face(track, detected=True) for track in tracks]

    def _sweep(self, gray: NDArray[np.uint8]) -> list[Box]:
        smallest = max(20.0, SMALLEST * min(gray.shape) / 480)
        return [hit.box for hit in self._cascade.find(gray, smallest, min(gray.shape))]

    def _follow(self, boxes: list[Box], now: float) -> None:
        pairs = sorted(
            ((track.box.iou(box), track, box) for track in self._tracks for box in boxes), key=lambda pair: -pair[0]
        )
        free = list(boxes)
        for overlap, track, box in pairs:
            if overlap >= SAME_FACE_IOU and track.seen != now and box in free:
                track.box, track.seen = box, now
                free.remove(box)
        self._tracks = [track for track in self._tracks if now - track.seen <= FORGET_SECONDS]
        for box in free:
            self._tracks.append(_Track(self._next, box, now, self._evidence()))
            self._next += 1

    def _evidence(self) -> TrackEvidence | None:
        return None if self._classifier is None else TrackEvidence(self._classifier.card)

    def _label(self, track: _Track, image: Image, now: float) -> None:
        if self._classifier is None or track.evidence is None:
            return
        card = self._classifier.card
        try:
            crop = crop_face(image, track.box, card.input_size, card.crop)
            track.evidence.add(self._classifier.classify([crop])[0], now)
            self.problem = None
        except InferenceError as error:
            self.problem = str(error)

    def _face(self, track: _Track, *, detected: bool) -> Face:
        if track.evidence is None:
            return Face(track.box, track.number, detected=detected)
        evidence = track.evidence
        return Face(
            track.box,
            track.number,
            evidence.label,
            evidence.probabilities,
            evidence.mask if self._masks else None,
            evidence.masked if self._masks else None,
            detected,
        )


def _check(image: Image) -> None:
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        shape = getattr(image, "shape", type(image).__name__)
        raise ValueError(f"an image is H×W×3 uint8 BGR, not {shape} {getattr(image, 'dtype', '')}".rstrip())
