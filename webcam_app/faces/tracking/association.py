"""What belongs to what: tracks of one face, proposals of known faces, and faces that come back.

The geometric rules are in ``faces.matching``; here they are applied to tracks, with their states and times.
"""

from __future__ import annotations

from collections.abc import Sequence

from webcam_app.faces.box import FaceBox
from webcam_app.faces.matching import is_known_face, is_same_track, may_have_returned, shares_score
from webcam_app.faces.tracking.track import Track

# A tentative track keeps proposals from its place for so long after its last detection: what no cascade sees again may
# be a face whose box is a little off, and must not stand in its way.
TENTATIVE_SECONDS = 0.1
# A face that comes back to its place within this time is the same one.
RETURN_SECONDS = 2.0


class RejectedBoxes:
    """Proposals that were no faces, each left alone until some time."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, FaceBox]] = []

    def add(self, box: FaceBox, until: float) -> None:
        """Leave a box alone until a time in seconds."""
        self._entries.append((until, box))

    def expire(self, time: float) -> None:
        """Forget those whose time is over."""
        self._entries = [(until, box) for until, box in self._entries if time <= until]

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()

    def covers(self, box: FaceBox) -> bool:
        """Whether a box is as good as one of those."""
        return any(shares_score(rejected, box) for _, rejected in self._entries)


class LostTracks:
    """Confirmed tracks that were lost a short time ago, whose faces may come back."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []

    def add(self, track: Track) -> None:
        """Keep a track that was lost now."""
        self._tracks.append(track)

    def expire(self, time: float) -> None:
        """Forget those that were lost too long ago."""
        self._tracks = [track for track in self._tracks if time - track.lost_at <= RETURN_SECONDS]

    def clear(self) -> None:
        """Forget all."""
        self._tracks.clear()

    @property
    def all(self) -> list[Track]:
        """Those that are kept."""
        return list(self._tracks)

    def take_match(self, box: FaceBox) -> Track | None:
        """Remove and return the track that may have come back as a new face there, None where there is none."""
        for index, track in enumerate(self._tracks):
            if may_have_returned(track.box, box):
                return self._tracks.pop(index)
        return None


def merge_duplicates(tracks: Sequence[Track], time: float) -> list[Track]:
    """One track for each face: confirmed before tentative, then the last detected, then the oldest; others are lost."""
    kept: list[Track] = []
    order = sorted(tracks, key=lambda track: (track.number is None, -track.last_detected, track.first_detected))
    for track in order:
        if any(is_same_track(track.box, other.box) for other in kept):
            track.lose(time)
        else:
            kept.append(track)
    return kept


def is_new(box: FaceBox, tracks: Sequence[Track], rejected: RejectedBoxes, time: float) -> bool:
    """Whether a proposal is neither a known face nor one that was just rejected.

    Args:
        box: the proposal.
        tracks: the faces that are followed.
        rejected: what was no face.
        time: of the frame, in seconds.
    """
    known = (track for track in tracks if track.number is not None or time - track.last_detected <= TENTATIVE_SECONDS)
    return not any(is_known_face(box, track.box) for track in known) and not rejected.covers(box)
