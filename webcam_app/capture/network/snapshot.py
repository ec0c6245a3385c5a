"""An address that gives one picture at a time, as many network cameras have: asked again and again."""

from __future__ import annotations

import io
import time
import warnings

import cv2
import numpy as np

from webcam_app.capture.frame import Frame, Image
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.network.address import Address
from webcam_app.capture.network.fetching import Answer, ask, refusal
from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.errors import SourceError, SourceLostError, first_line

INTERVAL_SECONDS = 0.1
"""From one request to the next, if the answer does not take longer: cameras make few such pictures a second."""
SAME_PICTURE_SECONDS = 1.0
"""A picture that came before is not given again until then: the server makes new ones at a pace of its own."""
MAX_BYTES = 64_000_000
MAX_PIXELS = 50_000_000
MAX_BAD_IN_A_ROW = 20
FORMATS = ("JPEG", "PNG", "WEBP", "BMP")


class SnapshotSource(GuardedSource):
    """Pictures of an address, at the pace at which new ones are there. Times are those of arrival."""

    def __init__(self, address: Address, url: str, first: Answer, timeout: float) -> None:
        """Begin with an answer.

        Args:
            address: what is asked.
            url: as the person wrote it.
            first: the first answer, whose content is not read yet.
            timeout: seconds that an answer may take.

        Raises:
            SourceError: there is no picture in the first answer.
        """
        super().__init__()
        self._address, self._timeout = address, timeout
        self._began = time.monotonic()
        self._index = 0
        self._first_time: float | None = None
        self._last_given = float("-inf")
        try:
            self._content = _content(first)
        except OSError as error:
            raise SourceError(f"{address.name} cannot be read ({first_line(error)}). Try again.") from None
        self._ahead = decode(self._content)
        if self._ahead is None:
            raise SourceError(f"{address.name} delivers no picture that can be decoded.")
        height, width = self._ahead.shape[:2]
        self._info = SourceInfo(
            SourceKind.STREAM, address.name, url, width=width, height=height, fps=1.0 / INTERVAL_SECONDS
        )

    @property
    def info(self) -> SourceInfo:
        """Size is that of the first picture; the rate is that of asking, new pictures may come more slowly."""
        return self._info

    def _read(self) -> Frame | None:
        image, self._ahead = self._ahead, None
        bad_in_a_row = 0
        while image is None:
            if self._closing.wait(max(0.0, self._began + INTERVAL_SECONDS - time.monotonic())):
                return None
            self._began = time.monotonic()
            content = self._ask()
            if content == self._content and time.monotonic() - self._last_given < SAME_PICTURE_SECONDS:
                continue
            self._content = content
            image = decode(content)
            if image is None:
                self.bad_frames += 1
                bad_in_a_row += 1
                if bad_in_a_row >= MAX_BAD_IN_A_ROW:
                    raise SourceLostError(f"{self._address.name} delivers damaged pictures.")
        now = self._last_given = time.monotonic()
        self._first_time = now if self._first_time is None else self._first_time
        frame = Frame(image, self._index, now - self._first_time, now)
        self._index += 1
        return frame

    def _ask(self) -> bytes:
        name = self._address.name
        try:
            with ask(self._address, self._timeout) as answer:
                problem = refusal(self._address, answer)
                if problem is not None:
                    raise SourceLostError(str(problem))
                return _content(answer)
        except TimeoutError:
            raise SourceLostError(f"{name} stopped delivering pictures.") from None
        except (OSError, ValueError) as error:
            raise SourceLostError(f"The connection to {name} broke ({first_line(error)}).") from None

    def _release(self) -> None:
        self._ahead = None


def decode(content: bytes) -> Image | None:
    """A picture as H×W×3 uint8 BGR, upright; None where it is none, or too large."""
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that nobody asked for
            with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as header:
                width, height = header.size
        if width * height > MAX_PIXELS:
            return None
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except Exception:  # damaged files raise whatever they like, in Pillow and in OpenCV
        return None
    return None if image is None else np.asarray(image, np.uint8)


def _content(answer: Answer) -> bytes:
    parts, size = [], 0
    while size < MAX_BYTES and (part := answer.read(1 << 16)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
