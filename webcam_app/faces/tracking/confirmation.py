"""When a track becomes a face that is shown, and when it is lost: all rules in one place.

With the refiner its scores decide, together with how often cascades see the face. Without it only the cascades do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.still import together
from webcam_app.faces.tracking.track import Track, TrackState


@dataclass(frozen=True, slots=True)
class ConfirmationRules:
    """The numbers behind the decisions.

    ``score`` is ``Track.score``: smoothed, and in units of the refiner's threshold. A track is *certain* where the
    probability behind it is at least ``certain_from``; it is *often* or *steadily* detected where it has so many
    detections, in such a share of its frames. It is confirmed where it is certain, where it is often detected with a
    score of ``confirm_from``, where it is steadily detected with a score of ``plausible_from``, or where the network
    for photographs proposes it again and again and is, together with the refiner, as certain as in a photograph.
    Prints on shirts and elbows come close to faces, but not for long.

    Attributes:
        reject_below: score below which a track is no face.
        certain_from: probability.
        confirm_from: score.
        often_detections: count.
        often_share: 0 to 1.
        plausible_from: score.
        steady_detections: count.
        steady_share: 0 to 1.
        undetected_certain_from: probability from which a proposal that no cascade sees again is confirmed, as many
            masked faces are.
        undetected_scores: scores that it needs.
        undetected_seconds: seconds since it was proposed that it needs: the errors of successive frames are alike.
        proposed_often: proposals of the photographs' network from which its log-odds count.
        proposed_seconds: seconds for which such a proposal says that the face is there.
        body_width: half the width of the body below a known face, in the face's sides. A track there that is no face of
            about the same size may be a print on a shirt: it is confirmed only if it is certain and steadily detected.
        body_top: how far below the face's centre the body begins, in the face's sides.
        body_height: how far below it the body ends.
        body_sizes: factor between the sizes up to which a track there is taken for a face beside.
        still_there_from: score from which a face that once was certain is still there; others need ``confirm_from``.
        rejected_seconds: seconds for which the box of a rejected track or proposal is not proposed again.
        tentative_seconds: longest time for which a track is tentative.
        tentative_undetected_seconds: longest time for which it is so without a detection.
        undecided_seconds: seconds for which the box of a track that stayed tentative so long is not proposed again.
        lost_seconds: seconds without anything that confirms a face after which it is lost.
        undetected_lost_seconds: seconds without a detection after which it is lost in any case.
        unrefined_detections: without a refiner, detections that confirm a track.
        unrefined_neighbors: without a refiner, raw windows that these must have in all.
        unrefined_correlation: without a refiner, correlation of the template that confirms a face.
        unrefined_lost_seconds: without a refiner, ``undetected_lost_seconds``.
    """

    reject_below: float = 0.4
    certain_from: float = 0.97
    confirm_from: float = 1.0
    often_detections: int = 4
    often_share: float = 0.6
    plausible_from: float = 0.75
    steady_detections: int = 12
    steady_share: float = 0.8
    undetected_certain_from: float = 0.99
    undetected_scores: int = 8
    undetected_seconds: float = 0.5
    proposed_often: int = 3
    proposed_seconds: float = 0.3
    body_width: float = 1.2
    body_top: float = 0.3
    body_height: float = 3.5
    body_sizes: float = 1.35
    still_there_from: float = 0.75
    rejected_seconds: float = 0.4
    tentative_seconds: float = 1.2
    tentative_undetected_seconds: float = 0.7
    undecided_seconds: float = 3.0
    lost_seconds: float = 0.3
    undetected_lost_seconds: float = 10.0
    unrefined_detections: int = 2
    unrefined_neighbors: int = 8
    unrefined_correlation: float = 0.8
    unrefined_lost_seconds: float = 1.0


class Decision(NamedTuple):
    """What becomes of a track.

    Attributes:
        state: its next state.
        reject_seconds: how long its box is not to be proposed again; 0 where it may be.
    """

    state: TrackState
    reject_seconds: float = 0.0


class Confirmation:
    """Decides about tracks by the rules; keeps nothing and changes nothing."""

    def __init__(
        self, threshold: float | None, rules: ConfirmationRules | None = None, *, least_log_odds: float = math.inf
    ) -> None:
        """Prepare.

        Args:
            threshold: probability from which the refiner takes a box for a face; None where there is no refiner.
            least_log_odds: log-odds of both networks together from which a proposal is a face in a photograph.
            rules: the numbers; None for the usual ones.
        """
        self.threshold = threshold
        self.rules = rules or ConfirmationRules()
        self._least_log_odds = least_log_odds

    def is_rejected(self, track: Track) -> bool:
        """Whether the refiner says that it is no face."""
        return track.score is not None and track.score < self.rules.reject_below and not self._is_proposed(track)

    def rejects_proposal(self, probability: float, log_odds: float = -math.inf) -> bool:
        """Whether a proposal is too unlikely even for a tentative track.

        Args:
            probability: the refiner's.
            log_odds: the photographs' network's, where it has seen it.
        """
        if self.threshold is None or probability >= self.rules.reject_below * self.threshold:
            return False
        return together(log_odds, probability) < self._least_log_odds

    def is_verified(self, track: Track) -> bool:
        """Whether the refiner's scores say that the face is there."""
        if self.threshold is None or track.score is None:
            return False
        was_certain = track.best_score >= self.rules.certain_from / self.threshold
        return track.score >= (self.rules.still_there_from if was_certain else self.rules.confirm_from)

    def is_present(self, track: Track, time: float) -> bool:
        """Whether the face is certain to be there by other means: a cascade, or without a refiner the template."""
        if self.is_rejected(track):
            return False
        matched = self.threshold is None and track.correlation >= self.rules.unrefined_correlation
        proposed = time - track.last_proposed <= self.rules.proposed_seconds and self._is_proposed_often(track)
        return track.last_detected == time or matched or proposed

    def _is_proposed(self, track: Track) -> bool:
        """Whether both networks together are as certain as a photograph asks for."""
        if self.threshold is None or track.score is None or track.log_odds is None:
            return False
        return together(track.log_odds, track.score * self.threshold) >= self._least_log_odds

    def _is_proposed_often(self, track: Track) -> bool:
        """Whether they are so again and again."""
        return track.proposals >= self.rules.proposed_often and self._is_proposed(track)

    def decide(self, track: Track, tracks: Sequence[Track], time: float, *, inside: bool) -> Decision:
        """What becomes of a tentative or confirmed track after this frame.

        Args:
            track: the track.
            tracks: all tracks of the frame: a face on another's body is held to more.
            time: of the frame, in seconds.
            inside: whether its centre is in the frame.
        """
        if track.state is TrackState.TENTATIVE:
            return self._decide_tentative(track, tracks, time)
        rules = self.rules
        undetected = rules.unrefined_lost_seconds if self.threshold is None else rules.undetected_lost_seconds
        there = time - track.last_confirmed <= rules.lost_seconds and time - track.last_detected <= undetected
        return Decision(TrackState.CONFIRMED if inside and there else TrackState.LOST)

    def _decide_tentative(self, track: Track, tracks: Sequence[Track], time: float) -> Decision:
        rules = self.rules
        if self.is_rejected(track):
            return Decision(TrackState.LOST, rules.rejected_seconds)
        if self._is_confirmed(track, tracks, time):
            return Decision(TrackState.CONFIRMED)
        if self.threshold is None:
            undetected = 0.0
        elif time - track.first_detected > rules.tentative_seconds:
            return Decision(TrackState.LOST, rules.undecided_seconds)
        else:
            undetected = rules.tentative_undetected_seconds
        return Decision(TrackState.TENTATIVE if time - track.last_detected <= undetected else TrackState.LOST)

    def _is_confirmed(self, track: Track, tracks: Sequence[Track], time: float) -> bool:
        rules = self.rules
        if self.threshold is None:
            return track.detections >= rules.unrefined_detections and track.neighbors >= rules.unrefined_neighbors
        if track.score is None:
            return False
        certain = track.score >= rules.certain_from / self.threshold
        steadily = _is_detected(track, rules.steady_detections, rules.steady_share)
        if is_on_body(track.box, tracks, rules):
            return certain and steadily
        if self._is_proposed_often(track):
            return True
        if track.detections == 1:
            certain = track.score >= rules.undetected_certain_from / self.threshold
            long_enough = time - track.first_detected >= rules.undetected_seconds
            return certain and track.scores >= rules.undetected_scores and long_enough
        often = _is_detected(track, rules.often_detections, rules.often_share)
        return (
            certain
            or (track.score >= rules.confirm_from and often)
            or (track.score >= rules.plausible_from and steadily)
        )


def is_on_body(box: FaceBox, tracks: Sequence[Track], rules: ConfirmationRules) -> bool:
    """Whether a box lies on the body below a known face and is too large or too small for a face beside it."""
    for track in tracks:
        if track.number is None:
            continue
        across, below = abs(box.x - track.box.x), box.y - track.box.y
        side = track.box.side
        if across < rules.body_width * side and rules.body_top * side < below < rules.body_height * side:
            return not 1 / rules.body_sizes < box.side / side < rules.body_sizes
    return False


def _is_detected(track: Track, detections: int, share: float) -> bool:
    return track.detections >= detections and track.detections >= share * track.frames
