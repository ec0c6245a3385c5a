"""Back from the square pixels in which faces are sought and drawn to those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np

from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.pixel_shape import square_size
from webcam_app.faces.face import Box, Face
from webcam_app.output.h264 import letterbox


def drawn_in_stored_pixels(drawn: Image, frame: Frame) -> Image:
    """A picture with an overlay in the file's own pixels. Where nothing was drawn, it is what was in the file.

    Args:
        drawn: H×W×3 uint8 BGR, what was made of ``frame.image``, of its size.
        frame: the frame.

    Returns:
        ``drawn`` itself where the file's pixels are square.
    """
    stored = frame.stored
    if stored is None or stored.image.shape == drawn.shape:
        return drawn
    size = (stored.image.shape[1], stored.image.shape[0])
    changed = (drawn != frame.image).any(axis=2).astype(np.uint8) * np.uint8(255)
    small = cv2.resize(changed, size, interpolation=cv2.INTER_AREA)
    back = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
    return np.where(small[:, :, None] > 0, back, stored.image).astype(np.uint8, copy=False)


def faces_in_stored_pixels(faces: Sequence[Face], frame: Frame) -> list[Face]:
    """The faces of a frame with their boxes in the file's own pixels; those in ``frame.image`` are squares."""
    if frame.stored is None:
        return list(faces)
    (height, width), (rows, columns) = frame.stored.image.shape[:2], frame.image.shape[:2]
    across, down = width / columns, height / rows
    return [
        replace(
            face,
            box=Box(
                round(face.box.x * across),
                round(face.box.y * down),
                max(1, round(face.box.width * across)),
                max(1, round(face.box.height * down)),
            ),
        )
        for face in faces
    ]


def fitted(drawn: Image, size: tuple[int, int], aspect: Fraction | None) -> Image:
    """A picture of square pixels in a file whose pixels or size are others: whole, undistorted, framed in black.

    Args:
        drawn: H×W×3 uint8 BGR.
        size: width and height of the file's pictures, as stored.
        aspect: width over height of the file's pixels, None for square.
    """
    inside = square_size(*size, aspect or Fraction(1))
    return np.asarray(cv2.resize(letterbox(drawn, *inside), size, interpolation=cv2.INTER_AREA), np.uint8)
