"""Turning decoded pictures upright, as the container says that the camera was held."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from webcam_app.capture.frame import Image

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Orientation = tuple[int, int, int, int]
"""The signs a, b, c, d of a display matrix: the stored point (x, y) is shown at (a·x + c·y, b·x + d·y), y down."""

UPRIGHT: Orientation = (1, 0, 0, 1)

_MATRIX = struct.Struct("=9i")

_EXIF: dict[int, Orientation] = {
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


def exif_turn(orientation: object) -> Orientation:
    """How a picture with that EXIF orientation, 1 to 8, is to be turned; ``UPRIGHT`` for any other value."""
    return _EXIF.get(orientation, UPRIGHT) if isinstance(orientation, int) else UPRIGHT


def orientation_of(frame: VideoFrame) -> Orientation:
    """How a frame is to be turned; ``UPRIGHT`` where the container says nothing, or nothing in right angles."""
    side_data = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return UPRIGHT
    raw = bytes(cast(bytes, side_data))
    if len(raw) < _MATRIX.size:
        return UPRIGHT
    a, b, _u, c, d, *_rest = _MATRIX.unpack_from(raw)
    turn = (_sign(a), _sign(b), _sign(c), _sign(d))
    right_angles = (abs(turn[0]) == abs(turn[3]) == 1 and turn[1] == turn[2] == 0) or (
        abs(turn[1]) == abs(turn[2]) == 1 and turn[0] == turn[3] == 0
    )
    return turn if right_angles else UPRIGHT


def apply_orientation(image: Image, turn: Orientation) -> Image:
    """The picture as it is to be shown; ``image`` itself where it is upright already."""
    if turn == UPRIGHT:
        return image
    a, b, c, d = turn
    if b:  # x and y change places
        image = np.asarray(cv2.transpose(image), dtype=np.uint8)
        flip_x, flip_y = c < 0, b < 0
    else:
        flip_x, flip_y = a < 0, d < 0
    if not (flip_x or flip_y):
        return image
    code = -1 if flip_x and flip_y else 1 if flip_x else 0
    return np.asarray(cv2.flip(image, code), dtype=np.uint8)


def swaps_sides(turn: Orientation) -> bool:
    """Whether width and height change places."""
    return turn[1] != 0


def _sign(value: int) -> int:
    """Sign of a 16.16 fixed-point number, with what is small against 1 taken as 0."""
    return 0 if abs(value) < 1 << 12 else 1 if value > 0 else -1
