"""Pictures in, H.264 packets out: what the live recorder and the annotated file have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from webcam_app.capture.frame import Image

# MP4's customary video clock: 1/24, 1/25, 1/30, 1/50 and 1/60 s are whole, any other time is off by 6 µs at most.
TICKS_PER_SECOND = 90_000
# Measured on 640x480 webcam pictures, one core: veryfast 2.5 ms a frame and 100 kB/s, superfast 1.6 ms and 126 kB/s,
# ultrafast 0.75 ms and 150 kB/s, faster 4 ms and 103 kB/s, all at 40.3 to 40.8 dB.
PRESET = "veryfast"
# Below 23 files grow by 12 % a step without looking better in a webcam's noise.
QUALITY = "23"
X264 = "libx264"
X264_OPTIONS = {"preset": PRESET, "crf": QUALITY}
# Every player seeks to a key frame: two seconds is quick to seek and costs 5 % over ten.
KEY_FRAME_SECONDS = 2.0
MAX_FRAME_SIDE = 8192
# Code points of ITU-T H.273 and of FFmpeg.
MATRIX_BT709 = 1
LIMITED_RANGE = 1


class VideoTrack:
    """A video stream in an output container. Colours are BT.601, limited range, and marked as such."""

    codec = X264
    """FFmpeg's name of the encoder."""

    def __init__(
        self,
        container: av.container.OutputContainer,
        width: int,
        height: int,
        *,
        fps: float,
        options: Mapping[str, str],
        aspect: Fraction | None = None,
    ) -> None:
        """Add the stream; nothing is written before the first packet is muxed.

        Args:
            container: an open output container.
            width: width of the pictures in pixels; an odd one is made even by repeating the edge.
            height: their height, likewise.
            fps: about how many frames a second will come. A hint for the encoder: times are those given to ``encode``.
            options: options of the encoder; for libx264, beyond ``PRESET`` and ``QUALITY``.
            aspect: shape of a pixel, width over height; None for square.

        Raises:
            ValueError: the size is empty or larger than ``MAX_FRAME_SIDE``.
        """
        if not (0 < width <= MAX_FRAME_SIDE and 0 < height <= MAX_FRAME_SIDE):
            raise ValueError(
                f"a picture of {width}x{height} cannot be recorded: sides of 1 to {MAX_FRAME_SIDE} pixels can"
            )
        self.width, self.height = width + width % 2, height + height % 2
        rate = Fraction(fps).limit_denominator(1001) if 0.1 <= fps <= 1000 else Fraction(30)
        add_stream: Any = container.add_stream  # typed by the name of a codec that is known beforehand
        self.stream: Any = add_stream(self.codec, rate=rate)
        self.stream.width, self.stream.height, self.stream.pix_fmt = self.width, self.height, "yuv420p"
        context = self.stream.codec_context
        context.time_base = Fraction(1, TICKS_PER_SECOND)
        context.gop_size = max(1, round(float(rate) * KEY_FRAME_SECONDS))
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = 1, 6, 6, 6
        if aspect is not None:
            context.sample_aspect_ratio = aspect
        context.options = {**(X264_OPTIONS if self.codec == X264 else {}), **options}

    def encode(self, image: Image, ticks: int) -> Iterator[Any]:
        """Encode a picture; yields the packets that are ready, which need not be this picture's.

        Args:
            image: H×W×3 uint8 BGR of any size: another size than the track's is scaled to fit and framed in black.
            ticks: when it is shown, in 1/90000 s; must grow from call to call.
        """
        fitted = letterbox(image, self.width, self.height)
        frame = self._yuv(fitted)
        frame.pts, frame.time_base = ticks, Fraction(1, TICKS_PER_SECOND)
        yield from self._send(frame)

    def _yuv(self, image: Image) -> av.VideoFrame:
        """The picture, of the track's size, as the encoder takes it."""
        return av.VideoFrame.from_ndarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), format="yuv420p")  # type: ignore[arg-type]

    def finish(self) -> Iterator[Any]:
        """The packets that the encoder still holds. Nothing can be encoded afterwards."""
        yield from self._send(None)

    def _send(self, frame: av.VideoFrame | None) -> Iterator[Any]:
        """Give the encoder a frame, or None for the end; yields what it gives back."""
        yield from self.stream.encode(frame)


class Bt709Track(VideoTrack):
    """The same in BT.709, for what was HDR.

    A 1080p picture takes 8 ms more than in BT.601, the only one that OpenCV's conversion knows.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """As ``VideoTrack``."""
        super().__init__(*args, **options)
        context = self.stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1
        self._reformatter = VideoReformatter()

    def _yuv(self, image: Image) -> av.VideoFrame:
        bgr = av.VideoFrame.from_ndarray(image, format="bgr24")
        return self._reformatter.reformat(
            bgr, format="yuv420p", dst_colorspace=MATRIX_BT709, dst_color_range=LIMITED_RANGE, threads=1
        )


def letterbox(image: Image, width: int, height: int) -> Image:
    """Fit a picture into a size without distorting it.

    Args:
        image: H×W×3 uint8 BGR; not changed.
        width: the wanted width. One pixel more than the picture's is filled by repeating its edge, any other difference
            by scaling and black bars.
        height: the wanted height, likewise.

    Returns:
        ``image`` itself where it has the size, else a new array.
    """
    rows, columns = image.shape[:2]
    if (columns, rows) == (width, height):
        return np.ascontiguousarray(image)
    if 0 <= width - columns <= 1 and 0 <= height - rows <= 1:
        return _bordered(image, 0, height - rows, 0, width - columns, cv2.BORDER_REPLICATE)
    scale = min(width / columns, height / rows)
    inner_width, inner_height = max(1, round(columns * scale)), max(1, round(rows * scale))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(image, (inner_width, inner_height), interpolation=interpolation)
    top, left = (height - inner_height) // 2, (width - inner_width) // 2
    bottom, right = height - inner_height - top, width - inner_width - left
    return _bordered(scaled, top, bottom, left, right, cv2.BORDER_CONSTANT)


def _bordered(image: NDArray[Any], top: int, bottom: int, left: int, right: int, kind: int) -> Image:
    return np.asarray(cv2.copyMakeBorder(image, top, bottom, left, right, kind, value=(0, 0, 0)), np.uint8)
