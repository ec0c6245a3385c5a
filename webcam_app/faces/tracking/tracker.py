"""The faces of each frame: those that are known are followed, new ones are looked for, phantoms are not shown."""

from __future__ import annotations

import cv2

from webcam_app.capture.frame import Image
from webcam_app.faces.box import FaceBox
from webcam_app.faces.detection.cascades import FRONTAL, FRONTAL_ALT, PROFILE, Cascade, Hit
from webcam_app.faces.detection.pyramid import Pyramid
from webcam_app.faces.detection.refiner import BoxRefiner
from webcam_app.faces.detection.scan import GridScan
from webcam_app.faces.detection.still import EyePairs
from webcam_app.faces.detection.sweep import Sweep
from webcam_app.faces.tracking.template import Template
from webcam_app.faces.tracking.track import Track

# Known faces that are searched by a cascade in one frame; with more, they take turns and their patches follow between.
SEARCHES = 4
# A place of which more than this is a known face is no news: mouths and chins look like faces of their own.
NEWS_OVERLAP = 0.35
# Two tracks that share more than this have come to follow one face.
SAME_OVERLAP = 0.5
# Sightings after which the cheapest cascade is asked first again.
CHEAP_AGAIN = 8
# New proposals that are looked at in one frame, by the face network or, without it, by a search of their own.
PROPOSALS = 10
PROPOSALS_UNCHECKED = 3
# A face that was seen within this time is searched by both frontal cascades; later by one of all in each frame.
KEEN_SECONDS = 0.25
# Scores of the face network, in its thresholds, smoothed. Below DENY a proposal is none. From BEYOND_DOUBT on (a score
# itself) it is shown as soon as a cascade has had a closer look and seen it too; from CONFIRM on, if cascades have seen
# it in enough frames and in most of them; from PLAUSIBLE on, if they go on seeing it. Prints on shirts and elbows come
# close, but not for long.
DENY = 0.4
CONFIRM = 1.0
BEYOND_DOUBT = 0.97
SIGHTINGS = 4
SIGHTED_SHARE = 0.6
PLAUSIBLE = 0.75
STEADY_SIGHTINGS = 12
STEADY_SHARE = 0.8
# What no cascade sees at a closer look, as many masked faces, must be beyond doubt in several looks over some time:
# looks at one frame and the next agree in their errors too.
LOOKS = 8
LOOKS_SECONDS = 0.5
UNSEEN_BEYOND_DOUBT = 0.99
# Prints on a shirt: what lies on the body below a known face (so many of its sides to either side and down) and differs
# from it in size by more than this factor is believed only if cascades go on seeing it.
BODY_WIDTH = 1.2
BODY_HEIGHT = 3.5
BODY_SIZES = 1.35
# From this on a face that was beyond doubt before is still believed to be there.
STILL_THERE = 0.75
# A proposal that is neither confirmed nor denied is looked at for so long, at most so long without a sighting, and then
# left alone for a while.
DOUBT_SECONDS = 1.2
UNSEEN_DOUBT_SECONDS = 0.7
AFTER_DOUBT_SECONDS = 3.0
# After its last sighting such a proposal keeps others from its place for so long.
BLOCKING_SECONDS = 0.1
# Without the face network: frames or cascades that must see a face before it is shown, and windows that must agree.
UNCHECKED_SIGHTINGS = 2
UNCHECKED_AGREED = 8
# Seconds between checks of a face that is seen, that is carried on, and of one that is new.
CHECK_SEEN_SECONDS = 0.4
CHECK_CARRIED_SECONDS = 0.06
# A face is gone when nothing has vouched for it for this long: neither a cascade nor the check, or, without a check, a
# patch that fits.
GONE_SECONDS = 0.3
VOUCHING_CORRELATION = 0.8
# Share of the way to where the face network sees a carried face, in each check.
CORRECTION = 0.3
# However well a carried face fits, a cascade must see it again within this time.
CARRY_SECONDS = 10.0
CARRY_UNCHECKED_SECONDS = 1.0
# A face that comes back to its place within this time is the same one.
RETURN_SECONDS = 2.0
# After a cut a face is only the same if it looks the same.
SAME_CORRELATION = 0.7
# Frames after which a picture that does not change has been swept by all cascades.
LOOKS_AT_ONCE = 12
# A place that was no face is not proposed again for this long.
DENIED_SECONDS = 0.4


class FaceTracker:
    """Finds and follows faces. Not thread-safe."""

    def __init__(self, verifier: BoxRefiner | None) -> None:
        """Load the cascades.

        Args:
            verifier: the network that tells faces from phantoms. None: what the cascades see twice is believed.

        Raises:
            ModelError: a cascade is missing or damaged.
        """
        self._verifier = verifier
        self._scan = None if verifier is None else GridScan(verifier)
        frontal, alternative = Cascade(FRONTAL), Cascade(FRONTAL_ALT)
        profiles = (Cascade(PROFILE), Cascade(PROFILE, mirrored=True))
        # The alternative is half as dear in a small region; FRONTAL finds more in a coarse sweep.
        enhanced = Cascade(FRONTAL, enhanced=True)
        self._near = (alternative, frontal, enhanced, *profiles)
        if verifier is None:
            self._sweep = Sweep((frontal, alternative), profiles)
        else:
            self._sweep = Sweep((frontal, enhanced), (alternative, *profiles, EyePairs()), neighbors=0)
        self._next = 1
        self.reset()

    def reset(self) -> None:
        """Forget all faces. Numbers go on counting."""
        self._sweep.reset()
        if self._scan is not None:
            self._scan.reset()
        self._time = 0.0
        self._tracks: list[Track] = []
        self._lost: list[tuple[float, Track]] = []
        self._denied: list[tuple[float, FaceBox]] = []

    def update(self, image: Image, picture: Pyramid, time: float) -> list[Track]:
        """Find the faces of the next frame.

        Args:
            image: H×W×3 uint8 BGR; not changed.
            picture: the same, grey.
            time: of the frame, in seconds; not before that of the last.

        Returns:
            The confirmed tracks, oldest first.

        Raises:
            InferenceError: the face network failed.
        """
        self._time = time
        cut = self._sweep.look(picture, time)
        if cut:
            self._lost.clear()
            self._denied.clear()
        self._lost = [(when, track) for when, track in self._lost if time - when <= RETURN_SECONDS]
        self._denied = [(until, place) for until, place in self._denied if time <= until]
        self._follow(picture, time, cut)
        self._merge()
        hits = self._sweep.work(picture, [track.place for track in self._tracks])
        if self._verifier is None:
            self._propose(hits, picture, time)
        else:
            if self._scan is not None:
                # Masked faces to which every cascade is blind.
                known = [track.place for track in self._tracks]
                hits += [Hit(place, 0) for place in self._scan.work(image, time, known, idle=self._sweep.idle)]
            self._propose_checked(self._verifier, hits, image, picture, time)
            self._check(self._verifier, image, picture, time)
        self._settle(picture, time)
        return sorted((track for track in self._tracks if track.number), key=lambda track: track.number or 0)

    def look_once(self, image: Image) -> list[Track]:
        """The faces of a picture by itself, in one sweep without slices.

        Args:
            image: H×W×3 uint8 BGR; not changed.
        """
        picture = Pyramid(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))  # type: ignore[arg-type]
        self.reset()
        for time in range(LOOKS_AT_ONCE):
            tracks = self.update(image, picture, float(time))
        return tracks

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
                track.patch = Template.take(picture, track.place)
            else:
                track.carry(place, time, correlation)
        self._tracks = [track for track in self._tracks if not track.forsaken]

    def _search(self, picture: Pyramid, track: Track, expected: FaceBox, time: float) -> Hit | None:
        track.searched = time
        if time - track.sighted <= KEEN_SECONDS:
            # The one that saw it last, then the other frontal one; now and then the cheapest is given another chance.
            first = 0 if track.sightings % CHEAP_AGAIN == 0 else track.cascade
            order = [first, (first + 1 + track.turn % 2) % 3 if first < 3 else track.turn % 3]
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
            if not any(track.place.overlap(other.place) > SAME_OVERLAP for other in kept):
                kept.append(track)
        self._tracks = kept

    def _is_news(self, place: FaceBox) -> bool:
        # What no cascade has seen again may be the face, but a little off: it must not stand in its way.
        known = (track for track in self._tracks if track.number or self._time - track.sighted <= BLOCKING_SECONDS)
        return not any(track.place.overlap(place) > NEWS_OVERLAP for track in known) and not any(
            _alike(denied, place) for _, denied in self._denied
        )

    def _propose(self, hits: list[Hit], picture: Pyramid, time: float) -> None:
        proposed = 0
        for hit in sorted(hits, key=lambda hit: -hit.neighbors):
            if proposed >= PROPOSALS_UNCHECKED:
                break
            if not self._is_news(hit.place):
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
            track.patch = Template.take(picture, track.place)
            self._tracks.append(track)

    def _propose_checked(
        self, verifier: BoxRefiner, hits: list[Hit], image: Image, picture: Pyramid, time: float
    ) -> None:
        tried: list[FaceBox] = []
        for hit in sorted(hits, key=lambda hit: -hit.neighbors):
            if len(tried) >= PROPOSALS:
                break
            if not self._is_news(hit.place) or any(_alike(hit.place, place) for place in tried):
                continue
            tried.append(hit.place)
            score, place = verifier.settle(image, hit.place)
            if score < DENY * verifier.threshold:
                continue
            if self._is_news(place):
                track = Track(place, time, time, time, searched=time)
                track.judge(score / verifier.threshold, time)
                if score >= verifier.threshold:
                    self._see_again(track, picture, time)
                self._tracks.append(track)
        # Single windows of one face lie around it: only when none of them led to it is there no face.
        self._denied += [(time + DENIED_SECONDS, place) for place in tried if self._is_news(place)]

    def _see_again(self, track: Track, picture: Pyramid, time: float) -> None:
        """Let the cascades have a closer look at a new face, so that it can be shown at once."""
        for index in (0, 1):
            fine = self._near[index].find_near(picture, track.place)
            if fine is not None:
                seen = track.place
                track.see(fine.place, time, fine.neighbors)
                track.place = fine.place
                track.frame(seen)
                track.cascade = index
                return

    def _check(self, verifier: BoxRefiner, image: Image, picture: Pyramid, time: float) -> None:
        for track in self._tracks:
            if track.patch is None:
                track.patch = Template.take(picture, track.place)
            if time - track.checked < _check_interval(track, time):
                continue
            score, place = verifier.look(image, track.framed)
            face = track.judge(score / verifier.threshold, time)
            sure = track.best >= BEYOND_DOUBT / verifier.threshold
            if face >= (STILL_THERE if sure else CONFIRM):
                track.vouched = time
                if track.sighted == time:
                    track.frame(place)
                else:
                    track.correct(place, CORRECTION)
                    track.patch = track.patch.blend(Template.take(picture, track.place), CORRECTION)

    def _settle(self, picture: Pyramid, time: float) -> None:
        checked = self._verifier is not None
        kept = []
        for track in self._tracks:
            denied = track.face is not None and track.face < DENY
            if not denied and (track.sighted == time or (not checked and track.correlation >= VOUCHING_CORRELATION)):
                track.vouched = time
            if track.number is None:
                if denied:
                    self._denied.append((time + DENIED_SECONDS, track.place))
                elif self._is_confirmed(track, time):
                    self._number(track)
                    kept.append(track)
                elif checked and time - track.born > DOUBT_SECONDS:
                    self._denied.append((time + AFTER_DOUBT_SECONDS, track.place))
                elif time - track.sighted <= (UNSEEN_DOUBT_SECONDS if checked else 0.0):
                    kept.append(track)
                continue
            inside = 0 <= track.place.x < picture.width and 0 <= track.place.y < picture.height
            bound = CARRY_SECONDS if checked else CARRY_UNCHECKED_SECONDS
            if inside and time - track.vouched <= GONE_SECONDS and time - track.sighted <= bound:
                kept.append(track)
            else:
                self._lost.append((time, track))
        self._tracks = kept

    def _is_confirmed(self, track: Track, time: float) -> bool:
        if self._verifier is None:
            return track.sightings >= UNCHECKED_SIGHTINGS and track.agreed >= UNCHECKED_AGREED
        if track.face is None:
            return False
        doubtless = track.face >= BEYOND_DOUBT / self._verifier.threshold
        steadily = track.sightings >= STEADY_SIGHTINGS and track.sightings >= STEADY_SHARE * track.frames
        if self._is_on_body(track.place):
            return doubtless and steadily
        if track.sightings == 1:
            unseen = track.face >= UNSEEN_BEYOND_DOUBT / self._verifier.threshold
            return unseen and track.checks >= LOOKS and time - track.born >= LOOKS_SECONDS
        often = track.sightings >= SIGHTINGS and track.sightings >= SIGHTED_SHARE * track.frames
        return doubtless or (track.face >= CONFIRM and often) or (track.face >= PLAUSIBLE and steadily)

    def _is_on_body(self, place: FaceBox) -> bool:
        for track in self._tracks:
            across, below = abs(place.x - track.place.x), place.y - track.place.y
            side, ratio = track.place.side, place.side / track.place.side
            if track.number and across < BODY_WIDTH * side and 0.3 * side < below < BODY_HEIGHT * side:
                return not 1 / BODY_SIZES < ratio < BODY_SIZES
        return False

    def _number(self, track: Track) -> None:
        for index, (_, lost) in enumerate(self._lost):
            if lost.place.resembles(track.place):
                track.number, track.evidence = lost.number, lost.evidence
                del self._lost[index]
                return
        track.number = self._next
        self._next += 1


def _alike(first: FaceBox, second: FaceBox) -> bool:
    """Whether a check of one place says the same as one of the other."""
    return first.distance(second) < 0.15 and 0.85 < first.side / second.side < 1.18


def _check_interval(track: Track, time: float) -> float:
    if track.number is None:
        return 0.0
    return CHECK_SEEN_SECONDS if track.sighted == time else CHECK_CARRIED_SECONDS
