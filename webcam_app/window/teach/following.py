"""Whose face examples are taken of."""

from __future__ import annotations

from collections.abc import Sequence

from webcam_app.faces.face import Face


class Follower:
    """Chooses the largest face near the middle, and stays with it by its track number."""

    def __init__(self) -> None:
        self.track: int | None = None
        """Number of the track that is followed."""

    def follow(self, faces: Sequence[Face], width: int, height: int, *, only_it: bool = False) -> Face | None:
        """The face that is meant in a frame.

        Args:
            faces: those of the frame.
            width: the frame's in pixels.
            height: its height.
            only_it: take no other face where the one that was followed is gone.

        Returns:
            None where there is none, or not that one.
        """
        same = next((face for face in faces if face.track == self.track), None)
        if same is not None or (only_it and self.track is not None):
            return same
        best = max(faces, key=lambda face: _prominence(face, width, height), default=None)
        self.track = None if best is None else best.track
        return best


def _prominence(face: Face, width: int, height: int) -> float:
    """The face's side; in a corner of the frame half of that."""
    box = face.box
    right = abs(box.x + box.width / 2 - width / 2) / (width / 2)
    down = abs(box.y + box.height / 2 - height / 2) / (height / 2)
    return box.width * (1 - 0.5 * min(1.0, max(right, down)))
