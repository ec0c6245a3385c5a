"""Lets the picture on the screen stand still while the camera goes on."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QAction

from webcam_app.live import LiveState, Result
from webcam_app.window.live.canvas import VideoCanvas
from webcam_app.window.translation import tr


class FreezeController(QObject):
    """Decides which result is shown: the newest, or the one that was frozen.

    Attributes:
        shown: the result on the screen as the engine gave it, with nothing covered; None for none.
    """

    changed = pyqtSignal()
    """The picture stands still now, or goes on."""

    def __init__(
        self, canvas: VideoCanvas, action: QAction, show_newest: Callable[[], None], announce: Callable[[str], None]
    ) -> None:
        """Make it.

        Args:
            canvas: shows the picture.
            action: switches it.
            show_newest: called when the picture goes on.
            announce: tells assistive technology.
        """
        super().__init__(canvas)
        self._canvas, self._action, self._show_newest, self._announce = canvas, action, show_newest, announce
        self.shown: Result | None = None
        self._frozen = False
        action.triggered.connect(self.toggle)

    @property
    def frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._frozen

    def passes(self, result: Result) -> bool:
        """A new result: whether it is to be shown."""
        if not self._frozen:
            self.shown = result
        return not self._frozen

    def toggle(self) -> None:
        """Let the picture stand still, or go on."""
        if self._frozen:
            self._set(False)
            self._announce(tr("The picture is live again"))
            self._show_newest()
        elif self.shown is not None:
            self._set(True)
            self._announce(tr("The picture stands still"))
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
            live: whether the source is a camera or a stream.
        """
        moving = state in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING)
        self._action.setEnabled(self._frozen or (live and moving and self.shown is not None))

    def _set(self, frozen: bool) -> None:
        self._action.setChecked(frozen)
        if frozen != self._frozen:
            self._frozen = frozen
            self._canvas.set_frozen(frozen)
            self.changed.emit()
