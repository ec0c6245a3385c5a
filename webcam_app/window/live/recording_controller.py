"""Starts and stops recordings, takes snapshots and reports on them, without blocking the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.capture.text import printable
from webcam_app.errors import RecordingError
from webcam_app.live import LiveEngine, RecordingSummary
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.live.recording_text import clock, figures, shortage_text
from webcam_app.window.page import Shared
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.toast import Toast

# The elapsed time changes once a second; looking four times as often shows each second on time.
ELAPSED_MS = 250
UNFINISHED, RECORDING, SNAPSHOT, SOUND = "unfinished", "recording", "snapshot", "sound"
COUNT_MS = 1000


class RecordingController(QObject):
    """Records and takes snapshots. Disk work is done in the worker's thread."""

    elapsed = pyqtSignal(str)
    """How long the recording is, as ``m:ss``; empty when there is none."""
    progress = pyqtSignal(str, str, bool)
    """The same, its size and the free space, and whether it is paused, while there is one."""
    counting = pyqtSignal(int)
    """Seconds until a recording begins; 0 once it does, or is cancelled."""

    def __init__(self, engine: LiveEngine, shared: Shared, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._toast = engine, toast
        self._worker, self._banner, self._folders = shared.worker, shared.banner, shared.folders
        self._to_settings = ("Settings…", shared.actions.settings.trigger)
        self._recording = False
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(ELAPSED_MS)
        self._timer.timeout.connect(self._tick)
        self._seconds_left = 0
        self._begin: Callable[[], None] = lambda: None
        self._countdown = QTimer(self)
        self._countdown.setInterval(COUNT_MS)
        self._countdown.timeout.connect(self._count)

    @property
    def active(self) -> bool:
        """Whether a recording is running."""
        return self._recording

    @property
    def counting_down(self) -> bool:
        """Whether a countdown runs."""
        return self._seconds_left > 0

    def toggle(
        self, folder: Path, style: Callable[[], OverlayStyle], *, countdown_seconds: int = 0, lapse_seconds: float = 0.0
    ) -> None:
        """Start a recording, cancel the countdown to it, or stop the one that runs.

        Args:
            folder: where it is to be.
            style: gives how faces are drawn, when it begins.
            countdown_seconds: how long until it begins.
            lapse_seconds: for a time-lapse, seconds from one frame to the next.
        """
        if self._recording:
            self.stop()
        elif self.counting_down:
            self.cancel_countdown()
        elif not self._busy:

            def begin() -> None:
                look = style()
                self._busy = True
                self._worker.submit(
                    lambda: self._engine.start_recording(folder, look, lapse_seconds=lapse_seconds),
                    self._started,
                    self._not_started,
                )

            if countdown_seconds:
                self._begin, self._seconds_left = begin, countdown_seconds
                self._countdown.start()
                self.counting.emit(self._seconds_left)
            else:
                begin()

    def cancel_countdown(self) -> None:
        """Do not begin to record, if a countdown runs."""
        if self.counting_down:
            self._countdown.stop()
            self._seconds_left = 0
            self.counting.emit(0)

    def toggle_pause(self) -> None:
        """Let the recording leave out what comes, or go on in the same file."""
        status = self._engine.recording
        if not self._recording or status is None:
            return
        try:
            self._engine.set_recording_paused(not status.paused)
        except RecordingError:
            return  # it ended a moment earlier; the engine sends an event
        self._tick()

    def stop(self) -> None:
        """Finish the recording, if there is one; cancel the countdown to one."""
        self.cancel_countdown()
        if self._recording and not self._busy:
            self._busy = True
            self._worker.submit(self._engine.stop_recording, self._stopped, self._not_stopped)

    def on_stopped_by_engine(self, summary: RecordingSummary | None, reason: str) -> None:
        """The engine ended the recording: the disk is full, or the source came to its end."""
        self._end()
        if summary is None:
            return
        if summary.problem is None:
            self._stopped(summary)
            return
        kept = f" What was recorded before is kept: {printable(summary.path)} ({clock(summary.seconds)})."
        text = summary.problem or reason
        self._banner.show_message(
            RECORDING,
            text if str(summary.path) in text and summary.frames == 0 else text + kept,
            Severity.ERROR,
            [("Show folder", lambda: self._folders.show(summary.path.parent)), self._to_settings],
        )

    def take_snapshot(self, folder: Path, style: OverlayStyle) -> None:
        """Keep the picture that is shown now."""
        self._worker.submit(
            lambda: self._engine.snapshot(folder, style),
            self._snapshot_kept,
            lambda problem: self._banner.show_message(SNAPSHOT, problem, Severity.ERROR, [self._to_settings]),
        )

    def check_unfinished(self, folder: Path) -> None:
        """Show a message about recordings that an earlier run could not finish."""
        from webcam_app.output.marks import unfinished_recordings

        self._worker.submit(lambda: unfinished_recordings(folder), self._show_unfinished, lambda problem: None)

    def _started(self, path: Path) -> None:
        self._busy = False
        self._recording = True
        self._banner.clear_message(RECORDING)
        self._banner.clear_message(SOUND)
        self._timer.start()
        self.elapsed.emit(clock(0))
        self._tick()

    def _not_started(self, problem: str) -> None:
        self._busy = False
        self._banner.show_message(RECORDING, problem, Severity.ERROR, [self._to_settings])
        self.elapsed.emit("")

    def _stopped(self, summary: RecordingSummary) -> None:
        self._end()
        if summary.problem:
            self._banner.show_message(RECORDING, summary.problem, Severity.ERROR)
            return
        text = f"Recorded {clock(summary.seconds)}: {printable(summary.path.name)}"
        show = ("Show folder", lambda: self._folders.show(summary.path.parent))
        if shortage := shortage_text(summary):
            # Too long for the toast, and worth more than its six seconds.
            self._banner.show_message(RECORDING, f"{text}. {shortage}.", Severity.WARNING, [show])
        else:
            self._toast.show_message(text, *show)

    def _not_stopped(self, problem: str) -> None:
        # The engine ended it a moment earlier and sends an event of its own.
        self._end()

    def _end(self) -> None:
        self._busy = False
        self._recording = False
        self._timer.stop()
        self.elapsed.emit("")

    def _tick(self) -> None:
        status = self._engine.recording
        if status is not None and self._recording:
            self.elapsed.emit(clock(status.seconds))
            self.progress.emit(clock(status.seconds), figures(status), status.paused)
            if status.sound_problem:
                text = f"The recording goes on without sound: {status.sound_problem}."
                self._banner.show_message(SOUND, text, Severity.WARNING)

    def _count(self) -> None:
        self._seconds_left -= 1
        self.counting.emit(self._seconds_left)
        if not self._seconds_left:
            self._countdown.stop()
            self._begin()

    def _snapshot_kept(self, path: Path) -> None:
        self._banner.clear_message(SNAPSHOT)
        self._toast.show_message(
            f"Snapshot: {printable(path.name)}", "Show folder", lambda: self._folders.show(path.parent)
        )

    def _show_unfinished(self, paths: list[Path]) -> None:
        if not paths:
            return
        names = ", ".join(printable(path) for path in paths)
        was = "A recording was" if len(paths) == 1 else f"{len(paths)} recordings were"
        text = f"{was} cut off when the application ended unexpectedly. All but the last second is there: {names}"
        choices = [("Show folder", lambda: self._folders.show(paths[0].parent))]
        self._banner.show_message(UNFINISHED, text, Severity.WARNING, choices, closed=lambda: _forget(paths))


def _forget(paths: list[Path]) -> None:
    from webcam_app.output.marks import forget_unfinished

    for path in paths:
        forget_unfinished(path)
