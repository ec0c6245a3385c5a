"""Plays a file that can be sought, as a ``Playback`` says, in the thread that reads it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from webcam_app.capture.frame import Frame
from webcam_app.capture.source import DEFAULT_FPS, SAME_SECONDS, SeekCalls, Source
from webcam_app.errors import SourceLostError
from webcam_app.live.pace import ON_TIME_SECONDS, Pace
from webcam_app.live.playing.playback import Goal, Playback

LEAD_SECONDS = 0.7
"""Faces in a frame at which the film stands still are those that were followed to it for so long: a face is confirmed
within half a second, and what is said of it rests on several frames."""

CALM_SECONDS = 0.1
"""For so long nothing else is wanted before these are looked for: whoever drags wants pictures first."""

MAX_LEAD_BYTES = 128 << 20
"""Of pictures kept for that, and for stepping back; 4K pictures are fewer than half a second then."""


@dataclass(frozen=True, slots=True)
class PlayerCalls:
    """What the player calls, in its thread.

    Attributes:
        deliver: gets each frame that is to be shown, with its place in the file as its ``position``.
        jumped: called before a frame that does not follow the one before. Gets the frames before it, so far as they
            are known, with ``position``.
        ended: the end was reached; called again each time.
        damaged: told, once for each reason, why the file could not be read on or sought; what was shown stays.
        reading: called with True before a frame is read and with False afterwards; not for jumps, which may take long.
    """

    deliver: Callable[[Frame], None]
    jumped: Callable[[Sequence[Frame]], None]
    ended: Callable[[], None]
    damaged: Callable[[str], None]
    reading: Callable[[bool], None]


class FilePlayer:
    """Delivers frames at their times, from wherever a person wants."""

    def __init__(self, source: Source, playback: Playback, calls: PlayerCalls, cancel: threading.Event) -> None:
        """Prepare.

        Args:
            source: can be sought; this does not close it.
            playback: what is wanted; closed when ``cancel`` is set.
            calls: what is called.
            cancel: ends it.
        """
        self._source, self._playback, self._calls, self._cancel = source, playback, calls, cancel
        self._period = 1.0 / (source.info.fps or DEFAULT_FPS)
        self._pace = Pace()
        self._shown: Frame | None = None
        """The one delivered last."""
        self._behind: list[Frame] = []
        """Those right before it; kept only while it stands still."""
        self._ahead: deque[Frame] = deque()
        """Those right after it that were read already."""
        self._told: set[str] = set()
        self._astray = False
        """Whether the file is to be read on from elsewhere than after the frame shown: a jump was given up."""
        self._looks_back = False
        """Whether what was before the frame shown is still to be found, for its faces."""

    def run(self) -> None:
        """Play until it is cancelled. Neither the end of the file is an end, nor that it is damaged somewhere.

        Raises:
            SourceLostError: it is damaged before its first picture.
        """
        while not self._cancel.is_set():
            goal = self._playback.take_goal()
            if goal is not None:
                self._go(goal)
            elif self._playback.paused and self._shown is not None:
                self._rest()
            else:
                self._play()

    def _play(self) -> None:
        self._behind.clear()
        frame = self._next()
        if frame is None:
            self._end()
            return
        if self._shown is None and self._playback.faces_first:
            self._deliver_jumped(frame)
            self._start_pace()
            return
        due = self._pace.due(frame.time, time.monotonic())
        if self._shown is None or self._playback.wait_until(due):
            self._deliver(frame, due)
        else:
            self._ahead.appendleft(frame)
            self._start_pace()

    def _end(self) -> None:
        """The last frame has its time too; then it begins again, or waits."""
        if self._cancel.is_set():
            return
        if self._shown is not None and not self._playback.at_end:
            lasts = self._source.frame_seconds or self._period
            if not self._playback.wait_until(self._pace.due(self._shown.time + lasts, time.monotonic())):
                self._start_pace()
                return
        if self._playback.loop:
            self._go(Goal(0.0))
        elif self._playback.set_at_end():
            self._calls.ended()
            self._playback.wait_for_a_wish()
            self._start_pace()

    def _rest(self) -> None:
        wait = CALM_SECONDS if self._looks_back else None
        if not self._playback.wait_for_a_wish(wait) and self._shown is not None:
            self._look_back(self._shown)
        self._start_pace()

    def _go(self, goal: Goal) -> None:
        if goal.time is not None or self._shown is None:
            self._jump(goal.time or 0.0)
        if goal.steps > 0:
            self._step_on(goal.steps)
        elif goal.steps < 0:
            self._step_back(-goal.steps)
        self._start_pace()

    def _jump(self, place: float) -> None:
        previewed = False

        def preview(frame: Frame) -> None:
            nonlocal previewed
            previewed = True
            self._preview(frame)

        if self._playback.faces_first:
            lead = 0 if self._shown is None else self._lead(self._shown)
            found = self._seek(place, lead, SeekCalls(given_up=lambda: self._playback.wants_elsewhere))
            if found:
                self._behind, self._looks_back = found[:-1], False
                self._deliver_jumped(found[-1])
            return
        # Whoever drags on is shown a picture for each place, if not the very one.
        given_up = SeekCalls(preview, lambda: previewed and self._playback.wants_elsewhere)
        found = self._seek(place, calls=given_up)
        self._behind.clear()
        if found:
            self._looks_back = True
            self._deliver_jumped(found[-1])

    def _step_on(self, count: int) -> None:
        for _ in range(count):
            frame, before = self._next(), self._shown
            if frame is None or before is None:
                return
            self._behind = [*self._behind, before][-self._lead(before) :]
            self._deliver(frame, time.monotonic())

    def _step_back(self, count: int) -> None:
        frame = self._shown
        for _ in range(count):
            if frame is None or self._cancel.is_set():
                return
            if self._behind:
                self._ahead.appendleft(frame)
                frame = self._behind.pop()
            elif frame.time > 0:
                first = self._playback.faces_first
                found = self._seek(frame.time - 3 * SAME_SECONDS, self._lead(frame) if first else 0)
                frame = found[-1] if found else None
                self._behind, self._looks_back = found[:-1], not first
        if frame is not None and frame is not self._shown:
            self._looks_back = self._looks_back or len(self._behind) < self._lead(frame) // 2
            self._deliver_jumped(frame)

    def _look_back(self, shown: Frame) -> None:
        """Find what was before the frame shown, so that the faces in it are known."""
        self._looks_back = False
        lead = self._lead(shown)
        if not lead or shown.time <= 0:
            return
        found = self._seek(shown.time, lead=lead, calls=SeekCalls(given_up=lambda: self._playback.wanted))
        if found and found[-1].time == shown.time and not self._playback.wanted:
            self._behind = found[:-1]
            self._deliver_jumped(shown)

    def _seek(self, place: float, lead: int = 0, calls: SeekCalls | None = None) -> list[Frame]:
        self._ahead.clear()
        try:
            found = self._source.seek(place, lead=lead, calls=calls)
        except SourceLostError as error:
            self._tell_damage(error)
            found = []
        self._astray = not found
        return found

    def _next(self) -> Frame | None:
        if self._astray and self._shown is not None:
            self._seek(self._shown.time)
        return self._ahead.popleft() if self._ahead else self._read()

    def _read(self) -> Frame | None:
        self._calls.reading(True)
        try:
            return self._source.read()
        except SourceLostError as error:
            self._tell_damage(error)
            return None
        finally:
            self._calls.reading(False)

    def _tell_damage(self, error: SourceLostError) -> None:
        if self._shown is None:
            raise error
        if str(error) not in self._told:
            self._told.add(str(error))
            self._calls.damaged(str(error))

    def _preview(self, frame: Frame) -> None:
        if not self._cancel.is_set():
            self._calls.jumped(())
            self._calls.deliver(_placed(frame, time.monotonic()))

    def _deliver_jumped(self, frame: Frame) -> None:
        if not self._cancel.is_set():
            before = [replace(each, position=each.time) for each in self._behind]
            lead, self._shown = self._lead(frame) if self._playback.faces_first else 0, frame
            if len(before) < lead // 2:
                before = self._backwards_to(frame, lead) or before
            self._calls.jumped(before)
            self._deliver(frame, time.monotonic())

    def _backwards_to(self, frame: Frame, count: int) -> list[Frame]:
        """The frames after one, the last of them first, as if they came before it.

        At the beginning of a file nothing comes before a face is found; but it can be followed back from where it is.
        """
        while len(self._ahead) < count and not self._playback.wants_elsewhere:
            following = self._read()
            if following is None:
                break
            self._ahead.append(following)
        after = list(self._ahead)[:count]
        return [replace(each, position=2 * frame.time - each.time) for each in reversed(after)]

    def _deliver(self, frame: Frame, due: float) -> None:
        if not self._cancel.is_set():
            self._shown = frame
            self._calls.deliver(_placed(frame, due))

    def _lead(self, frame: Frame) -> int:
        """How many frames before one are kept."""
        size = frame.image.nbytes + (frame.stored.image.nbytes if frame.stored is not None else 0)
        return min(round(LEAD_SECONDS / self._period), MAX_LEAD_BYTES // max(1, size))

    def _start_pace(self) -> None:
        """Time begins to count with the frame that comes next, at the speed that is wanted now."""
        self._pace = Pace(self._playback.speed)


def _placed(frame: Frame, due: float) -> Frame:
    now = time.monotonic()
    return replace(frame, taken_at=due if now - due < ON_TIME_SECONDS else now, position=frame.time)
