"""The composite of a Photoshop file: what its header says of it, and with 16 bits a colour its pixels, through FFmpeg.

The header is described in Adobe's 'Photoshop File Formats Specification'.
"""

from __future__ import annotations

import io
import struct
from typing import IO, NamedTuple

import numpy as np

from webcam_app.capture.frame import Image

_HEADER = struct.Struct(">4sH6xHIIHH")
PILLOW_BITS = (1, 8)
GREY, COLOUR = 1, 3
"""The modes that FFmpeg reads with 16 bits."""


class Composite(NamedTuple):
    """What a file says of its composite: size in pixels, bits of each value, and the mode.

    ``transparent`` is whether a fourth channel says what can be seen through; else it is something that was selected.
    """

    width: int
    height: int
    bits: int
    mode: int
    transparent: bool = False

    @property
    def deep(self) -> bool:
        """Whether it has more bits than Pillow reads."""
        return self.bits not in PILLOW_BITS

    @property
    def readable(self) -> bool:
        """Whether ``decode_deep`` reads it."""
        return self.bits == 16 and self.mode in (GREY, COLOUR)


def read_header(file: IO[bytes]) -> Composite:
    """The header of an open file, which is left at its beginning.

    Raises:
        struct.error: it is cut off.
    """
    file.seek(0)
    _, _, _, height, width, bits, mode = _HEADER.unpack(file.read(_HEADER.size))
    transparent = _has_transparency(file)
    file.seek(0)
    return Composite(width, height, bits, mode, transparent)


def _has_transparency(file: IO[bytes]) -> bool:
    """Whether the number of layers, behind the header, is negative: so Photoshop says it."""
    for _ in range(2):  # the palette, and what is called resources
        file.seek(*_skipping(file.read(4)))
    layers = file.read(10)
    return len(layers) == 10 and int.from_bytes(layers[:4], "big") > 0 and struct.unpack(">h", layers[8:])[0] < 0


def _skipping(size: bytes) -> tuple[int, int]:
    return int.from_bytes(size, "big"), io.SEEK_CUR


def decode_deep(file: IO[bytes]) -> Image:
    """Decode a composite of 16 bits: a new H×W×3 uint8 BGR array.

    Raises:
        Exception: of FFmpeg's, for a damaged file.
    """
    import av

    decoder = av.codec.CodecContext.create("psd", "r")
    frames = [*decoder.decode(av.Packet(file.read())), *decoder.decode(None)]  # type: ignore[attr-defined]
    return np.asarray(frames[0].to_ndarray(format="bgr24"), np.uint8)
