"""Finding pictures that look alike."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.train.pictures import encoded, noise
from webcam_app.teaching.duplicates import find_near_duplicates, group_near_duplicates, hamming_distance, picture_hashes


def _distance(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> int:
    return int(hamming_distance(picture_hashes(first), picture_hashes(second)).max())


def test_a_scaled_and_compressed_copy_is_near(portrait: NDArray[np.uint8]) -> None:
    small = np.asarray(cv2.resize(portrait, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA), np.uint8)
    jpeg = cv2.imdecode(np.frombuffer(encoded(small, ".jpg"), np.uint8), cv2.IMREAD_COLOR)
    assert _distance(portrait, np.asarray(jpeg, np.uint8)) <= 4


def test_a_brighter_copy_is_near(portrait: NDArray[np.uint8]) -> None:
    assert _distance(portrait, np.asarray(cv2.convertScaleAbs(portrait, alpha=0.9, beta=20), np.uint8)) <= 4


def test_another_picture_is_far(portrait: NDArray[np.uint8]) -> None:
    assert _distance(portrait, np.ascontiguousarray(portrait[:, ::-1])) > 12
    assert _distance(noise(1), noise(2)) > 12


def test_distances_count_bits() -> None:
    assert hamming_distance(np.array([0b1011, 2**64 - 1], np.uint64), np.array([0b0010, 0], np.uint64)).tolist() == [
        2,
        64,
    ]


@pytest.mark.parametrize("distance", [0, 3, 6, 9])
def test_the_search_finds_exactly_what_comparing_everything_finds(distance: int) -> None:
    rng = np.random.default_rng(5)
    base = rng.integers(0, 2**64, 40, np.uint64)
    flips = np.array(
        [np.bitwise_or.reduce(np.uint64(1) << rng.integers(0, 64, n, np.uint64)) for n in rng.integers(1, 14, 400)]
    )
    a = rng.choice(base, 400) ^ flips
    b = np.concatenate([base, rng.integers(0, 2**64, 100, np.uint64)])
    expected = np.argwhere(hamming_distance(a[:, np.newaxis], b[np.newaxis]) <= distance)
    assert np.array_equal(find_near_duplicates(a, b, distance), expected)


def test_within_one_set_each_pair_comes_once_and_none_with_itself() -> None:
    assert find_near_duplicates(np.array([7, 7, 6, 2**40], np.uint64), None, 1).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_all_hashes_of_a_picture_must_be_near() -> None:
    hashes = np.array([[0, 0], [1, 2**64 - 1], [1, 1]], np.uint64)
    assert find_near_duplicates(hashes, None, 2).tolist() == [[0, 2]]


def test_pictures_linked_by_a_third_are_one_group() -> None:
    hashes = np.array([0b0000, 0b111 << 60, 0b0011, 0b1111, 0b111 << 60], np.uint64)
    assert group_near_duplicates(hashes, 2).tolist() == [0, 1, 0, 0, 1]


def test_nothing_has_no_duplicates() -> None:
    nothing = np.empty(0, np.uint64)
    assert find_near_duplicates(nothing, None, 4).shape == (0, 2)
    assert find_near_duplicates(np.array([1], np.uint64), nothing, 4).shape == (0, 2)
    assert group_near_duplicates(nothing, 4).shape == (0,)
