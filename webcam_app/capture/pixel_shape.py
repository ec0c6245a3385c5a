"""Pixels that are not square: pictures of DV, DVD and broadcasts are stored narrower or wider than they are shown."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from webcam_app.capture.frame import Image, StoredPicture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

SQUARE = Fraction(1)
# A pixel of another shape than between these is a mistake in the file.
LEAST_ASPECT, MOST_ASPECT = Fraction(1, 10), Fraction(10)
# Pixels that are off by less are rounding errors of whoever wrote the file; nobody sees it.
NEARLY_SQUARE = 0.01
# No side is enlarged beyond this; the other is made smaller instead.
MAX_SIDE = 8192


class PixelShape:
    """The shape of a video's pixels, which may change on the way. One thread uses it."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        """Ask the container and, where that says nothing, the first pictures."""
        self._context = stream.codec_context
        self._stated = _sensible(stream.sample_aspect_ratio)
        self._first = self._context.sample_aspect_ratio
        self._aspect = self._stated

    def aspect(self, frame: VideoFrame) -> Fraction:
        """Width over height of a pixel of the picture decoded last, as it is stored.

        What the container says stands before what the pictures say, until these say something else than at first: then
        the broadcast has switched. It does so at a key frame; a decoder that puts pictures in order knows of it before.
        """
        if frame.key_frame:
            now = self._context.sample_aspect_ratio
            self._aspect = self._stated if now == self._first else _sensible(now)
        return self._aspect


def square_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Width and height in square pixels. One side grows, so that nothing is lost.

    Args:
        width: as stored, in pixels.
        height: as stored.
        aspect: width over height of a pixel.
    """
    if abs(aspect - 1) < NEARLY_SQUARE:
        return width, height
    wide, high = max(1, round(width * aspect)), max(1, round(height / aspect))
    if aspect > 1:
        return (wide, height) if wide <= MAX_SIDE else (width, high)
    return (width, high) if high <= MAX_SIDE else (wide, height)


def squared(image: Image, aspect: Fraction) -> tuple[Image, StoredPicture | None]:
    """A picture in square pixels, and as it is stored, which is None where that is the same.

    Args:
        image: H×W×3 uint8 BGR, upright; not changed.
        aspect: width over height of its pixels.
    """
    if aspect == SQUARE:
        return image, None
    height, width = image.shape[:2]
    size = square_size(width, height, aspect)
    if size == (width, height):
        return image, StoredPicture(image, aspect)
    shrinks = size[0] < width or size[1] < height
    square = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(square, np.uint8), StoredPicture(image, aspect)


def _sensible(aspect: Fraction | None) -> Fraction:
    return aspect if aspect is not None and LEAST_ASPECT < aspect < MOST_ASPECT else SQUARE
