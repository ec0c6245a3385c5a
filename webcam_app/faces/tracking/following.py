"""Finding known faces again in the next frame: by the cascades near the predicted box, else by template."""

from __future__ import annotations

from collections.abc import Sequence

from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import Detection, FaceCascades
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.tracking.track import Track

# Tracks that are searched by a cascade in one frame; with more, they take turns and are followed by template between.
SEARCHES = 4
# A face that was detected within this time is searched by two frontal cascades in each frame; later by one of all.
RECENT_SECONDS = 0.25
# The cascades that are frontal are the first so many of ``FaceCascades``.
FRONTAL_CASCADES = 3
# Detections after which the cheapest cascade is tried first again.
CHEAPEST_AGAIN = 8
# After a cut a face is only the same if its template matches this well. Faces of different people do by 0.54 in the
# median and 0.89 at most, one that goes on by 0.97: somebody has passed between another one and the camera.
SAME_CORRELATION = 0.92


class Follower:
    """Moves tracks to where their faces are in the next frame. Not thread-safe."""

    def __init__(self, cascades: FaceCascades) -> None:
        """Prepare.

        Args:
            cascades: search near the predicted boxes.
        """
        self._cascades = cascades

    def follow(self, tracks: Sequence[Track], pyramid: Pyramid, time: float, *, cut: bool) -> list[Track]:
        """Find the faces again.

        Args:
            tracks: what is followed.
            pyramid: the frame.
            time: of the frame, in seconds.
            cut: whether the scene has changed: then faces that are not found again, looking the same, are lost.

        Returns:
            The tracks that go on.
        """
        queue = sorted(tracks, key=lambda track: track.last_searched)
        searched = set(map(id, queue if cut else queue[:SEARCHES]))
        kept = []
        for track in tracks:
            predicted = track.predict(time)
            found = self._search(pyramid, track, predicted, time) if id(track) in searched else None
            if found is None or cut:
                box, correlation = track.match_template(pyramid, predicted)
                if cut and (found is None or correlation < SAME_CORRELATION):
                    track.lose(time)
                    continue
            if found is not None:
                detection, cascade = found
                track.detected(detection, time, cascade)
                track.take_template(pyramid)
            else:
                track.matched(box, time, correlation)
            kept.append(track)
        return kept

    def _search(self, pyramid: Pyramid, track: Track, predicted: FaceBox, time: float) -> tuple[Detection, int] | None:
        """What a cascade sees near a box, and the index of that cascade."""
        order = _search_order(track, time)
        track.count_search(time)
        for cascade in order:
            detection = self._cascades[cascade].find_near(pyramid, predicted)
            if detection is not None:
                return detection, cascade
        return None


def _search_order(track: Track, time: float) -> list[int]:
    """Cascades to try in this frame: the one that saw the face last, then the other frontal ones in turn."""
    misses = track.missed_searches
    if time - track.last_detected > RECENT_SECONDS:
        return [misses % len(FaceCascades._fields)]
    first = 0 if track.detections % CHEAPEST_AGAIN == 0 else track.cascade
    second = (first + 1 + misses % 2) if first < FRONTAL_CASCADES else misses
    return [first, second % FRONTAL_CASCADES]
