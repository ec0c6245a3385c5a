"""One class on the page: its name, its pictures, and ways to get more."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from webcam_app.output.overlay import color_for, text_color_on
from webcam_app.teaching.gathering import Kept
from webcam_app.window.teach.studio import ClassState
from webcam_app.window.teach.thumbnails import ThumbnailRow
from webcam_app.window.theme import icon

LONGEST_NAME = 80
HOLD_HELP = "While you hold it, pictures are taken of the face in the middle, whenever it looks different"


class ClassCard(QFrame):
    """Shows a class; what a person does with it is signalled."""

    renamed = pyqtSignal(str)
    pressed = pyqtSignal()
    """The button for taking frames is held ..."""
    released = pyqtSignal()
    """... and let go."""
    files_wanted = pyqtSignal()
    dropped = pyqtSignal(object)
    """Paths of pictures and folders."""
    moved = pyqtSignal(int)
    removed = pyqtSignal()
    deleted = pyqtSignal(object)
    """Names of pictures."""

    def __init__(self, state: ClassState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = state.key
        self._name = state.name
        self._count = 0
        self.setObjectName("class")
        self.setAcceptDrops(True)
        self.number = QLabel()
        self.number.setFixedSize(24, 24)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = QLineEdit(state.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.editingFinished.connect(self._on_edited)
        self.count = QLabel()
        self.count.setObjectName("detail")
        self.hold = QPushButton(icon("webcam"), "Hold to take")
        self.hold.pressed.connect(self.pressed)
        self.hold.released.connect(self.released)
        self.add = QPushButton(icon("file"), "Add files…")
        self.add.setToolTip("Add picture files; files and folders can also be dropped here")
        self.add.clicked.connect(lambda _checked=False: self.files_wanted.emit())
        self.thumbnails = ThumbnailRow()
        self.thumbnails.delete_requested.connect(self.deleted)
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setToolTip("Move or remove this class, delete pictures")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self.more)
        self.up = menu.addAction("Move up", lambda: self.moved.emit(-1))
        self.down = menu.addAction("Move down", lambda: self.moved.emit(1))
        menu.addSeparator()
        self.delete_chosen = menu.addAction("Delete chosen pictures", self._delete_chosen)
        self.remove = menu.addAction("Remove this class…", self.removed.emit)
        menu.aboutToShow.connect(self._prepare_menu)
        self.more.setMenu(menu)
        first, second = QHBoxLayout(), QHBoxLayout()
        for part, stretch in ((self.number, 0), (self.name, 1), (self.count, 0), (self.more, 0)):
            first.addWidget(part, stretch)
        second.addWidget(self.hold, 1)
        second.addWidget(self.add, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.thumbnails)
        self._show_names()
        self.show_pictures(state)

    def show_state(self, state: ClassState, index: int, names: list[str]) -> None:
        """Show name and place.

        Args:
            state: the class.
            index: its place, from 0.
            names: of all classes, in order; the place decides the colour.
        """
        self._name = state.name
        if not (self.name.hasFocus() and self.name.isModified()):  # while it is typed, it stays
            self.name.setText(state.name)
        color = color_for(state.name, names)
        blue, green, red = color
        ink = text_color_on(color)[0]
        self.number.setText(str(index + 1))
        self.number.setStyleSheet(
            f"background: rgb({red}, {green}, {blue}); color: rgb({ink}, {ink}, {ink}); border-radius: 6px; "
            "font-weight: 600;"
        )
        key = f" (or hold the key {index + 1})" if index < 9 else ""
        self.hold.setToolTip(f"{HOLD_HELP}{key}")
        if self.up is not None and self.down is not None:
            self.up.setEnabled(index > 0)
            self.down.setEnabled(index < len(names) - 1)
        self._show_names()

    def show_pictures(self, state: ClassState) -> None:
        """Show other pictures."""
        self.thumbnails.pictures.replace(state.pictures)
        self._show_count(len(state.pictures))

    def add_picture(self, kept: Kept) -> None:
        """Show one more."""
        self.thumbnails.pictures.append(kept)
        self.thumbnails.scrollToBottom()
        bar = self.thumbnails.horizontalScrollBar()
        if bar is not None:
            self.thumbnails.doItemsLayout()
            bar.setValue(bar.maximum())
        self._show_count(self._count + 1)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Files may be dropped on it."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()
            self._light(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:
        """They are not dropped."""
        self._light(False)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take what was dropped."""
        self._light(False)
        data = event.mimeData() if event is not None else None
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []
        if event is not None and paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _on_edited(self) -> None:
        text = self.name.text()
        self.name.setModified(False)
        if text != self._name:
            self.renamed.emit(text)

    def _delete_chosen(self) -> None:
        if names := self.thumbnails.chosen():
            self.deleted.emit(names)

    def _prepare_menu(self) -> None:
        if self.delete_chosen is not None:
            self.delete_chosen.setEnabled(bool(self.thumbnails.chosen()))

    def _show_count(self, count: int) -> None:
        self._count = count
        self.count.setText("1 picture" if count == 1 else f"{count} pictures")
        self.thumbnails.setVisible(count > 0)

    def _show_names(self) -> None:
        self.name.setAccessibleName("Name of the class")
        self.hold.setAccessibleName(f"Hold to take pictures of {self._name}")
        self.add.setAccessibleName(f"Add pictures to {self._name}")
        self.thumbnails.setAccessibleName(f"Pictures of {self._name}")
        self.more.setAccessibleName(f"More about {self._name}")

    def _light(self, on: bool) -> None:
        self.setProperty("target", on)
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)
