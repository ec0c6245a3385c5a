"""What is on the screen: the newest picture, or one that stands still while the camera goes on."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QAction

from webcam_app.live import LiveEngine, LiveState, Result
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.translation import tr


class FreezeController(QObject):
    """Shows the newest result, or goes on showing the one that was frozen.

    Attributes:
        shown: the result on the screen as the engine gave it, with nothing covered; None for none.
        covered: gives a result as it is to be shown.
    """

    changed = pyqtSignal()
    """The picture stands still now, or goes on."""
    appeared = pyqtSignal(object)
    """A ``Result`` that was not there before is on the canvas, with what is covered."""

    def __init__(
        self, canvas: VideoCanvas, engine: LiveEngine, action: QAction, announce: Callable[[str], None]
    ) -> None:
        """Make it.

        Args:
            canvas: shows the picture.
            engine: has the newest result and the labels.
            action: switches it.
            announce: tells assistive technology.
        """
        super().__init__(canvas)
        self._canvas, self._engine, self._action, self._announce = canvas, engine, action, announce
        self.shown: Result | None = None
        self.covered: Callable[[Result], Result] = lambda result: result
        self._frozen = False
        action.triggered.connect(self.toggle)

    @property
    def frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._frozen

    def show(self, result: Result) -> bool:
        """Show a new result; returns False, and shows nothing, while the picture stands still."""
        if self._frozen:
            return False
        self.shown = result
        covered = self.covered(result)
        self._canvas.show_result(covered, self._engine.labels)
        self.appeared.emit(covered)
        return True

    def show_again(self) -> None:
        """What is covered has changed, and perhaps no other picture comes."""
        if self.shown is not None and self._canvas.result is not None:
            self._canvas.show_result(self.covered(self.shown), self._canvas.labels)

    def show_newest(self) -> None:
        """Show the newest result that there is, if there is one."""
        result = self._engine.latest()
        if result is not None:
            self.show(result)

    def toggle(self) -> None:
        """Let the picture stand still, or go on."""
        if self._frozen:
            self._set(False)
            self._announce(tr("The picture is live again"))
            self.show_newest()
            return
        if self.shown is None:
            self.show_newest()  # the first came a few milliseconds ago
        if self.shown is not None:
            self._set(True)
            recording = self._engine.recording is not None
            still = tr("The picture stands still")
            self._announce(tr("The picture stands still; the recording goes on live") if recording else still)
        else:
            self._action.setChecked(False)

    def forget(self) -> None:
        """Another source, or none: nothing of the one before stays."""
        self._set(False)
        self.shown = None

    def offer(self, state: LiveState, *, live: bool) -> None:
        """Offer it where a picture moves that cannot be paused; going on is always offered.

        Args:
            state: of the engine.
            live: whether there is a picture of a camera or a stream.
        """
        moving = state in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING)
        self._action.setEnabled(self._frozen or (live and moving))

    def _set(self, frozen: bool) -> None:
        self._action.setChecked(frozen)
        if frozen != self._frozen:
            self._frozen = frozen
            self._canvas.set_frozen(frozen)
            self.changed.emit()
