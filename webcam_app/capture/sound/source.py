"""The interface of every source of sound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""N×channels float32, -1 to 1."""


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """Some milliseconds of sound.

    Attributes:
        samples: N×channels float32, -1 to 1; never changed.
        rate: samples a second as the device states it; its clock may be off.
        taken_at: ``time.monotonic()`` in seconds at which the first sample was taken, as well as that is known.
    """

    samples: Samples
    rate: int
    taken_at: float

    @property
    def seconds(self) -> float:
        """How long it is by the device's clock."""
        return len(self.samples) / self.rate

    @property
    def peak(self) -> float:
        """The largest deflection, 0 to 1."""
        return float(min(1.0, np.abs(self.samples).max(initial=0.0)))


class SoundSource(ABC):
    """An open source of sound. One thread reads; ``close`` may be called from another."""

    @property
    @abstractmethod
    def name(self) -> str:
        """For people, and to open it again."""

    @property
    @abstractmethod
    def channels(self) -> int:
        """1 or 2."""

    @abstractmethod
    def read(self) -> SoundBlock | None:
        """The next block, waiting for it; None after ``close``.

        Raises:
            SourceLostError: it stopped delivering, or was pulled out.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the device. Safe to call twice."""

    def __enter__(self) -> SoundSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
