"""Colour profiles that the tests make themselves."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

# Red, green and blue as XYZ under D50, a column each.
SRGB = np.array([[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7139]])
DISPLAY_P3 = np.array([[0.5151, 0.2920, 0.1571], [0.2412, 0.6922, 0.0666], [-0.0011, 0.0419, 0.7841]])
PROPHOTO = np.array([[0.7977, 0.1352, 0.0313], [0.2880, 0.7119, 0.0001], [0.0, 0.0, 0.8249]])
GAMMA = 2.2


def rgb_profile(primaries: NDArray[np.float64], name: str = "made for a test") -> bytes:
    """An ICC profile (version 2) of an RGB colour space with the gamma ``GAMMA``."""
    gamma = b"curv" + bytes(4) + struct.pack(">IH", 1, round(GAMMA * 256)) + bytes(2)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + bytes(1 + 4 + 4 + 2 + 1 + 67),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(*primaries[:, 0]),
        b"gXYZ": _xyz(*primaries[:, 1]),
        b"bXYZ": _xyz(*primaries[:, 2]),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    place = 128 + 4 + 12 * len(tags)
    directory, content = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        directory += tag + struct.pack(">II", place + len(content), len(data))
        content += data
    size = place + len(content)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(40 - 12) + _xyz(0.9642, 1.0, 0.8249)[8:]
    return (head + bytes(128 - len(head))) + directory + content


def in_profile(image: NDArray[np.uint8], primaries: NDArray[np.float64]) -> NDArray[np.uint8]:
    """An sRGB picture (H×W×3, RGB) as a camera of another colour space stores it."""
    linear = (image / 255.0) ** GAMMA
    stored = linear @ (np.linalg.inv(primaries) @ SRGB).T
    return np.asarray(np.round(np.clip(stored, 0, 1) ** (1 / GAMMA) * 255), np.uint8)


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in (x, y, z)))
