"""Whether a picture has dissolved into another one during the last seconds, as scenes do in edited videos."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import cv2
import numpy as np

from webcam_app.faces.detection.cuts import BLANK_DEVIATION, BLOCK, CHANGED_SHARE, REACH, Thumbnail, found_share
from webcam_app.faces.detection.pyramid import Pyramid

# Lines of the picture that are compared, and frames a second.
LINES = 60
KEPT_RATE = 31.0
# Seconds that are looked at, the longest first: editors dissolve for 0.3 to 2 s.
SPANS = (2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25)
# Of a span, so many frames between its first and last are looked at.
BETWEEN = 3
# What changes, in deviations of the picture's brightness, and from which likeness on nothing has.
CHANGED_DEVIATIONS = 0.3
MOST_ALIKE = 0.97
# Where one picture dissolves into another, every frame between is a mixture of the two, but for people who move in
# them. What is no mixture, as a share of what changes: at most so much.
MOST_REST = 0.2
# Of the later picture, each frame has at least so much more than the one before, and at most so much.
LEAST_STEP, MOST_STEP = 0.02, 0.55
# A frame on the way of something that moves, or of a camera, is put together from parts of the other two, moved, with
# less rest than from a mixture of them. Chosen between what was seen once on nine clips, which no command repeats: a
# quarter of it with pans, zooms, flashes and jumps of exposure, in dissolves between them mostly above 0.7.
LEAST_MOTION_REST = 0.4
# Share of the blocks of a picture that are in the other near their place; less between different pictures.
MOST_FOUND, USUAL_DEVIATION = 0.85, 50.0
# Nor is a picture that is the other, magnified or made smaller. Not the other as it is: two people who stand before the
# same wall, one after the other, are alike up to 0.96.
ZOOMS = (0.7, 0.77, 0.84, 0.92, 1.09, 1.19, 1.3, 1.43)
ZOOMED_ALIKE = 0.85
# What only moved goes on moving: after that it is not looked at as closely for so many seconds, which costs 1 ms.
REST_SECONDS = 0.1


class Dissolves:
    """Looks for dissolves. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Thumbnail]] = deque()
        self._rests_until = -math.inf

    def clear(self) -> None:
        """Forget the frames before: the next one has nothing to do with them."""
        self._kept.clear()
        self._rests_until = -math.inf

    def update(self, pyramid: Pyramid, time: float) -> float | None:
        """Take the next frame.

        Args:
            pyramid: the frame.
            time: of the frame, in seconds; not before that of the last.

        Returns:
            Where this frame differs from one before, and those between are mixtures of the two: the time of that one,
            which may lie before, in or after the beginning of the dissolve.
        """
        kept = self._kept
        if kept and time - kept[-1][0] < 0.9 / KEPT_RATE:
            return None
        now = _thumbnail(pyramid)
        if kept and kept[-1][1].shape != now.shape:
            kept.clear()
        kept.append((time, now))
        while time - kept[0][0] > SPANS[0] + 2 / KEPT_RATE:
            kept.popleft()
        if time < self._rests_until:
            return None
        looked_at = set()
        for span in SPANS:
            first = next((number for number in range(len(kept) - 1, -1, -1) if time - kept[number][0] >= span), None)
            if first is None or first in looked_at or len(kept) - first < BETWEEN + 2:
                continue
            looked_at.add(first)
            numbers = np.linspace(first, len(kept) - 1, BETWEEN + 2).round().astype(int)
            pictures = [kept[number][1] for number in numbers]
            if is_mixed(pictures):
                if not has_moved(pictures):
                    return kept[first][0]
                self._rests_until = time + REST_SECONDS
        return None


def is_mixed(pictures: Sequence[Thumbnail]) -> bool:
    """Whether the pictures between the first and the last could be mixtures of the two, more and more of the last.

    Args:
        pictures: three or more of the same size, of mean 0 and deviation 1, in their order.
    """
    before, now = pictures[0], pictures[-1]
    changed = cv2.threshold(cv2.absdiff(now, before), CHANGED_DEVIATIONS, 1.0, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(changed) < CHANGED_SHARE * now.size:
        return False
    alike = _product(before, now)
    if alike > MOST_ALIKE:
        return False
    shares = [0.0]
    for picture in pictures[1:-1]:
        of_before, of_now = _mixture(before, now, picture, alike)
        rest = picture - np.float32(of_before) * before - np.float32(of_now) * now
        # ‖now - before‖² is twice as much as their product lacks to 1.
        if of_before + of_now <= 0 or _product(rest, rest) > MOST_REST * 2 * (1 - alike):
            return False
        shares.append(of_now / (of_before + of_now))
    steps = np.diff([*shares, 1.0])
    return bool(steps.min() >= LEAST_STEP and steps.max() <= MOST_STEP)


def has_moved(pictures: Sequence[Thumbnail]) -> bool:
    """Whether the first picture has only moved to become the last: by less than a block that looks like a mixture too.

    Args:
        pictures: as for ``is_mixed``.
    """
    before, between, now = pictures[0], pictures[len(pictures) // 2], pictures[-1]
    if (found_share(_levels(before), _levels(now)) or 0.0) >= MOST_FOUND:
        return True
    return _has_zoomed(before, now) or _has_moved(before, between, now)


def _levels(picture: Thumbnail) -> Thumbnail:
    """With the deviation of a usual picture, by which flat blocks are known."""
    return np.multiply(picture, USUAL_DEVIATION, dtype=np.float32)


def _product(first: Thumbnail, second: Thumbnail) -> float:
    return float(np.vdot(first, second)) / first.size


def _mixture(before: Thumbnail, now: Thumbnail, picture: Thumbnail, alike: float) -> tuple[float, float]:
    """How much of the one and the other is in a picture, by least squares; ``alike`` is the product of the two."""
    to_before, to_now = _product(before, picture), _product(now, picture)
    scale = 1 - alike * alike
    return (to_before - alike * to_now) / scale, (to_now - alike * to_before) / scale


def _has_zoomed(before: Thumbnail, now: Thumbnail) -> bool:
    height, width = now.shape
    for zoom in ZOOMS:
        matrix = np.array([[zoom, 0, (1 - zoom) * (width - 1) / 2], [0, zoom, (1 - zoom) * (height - 1) / 2]])
        zoomed = cv2.warpAffine(before, matrix, (width, height))
        # What comes into the picture was not there before.
        share = min(1.0, zoom)
        top, left = round(height * (1 - share) / 2) + 1, round(width * (1 - share) / 2) + 1
        inside = slice(top, height - top), slice(left, width - left)
        found = cv2.matchTemplate(
            np.ascontiguousarray(zoomed[inside]), np.ascontiguousarray(now[inside]), cv2.TM_CCOEFF_NORMED
        )
        if float(np.nan_to_num(found)[0, 0]) > ZOOMED_ALIKE:
            return True
    return False


def _has_moved(before: Thumbnail, picture: Thumbnail, now: Thumbnail) -> bool:
    """Whether a picture is better put together from blocks of the other two than from a mixture of them."""
    of_before, of_now = _mixture(before, now, picture, _product(before, now))
    rest = picture - np.float32(of_before) * before - np.float32(of_now) * now
    around = [cv2.copyMakeBorder(other, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE) for other in (before, now)]
    of_mixture = of_motion = 0.0
    height, width = picture.shape
    for top in range(0, height - BLOCK + 1, BLOCK):
        for left in range(0, width - BLOCK + 1, BLOCK):
            block = picture[top : top + BLOCK, left : left + BLOCK]
            of_mixture += float(rest[top : top + BLOCK, left : left + BLOCK].var())
            bottom, right = top + BLOCK + 2 * REACH, left + BLOCK + 2 * REACH
            found = max(
                float(np.nan_to_num(cv2.matchTemplate(area[top:bottom, left:right], block, cv2.TM_CCOEFF_NORMED)).max())
                for area in around
            )
            of_motion += float(block.var()) * (1 - max(found, 0.0) ** 2)
    return of_motion < LEAST_MOTION_REST * of_mixture


def _thumbnail(pyramid: Pyramid) -> Thumbnail:
    """A frame without its brightness and contrast: automatic exposure changes nothing in it."""
    halvings = 0
    while pyramid.height >> (halvings + 1) >= LINES:
        halvings += 1
    picture = pyramid.level(halvings).astype(np.float32)
    mean, deviation = (float(value[0, 0]) for value in cv2.meanStdDev(picture))
    picture -= np.float32(mean)
    picture /= np.float32(max(deviation, BLANK_DEVIATION))
    return picture
