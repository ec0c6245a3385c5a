"""Keeps the picture on the screen as a file: one, or several in a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from webcam_app.capture.text import printable
from webcam_app.live import Result
from webcam_app.live.snapshots import write_snapshot
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.live.recording.countdown import Countdown, Purpose
from webcam_app.window.page import Shared
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.toast import Toast

SNAPSHOT = "snapshot"
# A burst ends without the pictures that did not come in so much more time than it should have taken.
PATIENCE_SECONDS = 2.0


@dataclass
class _Burst:
    """A burst that is going on.

    Attributes:
        wanted: how many pictures.
        interval: seconds from one to the next.
        began: ``time.monotonic()`` and the local time at its first picture.
        due: ``time.monotonic()`` from which on a new picture is the next one; each is due on one grid.
        labels: whether they show boxes and labels.
        last: number of the last result that was taken.
        taken: how many were.
        written: those that are files.
        failed: one could not be written, which was said.
    """

    wanted: int
    interval: float
    began: tuple[float, datetime]
    due: float
    labels: bool
    last: int = -1
    taken: int = 0
    written: list[Path] = field(default_factory=list)
    failed: bool = False


class SnapshotController(QObject):
    """What is on the screen is what is kept: a face that is covered there is covered in the file.

    The picture is taken when the key is pressed; it is encoded and written in the worker's thread.
    """

    kept = pyqtSignal()
    """A picture was written."""

    def __init__(
        self,
        canvas: VideoCanvas,
        shared: Shared,
        toast: Toast,
        countdown: Countdown,
        style: Callable[[], OverlayStyle],
    ) -> None:
        """Make it.

        Args:
            canvas: shows the picture that is to be kept.
            shared: for settings, disk work and messages.
            toast: says what was kept.
            countdown: shared with recordings.
            style: gives how faces are drawn.
        """
        super().__init__(canvas)
        self._canvas, self._toast, self._countdown, self._style = canvas, toast, countdown, style
        self._settings, self._worker = shared.settings, shared.worker
        self._banner, self._folders = shared.banner, shared.folders
        self._to_settings = shared.actions.settings.trigger
        self._burst: _Burst | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.end_burst)

    @property
    def bursting(self) -> bool:
        """Whether a burst goes on."""
        return self._burst is not None

    def take(self, *, other: bool = False) -> None:
        """Keep the picture on the screen, after the countdown where there is one; pressed again, cancel that.

        Args:
            other: with labels where the settings say without, and the other way round.
        """
        if self._countdown.cancel(Purpose.SNAPSHOT):
            return
        settings = self._settings.current
        labels = settings.snapshot_labels is not other
        self._countdown.start(Purpose.SNAPSHOT, settings.snapshot_countdown, lambda: self._take_now(labels))

    def take_burst(self) -> None:
        """Keep several pictures in a row, after the countdown where there is one; pressed again, cancel or end it."""
        if self._countdown.cancel(Purpose.SNAPSHOT):
            return
        if self._burst is not None:
            self.end_burst()
            return
        self._countdown.start(Purpose.SNAPSHOT, self._settings.current.snapshot_countdown, self._begin_burst)

    def on_shown(self, result: Result) -> None:
        """Another result is on the screen: of a burst it may be the next picture."""
        burst = self._burst
        now = time.monotonic()
        if burst is None or now < burst.due or result.sequence == burst.last:
            return
        began, clock = burst.began
        burst.last = result.sequence
        burst.taken += 1
        late = now - burst.due
        # On its own grid, so that it does not drift; on a new one where the pictures come more slowly.
        burst.due = (burst.due if late < burst.interval else now) + burst.interval
        self._keep(result, burst.labels, clock + timedelta(seconds=now - began), burst)
        if burst.taken == burst.wanted:
            self.end_burst()

    def end_burst(self) -> None:
        """Take no more pictures of the burst that goes on, if one does: enough, or no more come."""
        burst, self._burst = self._burst, None
        self._patience.stop()
        if burst is not None:
            # Behind those that are still to be written.
            self._worker.submit(lambda: None, lambda _: self._say_burst(burst), self._fail)

    def _take_now(self, labels: bool) -> None:
        self._keep(self._canvas.result, labels, None, None)

    def _begin_burst(self) -> None:
        result, settings = self._canvas.result, self._settings.current
        if result is None or self._burst is not None:
            return
        now, interval = time.monotonic(), settings.burst_milliseconds / 1e3
        self._burst = _Burst(
            settings.burst_pictures, interval, (now, datetime.now()), now, labels=settings.snapshot_labels
        )
        self._patience.start(round(1e3 * (settings.burst_pictures * interval + PATIENCE_SECONDS)))
        self.on_shown(result)

    def _keep(self, result: Result | None, labels: bool, taken: datetime | None, burst: _Burst | None) -> None:
        """Write what is on the screen. Covered faces are covered in ``result`` already, and stay so."""
        style = replace(self._style(), covering=None)
        shown = result if labels or result is None else replace(result, faces=[])
        folder, names = self._settings.current.snapshot_folder, self._canvas.labels

        def done(path: Path) -> None:
            self._banner.clear_message(SNAPSHOT)
            self.kept.emit()
            if burst is None:
                self._say(tr("Snapshot: {name}").format(name=printable(path.name)), path)
            else:
                burst.written.append(path)

        def failed(problem: str) -> None:
            if burst is None or not burst.failed:
                self._fail(problem)
            if burst is not None:
                burst.failed = True
                if self._burst is burst:
                    self.end_burst()

        self._worker.submit(lambda: write_snapshot(shown, folder, style, names, taken), done, failed)

    def _say_burst(self, burst: _Burst) -> None:
        if not burst.written or burst.failed:
            return
        first, count = burst.written[0], len(burst.written)
        told = str(count)
        if count != burst.wanted:
            told = tr("{count} of {total}").format(count=count, total=burst.wanted)
        self._say(tr("{number} snapshots, the first: {name}").format(number=told, name=printable(first.name)), first)

    def _say(self, text: str, path: Path) -> None:
        self._toast.show_message(text, tr("Show folder"), lambda: self._folders.show(path.parent))

    def _fail(self, problem: str) -> None:
        self._banner.show_message(SNAPSHOT, problem, Severity.ERROR, [(tr("Settings…"), self._to_settings)])
