"""Animated pictures as videos: GIF, PNG, WebP and AVIF."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.formats.colour import to_bgr
from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.orientation import apply_orientation, exif_turn
from webcam_app.capture.pictures import MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS
from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.capture.text import printable
from webcam_app.errors import SourceLostError, first_line

if TYPE_CHECKING:
    import PIL.Image

# Others with several pictures (TIFF, MPO, icons) hold pages or views of one thing.
ANIMATED_FORMATS = ("GIF", "PNG", "WEBP", "AVIF")
# Browsers show for a tenth of a second what says that it lasts no longer than this: many files say 0.
LEAST_SECONDS = 0.010
SECONDS_INSTEAD = 0.1
_ORIENTATION_TAG = 0x0112


def open_animation(path: Path, *, loop: bool = False) -> AnimationSource | None:
    """Open a picture file as a video.

    Args:
        path: a regular file.
        loop: begin again at the end; else it is played once, whatever the file says.

    Returns:
        None where it is no animation, or one that cannot be read: read as a picture, it says why.
    """
    import PIL.Image

    try:
        if path.stat().st_size > MAX_PICTURE_BYTES:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that nobody asked for
            PIL.Image.init()
            known = [name for name in ANIMATED_FORMATS if name in PIL.Image.OPEN]
            picture = PIL.Image.open(path, formats=known)
            try:
                if getattr(picture, "n_frames", 1) > 1 and picture.width * picture.height <= MAX_PICTURE_PIXELS:
                    return AnimationSource(path, picture, loop=loop)
            except BaseException:
                picture.close()
                raise
            picture.close()
    except Exception:  # damaged files make Pillow's plug-ins raise nearly anything
        return None
    return None


class AnimationSource(GuardedSource):
    """The pictures of an animation, whole, on white where they are transparent, each at its time."""

    def __init__(self, path: Path, picture: PIL.Image.Image, *, loop: bool = False) -> None:
        """Read the first picture.

        Args:
            path: the file.
            picture: it, open; this closes it.
            loop: begin again at the end.

        Raises:
            Exception: whatever Pillow raises of a damaged file.
        """
        super().__init__()
        self._picture, self._loop = picture, loop
        self._name = printable(path)
        # A PNG may have a picture for programs that know no animation, which is no part of it.
        self._begin = int(bool(getattr(picture, "default_image", False)))
        self._count = int(getattr(picture, "n_frames", 1))
        self._turn = exif_turn(picture.getexif().get(_ORIENTATION_TAG, 1))
        self._next, self._index, self._time = self._begin, 0, 0.0
        self._ahead: Image | None = self._load(self._begin)
        height, width = self._ahead.shape[:2]
        self._info = SourceInfo(
            kind=SourceKind.FILE,
            name=printable(path.name),
            spec=str(path),
            width=width,
            height=height,
            fps=1.0 / self._seconds(),
            frame_count=None if loop else self._count - self._begin,
        )

    @property
    def info(self) -> SourceInfo:
        """The rate is that of the first picture; the length is known at the end only."""
        return self._info

    def _read(self) -> Frame | None:
        if self._next >= self._count:
            if not self._loop:
                return None
            self._next = self._begin
        image, self._ahead = self._ahead, None
        if image is None:
            try:
                image = self._load(self._next)
            except Exception as error:  # damaged files make Pillow's plug-ins raise nearly anything
                reason = printable(first_line(error)).rstrip(".")
                count = self._next - self._begin
                raise SourceLostError(f"{self._name} is damaged after {count} pictures: {reason}.") from None
        self.frame_seconds = self._seconds()
        frame = Frame(image, self._index, self._time, time.monotonic())
        self._next, self._index, self._time = self._next + 1, self._index + 1, self._time + self.frame_seconds
        return frame

    def _load(self, number: int) -> Image:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._picture.seek(number)
            self._picture.load()
            return apply_orientation(to_bgr(self._picture), self._turn)

    def _seconds(self) -> float:
        """How long the picture loaded last is shown."""
        stated = float(self._picture.info.get("duration") or 0) / 1000
        return stated if stated > LEAST_SECONDS else SECONDS_INSTEAD

    def _release(self) -> None:
        self._picture.close()
