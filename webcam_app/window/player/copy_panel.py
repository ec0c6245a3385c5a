"""How far the copy is that is being written, low on the picture."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QPixmap
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from webcam_app.capture.frame import Image
from webcam_app.window.images import to_qimage
from webcam_app.window.player.texts import clock
from webcam_app.window.translation import tr
from webcam_app.window.widgets.overlay import Overlay

MARGIN = 14
PREVIEW_HEIGHT = 90
# Without so much room the preview is left out, so that the picture can be seen.
LEAST_WIDTH, LEAST_HEIGHT = 700, 360
STEPS = 1000


class CopyPanel(Overlay):
    """Name, preview, share, time left, and a button to stop."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Annotated copy"))
        self.title, self.figures = QLabel(), QLabel()
        self.figures.setObjectName("detail")
        for label in (self.title, self.figures):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.preview = QLabel()
        self.preview.setAccessibleName(tr("The picture that was written last"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.progress.setAccessibleName(tr("How much of the copy is written"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setToolTip(tr("Stop writing, and keep what is there as a video"))
        texts = QVBoxLayout()
        texts.setSpacing(6)
        for part in (self.title, self.progress, self.figures):
            texts.addWidget(part)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 10, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(self.preview)
        layout.addLayout(texts)
        layout.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignBottom)

    def begin(self, title: str) -> None:
        """A copy has been begun."""
        self.title.setText(title)
        self.preview.clear()
        self.stop.setEnabled(True)
        self.progress.setRange(0, 0)
        self.figures.setText(tr("Beginning…"))
        self.show()
        self.raise_()
        self.arrange()

    def show_progress(self, seconds: float, total: float | None, left: float | None) -> None:
        """Tell how far it is.

        Args:
            seconds: of the video that are written.
            total: its length; None where unknown.
            left: seconds until it is done, about; None where that cannot be told yet.
        """
        if total:
            self.progress.setRange(0, STEPS)
            self.progress.setValue(min(STEPS, round(STEPS * seconds / total)))
        text = clock(seconds)
        if total:
            text = tr("{count} of {total}").format(count=text, total=clock(total))
        if left is not None:
            text = tr("{text}, {left} left").format(text=text, left=clock(left))
        if text != self.figures.text():
            self.figures.setText(text)
            self.arrange()

    def show_preview(self, picture: Image) -> None:
        """Show what was written last: H×W×3 uint8 BGR."""
        first = self.preview.pixmap() is None
        self.preview.setPixmap(
            QPixmap.fromImage(to_qimage(picture)).scaledToHeight(
                PREVIEW_HEIGHT, Qt.TransformationMode.SmoothTransformation
            )
        )
        if first:
            self.arrange()

    def show_stopping(self) -> None:
        """It was stopped, and what is there is being made a whole video."""
        self.stop.setEnabled(False)
        self.figures.setText(tr("Stopping…"))

    def arrange(self) -> None:
        """Take the lower left corner of the parent."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        room = parent.width() >= LEAST_WIDTH and parent.height() >= LEAST_HEIGHT
        self.preview.setVisible(room and self.preview.pixmap() is not None)
        self.adjustSize()
        width = min(self.sizeHint().width(), parent.width() - 2 * MARGIN)
        height = self.sizeHint().height()
        self.setGeometry(MARGIN, max(0, parent.height() - height - MARGIN), width, height)
