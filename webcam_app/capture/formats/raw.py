"""The preview in a camera raw file: the camera's own JPEG of the same moment."""

from __future__ import annotations

import io
from typing import IO, Any

import cv2
import numpy as np

from webcam_app.capture.frame import Image
from webcam_app.capture.orientation import UPRIGHT, Orientation

LEAST_PREVIEW_SHARE = 0.25
"""A preview with a shorter longer side than this share of the sensor's is a thumbnail: the sensor's data are used."""

_FLIPS: dict[int, Orientation] = {3: (-1, 0, 0, -1), 5: (0, -1, 1, 0), 6: (0, 1, -1, 0)}
"""How LibRaw says that the camera was held."""


class RawPreview:
    """What a raw file gives.

    Attributes:
        jpeg: a JPEG file; None where there is none that is large enough.
        turn: how that is to be turned if it does not say so itself.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Look into a file.

        Raises:
            Exception: of LibRaw's, for what it cannot read.
        """
        import rawpy

        self._raw = rawpy.imread(file)  # type: ignore[arg-type]
        self.turn = _FLIPS.get(self._raw.sizes.flip, UPRIGHT)
        self.jpeg = self._jpeg(rawpy)

    @property
    def sensor_size(self) -> tuple[int, int]:
        """Width and height of the sensor's picture in pixels, not turned."""
        return int(self._raw.sizes.width), int(self._raw.sizes.height)

    def develop(self) -> Image:
        """The sensor's data as a picture of half the size: H×W×3 uint8 BGR, upright."""
        rgb = self._raw.postprocess(half_size=True, use_camera_wb=True)
        return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)

    def close(self) -> None:
        """Let the memory go."""
        self._raw.close()

    def _jpeg(self, rawpy: Any) -> IO[bytes] | None:
        import PIL.Image

        try:
            preview = self._raw.extract_thumb()
        except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
            return None
        if preview.format is not rawpy.ThumbFormat.JPEG:
            return None
        jpeg = io.BytesIO(bytes(preview.data))
        with PIL.Image.open(jpeg, formats=["JPEG"]) as picture:
            large = max(picture.size) >= LEAST_PREVIEW_SHARE * max(self.sensor_size)
        return jpeg if large else None
