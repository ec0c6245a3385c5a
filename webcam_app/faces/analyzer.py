"""From a frame to its faces: found, followed, labelled."""

from __future__ import annotations

import time as clock
from pathlib import Path

import cv2
import numpy as np

from webcam_app.capture.frame import Image
from webcam_app.errors import InferenceError
from webcam_app.faces.card import ModelCard
from webcam_app.faces.cascades import FRONTAL_ALT, Cascade
from webcam_app.faces.classifier import Classifier
from webcam_app.faces.crop import crop_face
from webcam_app.faces.evidence import TrackEvidence
from webcam_app.faces.face import Face
from webcam_app.faces.finder import FaceFinder
from webcam_app.faces.pyramid import Pyramid
from webcam_app.faces.sweep import smallest_face
from webcam_app.faces.track import Track

# Seconds between frames where the caller gives no times.
DEFAULT_INTERVAL = 1 / 30


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
        self._finder = FaceFinder()
        self.problem: str | None = None
        self.stage_ms: dict[str, float] = {"detect": 0.0, "classify": 0.0}
        self.reset()

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None without a network."""
        return None if self._classifier is None else self._classifier.card

    def reset(self) -> None:
        """Forget all faces. Track numbers go on counting."""
        self._finder.reset()
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
        picture = Pyramid(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))  # type: ignore[arg-type]
        tracks = self._finder.update(picture, now, None)
        middle = clock.perf_counter()
        for track in tracks:
            self._label(track, image, now)
        end = clock.perf_counter()
        self.stage_ms = {"detect": (middle - start) * 1e3, "classify": (end - middle) * 1e3}
        return [self._face(track, detected=track.sighted == now) for track in tracks]

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
        picture = Pyramid(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))  # type: ignore[arg-type]
        hits = Cascade(FRONTAL_ALT).find(picture, smallest_face(image.shape), min(image.shape[:2]))
        tracks = [Track(hit.place, 0.0, 0.0, 0.0, number) for number, hit in enumerate(sorted(hits), 1)]
        for track in tracks:
            self._label(track, image, 0.0)
        return [self._face(track, detected=True) for track in tracks]

    def _label(self, track: Track, image: Image, now: float) -> None:
        if self._classifier is None:
            return
        if track.evidence is None:
            track.evidence = TrackEvidence(self._classifier.card)
        card = self._classifier.card
        try:
            crop = crop_face(image, track.place.box, card.input_size, card.crop)
            track.evidence.add(self._classifier.classify([crop])[0], now)
            self.problem = None
        except InferenceError as error:
            self.problem = str(error)

    def _face(self, track: Track, *, detected: bool) -> Face:
        number = track.number or 0
        if track.evidence is None:
            return Face(track.place.box, number, detected=detected)
        evidence = track.evidence
        return Face(
            track.place.box,
            number,
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
