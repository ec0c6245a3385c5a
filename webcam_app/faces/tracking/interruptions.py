"""A scene that was cut off and comes back: a flash, a hand before the lens, a picture between two others."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from webcam_app.faces.detection.cuts import Thumbnail, is_blank, same_scene
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.tracking.track import Track, TrackState

# Lines of the picture by which a scene is known again.
LINES = 60
# As many scenes are kept: a hand comes in several steps, each of which is a cut.
SCENES = 4
# A scene that is faded out is taken from so many frames before.
FADE_FRAMES = 10


class Interruptions:
    """The faces of the scenes before the last cuts. Not thread-safe."""

    def __init__(self) -> None:
        self._recent: deque[Thumbnail] = deque(maxlen=FADE_FRAMES)
        self._scenes: deque[tuple[Thumbnail, list[Track]]] = deque(maxlen=SCENES)

    def update(self, pyramid: Pyramid, tracks: Sequence[Track], *, cut: bool) -> list[Track]:
        """Take the next frame.

        Args:
            pyramid: the frame.
            tracks: the faces of the frame before, and those that were lost a short time before it.
            cut: whether this frame shows another scene than the one before.

        Returns:
            The tracks of a scene before one of the last cuts, if that is what this frame shows again; they are
            forgotten.
        """
        now = _thumbnail(pyramid)
        # What is faded out was there some frames ago.
        last = None if not self._recent else self._recent[0] if is_blank(now) else self._recent[-1]
        self._recent.append(now)
        if not cut:
            return []
        back: list[Track] = []
        kept: list[tuple[Thumbnail, list[Track]]] = []
        for entry in self._scenes:
            scene, there = entry
            if _same(scene, now):
                back += there
            else:
                kept.append(entry)
        self._scenes = deque(kept, maxlen=SCENES)
        numbered = [track for track in tracks if track.number is not None]
        if last is not None and numbered:
            self._scenes.append((last, numbered))
        return [track for track in back if track.state is TrackState.LOST]

    def clear(self) -> None:
        """Forget all."""
        self._recent.clear()
        self._scenes.clear()


def _thumbnail(pyramid: Pyramid) -> Thumbnail:
    halvings = 0
    while pyramid.height >> (halvings + 1) >= LINES:
        halvings += 1
    return pyramid.level(halvings).astype(np.float32)


def _same(first: Thumbnail, second: Thumbnail) -> bool:
    return first.shape == second.shape and bool(same_scene(first, second))
