"""Takes examples from the live picture while a button is held."""

from __future__ import annotations

import time
from datetime import datetime

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication

from webcam_app.faces.face import Face
from webcam_app.live import LiveEngine, Result
from webcam_app.teaching.collection import take_name
from webcam_app.window.teach.following import Follower
from webcam_app.window.teach.studio import Studio

# Eight frames a second: faster they hardly differ, slower one waits.
INTERVAL_MS = 125


class Taker(QObject):
    """While a class is held, offers the followed face of the newest frame to it, eight times a second."""

    changed = pyqtSignal()
    """Holding began or ended, or what it says of itself is another."""

    def __init__(self, engine: LiveEngine, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._studio = engine, studio
        self.follower = Follower()
        self.held: int | None = None
        """Key of the class that is held; None for none."""
        self.taken = 0
        """Frames that were taken since it is held."""
        self.lost = False
        """The face that was followed when the button was pressed is gone."""
        self.alike = False
        """The last frame showed nothing new."""
        self._name, self._began, self._sequence = "", 0.0, 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._take)
        studio.frame_done.connect(self._on_done)

    def hold(self, key: int) -> None:
        """Begin to take."""
        self.held, self.taken, self.lost, self.alike = key, 0, False, False
        self._name, self._began, self._sequence = take_name(datetime.now()), time.monotonic(), 0
        self._timer.start()
        self._take()
        self.changed.emit()

    def release(self) -> None:
        """Take no more."""
        if self.held is not None:
            self.held = None
            self._timer.stop()
            self.changed.emit()

    def followed(self, result: Result) -> Face | None:
        """The face of a result that examples are, or would be, taken of."""
        height, width = result.frame.image.shape[:2]
        return self.follower.follow(result.faces, width, height, only_it=self.held is not None)

    def _take(self) -> None:
        if QApplication.activeWindow() is None:  # another program was brought to the front while a key was held
            self.release()
            return
        result = self._engine.latest()
        if self.held is None or result is None or result.sequence == self._sequence:
            return
        self._sequence = result.sequence
        face = self.followed(result)
        if self.lost != (face is None):
            self.lost = face is None
            self.changed.emit()
        if face is None:
            return
        others = [other.box for other in result.faces if other is not face]
        elapsed = round(1e3 * (time.monotonic() - self._began))
        self._studio.add_frame(self.held, result.frame.image, face.box, others, f"{self._name} {elapsed:06}")

    def _on_done(self, key: int, taken: bool) -> None:
        if key == self.held:
            self.taken += taken
            self.alike = not taken
            self.changed.emit()
