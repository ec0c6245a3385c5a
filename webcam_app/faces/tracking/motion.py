"""Where a face is and how fast it moves: exponential smoothing of its boxes, and a prediction at constant velocity."""

from __future__ import annotations

from webcam_app.faces.box import FaceBox

# Half-lives in seconds of the way that is left to a detection, for centre and side. Cascades place a resting face anew
# by some per cent in each frame; where the face has really moved, the box follows at once.
CENTER_HALF_LIFE = 0.05
SIDE_HALF_LIFE = 0.12
# Distance in sides from which a movement is real.
MOVED = 0.12
# Half-life in seconds of the velocity, while it follows and while it dies away with nothing seen.
VELOCITY_HALF_LIFE = 0.1
# Nothing that a person does before a webcam is faster, in sides a second.
FASTEST = 8.0
# Seconds that a prediction reaches ahead at most.
LONGEST_PREDICTION = 0.1
# A template whose correlation is below this says nothing about where the face went; so much above, it says all.
TRUST_FROM = 0.3
TRUST_RANGE = 0.4
# Frames at the same time count as this many seconds apart.
SHORTEST_INTERVAL = 1e-3


class Motion:
    """The smoothed box of one face, and its velocity."""

    def __init__(self, box: FaceBox, time: float) -> None:
        """Start at rest.

        Args:
            box: where the face is.
            time: of the frame, in seconds.
        """
        self._box, self._time = box, time
        self._velocity = (0.0, 0.0)  # pixels a second, to the right and down

    @property
    def box(self) -> FaceBox:
        """Where the face is."""
        return self._box

    @property
    def time(self) -> float:
        """Of the last frame in which it was followed, in seconds."""
        return self._time

    def predict(self, time: float) -> FaceBox:
        """Where the face should be at a time, in seconds, by its velocity."""
        ahead = min(max(time - self._time, 0.0), LONGEST_PREDICTION)
        return self._box._replace(x=self._box.x + self._velocity[0] * ahead, y=self._box.y + self._velocity[1] * ahead)

    def detected(self, box: FaceBox, time: float) -> None:
        """A cascade has found the face.

        Args:
            box: where.
            time: of the frame, in seconds.
        """
        elapsed = self._elapsed(time)
        before, predicted = self._box, self.predict(time)
        share = max(_share(elapsed, CENTER_HALF_LIFE), min(1.0, predicted.distance(box) / MOVED))
        self._box = predicted.toward(box, share, _share(elapsed, SIDE_HALF_LIFE))
        self._follow_velocity(before, elapsed)
        self._time = time

    def matched(self, box: FaceBox, time: float, correlation: float) -> None:
        """The cascades have missed the face; this is where its template matches best.

        Args:
            box: where.
            time: of the frame, in seconds.
            correlation: how well it matches, -1 to 1.
        """
        elapsed = self._elapsed(time)
        before = self._box
        trust = min(1.0, max(0.0, (correlation - TRUST_FROM) / TRUST_RANGE))
        self._box = before.toward(box, trust, 0.0)
        self._follow_velocity(before, elapsed, trust)
        self._time = time

    def move(self, box: FaceBox) -> None:
        """Put the box elsewhere; the velocity stays."""
        self._box = box

    def _elapsed(self, time: float) -> float:
        return max(time - self._time, SHORTEST_INTERVAL)

    def _follow_velocity(self, before: FaceBox, elapsed: float, trust: float = 1.0) -> None:
        limit = FASTEST * self._box.side
        share = _share(elapsed, VELOCITY_HALF_LIFE) * trust
        keep = 1.0 - share if trust == 1.0 else _share_left(elapsed, VELOCITY_HALF_LIFE)
        speeds = ((self._box.x - before.x) / elapsed, (self._box.y - before.y) / elapsed)
        right, down = (
            min(max(old * keep + new * share, -limit), limit) for old, new in zip(self._velocity, speeds, strict=True)
        )
        self._velocity = (right, down)


def _share(elapsed: float, half_life: float) -> float:
    return 1.0 - _share_left(elapsed, half_life)


def _share_left(elapsed: float, half_life: float) -> float:
    return float(0.5 ** (elapsed / half_life))
