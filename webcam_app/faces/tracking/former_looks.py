"""What faces looked like a short time ago: a face that slowly becomes another one is found out by it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.tracking.template import Template
from webcam_app.faces.tracking.track import Track

# Looks that are kept, a second, and for how long.
KEPT_RATE = 10.0
KEPT_SECONDS = 2.4
# Correlation from which a face is the same as the one at its place before.
SAME_CORRELATION = 0.8


class FormerLooks:
    """Templates of the tracks' faces over the last seconds. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, dict[Track, Template]]] = deque()

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()

    def note(self, tracks: Sequence[Track], pyramid: Pyramid, time: float) -> None:
        """Remember what the faces of a frame look like.

        Args:
            tracks: their tracks.
            pyramid: the frame.
            time: of the frame, in seconds; not before that of the last.
        """
        if self._kept and time - self._kept[-1][0] < 0.9 / KEPT_RATE:
            return
        self._kept.append((time, {track: Template.take(pyramid, track.box) for track in tracks}))
        while time - self._kept[0][0] > KEPT_SECONDS:
            self._kept.popleft()

    def changed(self, tracks: Sequence[Track], pyramid: Pyramid, since: float) -> list[Track]:
        """Those of the tracks whose faces look like others than at a time before.

        Args:
            tracks: where faces are now; those that were not there then, and have no number from there, are left out.
            pyramid: the frame.
            since: the time, in seconds.
        """
        looks = next((looks for time, looks in reversed(self._kept) if time <= since), {})
        if not looks and self._kept:
            looks = self._kept[0][1]
        # A track that is lost on the way, and its number taken over by another one, is the same face's to people.
        numbered = {track.number: look for track, look in looks.items()}
        numbered.pop(None, None)
        found = [(track, looks.get(track) or numbered.get(track.number)) for track in tracks]
        return [
            track for track, look in found if look is not None and look.find(pyramid, track.box)[1] < SAME_CORRELATION
        ]
