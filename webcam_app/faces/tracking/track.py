"""One face that is followed from frame to frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from webcam_app.faces.box import FaceBox
from webcam_app.faces.labelling.prediction import TrackLabel
from webcam_app.faces.tracking.template import Template

# How quickly the box follows a detection: seconds in which the rest of the way is halved. Cascades place a resting face
# anew by some per cent in each frame; where the face has really moved, the box follows at once.
SETTLE_SECONDS = 0.05
SETTLE_SIDE_SECONDS = 0.12
# Distance in sides from which a movement is real.
MOVED = 0.12
# Seconds in which the velocity follows, and in which it dies away while nothing is seen.
VELOCITY_SECONDS = 0.1
# How far the face network's next look moves the place that it draws relative to the cascade's.
FRAMING = 0.5
# Nothing that a person does before a webcam is faster, in sides a second.
FASTEST = 8.0
_UNIT = FaceBox(0, 0, 1)


@dataclass(slots=True, eq=False)
class Track:
    """A face, or what may be one.

    Attributes:
        place: where it is, as a cascade draws it.
        born: time in seconds of the first sighting.
        updated: time of the last frame that it was followed in.
        sighted: time of the last frame in which a cascade saw it.
        number: its number for people, None until it is confirmed.
        searched: time of the last frame in which a cascade looked for it.
        frames: frames in which it was followed, the first included.
        sightings: frames in which a cascade saw it.
        agreed: raw windows of those sightings, summed.
        cascade: index of the cascade that saw it last, which is asked first.
        turn: counts searches while it is missed, so that another cascade is asked each time.
        face: how much it looks like a face, 0 to some; from 1 on it is one. Smoothed; None until checked.
        best: the most of that so far.
        checked: time of the last check.
        checks: how often it was checked.
        vouched: time at which it last was beyond doubt: seen by a cascade and not denied, or checked with success.
        patch: what it looked like when seen last.
        correlation: how well the patch fitted in the last frame in which it was needed.
        evidence: what is known about its labels; kept here for whoever labels it.
        forsaken: whether it is not to be followed any more.
        framing: where the face network draws it, relative to ``place``; None until that is known.
    """

    place: FaceBox
    born: float
    updated: float
    sighted: float
    number: int | None = None
    searched: float = -math.inf
    frames: int = 1
    sightings: int = 1
    agreed: int = 0
    cascade: int = 0
    turn: int = 0
    face: float | None = None
    best: float = 0.0
    checked: float = -math.inf
    checks: int = 0
    vouched: float = -math.inf
    patch: Template | None = None
    correlation: float = 1.0
    evidence: TrackLabel | None = None
    forsaken: bool = False
    framing: FaceBox | None = None
    _velocity: tuple[float, float] = field(default=(0.0, 0.0))

    @property
    def framed(self) -> FaceBox:
        """Where it is for people and for the network that labels it, drawn as in photographs."""
        return self.place if self.framing is None else self.framing.within(self.place)

    def frame(self, place: FaceBox) -> None:
        """The face network has seen the face here, in a frame in which a cascade saw it too."""
        framing = place.relative_to(self.place)
        self.framing = framing if self.framing is None else self.framing.toward(framing, FRAMING, FRAMING)

    def correct(self, place: FaceBox, share: float) -> None:
        """The face network has seen the face here, and no cascade has.

        Args:
            place: where.
            share: how much of the way to go there, 0 to 1.
        """
        if self.framing is not None:  # where the cascade would draw it
            place = _UNIT.relative_to(self.framing).within(place)
        self.place = self.place.toward(place, share, share)

    def expected(self, time: float) -> FaceBox:
        """Where the face should be at a time, in seconds, by its velocity."""
        ahead = min(max(time - self.updated, 0.0), 0.1)
        return self.place._replace(
            x=self.place.x + self._velocity[0] * ahead, y=self.place.y + self._velocity[1] * ahead
        )

    def see(self, place: FaceBox, time: float, agreed: int) -> None:
        """A cascade has found the face.

        Args:
            place: where.
            time: of the frame, in seconds.
            agreed: raw windows that agreed.
        """
        elapsed = max(time - self.updated, 1e-3)
        before = self.place
        expected = self.expected(time)
        moved = expected.distance(place)
        share = max(_share(elapsed, SETTLE_SECONDS), min(1.0, moved / MOVED))
        self.place = expected.toward(place, share, _share(elapsed, SETTLE_SIDE_SECONDS))
        self._accelerate(before, elapsed)
        self.frames += time > self.updated
        self.updated = self.sighted = time
        self.sightings += 1
        self.agreed += agreed
        self.turn = 0
        self.correlation = 1.0

    def carry(self, place: FaceBox, time: float, correlation: float) -> None:
        """The cascades have missed the face; this is where its patch fits best.

        Args:
            place: where.
            time: of the frame, in seconds.
            correlation: how well it fits, -1 to 1.
        """
        elapsed = max(time - self.updated, 1e-3)
        before = self.place
        # A patch that fits badly says little about where the face went.
        trust = min(1.0, max(0.0, (correlation - 0.3) / 0.4))
        self.place = before.toward(place, trust, 0.0)
        self._accelerate(before, elapsed, trust)
        self.frames += time > self.updated
        self.updated = time
        self.correlation = correlation

    def forsake(self) -> None:
        """This is not to be followed any more."""
        self.forsaken = True

    def judge(self, face: float, time: float) -> float:
        """Take note of a check.

        Args:
            face: how much it looks like a face, from 1 on it is one.
            time: of the frame, in seconds.

        Returns:
            The same, smoothed.
        """
        self.checks += 1
        self.face = face if self.face is None else self.face + (face - self.face) * 0.4
        self.checked = time
        self.best = max(self.best, self.face)
        return self.face

    def _accelerate(self, before: FaceBox, elapsed: float, trust: float = 1.0) -> None:
        limit = FASTEST * self.place.side
        share = _share(elapsed, VELOCITY_SECONDS) * trust
        keep = 1.0 - share if trust == 1.0 else _share_left(elapsed, VELOCITY_SECONDS)
        speeds = ((self.place.x - before.x) / elapsed, (self.place.y - before.y) / elapsed)
        self._velocity = tuple(  # type: ignore[assignment]
            min(max(old * keep + new * share, -limit), limit) for old, new in zip(self._velocity, speeds, strict=True)
        )


def _share(elapsed: float, half_life: float) -> float:
    return 1.0 - _share_left(elapsed, half_life)


def _share_left(elapsed: float, half_life: float) -> float:
    return float(0.5 ** (elapsed / half_life))
