"""Pictures that are nearly the same."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.teaching.duplicates import MOST_BITS, group_near_duplicates, picture_hashes


def scene(seed: int) -> NDArray[np.uint8]:
    small = np.random.default_rng(seed).integers(0, 256, (9, 9, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(small, (180, 180), interpolation=cv2.INTER_CUBIC), np.uint8)


def groups(*hashes: NDArray[np.uint64]) -> list[int]:
    return [int(first) for first in group_near_duplicates(np.stack(hashes), MOST_BITS)]


def test_another_size_and_compression_is_the_same_picture() -> None:
    image = scene(1)
    squeezed = cv2.imdecode(cv2.imencode(".jpg", cv2.resize(image, (90, 90)), [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1)
    assert groups(picture_hashes(image), picture_hashes(np.asarray(squeezed, np.uint8))) == [0, 0]


def test_different_pictures_stay_apart() -> None:
    assert groups(*(picture_hashes(scene(seed)) for seed in range(40))) == list(range(40))


def test_pictures_that_only_a_third_links_are_one_group() -> None:
    first, middle, last = (np.array([bits, 0], np.uint64) for bits in (0, 0b1111, 0b11111111))
    assert groups(first, middle, last) == [0, 0, 0]
    assert groups(first, last) == [0, 1]
