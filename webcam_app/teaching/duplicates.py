"""Examples that are nearly the same picture: neighbouring frames, another size or compression.

If one of two such pictures is tested by a model that has learnt the other, the test says nothing.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Bits of 64 in which both hashes of two pictures may differ. Among 8,000 different portraits no pair is that close.
MOST_BITS = 4
_DCT_SIDE = 32
_CHUNK = 512


def picture_hash(image: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Difference hash and perceptual hash of a picture.

    Sources: Krawetz 2013, 'Kind of like that' (dHash); Zauner 2010, 'Implementation and benchmarking of perceptual
    image hash functions' (pHash, DCT variant).

    Args:
        image: H×W×3 uint8 BGR; not changed.

    Returns:
        uint64 of shape (2,).
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(gray, (9, 8), interpolation=cv2.INTER_AREA)
    frequencies = cv2.dct(cv2.resize(gray, (_DCT_SIDE, _DCT_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32))
    low = frequencies[:8, :8]
    return np.array([_pack(small[:, 1:] > small[:, :-1]), _pack(low > np.median(low))], np.uint64)


def near_duplicates(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Put pictures that look alike into one group, also where only a third one links them.

    Args:
        hashes: (n, 2).

    Returns:
        (n,): for each picture the number of the first one of its group.
    """
    count = len(hashes)
    group = np.arange(count, dtype=np.int64)
    for start in range(0, count, _CHUNK):
        part = hashes[start : start + _CHUNK]
        near = np.ones((len(part), count), np.bool_)
        for column in range(hashes.shape[1]):
            near &= _bits(part[:, column, None] ^ hashes[None, :, column]) <= MOST_BITS
        for row, other in np.argwhere(near):
            first, second = group[start + row], group[other]
            if first != second:
                group[group == max(first, second)] = min(first, second)
    return group


def _pack(bits: NDArray[np.bool_]) -> np.uint64:
    packed: np.uint64 = np.packbits(bits).view(">u8").astype(np.uint64)[0]
    return packed


_BITS_OF_BYTE = np.array([value.bit_count() for value in range(256)], np.uint8)


def _bits(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    counted: NDArray[np.uint8] = _BITS_OF_BYTE[np.ascontiguousarray(values)[..., None].view(np.uint8)]
    total: NDArray[np.uint8] = counted.sum(axis=-1, dtype=np.uint8)
    return total
