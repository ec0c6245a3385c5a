"""Tells assistive technology which faces are in the picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QWidget

from webcam_app.faces.face import Face

# A sentence of this kind takes about as long to be spoken; what changes faster is told when it has settled.
INTERVAL_MS = 2000
# With more faces than this, counts are understood sooner than a list.
MOST_LISTED = 4
UNLABELLED = "not labelled"


class FaceAnnouncer(QObject):
    """Keeps the accessible description of a widget true to the faces that it shows.

    Qt tells assistive technology of each change, and a screen reader speaks it while the widget has the focus. Qt 5 has
    no other way to announce something.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._tell)

    def show(self, text: str) -> None:
        """Tell this text: at once, or, where one was told less than ``INTERVAL_MS`` ago, the newest after that."""
        self._text = text
        if not self._timer.isActive():
            self._tell()

    def tell_now(self, text: str) -> None:
        """Tell this text at once: what was pressed has an effect soon."""
        self._timer.stop()
        self.show(text)

    def _tell(self) -> None:
        if self._text != self._widget.accessibleDescription():
            self._widget.setAccessibleDescription(self._text)
            self._timer.start()


def faces_text(faces: Sequence[Face], *, mirrored: bool, recording: bool, masks: bool) -> str:
    """The faces of a picture in words, without figures that change all the time.

    Args:
        faces: those of the picture; told from left to right.
        mirrored: whether left and right are exchanged on the screen.
        recording: whether that is recorded.
        masks: whether masks are told.
    """
    ordered = sorted(faces, key=lambda face: face.box.x + face.box.width / 2, reverse=mirrored)
    count = {0: "No face", 1: "1 face"}.get(len(ordered), f"{len(ordered)} faces")
    words = [_words(face, masks=masks) for face in ordered]
    if len(words) > MOST_LISTED:
        words = [f"{number} {word}" for word, number in Counter(words).most_common()]
    text = f"{count}: {', '.join(words)}" if words else count
    return f"Recording. {text}" if recording else text


def _words(face: Face, *, masks: bool) -> str:
    label = face.label or UNLABELLED
    return f"{label} with a mask" if masks and face.masked else label
