"""Which of the followed faces the classifier looks at in a frame; its predictions go into the tracks' labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from webcam_app.capture.frame import Image
from webcam_app.faces.box import FaceBox
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier, GlancingClassifier, predict_followed
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.prediction import TrackLabel

# Predictions that a new face gets in as many frames; more of the same second would say the same.
NEW_PREDICTIONS = 8
# Seconds between predictions: while the label is uncertain, when it is stable, and then where the network also sees
# masks, which come and go, or takes a single glance at a time, so that its six views are those of the last second.
UNCERTAIN_SECONDS = 0.1
STABLE_SECONDS = 0.35
OFTEN_SECONDS = 0.15
# Predictions in one frame, so that a crowd does not hold up the video: whoever waited longest comes first.
PREDICTIONS_PER_FRAME = 4
# In a video hands come before the mouth, and a mask is seen many times: it must be this likely, whatever the card asks
# of a photograph. With ``prediction.MASK_SECONDS`` a sure mask is called one after nine tenths of a second.
VIDEO_MASK_AT = 0.6
# A face that no cascade sees is turned, covered, or a little beside its box: its predictions weigh less.
UNDETECTED_WEIGHT = 0.4


class LabelledTrack(Protocol):
    """What a labeller needs of a track."""

    @property
    def label(self) -> TrackLabel | None:
        """Its label so far, None before ``start_label``."""

    @property
    def refined_box(self) -> FaceBox:
        """The box that is cropped."""

    @property
    def last_detected(self) -> float:
        """Time in seconds of the last frame in which a cascade saw it."""

    def start_label(self, card: ModelCard) -> TrackLabel:
        """Begin its label."""


class Labeller:
    """Gives tracks their labels. Not thread-safe."""

    def __init__(self, classifier: FaceClassifier, *, masks: bool = True) -> None:
        """Prepare.

        Args:
            classifier: the network.
            masks: whether masks are of interest, so that faces are looked at more often.
        """
        self.classifier = classifier
        at = classifier.card.mask_at
        self._video_card = classifier.card if at is None else replace(classifier.card, mask_at=max(at, VIDEO_MASK_AT))
        often = isinstance(classifier, GlancingClassifier) or (masks and classifier.card.mask_output)
        self._stable_seconds = OFTEN_SECONDS if often else STABLE_SECONDS

    @property
    def card(self) -> ModelCard:
        """The network's card."""
        return self.classifier.card

    def label(self, tracks: Sequence[LabelledTrack], image: Image, time: float, *, still: bool = False) -> None:
        """Add predictions to the labels of those tracks for which it is time.

        Args:
            tracks: the faces; where one has no label, or that of another network, one for videos is begun.
            image: H×W×3 uint8 BGR; not changed.
            time: the frame's time in seconds.
            still: the image is a photograph: all faces are looked at, as thoroughly as the classifier can, not some of
                them in passing.

        Raises:
            InferenceError: the network failed.
        """
        due = []
        for track in tracks:
            label = track.label
            if label is None or not self._understands(label):
                label = track.start_label(self._video_card)
            if time - label.last_predicted >= self._interval(label):
                due.append((label, track))
        due.sort(key=lambda entry: entry[0].last_predicted)
        card = self.card
        for label, track in due[: None if still else PREDICTIONS_PER_FRAME]:
            try:
                crop = crop_face(image, track.refined_box.rounded, card.input_size, card.crop)
            except ValueError:  # the face has left the picture
                continue
            weight = 1.0 if track.last_detected == time else UNDETECTED_WEIGHT
            prediction = (
                self.classifier.classify([crop])[0] if still else predict_followed(self.classifier, crop, label.seen)
            )
            label.add(prediction, time, weight)

    def _understands(self, label: TrackLabel) -> bool:
        """Whether it is a label of this network, not of one that was used before."""
        return (label.card.sha256, label.card.labels) == (self.card.sha256, self.card.labels)

    def _interval(self, label: TrackLabel) -> float:
        if label.predictions < NEW_PREDICTIONS:
            return 0.0
        return self._stable_seconds if label.is_stable else UNCERTAIN_SECONDS
