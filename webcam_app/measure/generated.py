"""A camera and a microphone that are generated, pulled out at times, and show and sound a beat together."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

import numpy as np

from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.sound import SoundBlock, SoundSource
from webcam_app.capture.source import Source, SourceInfo, SourceKind
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError

FPS = 30
# Beats have no frequency in common with a clip's frames or the encoder's key frames that would hide a fault.
FRAMES_BETWEEN_BEATS = 97
FLASH_PIXELS = 32
"""Side of the square in the upper left corner that is white at a beat and black else."""

CLICK_SECONDS = 0.004
# The generated microphone's clock is off by this share, more than a bad sound card's.
SOUND_OFF_BY = 500e-6
SOUND_RATE, SOUND_BLOCK_SECONDS = 48_000, 0.02
AWAY_SECONDS = 3.0
"""How long a camera is away that was pulled out."""


@dataclass(frozen=True, slots=True)
class Beat:
    """When there are flashes and clicks, on the clock of ``time.monotonic()``.

    Attributes:
        began: the first one.
        pulled_seconds: both devices are pulled out after so many seconds, the camera again and again.
    """

    began: float
    pulled_seconds: float

    @property
    def seconds(self) -> float:
        """From one beat to the next."""
        return FRAMES_BETWEEN_BEATS / FPS

    def away(self, now: float) -> bool:
        """Whether the camera is unplugged."""
        since = now - self.began
        return since > self.pulled_seconds and since % self.pulled_seconds < AWAY_SECONDS

    def open_camera(self, spec: str, *, cancel: threading.Event | None = None, **_wishes: object) -> Source:
        """A camera that shows a clip, in the place of ``open_source``.

        Raises:
            SourceNotFoundError: it is unplugged.
            SourceError: the clip cannot be opened.
        """
        if self.away(time.monotonic()):
            raise SourceNotFoundError("The generated camera is not plugged in.")
        return GeneratedCamera(open_source(spec, loop=True, cancel=cancel), self)

    def open_microphone(self, name: str) -> SoundSource:
        """A microphone that hums and hears the beats, in the place of the system's."""
        return Hum(name, self)


class GeneratedCamera(GuardedSource):
    """Shows a clip's frames on the grid of a beat, with a white square at each beat."""

    def __init__(self, clip: Source, beat: Beat) -> None:
        super().__init__()
        self._clip, self._beat = clip, beat
        self._first: int | None = None
        self._number = math.ceil((time.monotonic() - beat.began) * FPS)
        info = clip.info
        self._info = SourceInfo(SourceKind.CAMERA, "generated", info.spec, info.width, info.height, float(FPS))

    @property
    def info(self) -> SourceInfo:
        """As a camera's."""
        return self._info

    def _read(self) -> Frame | None:
        frame = self._clip.read()
        if frame is None:
            raise SourceError("The clip has ended. Give one that can be repeated.")
        # As with a camera, what nobody read in time is lost.
        self._number = max(self._number + 1, math.floor((time.monotonic() - self._beat.began) * FPS))
        taken_at = self._beat.began + self._number / FPS
        if self._closing.wait(max(0.0, taken_at - time.monotonic())):
            return None
        if self._beat.away(time.monotonic()):
            raise SourceLostError("The generated camera was unplugged.")
        image = frame.image.copy()
        image[:FLASH_PIXELS, :FLASH_PIXELS] = 255 if self._number % FRAMES_BETWEEN_BEATS == 0 else 0
        self._first = self._number if self._first is None else self._first
        return Frame(image, self._number - self._first, (self._number - self._first) / FPS, taken_at)

    def _release(self) -> None:
        self._clip.close()


class Hum(SoundSource):
    """A quiet tone with a click at each beat, by a clock that is off. Pulled out after a while."""

    def __init__(self, name: str, beat: Beat) -> None:
        """Open it."""
        self._name, self._beat = name, beat
        self._began = time.monotonic()
        self._taken = 0
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        """As it was opened."""
        return self._name

    @property
    def channels(self) -> int:
        """One."""
        return 1

    def read(self) -> SoundBlock | None:
        """The next block, when it is due."""
        count = round(SOUND_RATE * SOUND_BLOCK_SECONDS)
        true_rate = SOUND_RATE * (1 + SOUND_OFF_BY)
        taken_at = self._began + self._taken / true_rate
        if self._closed.wait(max(0.0, taken_at + SOUND_BLOCK_SECONDS - time.monotonic())):
            return None
        if taken_at - self._began > self._beat.pulled_seconds:
            raise SourceLostError(f"The microphone {self._name} was unplugged.")
        numbers = self._taken + np.arange(count)
        samples = 0.05 * np.sin(numbers * 0.05)
        click = np.mod(self._began + numbers / true_rate - self._beat.began, self._beat.seconds) < CLICK_SECONDS
        samples = np.where(click, np.where(numbers % 8 < 4, 0.9, -0.9), samples)
        self._taken += count
        return SoundBlock(samples.astype(np.float32)[:, None], SOUND_RATE, taken_at)

    def close(self) -> None:
        """End."""
        self._closed.set()
