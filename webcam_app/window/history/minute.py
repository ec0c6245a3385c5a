"""What happened in the last minute, in slices of half a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from webcam_app.faces.face import Face

MINUTE_SECONDS = 60.0
SLICE_SECONDS = 0.5
"""Fine enough for a face that looked in, and no wider than a few pixels on the screen."""
SLICES = round(MINUTE_SECONDS / SLICE_SECONDS)


@dataclass(slots=True)
class Slice:
    """Half a second.

    Attributes:
        number: counts half seconds.
        pictures: how many were shown.
        faces: faces of all of them together, by label; None for those without one.
        masked: those of them with a mask.
        rate: pictures a second, None where that is not known.
    """

    number: int
    pictures: int = 0
    faces: dict[str | None, int] = field(default_factory=dict)
    masked: int = 0
    rate: float | None = None
    _latency_ms: float = 0.0
    _painted: int = 0

    @property
    def latency_ms(self) -> float | None:
        """Mean milliseconds from taken to painted, None where nothing was painted."""
        return self._latency_ms / self._painted if self._painted else None

    @property
    def every_face(self) -> int:
        """Faces of all its pictures together, whatever their label."""
        return sum(self.faces.values())

    def share(self, count: int) -> float:
        """Of something that was counted in its pictures, how many there were in one."""
        return count / self.pictures if self.pictures else 0.0

    def add_painted(self, latency_ms: float) -> None:
        """Count a picture that was painted."""
        self._latency_ms += latency_ms
        self._painted += 1


class Minute:
    """Collects figures of the live picture. All times are seconds of ``time.monotonic()``."""

    def __init__(self) -> None:
        self.faces: Sequence[Face] = ()
        """Those of the newest picture."""
        self._slices: deque[Slice] = deque(maxlen=SLICES)
        self._before: tuple[int, float] | None = None
        """Number and time of the last picture before the newest slice."""
        self._last: tuple[int, float] | None = None

    def add(self, faces: Sequence[Face], sequence: int, now: float) -> None:
        """Count a picture.

        Args:
            faces: in it.
            sequence: its number; those that were left out are numbered too.
            now: the time.
        """
        newest = self._at(now)
        newest.pictures += 1
        for face in faces:
            newest.faces[face.label] = newest.faces.get(face.label, 0) + 1
            newest.masked += face.masked is True
        if self._before is not None and now > self._before[1]:
            newest.rate = (sequence - self._before[0]) / (now - self._before[1])
        elif self._before is None:
            self._before = (sequence, now)
        self._last, self.faces = (sequence, now), faces

    def add_painted(self, latency_ms: float, now: float) -> None:
        """Count a picture that was painted, with the milliseconds since it was taken."""
        self._at(now).add_painted(latency_ms)

    def interrupt(self) -> None:
        """Another source begins, or none: the time until its first picture says nothing of its rate."""
        self._before = self._last = None
        self.faces = ()

    def slices(self, now: float) -> list[Slice | None]:
        """The last ``SLICES`` half seconds, the oldest first; None where there was no picture."""
        newest = int(now / SLICE_SECONDS)
        known = {each.number: each for each in self._slices if each.pictures}
        return [known.get(number) for number in range(newest - SLICES + 1, newest + 1)]

    def _at(self, now: float) -> Slice:
        number = int(now / SLICE_SECONDS)
        if not self._slices or self._slices[-1].number < number:
            self._slices.append(Slice(number))
            self._before = self._last
        return self._slices[-1]


def current(slices: Sequence[Slice | None]) -> Slice | None:
    """The newest slice that is over; the one that runs may have a single picture. None where nothing was shown."""
    return next((each for each in reversed(slices[-3:-1]) if each is not None), slices[-1] if slices else None)
