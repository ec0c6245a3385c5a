"""The live picture on the page: the face that is followed, and what the model says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from webcam_app.faces.face import Face
from webcam_app.live import Result
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.translation import mark, tr, translated
from webcam_app.window.widgets.placeholder import Placeholder

THIS_FACE = mark("this face")


class Preview(QWidget):
    """The picture with a line of text below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = VideoCanvas()
        self.canvas.setAccessibleName(tr("Picture"))
        self.placeholder = Placeholder(self.canvas)
        self.hint = QLabel()
        self.hint.setObjectName("hint")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        # Two lines, so that the picture does not move when the text changes.
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing() + 10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.hint)

    def show_hint(self, text: str) -> None:
        """Say what happens or can be done."""
        if text != self.hint.text():
            self.hint.setText(text)
            self.hint.setAccessibleName(text)

    def show_labels(self, result: Result, labels: Sequence[str]) -> None:
        """Show what the model says of all faces."""
        self.canvas.show_result(result, labels)

    def show_followed(self, result: Result, followed: Face | None, label: str, labels: Sequence[str]) -> None:
        """Show only which face is followed.

        Args:
            result: the newest.
            followed: the face; None for none.
            label: what stands at it; empty for nothing unless there are several faces.
            labels: the classes, for the colour.
        """
        several = len(result.faces) > 1
        faces = [
            Face(
                face.box,
                face.track,
                (label or (translated(THIS_FACE) if several else None)) if face is followed else None,
            )
            for face in result.faces
        ]
        self.canvas.show_result(replace(result, faces=faces), labels)
