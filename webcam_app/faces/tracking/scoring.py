"""The refiner scores the tracks from time to time: is there still a face, and where exactly?"""

from __future__ import annotations

from collections.abc import Sequence

from webcam_app.capture.frame import Image
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.tracking.confirmation import Confirmation
from webcam_app.faces.tracking.track import Track, TrackState

# Seconds between scores of a confirmed face that a cascade sees, and of one that is followed by template. Tentative
# tracks are scored in each frame.
DETECTED_SECONDS = 0.4
MATCHED_SECONDS = 0.06


class TrackScorer:
    """Scores the tracks whose turn it is. Not thread-safe."""

    def __init__(self, refiner: BoxRefiner, confirmation: Confirmation) -> None:
        """Prepare.

        Args:
            refiner: the network.
            confirmation: says which scores verify a face.
        """
        self._refiner = refiner
        self._confirmation = confirmation

    def score(self, tracks: Sequence[Track], image: Image, pyramid: Pyramid, time: float) -> None:
        """Score tracks, and correct the boxes of those that are verified.

        Args:
            tracks: what is followed.
            image: H×W×3 uint8 BGR; not changed.
            pyramid: the same frame.
            time: of the frame, in seconds.

        Raises:
            InferenceError: the refiner failed.
        """
        for track in tracks:
            track.ensure_template(pyramid)
            if time - track.last_scored < _interval(track, time):
                continue
            probability, box = self._refiner.refine(image, track.refined_box)
            track.scored(probability / self._refiner.threshold, time)
            if self._confirmation.is_verified(track):
                track.verified(box, pyramid, time)


def _interval(track: Track, time: float) -> float:
    if track.state is TrackState.TENTATIVE:
        return 0.0
    return DETECTED_SECONDS if track.last_detected == time else MATCHED_SECONDS
