"""What the strip shows of a file: a small picture of it, and how long it plays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtGui import QImage

from webcam_app.capture.pictures import read_thumbnail, shrunk
from webcam_app.capture.video import open_video
from webcam_app.errors import SourceError
from webcam_app.window.images import to_qimage


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
        return Poster(to_qimage(read_thumbnail(path, side)))
    source = open_video(path)
    try:
        frame = source.read()
        if frame is None:
            raise SourceError(f"{path.name} has no picture.")
        return Poster(to_qimage(shrunk(frame.image, side)), source.info.duration)
    finally:
        source.close()
