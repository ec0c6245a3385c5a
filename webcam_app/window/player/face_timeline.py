"""When which faces are in a video, in so much memory whatever its length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.face import UNSURE, Face

BUCKETS = 2048
"""More than the bar has pixels on most screens; two hours are 3.5 seconds each then."""
LANES = 6
"""Faces at a time that are drawn; of more it is told how many there are."""
FIRST_SECONDS = 60.0
"""Length to begin with where none is known; it is doubled as often as need be."""
LANE_SECONDS = 1.0
"""A lane is free for another face after so long without one."""

# A face in a bucket as a byte: 0 for none; the label's place among the labels, from 1; a mask as the highest bit.
UNSURE_CODE, UNLABELLED_CODE = 126, 127
MOST_LABELS = 125
MASK_BIT = 128

UNKNOWN, PLAYED, SCANNED = 0, 1, 2
"""Of a bucket: nobody looked; seen while it was played; looked at from the start on, which is what holds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A face at a moment.

    Attributes:
        track: its number.
        label: as ``Face.label``.
        masked: whether it wears a mask.
    """

    track: int
    label: str | None
    masked: bool = False

    @classmethod
    def of(cls, face: Face) -> Seen:
        """What counts of a face."""
        return cls(face.track, face.label, bool(face.masked))


@dataclass(slots=True)
class _Lanes:
    """Which track has which lane; each keeps its own."""

    lane_of: dict[int, int] = field(default_factory=dict)
    last_seen: dict[int, float] = field(default_factory=dict)

    def of(self, track: int, time: float) -> int | None:
        """The lane of a track, None where all are taken."""
        lane = self.lane_of.get(track)
        if lane is None or abs(time - self.last_seen[track]) > LANE_SECONDS:
            for other in [other for other, at in self.last_seen.items() if abs(time - at) > LANE_SECONDS]:
                del self.last_seen[other], self.lane_of[other]
            taken = set(self.lane_of.values())
            lane = next((free for free in range(LANES) if free not in taken), None)
            if lane is None:
                return None
            self.lane_of[track] = lane
        self.last_seen[track] = time
        return lane


class FaceTimeline:
    """Faces in lanes over time. Not thread-safe."""

    def __init__(self, seconds: float | None, labels: Sequence[str]) -> None:
        """Begin with nothing.

        Args:
            seconds: length of the video, about; None where unknown.
            labels: the model's.
        """
        self.seconds = seconds if seconds else FIRST_SECONDS
        """What the buckets stand for together."""
        self.labels = tuple(labels)
        self.codes: NDArray[np.uint8] = np.zeros((LANES, BUCKETS), np.uint8)
        """LANES×BUCKETS: what is in each lane, as above."""
        self.state: NDArray[np.uint8] = np.zeros(BUCKETS, np.uint8)
        """BUCKETS: ``UNKNOWN``, ``PLAYED`` or ``SCANNED``."""
        self._more: NDArray[np.uint8] = np.zeros(BUCKETS, np.uint8)
        self._played, self._scanned = _Lanes(), _Lanes()
        self._code_of = {label: number for number, label in enumerate(self.labels[:MOST_LABELS], 1)}
        self._code_of[UNSURE] = UNSURE_CODE
        self.changes = 0
        """Counts what was added."""

    @property
    def lanes_used(self) -> int:
        """How many lanes have a face anywhere."""
        return int(np.flatnonzero(self.codes.any(axis=1)).max(initial=-1)) + 1

    @property
    def scanned_share(self) -> float:
        """How much of it was looked at from the start on, 0 to 1."""
        return float((self.state == SCANNED).mean())

    def add(self, begin: float, end: float, faces: Iterable[Seen], *, scanned: bool) -> None:
        """Note the faces of a picture.

        Args:
            begin: when it begins to be shown, in seconds.
            end: when the next one does.
            faces: in it.
            scanned: whether this comes from the look at the whole video, which holds whatever was noted before.
        """
        while end > self.seconds * 1.001:
            self._double()
        first, last = self._bucket(begin), max(self._bucket(begin), self._bucket(end - 1e-6))
        place = slice(first, last + 1)
        state = self.state[place]
        writable = state != SCANNED if not scanned else np.ones(last + 1 - first, np.bool_)
        anew = writable & (state != (SCANNED if scanned else PLAYED))
        self.codes[:, place][:, anew] = 0
        self._more[place][anew] = 0
        lanes, more = self._scanned if scanned else self._played, 0
        for face in faces:
            lane = lanes.of(face.track, begin)
            if lane is None:
                more += 1
            else:
                self.codes[lane, place][writable] = self._code(face)
        self._more[place][writable] = np.maximum(self._more[place][writable], min(more, 255))
        state[writable] = SCANNED if scanned else PLAYED
        self.changes += 1

    def end_at(self, seconds: float) -> None:
        """The video was looked at to its end, which is there."""
        if seconds <= 0:
            return
        old = (np.arange(BUCKETS) + 0.5) * seconds / BUCKETS
        places = np.minimum((old / self.seconds * BUCKETS).astype(int), BUCKETS - 1)
        self.codes, self.state = self.codes[:, places], np.full(BUCKETS, SCANNED, np.uint8)
        self._more, self.seconds = self._more[places], seconds
        self.changes += 1

    def at(self, time: float) -> list[Seen] | None:
        """The faces at a time, ``track`` being the lane; None where nobody looked."""
        bucket = self._bucket(time)
        if self.state[bucket] == UNKNOWN:
            return None
        codes = [int(code) for code in self.codes[:, bucket] if code]
        found = [Seen(lane, self._label(code & ~MASK_BIT), bool(code & MASK_BIT)) for lane, code in enumerate(codes)]
        return found + [Seen(LANES + number, None) for number in range(int(self._more[bucket]))]

    def _bucket(self, time: float) -> int:
        return min(max(int(time / self.seconds * BUCKETS), 0), BUCKETS - 1)

    def _code(self, face: Seen) -> int:
        code = UNLABELLED_CODE if face.label is None else self._code_of.get(face.label, UNLABELLED_CODE)
        return code | (MASK_BIT if face.masked else 0)

    def _label(self, code: int) -> str | None:
        if code == UNSURE_CODE:
            return UNSURE
        return self.labels[code - 1] if code <= len(self.labels) else None

    def _double(self) -> None:
        """It is longer than was thought: two buckets become one."""
        self.seconds *= 2
        half = BUCKETS // 2
        for row in (*self.codes, self.state, self._more):
            row[:half] = np.maximum(row[0::2], row[1::2])
            row[half:] = 0
