"""The faces of a photograph: proposals from every cascade, from eye pairs and from the refiner's scan, then merged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import FRONTAL, FRONTAL_ALT, PROFILE, Cascade, Detection
from webcam_app.faces.detection.eye_pairs import EyePairs
from webcam_app.faces.detection.merging import merge_proposals
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner, ScoredBox
from webcam_app.faces.detection.scan import grid_boxes, scan

# In photographs every face counts and there is time: side in pixels to which the smallest face of each octave is scaled
# for the face cascades and for the eye cascade.
FACE_WINDOW = 26.0
EYE_WINDOW = 66.0
STEP = 1.1
# Side of the smallest squares of the scan, in sides of the smallest face.
GRID_SMALLEST = 1.15


class StillDetector:
    """Finds the faces of a photograph by all cascades and the refiner's scan. Not thread-safe."""

    def __init__(self, refiner: BoxRefiner) -> None:
        """Load the cascades.

        Args:
            refiner: scores and corrects what they propose.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        self._refiner = refiner
        self._cascades = (Cascade(FRONTAL), Cascade(FRONTAL_ALT), Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
        self._eyes = EyePairs()

    def find(self, image: NDArray[np.uint8], smallest: float) -> list[ScoredBox]:
        """Find faces.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            smallest: side in pixels of the smallest face to look for.

        Returns:
            The faces with their scores, most certain first.

        Raises:
            InferenceError: the network failed.
        """
        proposals = self.propose(Pyramid.of(image), smallest)
        height, width = image.shape[:2]
        proposals += scan(self._refiner, image, grid_boxes(width, height, GRID_SMALLEST * smallest))
        return merge_proposals(self._refiner, image, proposals)

    def propose(self, pyramid: Pyramid, smallest: float) -> list[FaceBox]:
        """Every box in which a cascade sees anything like a face, those with most neighbors first.

        Args:
            pyramid: the photograph.
            smallest: side in pixels of the smallest face to look for.
        """
        detections: list[Detection] = []
        whole = float(min(pyramid.width, pyramid.height))
        size = smallest
        while size < whole:
            for cascade in self._cascades:
                scale = FACE_WINDOW / size
                detections += cascade.find(pyramid, size, 2 * size, scale=scale, step=STEP, neighbors=0)
            scale = EYE_WINDOW / size
            detections += self._eyes.find(pyramid, size, 2 * size, scale=scale, step=STEP, neighbors=1)
            size *= 2
        return [detection.box for detection in sorted(detections, key=lambda detection: -detection.neighbors)]
