"""What a person does with the file that plays: pause, seek, step, faster, over and over."""

from __future__ import annotations

from collections.abc import Callable

from webcam_app.capture.source import SourceInfo
from webcam_app.live.playing.playback import Playback
from webcam_app.live.states import LiveState

Act = Callable[[LiveState, SourceInfo, Playback], LiveState | None]
"""Does something with a source in a state, and gives the state that it is in then; None where that stays."""

PLAYING = (LiveState.RUNNING, LiveState.STALLED, LiveState.PAUSED, LiveState.ENDED)


class Transport:
    """Tells the source that is open what is wanted of it; what it cannot do is left. No method waits."""

    def __init__(self, act: Callable[[Act], None]) -> None:
        """Make it.

        Args:
            act: runs one with the source that is open, if there is one, while its state stays as it is.
        """
        self._act = act
        self.faces_first = False
        """Of whatever is opened, too."""

    def set_paused(self, paused: bool) -> None:
        """Hold a file or folder at the picture that is shown, or go on from there; what comes live goes on.

        A recording goes on and shows the picture standing still.
        """
        before, after = LiveState.RUNNING, LiveState.PAUSED
        if not paused:
            before, after = after, before

        def act(state: LiveState, info: SourceInfo, playback: Playback) -> LiveState | None:
            if info.live or state is not before:
                return None
            playback.set_paused(paused)
            return after

        self._act(act)

    def seek(self, time: float) -> None:
        """Show the frame of a time, in seconds since the first, and go on from there, or stay where it is paused."""

        def act(state: LiveState, info: SourceInfo, playback: Playback) -> LiveState | None:
            if not info.seekable or state not in PLAYING:
                return None
            playback.seek(time)
            return LiveState.RUNNING if state is LiveState.ENDED else None

        self._act(act)

    def step(self, frames: int) -> None:
        """Show the frame so many after the one shown, before it where negative, and stand still there."""

        def act(state: LiveState, info: SourceInfo, playback: Playback) -> LiveState | None:
            if not info.seekable or state not in PLAYING or (frames > 0 and state is LiveState.ENDED):
                return None
            playback.step(frames)
            return LiveState.PAUSED

        self._act(act)

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast, a quarter to four times.

        Raises:
            ValueError: it is another.
        """
        self._act(lambda _state, _info, playback: playback.set_speed(speed))

    def set_faces_first(self, faces_first: bool) -> None:
        """Show a file's first frame, and one that is sought, only with its faces, which takes longer.

        And show nothing before faces can be found. For who covers them; holds for what is opened later, too.
        """
        self.faces_first = faces_first
        self._act(lambda _state, _info, playback: playback.set_faces_first(faces_first))

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or not."""

        def act(state: LiveState, info: SourceInfo, playback: Playback) -> LiveState | None:
            playback.set_loop(loop)
            if not (loop and info.seekable and state is LiveState.ENDED):
                return None
            playback.seek(0.0)
            return LiveState.RUNNING

        self._act(act)
