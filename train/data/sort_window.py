"""The window of step ``sort``: a picture, a key for each class, undo, skip, progress."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PyQt5.QtCore import QLockFile, QRect, QSize, Qt, QTimer
from PyQt5.QtGui import QCloseEvent, QImage, QKeySequence, QPainter, QPaintEvent
from PyQt5.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from train.data.sorting import Sorting
from train.errors import SortError
from train.readers.pictures import decode_picture
from webcam_app.errors import PictureError
from webcam_app.window.theme import RED, STAGE, apply_theme

LOCK = ".sorting.lock"
WIDTH, HEIGHT = 860, 760
SMALLEST_PICTURE = QSize(440, 320)
# How often a signal such as Ctrl-C is looked for while Qt waits for events.
SIGNAL_CHECK_MS = 300


class PictureView(QWidget):
    """One picture, as large as it fits, never enlarged beyond four times."""

    LARGEST_SCALE = 4.0

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SMALLEST_PICTURE)
        self.setAccessibleName("Picture to label")

    @property
    def text(self) -> str:
        """What is said in place of a picture; empty while one is shown."""
        return self._text

    def show_picture(self, image: QImage) -> None:
        """Show a picture."""
        self._image, self._text = image, ""
        self.update()

    def show_text(self, text: str) -> None:
        """Say something instead."""
        self._image, self._text = None, text
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Scale to the screen's own pixels."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._image is None:
            painter.setPen(Qt.GlobalColor.lightGray)
            painter.drawText(
                self.rect().adjusted(24, 24, -24, -24),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._text,
            )
            return
        ratio = self.devicePixelRatioF()
        room, size = self.size(), self._image.size()
        scale = min(room.width() / size.width(), room.height() / size.height(), self.LARGEST_SCALE)
        width, height = max(1, round(size.width() * scale)), max(1, round(size.height() * scale))
        pixels = self._image.scaled(
            max(1, round(width * ratio)),
            max(1, round(height * ratio)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height), pixels)


class SortWindow(QMainWindow):
    """Labels the pictures of a ``Sorting``. Nothing is decided in here, and nothing kept."""

    def __init__(self, sorting: Sorting, keys: Mapping[str, str]) -> None:
        """Show the first picture.

        Args:
            sorting: the pictures and decisions; closed with the window.
            keys: class to its key.
        """
        super().__init__()
        self.sorting = sorting
        self.resize(WIDTH, HEIGHT)
        self.view = PictureView()
        self.name = QLabel()
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long name is cut off rather than widening the window.
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.last = QLabel()
        self.last.setStyleSheet(f"color: {STAGE.muted};")
        self.problem = QLabel()
        self.problem.setStyleSheet(f"background: {RED}; color: white; padding: 8px; border-radius: 6px;")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.progress = QProgressBar()
        self.progress.setFormat("%v of %m")
        self.progress.setMaximum(len(sorting.pictures))
        self.progress.setAccessibleName("Pictures labelled")
        self.buttons = {label: self._button(label, key, partial(self.decide, label)) for label, key in keys.items()}
        self.skip_button = self._button("Skip", "Space", partial(self.decide, None))
        self.undo_button = self._button("Undo", "Backspace", self.undo)
        QShortcut(QKeySequence.StandardKey.Undo, self, self.undo)
        self.refresh()
        self._lay_out()

    def _button(self, text: str, key: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("key", key)
        button.setToolTip(f"Key: {key}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: action())
        # Not a key held down: that would label everything that comes.
        shortcut = QShortcut(QKeySequence(key), self, action)
        shortcut.setAutoRepeat(False)
        return button

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self.name, 1)
        heading.addWidget(self.last)
        rows = QVBoxLayout()
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(10)
        rows.addLayout(heading)
        rows.addWidget(self.problem)
        rows.addWidget(self.view, 1)
        labels = list(self.buttons.values())
        fitting = max(1, WIDTH // (max(button.sizeHint().width() for button in labels) + 2 * rows.spacing()))
        rows_of_buttons = -(-len(labels) // fitting)
        in_row = -(-len(labels) // rows_of_buttons)
        for start in range(0, len(labels), in_row):
            row = QHBoxLayout()
            for button in labels[start : start + in_row]:
                button.setMinimumHeight(44)
                row.addWidget(button, 1)
            rows.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.undo_button)
        below.addWidget(self.progress, 1)
        below.addWidget(self.skip_button)
        rows.addLayout(below)
        central = QWidget()
        central.setStyleSheet(f"background: {STAGE.background};")
        central.setLayout(rows)
        self.setCentralWidget(central)

    def decide(self, label: str | None) -> None:
        """Give the picture its class, or skip it; a failure is shown, and the picture stays."""
        name = self.sorting.current
        if name is None:
            return
        if self._try(lambda: self.sorting.decide(label)):
            self.last.setText(f"{Path(name).name}: {label or 'skipped'}")
        self.refresh()

    def undo(self) -> None:
        """Bring the last picture back."""
        if not self.sorting.can_undo:
            return
        if self._try(self.sorting.undo):
            self.last.setText("taken back")
        self.refresh()

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except SortError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return False
        self.problem.hide()
        return True

    def refresh(self) -> None:
        """Show what is the case."""
        sorting = self.sorting
        name = sorting.current
        counts = sorting.counts
        for label, button in self.buttons.items():
            button.setText(f"{button.property('key').upper()}   {label.replace('&', '&&')}   ({counts.get(label, 0)})")
            button.setEnabled(name is not None)
        self.skip_button.setText("Skip (Space)")
        self.skip_button.setEnabled(name is not None)
        self.undo_button.setText("Undo (Backspace)")
        self.undo_button.setEnabled(sorting.can_undo)
        self.progress.setValue(sorting.done)
        self.setWindowTitle(f"Sort {sorting.folder.name} – {sorting.done} of {len(sorting.pictures)}")
        self.name.setText("" if name is None else name)
        if name is None:
            skipped = f", {sorting.skipped} skipped: they come again at the next start" if sorting.skipped else ""
            self.view.show_text(f"All {len(sorting.pictures)} pictures are done{skipped}.")
            return
        try:
            self.view.show_picture(read_image(sorting.path(name)))
        except PictureError as error:
            self.view.show_text(f"{error}\n\nSkip it, or label it by its name.")

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Write ``labels.csv``; where that fails, it is written at the next start."""
        try:
            self.sorting.close()
        except SortError as error:
            print(f"train sort: {error}; the next start will try again", file=sys.stderr)
        super().closeEvent(event)


def read_image(path: Path) -> QImage:
    """A picture for Qt.

    Raises:
        PictureError: it is missing, damaged, or too large.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path.name}: cannot be read ({error.strerror or error})") from error
    pixels = np.ascontiguousarray(cv2.cvtColor(decode_picture(data, path.name), cv2.COLOR_BGR2RGB))
    height, width = pixels.shape[:2]
    content = pixels.tobytes()
    # The copy owns its pixels; the first one borrows them from ``content``.
    return QImage(content, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def run_window(make: Callable[[], Sorting], folder: Path, keys: Mapping[str, str]) -> int:
    """Show the window until it is closed.

    Args:
        make: opens the pictures, once no other window is at work on them.
        folder: where the pictures are.
        keys: class to its key.

    Returns:
        0, or 128 plus the number of the signal that closed it.

    Raises:
        SortError: another window is at work, or the pictures cannot be sorted.
    """
    application = QApplication.instance() or QApplication(["sort"])
    assert isinstance(application, QApplication)
    apply_theme(application)
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)
    if folder.is_dir() and not lock.tryLock(0):
        if lock.error() == QLockFile.LockError.LockFailedError:
            raise SortError(f"another window is sorting '{folder}': close it first")
        raise SortError(f"'{folder}' cannot be written")
    try:
        window = SortWindow(make(), keys)
        window.show()
        timer = QTimer()
        timer.timeout.connect(lambda: None)
        timer.start(SIGNAL_CHECK_MS)
        received: list[int] = []

        def stop(number: int, _: object) -> None:
            received.append(number)
            window.close()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        application.exec_()
        for number, handler in before.items():
            signal.signal(number, handler)
    finally:
        lock.unlock()
    # As shells tell it: 130 for Ctrl-C, 143 for SIGTERM.
    return 128 + received[0] if received else 0
