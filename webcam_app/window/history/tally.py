"""Counts faces since the start: each track once, by the label that it had longest."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from webcam_app.faces.face import UNSURE, Face

SETTLED_SECONDS = 0.5
"""A label that a track had for less than this is a guess: over so few pictures it may turn again."""
MAX_GAP_SECONDS = 1.0
"""From one picture to the next, a track's label counts for no longer than this: what was in between was not seen."""
MAX_TRACKS = 10_000
"""Tracks that are known one by one, about 6 MiB; the one that was seen longest ago is only counted from then on."""


@dataclass(slots=True)
class TrackRecord:
    """What is remembered of a track.

    Attributes:
        number: the track's.
        source: name of the camera or file in which it was seen first.
        first_seen, last_seen: seconds since 1970.
        seconds: for how long it was seen.
        label: what it counts as: the label that it had longest, ``UNSURE`` where none lasted.
        masked: whether it wore a mask for most of the time; None where the model does not say.
    """

    number: int
    source: str
    first_seen: float
    last_seen: float
    seconds: float = 0.0
    label: str = UNSURE
    masked: bool | None = None
    _time: float = 0.0
    _labels: dict[str, float] = field(default_factory=dict)
    _mask_seconds: float = 0.0
    """Seconds with a mask less those without."""

    def see(self, face: Face, frame_time: float, seen_at: float) -> None:
        """Count another picture of it."""
        passed = min(max(0.0, frame_time - self._time), MAX_GAP_SECONDS)
        self._time, self.last_seen = frame_time, seen_at
        self.seconds += passed
        if face.label is not None:
            self._labels[face.label] = self._labels.get(face.label, 0.0) + passed
            longest = max(self._labels, key=self._labels.__getitem__)
            self.label = longest if self._labels[longest] >= SETTLED_SECONDS else UNSURE
        if face.masked is not None:
            self._mask_seconds += passed if face.masked else -passed
            self.masked = self._mask_seconds > 0


@dataclass(slots=True)
class Total:
    """What is known of several tracks together; times as in ``TrackRecord``."""

    tracks: int = 0
    masked: int = 0
    seconds: float = 0.0
    first_seen: float = 0.0
    last_seen: float = 0.0

    def add(self, record: TrackRecord) -> None:
        """Count a track."""
        self.first_seen = min(self.first_seen, record.first_seen) if self.tracks else record.first_seen
        self.last_seen = max(self.last_seen, record.last_seen)
        self.tracks += 1
        self.masked += record.masked is True
        self.seconds += record.seconds


class TrackTally:
    """Counts the tracks of one window. However long it runs, it takes no more than ``MAX_TRACKS`` tracks' memory.

    Photographs are not for it: their faces are no tracks, and each picture numbers them anew.
    """

    def __init__(self, clock: Callable[[], float] = time.time, max_tracks: int = MAX_TRACKS) -> None:
        """Begin to count.

        Args:
            clock: seconds since 1970.
            max_tracks: how many are known one by one.
        """
        self.began = clock()
        """Seconds since 1970."""
        self.labels: Counter[str] = Counter()
        """How many tracks count as which label, ``UNSURE`` among them."""
        self.masked = 0
        """How many wore a mask for most of the time."""
        self._clock, self._max_tracks = clock, max_tracks
        self._records: OrderedDict[int, TrackRecord] = OrderedDict()
        """By number, the one that was seen longest ago first."""
        self._folded: dict[str, Total] = {}

    @property
    def tracks(self) -> int:
        """How many there were."""
        return self.labels.total()

    @property
    def folded(self) -> int:
        """How many of them are not known one by one any more."""
        return sum(total.tracks for total in self._folded.values())

    def see(self, faces: Sequence[Face], frame_time: float, source: str) -> None:
        """Count the faces of a picture of a video.

        Args:
            faces: in it.
            frame_time: in seconds on a clock that never goes back.
            source: name of the camera or file.
        """
        now = self._clock()
        for face in faces:
            record = self._records.get(face.track)
            if record is None:
                record = self._records[face.track] = TrackRecord(face.track, source, now, now, _time=frame_time)
                self.labels[UNSURE] += 1
            self._records.move_to_end(face.track)
            label, masked = record.label, record.masked is True
            record.see(face, frame_time, now)
            if record.label != label:
                self.labels[label] -= 1
                self.labels[record.label] += 1
            self.masked += (record.masked is True) - masked
        while len(self._records) > self._max_tracks:
            _, oldest = self._records.popitem(last=False)
            self._folded.setdefault(oldest.label, Total()).add(oldest)

    def counts(self) -> list[tuple[str, int]]:
        """How many tracks count as which label, those that most tracks have first."""
        return sorted(((each, n) for each, n in self.labels.items() if n), key=lambda entry: (-entry[1], entry[0]))

    def records(self) -> list[TrackRecord]:
        """The tracks that are known one by one, in the order in which they came; not to be changed."""
        return sorted(self._records.values(), key=lambda record: (record.first_seen, record.number))

    def totals(self) -> dict[str, Total]:
        """What each label has in all, those that most tracks have first."""
        totals = {
            label: Total(total.tracks, total.masked, total.seconds, total.first_seen, total.last_seen)
            for label, total in self._folded.items()
        }
        for record in self._records.values():
            totals.setdefault(record.label, Total()).add(record)
        return dict(sorted(totals.items(), key=lambda entry: (-entry[1].tracks, entry[0])))
