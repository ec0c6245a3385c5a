"""A picture that is taken as a face crop, because no face was found in it."""

from __future__ import annotations

from webcam_app.capture.frame import Image
from webcam_app.faces.face import Box, Face
from webcam_app.faces.labelling.classifier import FaceClassifier
from webcam_app.faces.labelling.crop import CropSpec, crop_face
from webcam_app.faces.labelling.prediction import TrackLabel

# Pictures that were cut around a face show about what the network was trained on, so nothing is cut off or added.
WHOLE = CropSpec(scale=1.0, shift_down=0.0)


class WholeImage:
    """Labels pictures as they are."""

    def __init__(self, classifier: FaceClassifier) -> None:
        """Prepare.

        Args:
            classifier: the network.
        """
        self._classifier = classifier

    def label(self, image: Image) -> Face:
        """The one face that the picture is taken for.

        Args:
            image: H×W×3 uint8 BGR; one that is not square is made so by repeating its edges.

        Raises:
            InferenceError: the network failed.
        """
        card = self._classifier.card
        height, width = image.shape[:2]
        box = Box(0, 0, width, height)
        track_label = TrackLabel(card)
        track_label.add(self._classifier.classify([crop_face(image, box, card.input_size, WHOLE)])[0], 0.0)
        return Face(
            box, 1, track_label.label, track_label.probabilities, track_label.mask, track_label.masked, detected=False
        )
