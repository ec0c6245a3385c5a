"""New faces: what the search of the whole frame proposes becomes tentative tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from webcam_app.capture.frame import Image
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection, FaceCascades
from webcam_app.faces.detection.eye_pairs import EyePairs
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.scan import GridScan
from webcam_app.faces.detection.sweep import Sweep
from webcam_app.faces.matching import shares_score
from webcam_app.faces.tracking.association import RejectedBoxes, is_new
from webcam_app.faces.tracking.confirmation import Confirmation
from webcam_app.faces.tracking.track import Track

# Proposals that are looked at in one frame, by the refiner or, without it, by two cascades.
REFINED_PROPOSALS = 10
CASCADE_PROPOSALS = 3
# Steps of the refiner for a proposal: the first corrects the box, the second scores what it led to.
STEPS = 2
# The cascades that look closer at a proposal: the cheapest two, by index.
CLOSER_CASCADES = (0, 1)


class Proposals(Protocol):
    """Finds new faces in a video."""

    def reset(self) -> None:
        """Forget the frames before."""

    def update(self, pyramid: Pyramid, time: float) -> bool:
        """Take the next frame; returns whether the scene was cut."""

    def start_tracks(
        self, image: Image, pyramid: Pyramid, time: float, tracks: Sequence[Track], rejected: RejectedBoxes
    ) -> list[Track]:
        """Search the frame that ``update`` took.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            pyramid: the same frame.
            time: of the frame, in seconds.
            tracks: the faces that are followed.
            rejected: what is no face; proposals that are none are added.

        Returns:
            New tentative tracks.

        Raises:
            InferenceError: a network failed.
        """


class RefinedProposals:
    """Proposals of cascades, eye pairs and the grid scan, scored by the refiner. Not thread-safe."""

    def __init__(self, cascades: FaceCascades, refiner: BoxRefiner, confirmation: Confirmation) -> None:
        """Load the eye cascade.

        Args:
            cascades: search the frame.
            refiner: scores and corrects what they propose.
            confirmation: says which scores are too low for a track.

        Raises:
            ModelError: the eye cascade is missing or damaged.
        """
        self._cascades, self._refiner, self._confirmation = cascades, refiner, confirmation
        self._sweep = Sweep(
            (cascades.frontal, cascades.enhanced),
            (cascades.alternative, cascades.profile, cascades.mirrored_profile, EyePairs()),
            neighbors=0,
        )
        self._scan = GridScan(refiner)

    def reset(self) -> None:
        """See ``Proposals.reset``."""
        self._sweep.reset()
        self._scan.reset()

    def update(self, pyramid: Pyramid, time: float) -> bool:
        """See ``Proposals.update``."""
        return self._sweep.update(pyramid, time)

    def start_tracks(
        self, image: Image, pyramid: Pyramid, time: float, tracks: Sequence[Track], rejected: RejectedBoxes
    ) -> list[Track]:
        """See ``Proposals.start_tracks``."""
        known = [track.box for track in tracks]
        detections = self._sweep.search(pyramid, known)
        # Masked faces that every cascade misses.
        scanned = self._scan.search(image, time, known, idle=self._sweep.idle)
        detections += [Detection(box, 0) for box in scanned]
        tried: list[FaceBox] = []
        started: list[Track] = []
        for detection in sorted(detections, key=lambda detection: -detection.neighbors):
            if len(tried) >= REFINED_PROPOSALS:
                break
            proposal = detection.box
            if not is_new(proposal, [*tracks, *started], rejected, time):
                continue
            if any(shares_score(proposal, box) for box in tried):
                continue
            tried.append(proposal)
            probability, box = self._refiner.refine(image, proposal, steps=STEPS)
            if self._confirmation.rejects_proposal(probability):
                continue
            if is_new(box, [*tracks, *started], rejected, time):
                started.append(self._start(box, probability, pyramid, time))
        # Raw windows of one face lie around it: only where none of them led to it is there no face.
        for box in [box for box in tried if is_new(box, [*tracks, *started], rejected, time)]:
            rejected.add(box, time + self._confirmation.rules.rejected_seconds)
        return started

    def _start(self, box: FaceBox, probability: float, pyramid: Pyramid, time: float) -> Track:
        track = Track(box, time)
        track.scored(probability / self._refiner.threshold, time)
        if probability >= self._refiner.threshold:
            # A cascade that sees it at a closer look lets it be shown at once.
            for cascade in CLOSER_CASCADES:
                detection = self._cascades[cascade].find_near(pyramid, box)
                if detection is not None:
                    track.anchor(detection, time, cascade)
                    break
        return track


class CascadeProposals:
    """Proposals of cascades alone, where there is no refiner. Not thread-safe."""

    def __init__(self, cascades: FaceCascades) -> None:
        """Prepare.

        Args:
            cascades: search the frame, and look closer at what they propose.
        """
        self._cascades = cascades
        self._sweep = Sweep((cascades.frontal, cascades.alternative), (cascades.profile, cascades.mirrored_profile))

    def reset(self) -> None:
        """See ``Proposals.reset``."""
        self._sweep.reset()

    def update(self, pyramid: Pyramid, time: float) -> bool:
        """See ``Proposals.update``."""
        return self._sweep.update(pyramid, time)

    def start_tracks(
        self, image: Image, pyramid: Pyramid, time: float, tracks: Sequence[Track], rejected: RejectedBoxes
    ) -> list[Track]:
        """See ``Proposals.start_tracks``."""
        detections = self._sweep.search(pyramid, [track.box for track in tracks])
        started: list[Track] = []
        for detection in sorted(detections, key=lambda detection: -detection.neighbors):
            if len(started) >= CASCADE_PROPOSALS:
                break
            if is_new(detection.box, [*tracks, *started], rejected, time):
                started.append(self._start(detection, pyramid, time))
        return started

    def _start(self, detection: Detection, pyramid: Pyramid, time: float) -> Track:
        track = Track(detection.box, time, neighbors=detection.neighbors)
        for cascade in CLOSER_CASCADES:
            closer = self._cascades[cascade].find_near(pyramid, detection.box)
            if closer is not None:
                track.detected_again(closer, cascade)
        track.take_template(pyramid)
        return track
