"""Starts and stops recordings and reports on them, without blocking the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.capture.text import printable
from webcam_app.errors import RecordingError
from webcam_app.live import LiveEngine, RecordingSummary
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.core_texts import told
from webcam_app.window.live.recording.countdown import Countdown, Purpose
from webcam_app.window.live.recording.text import clock, figures, shortage_text
from webcam_app.window.page import Shared
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.toast import Toast

# The elapsed time changes once a second; looking four times as often shows each second on time.
ELAPSED_MS = 250
UNFINISHED, RECORDING, SOUND = "unfinished", "recording", "sound"


class RecordingController(QObject):
    """Records. Disk work is done in the worker's thread."""

    elapsed = pyqtSignal(str)
    """How long the recording is, as ``m:ss``; empty when there is none."""
    progress = pyqtSignal(str, str, bool)
    """The same, its size and the free space, and whether it is paused, while there is one."""
    ended = pyqtSignal()
    """A file is complete, or was given up."""

    def __init__(self, engine: LiveEngine, shared: Shared, toast: Toast, countdown: Countdown, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._toast, self._countdown = engine, toast, countdown
        self._worker, self._banner, self._folders = shared.worker, shared.banner, shared.folders
        self._to_settings = (tr("Settings…"), shared.actions.settings.trigger)
        self._recording = False
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(ELAPSED_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def active(self) -> bool:
        """Whether a recording is running."""
        return self._recording

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
        elif not self._countdown.cancel(Purpose.RECORDING) and not self._busy:

            def begin() -> None:
                look = style()
                self._busy = True
                self._worker.submit(
                    lambda: self._engine.start_recording(folder, look, lapse_seconds=lapse_seconds),
                    self._started,
                    self._not_started,
                )

            self._countdown.start(Purpose.RECORDING, countdown_seconds, begin)

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
        self._countdown.cancel(Purpose.RECORDING)
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
        kept = tr("What was recorded before is kept: {path} ({time}).")
        kept = kept.format(path=printable(summary.path), time=clock(summary.seconds))
        text = told(summary.problem or reason)
        self._banner.show_message(
            RECORDING,
            text if str(summary.path) in text and summary.frames == 0 else f"{text} {kept}",
            Severity.ERROR,
            [(tr("Show folder"), lambda: self._folders.show(summary.path.parent)), self._to_settings],
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
            self._banner.show_message(RECORDING, told(summary.problem), Severity.ERROR)
            return
        text = tr("Recorded {time}: {name}")
        text = text.format(time=clock(summary.seconds), name=printable(summary.path.name))
        show = (tr("Show folder"), lambda: self._folders.show(summary.path.parent))
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
        self.ended.emit()

    def _tick(self) -> None:
        status = self._engine.recording
        if status is not None and self._recording:
            self.elapsed.emit(clock(status.seconds))
            self.progress.emit(clock(status.seconds), figures(status), status.paused)
            if status.sound_problem:
                text = tr("The recording goes on without sound: {problem}.").format(problem=told(status.sound_problem))
                self._banner.show_message(SOUND, text, Severity.WARNING)

    def _show_unfinished(self, paths: list[Path]) -> None:
        if not paths:
            return
        names = ", ".join(printable(path) for path in paths)
        text = tr(
            "%n recording(s) cut off when the application ended unexpectedly. All but the last second is there: "
            "{names}",
            count=len(paths),
        ).format(names=names)
        choices = [(tr("Show folder"), lambda: self._folders.show(paths[0].parent))]
        self._banner.show_message(UNFINISHED, text, Severity.WARNING, choices, closed=lambda: _forget(paths))


def _forget(paths: list[Path]) -> None:
    from webcam_app.output.marks import forget_unfinished

    for path in paths:
        forget_unfinished(path)
