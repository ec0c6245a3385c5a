"""Near-duplicates: pictures that differ by scaling, compression or a slight change of colour.

Each picture becomes two hashes of 64 bits; pictures that look alike differ in few bits of both. One hash does not do:
among 8,000 different portraits 378 pairs have difference hashes within 4 bits, and none have both. Two hashes that
differ in at most d bits agree in at least one of d + 1 slices, so only pictures that share a slice are compared: 50,000
take seconds. If one of two near-duplicates is tested by a model that has learnt the other, the test says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
"""Shape (n,), or (n, k) for k hashes of each picture."""

HASH_BITS = 64
# Bits in which both hashes of two examples may differ. Among 8,000 different portraits no pair is that close.
MOST_BITS = 4
_DCT_SIDE = 32
# Slices of fewer bits have so few values that comparing everything with everything is faster.
_MIN_SLICE_BITS = 9
# Pairs compared at once: 64 MB for each array of them.
_CHUNK = 1 << 23


def difference_hash(image: NDArray[np.uint8]) -> np.uint64:
    """Where the picture gets brighter from left to right, on a grid of 9 by 8.

    Source: Neal Krawetz 2013, 'Kind of like that' (dHash).

    Args:
        image: H×W×3 (or H×W) uint8 BGR; not changed.
    """
    small = cv2.resize(_gray(image), (9, 8), interpolation=cv2.INTER_AREA)
    return _pack(small[:, 1:] > small[:, :-1])


def perceptual_hash(image: NDArray[np.uint8]) -> np.uint64:
    """Which of the 64 lowest frequencies are above their median.

    Source: Zauner 2010, 'Implementation and benchmarking of perceptual image hash functions' (pHash, DCT variant).

    Args:
        image: H×W×3 (or H×W) uint8 BGR; not changed.
    """
    small = cv2.resize(_gray(image), (_DCT_SIDE, _DCT_SIDE), interpolation=cv2.INTER_AREA)
    frequencies = cv2.dct(small.astype(np.float32))[:8, :8]
    return _pack(frequencies > np.median(frequencies))


def picture_hashes(image: NDArray[np.uint8]) -> Hashes:
    """Difference hash and perceptual hash, shape (2,): together they are rarely alike for different pictures."""
    return np.array([difference_hash(image), perceptual_hash(image)], np.uint64)


def hamming_distance(first: Hashes, second: Hashes) -> NDArray[np.uint8]:
    """Number of bits in which hashes differ, element by element with broadcasting."""
    return _count_bits(np.bitwise_xor(first, second))


def find_near_duplicates(hashes_a: Hashes, hashes_b: Hashes | None, max_distance: int) -> NDArray[np.int64]:
    """All pairs of pictures whose hashes differ in few bits.

    Args:
        hashes_a: shape (n,) or (n, k).
        hashes_b: shape (m,) or (m, k); None to search within ``hashes_a``.
        max_distance: bits in which each of the k hashes may differ, 0 to 64.

    Returns:
        Shape (pairs, 2): row in a and row in b, sorted; within one set the first is the smaller.

    Raises:
        ValueError: the sets have different numbers of hashes, or the distance is out of range.
    """
    a = _columns(hashes_a)
    b = a if hashes_b is None else _columns(hashes_b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"{a.shape[1]} hashes a picture against {b.shape[1]}")
    if not 0 <= max_distance <= HASH_BITS:
        raise ValueError(f"a distance of {max_distance} bits")
    found = []
    for rows_a, rows_b in _candidates(a[:, 0], b[:, 0], max_distance):
        if hashes_b is None:
            ordered = rows_a < rows_b
            rows_a, rows_b = rows_a[ordered], rows_b[ordered]
        for column in range(a.shape[1]):
            near = hamming_distance(a[rows_a, column], b[rows_b, column]) <= max_distance
            rows_a, rows_b = rows_a[near], rows_b[near]
        found.append(np.unique(rows_a * len(b) + rows_b))
    pairs = np.unique(np.concatenate([np.empty(0, np.int64), *found]))
    return np.stack(np.divmod(pairs, max(1, len(b))), axis=1)


def group_near_duplicates(hashes: Hashes, max_distance: int) -> NDArray[np.int64]:
    """Put pictures that look alike into one group, also when only a third one links them.

    Args:
        hashes: shape (n,) or (n, k).
        max_distance: as in ``find_near_duplicates``.

    Returns:
        Shape (n,): for each picture the row of the first one of its group; its own row where it is alone or first.
    """
    # Equal pictures are joined first: n of them would be n² pairs.
    different, chosen, same = np.unique(_columns(hashes), axis=0, return_index=True, return_inverse=True)
    first = np.arange(len(different), dtype=np.int64)

    def root(row: int) -> int:
        while first[row] != row:
            first[row] = first[first[row]]
            row = int(first[row])
        return row

    for row_a, row_b in find_near_duplicates(different, None, max_distance):
        low, high = sorted((root(int(row_a)), root(int(row_b))), key=lambda row: int(chosen[row]))
        first[high] = low
    roots = np.array([root(row) for row in range(len(first))], np.int64)
    return np.asarray(chosen[roots][same.reshape(-1)], np.int64)


def _candidates(a: Hashes, b: Hashes, max_distance: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of rows that may be near, some of them more than once."""
    slices = max_distance + 1
    if HASH_BITS // slices < _MIN_SLICE_BITS:
        yield from _join(np.zeros(len(a), np.uint64), np.zeros(len(b), np.uint64))
        return
    edges = [HASH_BITS * number // slices for number in range(slices + 1)]
    for low, high in pairwise(edges):
        mask = np.uint64((1 << (high - low)) - 1)
        yield from _join(a >> np.uint64(low) & mask, b >> np.uint64(low) & mask)


def _join(a: Hashes, b: Hashes) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of rows with equal values, at most about ``_CHUNK`` at a time."""
    order = np.argsort(b, kind="stable")
    starts = np.searchsorted(b[order], a, "left")
    counts = np.searchsorted(b[order], a, "right") - starts
    row = 0
    while row < len(a):
        ends = np.cumsum(counts[row:])
        taken = max(1, int(np.searchsorted(ends, _CHUNK, "right")))
        part = slice(row, row + taken)
        total = int(counts[part].sum())
        rows_a = np.repeat(np.arange(row, row + len(counts[part])), counts[part])
        offsets = np.arange(total) - np.repeat(np.cumsum(counts[part]) - counts[part], counts[part])
        yield rows_a, order[np.repeat(starts[part], counts[part]) + offsets]
        row += taken


def _columns(hashes: Hashes) -> Hashes:
    hashes = np.asarray(hashes, np.uint64)
    return hashes[:, np.newaxis] if hashes.ndim == 1 else hashes


def _pack(bits: NDArray[np.bool_]) -> np.uint64:
    packed: np.uint64 = np.packbits(bits).view(">u8").astype(np.uint64)[0]
    return packed


def _gray(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


_BITS_OF_BYTE = np.array([value.bit_count() for value in range(256)], np.uint8)


def _count_bits(values: Hashes) -> NDArray[np.uint8]:
    if hasattr(np, "bitwise_count"):
        bits: NDArray[np.uint8] = np.bitwise_count(values)
        return bits
    counted: NDArray[np.uint8] = _BITS_OF_BYTE[np.ascontiguousarray(values)[..., np.newaxis].view(np.uint8)]
    total: NDArray[np.uint8] = counted.sum(axis=-1, dtype=np.uint8)
    return total
