"""Pictures for Qt."""

from __future__ import annotations

from PyQt5.QtGui import QImage

from webcam_app.capture.frame import Image


def to_qimage(image: Image) -> QImage:
    """A copy of a picture, in the form that is painted fastest.

    Args:
        image: H×W×3 uint8 BGR; its memory is not needed after that.
    """
    height, width = image.shape[:2]
    wrapped = QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_BGR888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)
