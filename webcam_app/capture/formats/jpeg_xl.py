"""The size of a JPEG XL picture, from its header: its plug-in for Pillow decodes before it tells.

The header is described in ISO/IEC 18181-1 (codestream) and 18181-2 (container).
"""

from __future__ import annotations

import struct
from typing import IO

CODESTREAM = b"\xff\x0a"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIZE_BITS = (9, 13, 18, 30)
_HEADER_BYTES = 16
_MAX_BOXES = 100
"""Before the picture; files have a handful."""


def read_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height in pixels as stored, from a file's beginning; the file is left there.

    Raises:
        ValueError: it is damaged.
    """
    file.seek(0)
    try:
        head = file.read(_HEADER_BYTES)
        if not head.startswith(CODESTREAM):
            head = _find_codestream(file)
        return _parse_size(head)
    finally:
        file.seek(0)


def _find_codestream(file: IO[bytes]) -> bytes:
    place = 0
    for _ in range(_MAX_BOXES):
        file.seek(place)
        box = file.read(16)
        if len(box) < 8:
            break
        size, kind = struct.unpack_from(">I4s", box)
        content = 8
        if size == 1 and len(box) == 16:
            size, content = struct.unpack_from(">Q", box, 8)[0], 16
        if kind in (b"jxlc", b"jxlp"):
            file.seek(place + content + (4 if kind == b"jxlp" else 0))
            head = file.read(_HEADER_BYTES)
            if head.startswith(CODESTREAM):
                return head
            break
        if size < content:
            break
        place += size
    raise ValueError("no picture in it")


def _parse_size(head: bytes) -> tuple[int, int]:
    bits = _Bits(head[len(CODESTREAM) :])
    small = bool(bits.take(1))

    def side() -> int:
        return 8 * (1 + bits.take(5)) if small else 1 + bits.take(_SIZE_BITS[bits.take(2)])

    height = side()
    ratio = bits.take(3)
    if ratio == 0:
        return side(), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height


class _Bits:
    """Reads numbers of some bits, lowest bit first."""

    def __init__(self, content: bytes) -> None:
        self._value = int.from_bytes(content, "little")
        self._left = 8 * len(content)

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("its header is cut off")
        self._left -= count
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken
