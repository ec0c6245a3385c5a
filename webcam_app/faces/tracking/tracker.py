"""The faces of each frame: known ones are followed, new ones are searched, confirmed and numbered."""

from __future__ import annotations

import math

from webcam_app.capture.frame import Image
from webcam_app.faces.detection.cascades import FaceCascades
from webcam_app.faces.detection.dissolves import Dissolves
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.still_network import StillNetwork
from webcam_app.faces.tracking.association import LostTracks, RejectedBoxes, merge_duplicates
from webcam_app.faces.tracking.confirmation import Confirmation
from webcam_app.faces.tracking.following import Follower
from webcam_app.faces.tracking.former_looks import FormerLooks
from webcam_app.faces.tracking.interruptions import Interruptions
from webcam_app.faces.tracking.proposals import CascadeProposals, Proposals, RefinedProposals
from webcam_app.faces.tracking.scoring import TrackScorer
from webcam_app.faces.tracking.track import Track, TrackState

# Frames after which an image that does not change has been searched by all cascades.
STILL_FRAMES = 12


class FaceTracker:
    """Finds and follows faces. Not thread-safe."""

    def __init__(self, refiner: BoxRefiner | None, network: StillNetwork | None = None) -> None:
        """Load the cascades.

        Args:
            refiner: the network that tells faces from false positives. None: what the cascades see twice is a face.
            network: the photographs' detector, which finds masked and turned faces; used with a refiner only. None
                leaves that to the cascades.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        cascades = FaceCascades.load()
        self._confirmation = Confirmation(
            None if refiner is None else refiner.threshold,
            least_log_odds=math.inf if network is None else network.card.thresholds.face,
        )
        self._follower = Follower(cascades)
        self._scorer = None if refiner is None else TrackScorer(refiner, self._confirmation)
        self._proposals: Proposals = (
            CascadeProposals(cascades)
            if refiner is None
            else RefinedProposals(cascades, refiner, self._confirmation, network)
        )
        self._next_number = 1
        self._tracks: list[Track] = []
        self._lost, self._rejected = LostTracks(), RejectedBoxes()
        self._interruptions = Interruptions()
        self._dissolves, self._looks = Dissolves(), FormerLooks()

    def reset(self) -> None:
        """Forget all faces. Numbers go on counting."""
        self._proposals.reset()
        self._tracks = []
        self._lost.clear()
        self._rejected.clear()
        self._interruptions.clear()
        self._dissolves.clear()
        self._looks.clear()

    def update(self, image: Image, pyramid: Pyramid, time: float) -> list[Track]:
        """Find the faces of the next frame.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            pyramid: the same frame.
            time: of the frame, in seconds; not before that of the last.

        Returns:
            The confirmed tracks, oldest first.

        Raises:
            InferenceError: the refiner failed.
        """
        cut = self._proposals.update(pyramid, time)
        back = self._interruptions.update(pyramid, [*self._tracks, *self._lost.all], cut=cut)
        if cut or self._interruptions.blank:
            self._lost.clear()
        if cut:
            self._rejected.clear()
            self._dissolves.clear()
            self._looks.clear()
        for track in back:
            self._lost.add(track)
        self._lost.expire(time)
        self._rejected.expire(time)
        followed = self._follower.follow(self._tracks, pyramid, time, cut=cut)
        self._tracks = merge_duplicates(followed, time)
        self._end_dissolved(pyramid, time)
        self._tracks += self._proposals.start_tracks(image, pyramid, time, self._tracks, self._rejected)
        if self._scorer is not None:
            self._scorer.score(self._tracks, image, pyramid, time)
        self._update_states(pyramid, time)
        self._looks.note(self._tracks, pyramid, time)
        confirmed = [track for track in self._tracks if track.state is TrackState.CONFIRMED]
        return sorted(confirmed, key=lambda track: track.number or 0)

    def find_once(self, image: Image) -> list[Track]:
        """The faces of an image by itself; all faces that were followed are forgotten.

        Args:
            image: H×W×3 uint8 BGR; not changed.
        """
        pyramid = Pyramid.of(image)
        self.reset()
        for time in range(STILL_FRAMES):
            tracks = self.update(image, pyramid, float(time))
        return tracks

    def _end_dissolved(self, pyramid: Pyramid, time: float) -> None:
        """Where the picture has dissolved into another one, faces that have become others have nothing from before."""
        since = self._dissolves.update(pyramid, time)
        if since is None:
            return
        self._lost.clear()
        for track in self._looks.changed(self._tracks, pyramid, since):
            track.lose(time)
            self._tracks.remove(track)
        for track in self._tracks:
            if track.first_detected > since:  # what it was seen as was a mixture
                track.forget_label()

    def _update_states(self, pyramid: Pyramid, time: float) -> None:
        """Confirm or lose each track, as the rules say."""
        kept = []
        for track in self._tracks:
            if self._confirmation.is_present(track, time):
                track.reconfirm(time)
            inside = 0 <= track.box.x < pyramid.width and 0 <= track.box.y < pyramid.height
            state, reject_seconds = self._confirmation.decide(track, self._tracks, time, inside=inside)
            if reject_seconds:
                self._rejected.add(track.box, time + reject_seconds)
            if state is TrackState.LOST:
                self._lose(track, time)
                continue
            if state is TrackState.CONFIRMED and track.state is TrackState.TENTATIVE:
                self._confirm(track)
            kept.append(track)
        self._tracks = kept

    def _lose(self, track: Track, time: float) -> None:
        track.lose(time)
        if track.number is not None:
            self._lost.add(track)

    def _confirm(self, track: Track) -> None:
        """With the number of the lost face that it may be, else with a new one."""
        returned = self._lost.take_match(track.box)
        if returned is not None:
            track.inherit(returned)
            return
        track.confirm(self._next_number)
        self._next_number += 1
