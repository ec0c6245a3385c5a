"""One face that is followed from frame to frame, and the states that it goes through.

A track is tentative until there is enough to show it, then confirmed, and lost when it is not followed any more. It
changes only through the methods here, which keep its counts and times together. State and vocabulary are those of
Deep SORT (Wojke et al. 2017).
"""

from __future__ import annotations

import enum
import math

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.faces.tracking.motion import Motion
from webcam_app.faces.tracking.template import Template

# How far one refined box moves the offset between the refiner's box and the cascade's, 0 to 1.
ALIGNMENT_SHARE = 0.5
# How far one refined box moves a track that no cascade sees, and how much of its template it replaces, 0 to 1.
CORRECTION_SHARE = 0.3
# How far a new score moves the smoothed one, 0 to 1.
SCORE_SHARE = 0.4
# How far a second detection in the first frame moves the box, 0 to 1; the first of them gives its centre.
SECOND_DETECTION_SHARE = 0.5
_UNIT = FaceBox(0, 0, 1)


class TrackState(enum.Enum):
    """What a track is in its life; it never goes back."""

    TENTATIVE = "tentative"
    """May be a face; not shown."""
    CONFIRMED = "confirmed"
    """Is a face, and has a number."""
    LOST = "lost"
    """Is not followed any more."""


class Track:
    """A face, or what may be one. Times are those of frames, in seconds."""

    def __init__(self, box: FaceBox, time: float, *, neighbors: int = 0) -> None:
        """Start a tentative track at its first detection.

        Args:
            box: where it is.
            time: of the frame, in seconds.
            neighbors: raw windows that agreed.
        """
        self._motion = Motion(box, time)
        self._refined_offset: FaceBox | None = None
        self._template: Template | None = None
        self._correlation = 1.0
        self._state = TrackState.TENTATIVE
        self._number: int | None = None
        self._label: TrackLabel | None = None
        self._first_detected = self._last_detected = self._last_searched = time
        self._last_confirmed = self._last_scored = -math.inf
        self._lost_at = math.inf
        self._frames = self._detections = 1
        self._neighbors = neighbors
        self._cascade = self._missed_searches = self._scores = 0
        self._score: float | None = None
        self._log_odds: float | None = None
        self._proposals = 0
        self._last_proposed = -math.inf
        self._best_score = 0.0

    @property
    def state(self) -> TrackState:
        """Tentative, confirmed or lost."""
        return self._state

    @property
    def number(self) -> int | None:
        """The face's number, from 1; None before it is confirmed. A lost track keeps its own."""
        return self._number

    @property
    def label(self) -> TrackLabel | None:
        """What is known about the face's label; None before ``start_label``."""
        return self._label

    @property
    def box(self) -> FaceBox:
        """Where it is, as the frontal cascade draws it."""
        return self._motion.box

    @property
    def refined_box(self) -> FaceBox:
        """Where it is, as the refiner draws it, in videos as in photographs: the box for people and for labelling."""
        return self.box if self._refined_offset is None else self._refined_offset.within(self.box)

    @property
    def first_detected(self) -> float:
        """Time of the first detection."""
        return self._first_detected

    @property
    def last_detected(self) -> float:
        """Time of the last frame in which a cascade saw it."""
        return self._last_detected

    @property
    def last_searched(self) -> float:
        """Time of the last frame in which a cascade searched for it."""
        return self._last_searched

    @property
    def last_confirmed(self) -> float:
        """Time at which it was last certain to be there; minus infinity before."""
        return self._last_confirmed

    @property
    def last_scored(self) -> float:
        """Time of the last score; minus infinity before the first."""
        return self._last_scored

    @property
    def lost_at(self) -> float:
        """Time at which it was lost; infinity before."""
        return self._lost_at

    @property
    def frames(self) -> int:
        """Frames in which it was followed, the first included."""
        return self._frames

    @property
    def detections(self) -> int:
        """How often a cascade has seen it."""
        return self._detections

    @property
    def neighbors(self) -> int:
        """Raw windows of those detections, summed."""
        return self._neighbors

    @property
    def cascade(self) -> int:
        """Index of the cascade that saw it last."""
        return self._cascade

    @property
    def missed_searches(self) -> int:
        """Searches since the last detection that found nothing."""
        return self._missed_searches

    @property
    def score(self) -> float | None:
        """The refiner's score in units of its threshold, so that 1 is a face; smoothed. None before the first."""
        return self._score

    @property
    def best_score(self) -> float:
        """The highest of that so far."""
        return self._best_score

    @property
    def scores(self) -> int:
        """How often it was scored."""
        return self._scores

    @property
    def log_odds(self) -> float | None:
        """The photographs' network's log-odds that a face is there; smoothed. None before the first."""
        return self._log_odds

    @property
    def proposals(self) -> int:
        """How often that network has proposed it."""
        return self._proposals

    @property
    def last_proposed(self) -> float:
        """Time at which it last did so; minus infinity before the first."""
        return self._last_proposed

    @property
    def correlation(self) -> float:
        """How well its template matched in the last frame, -1 to 1; 1 where a cascade saw it."""
        return self._correlation

    def predict(self, time: float) -> FaceBox:
        """Where the face should be at a time, in seconds, by its velocity."""
        return self._motion.predict(time)

    def count_search(self, time: float) -> None:
        """A cascade searches for it in this frame; ``detected`` follows if it finds it."""
        self._last_searched = time
        self._missed_searches += 1

    def detected(self, detection: Detection, time: float, cascade: int) -> None:
        """A cascade has found the face.

        Args:
            detection: where, and how many windows agreed.
            time: of the frame, in seconds.
            cascade: index of the cascade.
        """
        self._require_followed()
        self._frames += time > self._motion.time
        self._motion.detected(detection.box, time)
        self._last_detected = time
        self._detections += 1
        self._neighbors += detection.neighbors
        self._cascade = cascade
        self._missed_searches = 0
        self._correlation = 1.0

    def detected_again(self, detection: Detection, cascade: int) -> None:
        """Another cascade has found the face too, in the frame of its first detection."""
        first = self._detections == 1
        self._motion.move(self.box.toward(detection.box, 1.0 if first else SECOND_DETECTION_SHARE, 0.5))
        self._cascade = cascade if first else min(self._cascade, cascade)
        self._detections += 1
        self._neighbors += detection.neighbors

    def anchor(self, detection: Detection, time: float, cascade: int) -> None:
        """A cascade has found a new face that was only known by its refined box: both boxes are known now."""
        refined = self.box
        self.detected(detection, time, cascade)
        self._motion.move(detection.box)
        self.align(refined)

    def matched(self, box: FaceBox, time: float, correlation: float) -> None:
        """No cascade has found the face; this is where its template matches best.

        Args:
            box: where.
            time: of the frame, in seconds.
            correlation: how well it matches, -1 to 1.
        """
        self._require_followed()
        self._frames += time > self._motion.time
        self._motion.matched(box, time, correlation)
        self._correlation = correlation

    def scored(self, score: float, time: float) -> float:
        """The refiner has scored it.

        Args:
            score: in units of the refiner's threshold.
            time: of the frame, in seconds.

        Returns:
            The smoothed score.
        """
        self._scores += 1
        self._score = score if self._score is None else self._score + (score - self._score) * SCORE_SHARE
        self._last_scored = time
        self._best_score = max(self._best_score, self._score)
        return self._score

    def proposed(self, log_odds: float, time: float) -> None:
        """The photographs' network sees a face there too.

        Args:
            log_odds: how certain it is.
            time: of the frame, in seconds.
        """
        before = log_odds if self._log_odds is None else self._log_odds
        self._log_odds = before + (log_odds - before) * SCORE_SHARE
        self._proposals += 1
        self._last_proposed = time

    def verified(self, box: FaceBox, pyramid: Pyramid, time: float) -> None:
        """The refiner has scored it high enough to confirm that it is there.

        Args:
            box: the refined box.
            pyramid: the frame.
            time: of the frame, in seconds.
        """
        self.reconfirm(time)
        if self._last_detected == time:
            self.align(box)
            return
        self.correct(box, CORRECTION_SHARE)
        now = Template.take(pyramid, self.box)
        self._template = now if self._template is None else self._template.blend(now, CORRECTION_SHARE)

    def reconfirm(self, time: float) -> None:
        """It is certain that the face is there at this time."""
        self._last_confirmed = time

    def align(self, box: FaceBox) -> None:
        """Learn how the refiner draws the face, from its box in a frame in which a cascade saw the face too."""
        offset = box.relative_to(self.box)
        self._refined_offset = (
            offset
            if self._refined_offset is None
            else self._refined_offset.toward(offset, ALIGNMENT_SHARE, ALIGNMENT_SHARE)
        )

    def correct(self, box: FaceBox, share: float) -> None:
        """Move towards where the refiner sees the face, in a frame in which no cascade does.

        Args:
            box: the refined box.
            share: how much of the way to go, 0 to 1.
        """
        if self._refined_offset is not None:  # where the cascade would draw it
            box = _UNIT.relative_to(self._refined_offset).within(box)
        self._motion.move(self.box.toward(box, share, share))

    def take_template(self, pyramid: Pyramid) -> None:
        """Remember what the face looks like in this frame."""
        self._template = Template.take(pyramid, self.box)

    def ensure_template(self, pyramid: Pyramid) -> None:
        """The same, unless there is a template already."""
        if self._template is None:
            self.take_template(pyramid)

    def match_template(self, pyramid: Pyramid, box: FaceBox) -> tuple[FaceBox, float]:
        """Where around a box the template matches best, and the correlation there; ``box`` and 0 without a template."""
        return (box, 0.0) if self._template is None else self._template.find(pyramid, box)

    def start_label(self, card: ModelCard) -> TrackLabel:
        """Begin to gather predictions for its label, with the thresholds of a card."""
        self._label = TrackLabel(card)
        return self._label

    def confirm(self, number: int) -> None:
        """The tentative track is a face, with a new number from 1."""
        self._require(TrackState.TENTATIVE)
        if number < 1:
            raise ValueError(f"a track's number is 1 or more, not {number}")
        self._state, self._number = TrackState.CONFIRMED, number

    def inherit(self, lost: Track) -> None:
        """The tentative track is a face that was lost before: it takes over the number and the label."""
        lost._require(TrackState.LOST)
        if lost._number is None:
            raise ValueError("a track that was never confirmed has no number to inherit")
        self.confirm(lost._number)
        self._label = lost._label

    def lose(self, time: float) -> None:
        """It is not followed any more from this time on."""
        self._require_followed()
        self._state, self._lost_at = TrackState.LOST, time

    def _require(self, state: TrackState) -> None:
        if self._state is not state:
            raise RuntimeError(f"the track is {self._state.value}, not {state.value}")

    def _require_followed(self) -> None:
        if self._state is TrackState.LOST:
            raise RuntimeError("the track is lost")
