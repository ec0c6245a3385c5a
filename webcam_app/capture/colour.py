"""Decoded pictures to 8 bit BGR as a usual screen shows it: by matrix and range, and from HDR and wide colour."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.filters import FilterChain
from webcam_app.capture.frame import Image

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# Code points of ITU-T H.273, which FFmpeg and PyAV use.
MATRIX_BT709, MATRIX_UNSPECIFIED, MATRIX_BT2020, MATRIX_BT2020_CONSTANT = 1, 2, 9, 10
PRIMARIES_BT2020, PRIMARIES_P3 = 9, (11, 12)
TRANSFER_PQ, TRANSFER_HLG = 16, 18

# Where no matrix is stated, players take BT.709 from these sizes on, and BT.601 below.
HD_WIDTH, HD_HEIGHT = 1280, 577
# Luminance of white in HDR, cd/m² (ITU-R BT.2408): what becomes white here.
WHITE_NITS = 203.0
# The brightest that is told from what is brighter: what HDR is graded for mostly, and HLG's nominal display.
PEAK_NITS = 1000.0
# Up to this share of white nothing is changed, so that what was SDR before comes back as it was; from there the curve
# flattens to reach white at the peak: FFmpeg's and mpv's 'mobius'.
KNEE = 0.7
# Of the screens that SDR pictures are looked at. On SDR that was made PQ, 2.2 brings the levels back best (of 2.2, 2.4,
# sRGB's curve and BT.709's).
SCREEN_GAMMA = 2.2
HLG_GAMMA = 1.2
# Points a side of the table. PQ's dark end is bent: with 33 a strong colour's least part is off by up to 14 levels of
# 255, with 49 by 6, with 65 by 3.
TABLE_SIDE = 65

_FROM_BT2020 = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008350], [-0.018151, -0.100579, 1.118730]]
)
_FROM_P3 = np.array([[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]])
_BT2020_LUMINANCE = np.array([0.2627, 0.6780, 0.0593])

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Colour:
    """What a file says of a picture's colour, as code points of H.273, with the usual assumptions where it is silent.

    Attributes:
        matrix: how brightness and colour differences are made of red, green and blue.
        primaries: which red, green and blue; 0 for BT.709's, or what can be taken for them.
        transfer: ``TRANSFER_PQ``, ``TRANSFER_HLG``, or 0 for SDR.
    """

    matrix: int
    primaries: int
    transfer: int

    @classmethod
    def of(cls, frame: VideoFrame) -> Colour:
        """The colour of a decoded frame."""
        matrix, primaries, transfer = int(frame.colorspace), int(frame.color_primaries), int(frame.color_trc)
        transfer = transfer if transfer in (TRANSFER_PQ, TRANSFER_HLG) else 0
        wide = PRIMARIES_BT2020 in (primaries, matrix) or matrix == MATRIX_BT2020_CONSTANT
        if wide or (transfer and primaries not in PRIMARIES_P3):
            primaries = PRIMARIES_BT2020
        elif primaries not in PRIMARIES_P3:
            primaries = 0
        if matrix == MATRIX_UNSPECIFIED:
            if primaries == PRIMARIES_BT2020:
                matrix = MATRIX_BT2020
            elif frame.width >= HD_WIDTH or frame.height >= HD_HEIGHT:
                matrix = MATRIX_BT709
        return cls(MATRIX_BT2020 if matrix == MATRIX_BT2020_CONSTANT else matrix, primaries, transfer)

    @property
    def usual(self) -> bool:
        """Whether the picture is SDR with a usual screen's colours: only matrix and range matter."""
        return not (self.primaries or self.transfer)


class BgrConverter:
    """Makes BGR of decoded frames of any kind. One thread uses it."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()
        self._chain: FilterChain | None = None
        self._chain_colour: Colour | None = None

    def convert(self, frame: VideoFrame) -> Image:
        """The frame as an H×W×3 uint8 BGR array, which keeps FFmpeg's memory alive where it can be shared.

        HDR is mapped to SDR: absolute light by BT.2100, ``WHITE_NITS`` becomes white, brighter light is compressed
        from ``KNEE`` on, colours are BT.709's, what lies outside them is clipped.

        Raises:
            av.FFmpegError: there is no memory for it.
        """
        colour = Colour.of(frame)
        if not colour.usual:
            return _array_of(self._mapped(frame, colour))
        # Converting takes 0.3 ms; by default a thread is started for each core to do it.
        stated = int(frame.colorspace)
        matrix = None if colour.matrix == stated else colour.matrix
        return _array_of(self._reformatter.reformat(frame, format="bgr24", src_colorspace=matrix, threads=1))

    def _mapped(self, frame: VideoFrame, colour: Colour) -> VideoFrame:
        frame.colorspace = colour.matrix
        if self._chain is not None and colour == self._chain_colour and self._chain.fits(frame):
            self._chain.push(frame)
        else:
            self._chain, self._chain_colour = _mapping(frame, colour), colour
        return self._chain.frames()[-1]


def _mapping(frame: VideoFrame, colour: Colour) -> FilterChain:
    """The filters that map frames of a colour to BGR, with the first frame in them.

    The table goes by a file, because FFmpeg takes it no other way.
    """
    with tempfile.TemporaryDirectory(prefix="webcam-app-") as folder:
        table = Path(folder) / "table.cube"
        table.write_bytes(_cube(colour))
        chain = FilterChain(
            [
                ("scale", {"out_range": "pc", "flags": "bicubic"}),
                ("format", {"pix_fmts": "gbrp10"}),
                ("lut3d", {"file": str(table), "interp": "trilinear"}),
                ("format", {"pix_fmts": "bgr24"}),
            ]
        )
        chain.push(frame)
        return chain


def _cube(colour: Colour) -> bytes:
    """A table from stored to shown RGB, in the format of .cube files: a line for each point, red changes fastest."""
    axis = np.linspace(0.0, 1.0, TABLE_SIDE)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    shown = shown_rgb(np.stack([red, green, blue], axis=-1).reshape(-1, 3), colour)
    # Python would take half a second to format so many numbers.
    text = np.empty((len(shown), 3, len("0.1234 ")), np.uint8)
    ten_thousandths = np.rint(shown * 10_000).astype(np.int64)
    for place, power in zip((0, 2, 3, 4, 5), (10_000, 1_000, 100, 10, 1), strict=True):
        text[:, :, place] = ord("0") + ten_thousandths // power % 10
    text[:, :, 1], text[:, :, 6], text[:, 2, 6] = ord("."), ord(" "), ord("\n")
    return f"LUT_3D_SIZE {TABLE_SIDE}\n".encode("ascii") + text.tobytes()


def shown_rgb(stored: _Floats, colour: Colour) -> _Floats:
    """What a usual screen is to be given for stored values.

    Args:
        stored: N×3 red, green and blue of full range, 0 to 1.
        colour: what they mean.

    Returns:
        N×3 of BT.709's primaries, 0 to 1.
    """
    light: Callable[[_Floats], _Floats] = {TRANSFER_PQ: _pq_light, TRANSFER_HLG: _hlg_light}.get(
        colour.transfer, _screen_light
    )
    relative = light(stored)
    if colour.transfer:
        brightest = np.maximum(relative.max(axis=1, keepdims=True), 1e-9)
        relative = relative * (_compressed(brightest) / brightest)
    matrix = _FROM_BT2020 if colour.primaries == PRIMARIES_BT2020 else _FROM_P3
    shown = np.clip(relative @ matrix.T, 0.0, 1.0)
    return np.asarray(shown ** (1 / SCREEN_GAMMA))


def _screen_light(stored: _Floats) -> _Floats:
    return np.asarray(stored**SCREEN_GAMMA)


def _pq_light(stored: _Floats) -> _Floats:
    """Light in units of white by PQ's function (BT.2100, table 4)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = stored ** (1 / m2)
    return np.asarray(10_000.0 * (np.maximum(power - c1, 0.0) / (c2 - c3 * power)) ** (1 / m1) / WHITE_NITS)


def _hlg_light(stored: _Floats) -> _Floats:
    """Light in units of white on HLG's nominal display (BT.2100, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(stored <= 0.5, stored**2 / 3, (np.exp((stored - c) / a) + b) / 12)
    luminance = (scene @ _BT2020_LUMINANCE)[:, None]
    return np.asarray(scene * luminance ** (HLG_GAMMA - 1) * (PEAK_NITS / WHITE_NITS))


def _compressed(light: _Floats) -> _Floats:
    """Light from 0 to the peak, in units of white, compressed to at most 1."""
    peak, knee = PEAK_NITS / WHITE_NITS, KNEE
    a = -(knee**2) * (peak - 1) / (knee**2 - 2 * knee + peak)
    b = (knee**2 - 2 * knee * peak + peak) / (peak - 1)
    bent = (b**2 + 2 * b * knee + knee**2) / (b - a) * (light + a) / (light + b)
    return np.minimum(np.where(light <= knee, light, bent), 1.0)


def _array_of(frame: VideoFrame) -> Image:
    plane: Any = frame.planes[0]
    width, height = frame.width, frame.height
    rows = np.frombuffer(memoryview(plane), np.uint8)[: plane.line_size * height].reshape(height, plane.line_size)
    return np.ascontiguousarray(rows[:, : width * 3].reshape(height, width, 3))
