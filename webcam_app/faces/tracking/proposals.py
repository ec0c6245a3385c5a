"""New faces: what the search of the whole frame proposes becomes tentative tracks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from webcam_app.capture.frame import Image
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection, FaceCascades
from webcam_app.faces.detection.eye_pairs import EyePairs
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.scan import NetworkScan
from webcam_app.faces.detection.still import Proposal
from webcam_app.faces.detection.still_network import StillNetwork
from webcam_app.faces.detection.sweep import Sweep
from webcam_app.faces.matching import is_same_detection, shares_score
from webcam_app.faces.tracking.association import RejectedBoxes, is_new
from webcam_app.faces.tracking.confirmation import Confirmation
from webcam_app.faces.tracking.track import Track

# Proposals that are looked at in one frame, by the refiner or, without it, by two cascades.
REFINED_PROPOSALS = 10
CASCADE_PROPOSALS = 3
# Steps of the refiner for a proposal: the first corrects the box, the second scores what it led to.
STEPS = 2
# Seconds from a change to its search by the frontal cascade, where the photographs' network searches everything too.
FIND_WITH_NETWORK = 0.4
# Log-odds of the photographs' network from which its proposals are looked at in a video.
LEAST_SCANNED = 0.5
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
    """Proposals of cascades and of the photographs' network, scored by the refiner. Not thread-safe."""

    def __init__(
        self, cascades: FaceCascades, refiner: BoxRefiner, confirmation: Confirmation, network: StillNetwork | None
    ) -> None:
        """Prepare.

        Args:
            cascades: search the frame.
            refiner: scores and corrects what they propose.
            confirmation: says which scores are too low for a track.
            network: finds the masked and turned faces that the cascades miss; None leaves that to them.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        self._cascades, self._refiner, self._confirmation = cascades, refiner, confirmation
        if network is None:
            quick = (cascades.frontal, cascades.enhanced)
            slow = (cascades.alternative, cascades.profile, cascades.mirrored_profile, EyePairs())
            self._sweep = Sweep(quick, slow, neighbors=0)
            self._scan = None
        else:
            self._sweep = Sweep((cascades.frontal,), (), neighbors=0, find_seconds=(FIND_WITH_NETWORK,))
            self._scan = NetworkScan(network)

    def reset(self) -> None:
        """See ``Proposals.reset``."""
        self._sweep.reset()
        if self._scan is not None:
            self._scan.reset()

    def update(self, pyramid: Pyramid, time: float) -> bool:
        """See ``Proposals.update``."""
        return self._sweep.update(pyramid, time)

    def start_tracks(
        self, image: Image, pyramid: Pyramid, time: float, tracks: Sequence[Track], rejected: RejectedBoxes
    ) -> list[Track]:
        """See ``Proposals.start_tracks``."""
        detections = self._sweep.search(pyramid, [track.box for track in tracks])
        scanned = self._scan_frame(image, time, tracks)
        detections += [Detection(proposal.box, 0) for proposal in scanned]
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
            seen = max((other.log_odds for other in scanned if is_same_detection(other.box, box)), default=-math.inf)
            if self._confirmation.rejects_proposal(probability, seen):
                continue
            if is_new(box, [*tracks, *started], rejected, time):
                started.append(self._start(box, probability, pyramid, time))
                if seen > -math.inf:
                    started[-1].proposed(seen, time)
        # Raw windows of one face lie around it: only where none of them led to it is there no face.
        for box in [box for box in tried if is_new(box, [*tracks, *started], rejected, time)]:
            rejected.add(box, time + self._confirmation.rules.rejected_seconds)
        return started

    def _scan_frame(self, image: Image, time: float, tracks: Sequence[Track]) -> list[Proposal]:
        """What the photographs' network sees that is not followed yet; what is followed is told of it."""
        if self._scan is None:
            return []
        unknown = []
        for proposal in self._scan.search(image, time):
            if proposal.log_odds < LEAST_SCANNED:
                continue
            track = next((track for track in tracks if is_same_detection(track.refined_box, proposal.box)), None)
            if track is None:
                unknown.append(proposal)
            else:
                track.proposed(proposal.log_odds, time)
        return unknown

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
