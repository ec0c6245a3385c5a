"""Whether two small grey pictures, one after the other, show the same scene or were cut together."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Thumbnail = NDArray[np.float32]
"""A frame at about 60 lines, H×W, in grey levels."""

# A block of a scene that goes on is found again near its place. Chosen between what was seen once on nine clips, which
# no command repeats: at every frame and at every third at least 84 % of the blocks, between clips of different people
# before webcams at most 75 %.
BLOCK = 8
REACH = 4
FOUND_CORRELATION = 0.8
SAME_SCENE_SHARE = 0.78
# Grey levels of deviation below which a block has nothing by which to find it.
FLAT_DEVIATION = 4.0
# Of OpenCV's phase correlation, below which the picture has not moved as a whole: pans have 0.3 to 0.98.
LEAST_RESPONSE = 0.3
# Grey levels of deviation of a whole picture below which nothing is in it: the dark, or a wall.
BLANK_DEVIATION = 5.0
# Fewer blocks say nothing, and the whole picture decides.
LEAST_BLOCKS = 8
# Blocks are searched only where so much of the picture has changed by so many grey levels since the frame before: on
# the same clips a cut between two people changes more, somebody who moves mostly less.
CHANGED_SHARE = 0.18
CHANGED_LEVELS = 15.0
# Without blocks, the scene was cut if it correlates less than this with the one before, and more than this share has
# changed: somebody who sits down before a blank wall changes only the first.
WHOLE_CORRELATION = 0.5
WHOLE_SHARE = 0.6


def is_cut(before: Thumbnail, now: Thumbnail) -> bool:
    """Whether a frame has nothing to do with the one before it.

    Costs 0.02 ms, and 2 ms where much has changed.

    Neither light nor exposure, nor a camera that moves, nor somebody who moves in front of it is a cut.

    Args:
        before: the frame before.
        now: the frame, of the same size; what all of it has become brighter by is taken off.
    """
    if is_blank(before) != is_blank(now):  # faded out or in, or behind a lens cap
        return True
    changed = cv2.threshold(cv2.absdiff(now, before), CHANGED_LEVELS, 1.0, cv2.THRESH_BINARY)[1]
    share = cv2.countNonZero(changed) / now.size
    if share < CHANGED_SHARE:
        return False
    same = same_scene(before, now)
    if same is not None:
        return not same
    if same_scene(before, before):  # now there is next to nothing, in the dark or behind a hand
        return True
    return share > WHOLE_SHARE and _correlation(before, now) < WHOLE_CORRELATION


def is_blank(picture: Thumbnail) -> bool:
    """Whether there is nothing in a picture."""
    return float(cv2.meanStdDev(picture)[1][0, 0]) < BLANK_DEVIATION


def same_scene(before: Thumbnail, now: Thumbnail) -> bool | None:
    """Whether most of a picture's blocks are near their place in another one too, or would be but for a camera's move.

    Args:
        before: the other one.
        now: the picture, of the same size.

    Returns:
        None where there are too few blocks with anything in them.
    """
    share = found_share(before, now)
    if share is None or share >= SAME_SCENE_SHARE:
        return None if share is None else True
    right, down = _shift(before, now)
    if max(abs(right), abs(down)) <= REACH // 2:
        return False
    share = found_share(before, now, right, down)
    return share is not None and share >= SAME_SCENE_SHARE


def found_share(before: Thumbnail, now: Thumbnail, right: int = 0, down: int = 0) -> float | None:
    """Share of the blocks of a picture that are near their place in another one too.

    Args:
        before: the other one.
        now: the picture, of the same size.
        right: by how many pixels the camera's move has taken the other one there.
        down: the same downwards.

    Returns:
        0 to 1; None where there are too few blocks with anything in them.
    """
    height, width = now.shape
    moved = before
    if right or down:
        moved = cv2.warpAffine(before, np.array([[1.0, 0, right], [0, 1, down]]), (width, height))  # type: ignore[assignment]
    area = cv2.copyMakeBorder(moved, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE)
    found = blocks = 0
    for top in range(0, height - BLOCK + 1, BLOCK):
        for left in range(0, width - BLOCK + 1, BLOCK):
            # What the camera's move has brought into the picture was not there before.
            if not (0 <= left - right <= width - BLOCK and 0 <= top - down <= height - BLOCK):
                continue
            block = now[top : top + BLOCK, left : left + BLOCK]
            if block.std() < FLAT_DEVIATION:
                continue
            blocks += 1
            around = area[top : top + BLOCK + 2 * REACH, left : left + BLOCK + 2 * REACH]
            found += bool(cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED).max() >= FOUND_CORRELATION)
    return found / blocks if blocks >= LEAST_BLOCKS else None


def _shift(before: Thumbnail, now: Thumbnail) -> tuple[int, int]:
    """By how many cells the whole picture has moved to the right and down; 0 where it has not moved as a whole."""
    height, width = now.shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    # It multiplies what it is given by the window.
    (right, down), response = cv2.phaseCorrelate(before.copy(), now.copy(), window)
    if response < LEAST_RESPONSE or abs(right) > width / 2 or abs(down) > height / 2:
        return 0, 0
    return round(right), round(down)


def _correlation(first: Thumbnail, second: Thumbnail) -> float:
    a, b = first.ravel() - first.mean(), second.ravel() - second.mean()
    return float(a @ b) / max(math.sqrt(float(a @ a) * float(b @ b)), 1e-6)
