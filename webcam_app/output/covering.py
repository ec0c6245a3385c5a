"""Which places of a frame are to be covered: faces seen, faces lost a moment ago, and faces found a moment later."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from webcam_app.capture.frame import Frame
from webcam_app.faces.face import Box, Face
from webcam_app.output.cover import CoverKind, cover_frame, grown

BEFORE_SECONDS = 0.5
"""A face is covered so long before it was found, where the picture can wait."""
AFTER_SECONDS = 0.5
"""A face that is not found any more is mostly still there, turned away or behind a hand."""
# A head goes on moving while it is not found: in half a second up to this much larger.
GROWTH_PER_SECOND = 0.6
MAX_WAITING_BYTES = 512 << 20
"""Half a second of 4K at 30 a second takes 370 MiB; of more, the pictures wait less long."""


@dataclass(slots=True)
class Covering:
    """What a person wants to be covered; it may change at any time, and all threads see it.

    Attributes:
        kind: how; None for not at all.
        spared: tracks that stay uncovered.
    """

    kind: CoverKind | None = None
    spared: set[int] = field(default_factory=set)

    def cover(self, frame: Frame, faces: Iterable[Face]) -> Frame:
        """The frame with these faces covered, which are in its pixels; itself where nothing is to be covered."""
        kind = self.kind
        if kind is None:
            return frame
        return cover_frame(frame, [face.box for face in faces if face.track not in self.spared], kind)


class CoverTrail:
    """Remembers faces for a moment after they were lost. Not thread-safe."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, Box]] = {}

    def places(self, frame: Frame, faces: Sequence[Face], spared: Container[int] = ()) -> list[Box]:
        """What is to be covered in the next frame.

        Args:
            frame: the frame.
            faces: seen in it, in its pixels.
            spared: tracks that are left uncovered.
        """
        return [face.box for face in (*faces, *self.lost(frame, faces)) if face.track not in spared]

    def lost(self, frame: Frame, faces: Sequence[Face]) -> list[Face]:
        """Faces that were seen a moment ago and are not in the next frame, with boxes that grow meanwhile."""
        if frame.picture is not None:  # a photograph has nothing to do with what was before it
            self._seen.clear()
            return []
        gone = []
        now = {face.track for face in faces}
        for track, (time, box) in list(self._seen.items()):
            if not 0 <= frame.time - time <= AFTER_SECONDS:
                del self._seen[track]
            elif track not in now:
                gone.append(Face(grown(box, 1 + GROWTH_PER_SECOND * (frame.time - time)), track, detected=False))
        self._seen.update((face.track, (frame.time, face.box)) for face in faces)
        return gone


@dataclass(slots=True)
class WaitingFrame:
    """A frame that waits.

    Attributes:
        frame: the frame.
        faces: seen in it.
        boxes: what is to be covered in it, so far as is known.
    """

    frame: Frame
    faces: Sequence[Face]
    boxes: list[Box] = field(default_factory=list)


class CoverDelay:
    """Lets frames wait half a second, so that a face is covered in those before it was found. Not thread-safe."""

    def __init__(self, max_bytes: int = MAX_WAITING_BYTES) -> None:
        """Begin without frames.

        Args:
            max_bytes: of pictures that wait; beyond it they wait less long.
        """
        self._max_bytes = max_bytes
        self._trail = CoverTrail()
        self._waiting: deque[WaitingFrame] = deque()
        self._bytes = 0
        self._last_seen: dict[int, float] = {}
        self.shortened = False
        """Whether pictures had to wait less than half a second because they are so large."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, frame: Frame, faces: Sequence[Face], spared: Container[int] = ()) -> None:
        """Add the next frame of a video, with its faces.

        Args:
            frame: later than the one before.
            faces: seen in it.
            spared: tracks that are left uncovered.
        """
        for face in faces:
            if face.track not in spared:
                self._cover_before(frame.time, face)
            self._last_seen[face.track] = frame.time
        self._waiting.append(WaitingFrame(frame, faces, self._trail.places(frame, faces, spared)))
        self._bytes += _size(frame)

    def take(self, *, all_of_them: bool = False) -> WaitingFrame | None:
        """The oldest frame, if it waited long enough; it does not wait any more then.

        Args:
            all_of_them: whether nothing comes that could have to do with it.
        """
        if not self._waiting:
            return None
        first, last = self._waiting[0].frame, self._waiting[-1].frame
        waited = all_of_them or last.time - first.time > BEFORE_SECONDS
        if not waited and self._bytes <= self._max_bytes:
            return None
        self.shortened |= not waited
        item = self._waiting.popleft()
        self._bytes -= _size(item.frame)
        return item

    def _cover_before(self, found: float, face: Face) -> None:
        """Cover a face in the frames that wait and in which it was not seen: none at all, or none for a while."""
        seen = self._last_seen.get(face.track, -math.inf)
        for item in self._waiting:
            if item.frame.time > seen:
                ago = found - item.frame.time
                item.boxes.append(grown(face.box, 1 + GROWTH_PER_SECOND * ago))


def _size(frame: Frame) -> int:
    return frame.image.nbytes + (frame.stored.image.nbytes if frame.stored is not None else 0)
