"""Makes videos of any colour: the forward functions of BT.2100, BT.2020 and the others, from SDR pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

LUMA = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}
TO_BT2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
TO_P3 = np.array([[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]])
WHITE_NITS, GAMMA = 203.0, 2.2


@dataclass(frozen=True)
class Kind:
    """How a video is made, and what is said of it: ``matrix``, ``primaries``, ``transfer`` of H.273, ``tags`` of it."""

    matrix: int = 6
    primaries: int = 1
    transfer: int = 1
    bits: int = 10
    full: bool = False
    tagged: bool = True


def encoded(bgr: NDArray[np.uint8], kind: Kind) -> NDArray[Any]:
    """An SDR picture as Y, U, V planes of 4:4:4 in a kind's numbers: 3×H×W."""
    light = (bgr[..., ::-1] / 255.0) ** GAMMA
    if kind.primaries == 9:
        light = light @ TO_BT2020.T
    elif kind.primaries == 12:
        light = light @ TO_P3.T
    if kind.transfer == 16:
        power = (light * WHITE_NITS / 10_000) ** 0.1593017578125
        stored = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    elif kind.transfer == 18:
        display = light * WHITE_NITS / 1000
        luminance = (display @ [0.2627, 0.6780, 0.0593])[..., None]
        scene = display * np.maximum(luminance, 1e-9) ** (1 / 1.2 - 1)
        low = np.sqrt(3 * scene)
        stored = np.where(
            scene <= 1 / 12, low, 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        )
    else:
        stored = light ** (1 / GAMMA)
    red, blue = LUMA[kind.matrix]
    y = stored @ [red, 1 - red - blue, blue]
    u, v = (stored[..., 2] - y) / (2 - 2 * blue), (stored[..., 0] - y) / (2 - 2 * red)
    scale = 2 ** (kind.bits - 8)
    largest = 2**kind.bits - 1
    if kind.full:
        planes = [y * largest, u * largest + 128 * scale, v * largest + 128 * scale]
    else:
        planes = [(16 + 219 * y) * scale, (128 + 224 * u) * scale, (128 + 224 * v) * scale]
    return np.clip(np.round(np.stack(planes)), 0, largest).astype(np.uint8 if kind.bits == 8 else np.uint16)


def write_coloured(path: Path, images: Sequence[NDArray[np.uint8]], kind: Kind, **options: Any) -> Path:
    """A video of SDR pictures in another kind of colour, without loss but for rounding; ``codec`` ffv1 or libx265."""
    codec = options.get("codec", "ffv1")
    pixel = "yuv444p" if kind.bits == 8 else f"yuv444p{kind.bits}le"
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, pixel
        context = stream.codec_context
        if codec == "libx265":
            context.options = {"x265-params": "crf=8:log-level=none", "preset": "fast"}
        if kind.tagged:
            context.colorspace, context.color_primaries, context.color_trc = kind.matrix, kind.primaries, kind.transfer
        if kind.tagged or kind.full:
            context.color_range = 2 if kind.full else 1
        for number, image in enumerate(images):
            frame = _frame_of(encoded(image, kind), pixel)
            if kind.tagged:
                frame.colorspace, frame.color_range = kind.matrix, 2 if kind.full else 1
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _frame_of(planes: NDArray[Any], pixel: str) -> Any:
    frame = av.VideoFrame(planes.shape[2], planes.shape[1], pixel)
    for plane, values in zip(frame.planes, planes, strict=True):
        rows = np.zeros((values.shape[0], plane.line_size // values.itemsize), values.dtype)
        rows[:, : values.shape[1]] = values
        plane.update(rows.tobytes())
    return frame
