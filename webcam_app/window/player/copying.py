"""The annotated copy of the video that is open, written in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QFileDialog, QWidget

from webcam_app.capture.text import printable
from webcam_app.live.playing.background import BackgroundProcess
from webcam_app.live.playing.copy import CopyEnd, CopyOrder, CopyProgress, write_copy
from webcam_app.output.copy_wishes import CopyWishes
from webcam_app.output.overlay import OverlayStyle
from webcam_app.window.core_texts import told
from webcam_app.window.page import Shared
from webcam_app.window.player.copy_panel import CopyPanel
from webcam_app.window.player.texts import clock
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Severity

COPY = "annotated copy"
PULL_MS = 100
# Before that, the rate says more about the start than about what is to come.
LEAST_SECONDS = 1.0


class Copying(QObject):
    """Asks where to, lets a process write it, shows how far it is and how it went. One copy at a time."""

    ended = pyqtSignal(object)
    """A ``CopyEnd``."""

    def __init__(
        self,
        shared: Shared,
        style: Callable[[], OverlayStyle],
        model: Callable[[], Path | None],
        show: Callable[[str], None],
        canvas: QWidget,
    ) -> None:
        """Make it.

        Args:
            shared: what the window shares with its pages.
            style: how labels are drawn now, and whether faces are covered.
            model: the one that labels now, as ``FaceAnalyzer`` takes it.
            show: opens a file in the window.
            canvas: what the progress is shown on.
        """
        super().__init__(canvas)
        self._banner, self._folders = shared.banner, shared.folders
        self._style, self._model, self._show, self._parent = style, model, show, canvas
        self.panel = CopyPanel(canvas)
        self.panel.stop.clicked.connect(self.stop)
        self.dialog: QFileDialog | None = None
        self._process: BackgroundProcess | None = None
        self._order: CopyOrder | None = None
        self._began = 0.0
        self._pull = QTimer(self)
        self._pull.setInterval(PULL_MS)
        self._pull.timeout.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether a copy is being written."""
        return self._process is not None

    def ask(self, source: Path) -> None:
        """Ask where the copy of a video goes to; nothing waits for the answer."""
        if self.active:
            text = tr("A copy is being written already. Wait for it, or stop it.")
            self._banner.show_message(COPY, text, Severity.WARNING, [(tr("Stop"), self.stop)])
            return
        covered = self._style().covering
        title = tr("Annotated copy")
        if covered is not None and covered.kind is not None:
            title = tr("Annotated copy, with all faces covered")
        dialog = self.dialog = QFileDialog(
            self._parent.window(), title, str(free_name(source)), tr("Videos (*.mp4 *.mov *.mkv)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("mp4")
        dialog.selectFile(free_name(source).name)
        dialog.fileSelected.connect(lambda path: self.write(source, Path(path)))
        dialog.open()

    def write(self, source: Path, out: Path) -> None:
        """Write the copy of a video; a file that is there is replaced, as the dialog has asked."""
        style = self._style()
        cover = style.covering.kind if style.covering is not None else None
        wishes = CopyWishes(replace(style, mirrored=False, covering=None), cover=cover)
        self._order = order = CopyOrder(source, out, wishes, self._model())
        try:
            self._process = BackgroundProcess(write_copy, order, outlives=True)
        except OSError as error:
            self._tell(tr("No process can be started: {reason}").format(reason=error.strerror), Severity.ERROR)
            return
        self._banner.clear_message(COPY)
        self._began = time.monotonic()
        self.panel.begin(printable(out.name))
        self._pull.start()

    def stop(self) -> None:
        """Write no further; what is there is kept as a video."""
        if self._process is not None:
            self._process.stop()
            self.panel.show_stopping()

    def close(self, timeout_seconds: float) -> None:
        """The window is closed: what is there is kept. Waits for that so long; it is finished in any case."""
        self._pull.stop()
        if self._process is not None:
            self._process.stop()
            self._process.join(timeout_seconds)
            self._process = None
        self.panel.hide()

    def _take(self) -> None:
        process = self._process
        if process is None:
            return
        end: CopyEnd | None = None
        for message in process.messages():
            if isinstance(message, CopyProgress):
                self._show_progress(message)
            elif isinstance(message, CopyEnd):
                end = message
        if end is None and process.ended:
            end = CopyEnd(problem=tr("The process that wrote the copy was ended. Nothing is left of it."))
        if end is not None:
            self._finish(process, end)

    def _show_progress(self, progress: CopyProgress) -> None:
        took, left = time.monotonic() - self._began, None
        if progress.total and progress.seconds > 0 and took > LEAST_SECONDS:
            left = max(0.0, progress.total - progress.seconds) * took / progress.seconds
        if self.panel.stop.isEnabled():
            self.panel.show_progress(progress.seconds, progress.total, left)
        if progress.preview is not None:
            self.panel.show_preview(progress.preview)

    def _finish(self, process: BackgroundProcess, end: CopyEnd) -> None:
        self._pull.stop()
        self._process = None
        self.panel.hide()
        process.join(0.0)
        self._tell_end(end)
        self.ended.emit(end)

    def _tell_end(self, end: CopyEnd) -> None:
        order = self._order
        if order is None:
            return
        if not end.frames:
            self._tell(told(end.problem), Severity.INFO if end.stopped else Severity.ERROR)
            return
        out, name, length = order.out, printable(order.out.name), clock(end.seconds)
        text = tr("The copy '{name}' is there, {length} long.").format(name=name, length=length)
        if end.stopped:
            text = tr("The copy was stopped: '{name}' has the first {length}.").format(name=name, length=length)
        choices = (
            (tr("Play"), lambda: self._show(str(out))),
            (tr("Show folder"), lambda: self._folders.show(out.parent)),
        )
        severity = Severity.WARNING if end.problem or end.notes else Severity.INFO
        self._banner.show_message(
            COPY, " ".join(filter(None, (text, *map(told, (end.problem, *end.notes))))), severity, choices
        )

    def _tell(self, text: str, severity: Severity) -> None:
        self._banner.show_message(COPY, text, severity)


def free_name(source: Path) -> Path:
    """A name beside a video for its copy that nothing has yet."""
    stem, suffix = source.stem, ".mp4"
    for number in range(1, 1000):
        name = f"{stem}-annotated{'' if number == 1 else f'-{number}'}{suffix}"
        path = source.with_name(name)
        if not path.exists():
            return path
    return source.with_name(f"{stem}-annotated{suffix}")
