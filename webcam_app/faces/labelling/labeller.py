"""Which of the followed faces the network looks at in a frame, and what is made of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from webcam_app.capture.frame import Image
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.faces.labelling.crop import crop_face
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.faces.tracking.track import Track

# Looks that a face gets in as many frames when it is new; more of the same second would say the same.
NEW_LOOKS = 8
# Seconds from one look to the next: while the label is uncertain, when it is settled, and when the network also sees
# masks, which come and go.
UNCERTAIN_SECONDS = 0.1
SETTLED_SECONDS = 0.35
MASK_SECONDS = 0.15
# Looks of one frame, so that a crowd does not stop the picture: whoever waited longest comes first.
LOOKS_PER_FRAME = 4
# In a video hands come before the mouth, and a mask is seen many times: it must be this likely, whatever the card asks
# of a photograph. With ``evidence.MASK_SECONDS`` a sure mask is called one after nine tenths of a second.
VIDEO_MASK_AT = 0.6
# A face that no cascade sees is turned, covered, or a little beside its box: its looks count for less.
CARRIED_WEIGHT = 0.4


class Labeller:
    """Gives the tracks their evidence. Not thread-safe."""

    def __init__(self, classifier: FaceClassifier, *, masks: bool = True) -> None:
        """Prepare.

        Args:
            classifier: the network.
            masks: whether somebody wants to know about masks, so that they are looked for more often.
        """
        self.classifier = classifier
        at = classifier.card.mask_at
        self._video_card = classifier.card if at is None else replace(classifier.card, mask_at=max(at, VIDEO_MASK_AT))
        self._settled_seconds = MASK_SECONDS if masks and classifier.card.mask_output else SETTLED_SECONDS

    @property
    def card(self) -> ModelCard:
        """The network's card."""
        return self.classifier.card

    def label(self, tracks: Sequence[Track], image: Image, time: float) -> None:
        """Look at those faces for which it is time.

        Args:
            tracks: the faces; their ``evidence`` is added to, and made for a video where there is none.
            image: H×W×3 uint8 BGR; not changed.
            time: the frame's time in seconds.

        Raises:
            InferenceError: the network failed.
        """
        due = []
        for track in tracks:
            if track.evidence is None:
                track.evidence = TrackLabel(self._video_card)
            if time - track.evidence.last_look >= self._interval(track.evidence):
                due.append((track.evidence.last_look, track.evidence, track))
        due.sort(key=lambda entry: entry[0])
        card = self.card
        for _, evidence, track in due[:LOOKS_PER_FRAME]:
            try:
                crop = crop_face(image, track.framed.box, card.input_size, card.crop)
            except ValueError:  # the face has left the picture
                continue
            weight = 1.0 if track.sighted == time else CARRIED_WEIGHT
            evidence.add(self.classifier.classify([crop])[0], time, weight)

    def _interval(self, evidence: TrackLabel) -> float:
        if evidence.looks < NEW_LOOKS:
            return 0.0
        return self._settled_seconds if evidence.settled else UNCERTAIN_SECONDS
