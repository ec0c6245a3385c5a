"""What the strip shows of a file: a small picture of it, and how long it plays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PyQt5.QtGui import QImage

from webcam_app.capture.frame import Image
from webcam_app.capture.pictures import read_thumbnail
from webcam_app.capture.video import open_video
from webcam_app.errors import SourceError


@dataclass(frozen=True)
class Poster:
    """A file in small.

    Attributes:
        image: its picture, or the first one of a video.
        seconds: how long a video plays; None for a picture, and where the file does not say.
    """

    image: QImage
    seconds: float | None = None


def read_poster(path: Path, side: int, *, video: bool) -> Poster:
    """Read what is shown of a file. Of a video the head and the first frame are read, however long it is.

    Args:
        path: a regular file.
        side: of the square that it is to fit in, in pixels; a smaller picture keeps its size.
        video: whether it is a video.

    Raises:
        SourceError, PictureError: why it cannot be read, in one line.
    """
    if not video:
        return Poster(_wrapped(read_thumbnail(path, side)))
    source = open_video(path)
    try:
        frame = source.read()
        if frame is None:
            raise SourceError(f"{path.name} has no picture.")
        return Poster(_wrapped(_reduced(frame.image, side)), source.info.duration)
    finally:
        source.close()


def _reduced(image: Image, side: int) -> Image:
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _wrapped(image: Image) -> QImage:
    height, width = image.shape[:2]
    # The conversion copies: the array's memory is not needed after it.
    return QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_BGR888).convertToFormat(
        QImage.Format.Format_RGB32
    )
