"""The faces of each frame: those that are known are followed, new ones are looked for, phantoms are not shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from webcam_app.faces.cascades import FRONTAL, FRONTAL_ALT, PROFILE, Cascade, Hit
from webcam_app.faces.patch import Patch
from webcam_app.faces.place import Place
from webcam_app.faces.pyramid import Pyramid
from webcam_app.faces.sweep import Sweep
from webcam_app.faces.track import Track

Checker = Callable[[Sequence[Place]], NDArray[np.float32]]
"""Probability, float32, that there is a face at each of some places of the present frame."""

# Known faces that are searched by a cascade in one frame; with more, they take turns and their patches follow between.
SEARCHES = 4
# Sightings after which the cheapest cascade is asked first again.
CHEAP_AGAIN = 8
# New proposals that are looked at in one frame.
PROPOSALS = 3
# A face that was seen within this time is searched by both frontal cascades; later by one of all in each frame.
KEEN_SECONDS = 0.25
# Probabilities of the face check. A proposal from CONFIRM on is shown at once, below DENY never; between, it must be
# seen by cascades in several frames.
CONFIRM = 0.6
DENY = 0.25
SIGHTINGS = 3
# Without the face check: frames or cascades that must see a face before it is shown, and windows that must agree.
UNCHECKED_SIGHTINGS = 2
UNCHECKED_AGREED = 8
# Seconds between checks of a face that is seen, that is carried on, and of one that is new.
CHECK_SEEN_SECONDS = 0.4
CHECK_CARRIED_SECONDS = 0.06
# A face is gone when nothing has vouched for it for this long: neither a cascade nor the check, or, without a check, a
# patch that fits.
GONE_SECONDS = 0.3
VOUCHING_CORRELATION = 0.8
# However well a carried face fits, a cascade must see it again within this time.
CARRY_SECONDS = 10.0
CARRY_UNCHECKED_SECONDS = 1.0
# A face that comes back to its place within this time is the same one.
RETURN_SECONDS = 1.0
# After a cut a face is only the same if it looks the same.
SAME_CORRELATION = 0.7
# A place that was no face is not proposed again for this long.
DENIED_SECONDS = 1.0


class FaceFinder:
    """Finds and follows faces. Not thread-safe."""

    def __init__(self) -> None:
        """Load the cascades.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        frontal, alternative = Cascade(FRONTAL), Cascade(FRONTAL_ALT)
        profiles = (Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
        # The alternative is half as dear in a small region; FRONTAL finds more in a coarse sweep.
        self._near = (alternative, frontal, *profiles)
        self._sweep = Sweep((frontal, alternative, *profiles))
        self._next = 1
        self.reset()

    def reset(self) -> None:
        """Forget all faces. Numbers go on counting."""
        self._sweep.reset()
        self._tracks: list[Track] = []
        self._lost: list[tuple[float, Track]] = []
        self._denied: list[tuple[float, Place]] = []

    def update(self, picture: Pyramid, time: float, check: Checker | None) -> list[Track]:
        """Find the faces of the next frame.

        Args:
            picture: the frame, grey.
            time: of the frame, in seconds; not before that of the last.
            check: says how much places look like a face; None where there is no such network.

        Returns:
            The confirmed tracks, oldest first.
        """
        cut = self._sweep.look(picture, time)
        if cut:
            self._lost.clear()
            self._denied.clear()
        self._lost = [(when, track) for when, track in self._lost if time - when <= RETURN_SECONDS]
        self._denied = [(when, place) for when, place in self._denied if time - when <= DENIED_SECONDS]
        self._follow(picture, time, cut)
        self._merge()
        self._propose(self._sweep.work(picture, [track.place for track in self._tracks]), picture, time)
        self._check(picture, time, check)
        self._settle(picture, time, checked=check is not None)
        return sorted((track for track in self._tracks if track.number), key=lambda track: track.number or 0)

    def _follow(self, picture: Pyramid, time: float, cut: bool) -> None:
        queue = sorted(self._tracks, key=lambda track: track.searched)
        searched = set(map(id, queue if cut else queue[:SEARCHES]))
        for track in self._tracks:
            expected = track.expected(time)
            hit = self._search(picture, track, expected, time) if id(track) in searched else None
            if hit is None or cut:
                place, correlation = track.patch.find(picture, expected) if track.patch else (expected, 0.0)
                if cut and (hit is None or correlation < SAME_CORRELATION):
                    track.forsake()
                    continue
            if hit is not None:
                track.see(hit.place, time, hit.neighbors)
                track.patch = Patch.take(picture, track.place)
            else:
                track.carry(place, time, correlation)
        self._tracks = [track for track in self._tracks if not track.forsaken]

    def _search(self, picture: Pyramid, track: Track, expected: Place, time: float) -> Hit | None:
        track.searched = time
        if time - track.sighted <= KEEN_SECONDS:
            # The one that saw it last, then the other frontal one; now and then the cheapest is given another chance.
            first = 0 if track.sightings % CHEAP_AGAIN == 0 else track.cascade
            order = [first, 1 if first == 0 else 0]
        else:
            order = [track.turn % len(self._near)]
            track.turn += 1
        for index in order:
            hit = self._near[index].find_near(picture, expected)
            if hit is not None:
                track.cascade = index
                return hit
        return None

    def _merge(self) -> None:
        kept: list[Track] = []
        for track in sorted(self._tracks, key=lambda track: (track.number is None, -track.sighted, track.born)):
            if not any(track.place.resembles(other.place) for other in kept):
                kept.append(track)
        self._tracks = kept

    def _propose(self, hits: list[Hit], picture: Pyramid, time: float) -> None:
        proposed = 0
        for hit in sorted(hits, key=lambda hit: -hit.neighbors):
            if proposed >= PROPOSALS:
                break
            known = next((track for track in self._tracks if track.place.resembles(hit.place)), None)
            if known is not None:
                continue
            if any(place.resembles(hit.place) for _, place in self._denied):
                continue
            proposed += 1
            track = Track(hit.place, time, time, time, agreed=hit.neighbors, searched=time)
            for index in (0, 1):
                fine = self._near[index].find_near(picture, hit.place)
                if fine is not None:
                    track.place = track.place.toward(fine.place, 1.0 if track.sightings == 1 else 0.5, 0.5)
                    track.sightings += 1
                    track.agreed += fine.neighbors
                    track.cascade = min(track.cascade, index) if track.sightings > 2 else index
            track.patch = Patch.take(picture, track.place)
            self._tracks.append(track)

    def _check(self, picture: Pyramid, time: float, check: Checker | None) -> None:
        if check is None:
            return
        due = [track for track in self._tracks if time - track.checked >= _check_interval(track, time)]
        if not due:
            return
        for track, face in zip(due, check([track.place for track in due]), strict=True):
            track.judge(float(face), time)
            carried = track.sighted < time
            if face >= CONFIRM:
                track.vouched = time
                if carried and track.patch is not None and track.correlation > 0.5:
                    track.patch = track.patch.blend(Patch.take(picture, track.place), 0.3)

    def _settle(self, picture: Pyramid, time: float, *, checked: bool) -> None:
        kept = []
        for track in self._tracks:
            denied = track.face is not None and track.face < DENY
            if not denied and (track.sighted == time or (not checked and track.correlation >= VOUCHING_CORRELATION)):
                track.vouched = time
            if track.number is None:
                if denied:
                    self._denied.append((time, track.place))
                elif _confirmed(track, checked):
                    self._number(track)
                    kept.append(track)
                elif track.sighted == time:
                    kept.append(track)
                continue
            inside = 0 <= track.place.x < picture.width and 0 <= track.place.y < picture.height
            unseen = time - track.sighted
            if (
                inside
                and time - track.vouched <= GONE_SECONDS
                and unseen <= (CARRY_SECONDS if checked else CARRY_UNCHECKED_SECONDS)
            ):
                kept.append(track)
            else:
                self._lost.append((time, track))
        self._tracks = kept

    def _number(self, track: Track) -> None:
        for index, (_, lost) in enumerate(self._lost):
            if lost.place.resembles(track.place):
                track.number, track.evidence = lost.number, lost.evidence
                del self._lost[index]
                return
        track.number = self._next
        self._next += 1


def _check_interval(track: Track, time: float) -> float:
    if track.number is None:
        return 0.0
    return CHECK_SEEN_SECONDS if track.sighted == time else CHECK_CARRIED_SECONDS


def _confirmed(track: Track, checked: bool) -> bool:
    if not checked:
        return track.sightings >= UNCHECKED_SIGHTINGS and track.agreed >= UNCHECKED_AGREED
    return track.face is not None and (
        track.face >= CONFIRM or (track.face >= (CONFIRM + DENY) / 2 and track.sightings >= SIGHTINGS)
    )
