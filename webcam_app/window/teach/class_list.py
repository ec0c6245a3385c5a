"""The classes one below the other, and what can be said of all of them."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QDragEnterEvent, QDropEvent
from PyQt5.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from webcam_app.teaching.gathering import Kept
from webcam_app.window.teach.class_card import ClassCard
from webcam_app.window.teach.studio import Studio
from webcam_app.window.theme import icon

FIRST_STEPS = (
    "Name two classes or more, such as glasses and none, or people who agreed to it. Hold a class's button while the "
    "camera looks at an example, or drop pictures on it. Then press Train."
)
PEOPLE = "The classes are people"
PEOPLE_HELP = "Then the model recognises persons. Each of them must have agreed to that."


class ClassList(QScrollArea):
    """Shows a card for each class of the studio, and passes on what a person does with them."""

    hold = pyqtSignal(int)
    """Key of the class whose button is held."""
    release = pyqtSignal()
    files_wanted = pyqtSignal(int)
    """Key of the class for which files are to be chosen."""
    folders_wanted = pyqtSignal()
    """Folders with a sub-folder for each class are to be chosen."""
    remove_wanted = pyqtSignal(int)
    """Key of the class that is to be removed."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.cards: dict[int, ClassCard] = {}
        self._to_focus: int | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.steps = _text(FIRST_STEPS)
        self.add = QPushButton(icon("add"), "Add a class")
        self.add.clicked.connect(lambda _checked=False: self.add_class())
        self.add_folders = QPushButton(icon("folder"), "Folders…")
        self.add_folders.setToolTip(
            "Add a folder with a sub-folder of pictures for each class; it can be dropped here too"
        )
        self.add_folders.clicked.connect(lambda _checked=False: self.folders_wanted.emit())
        self.people = QCheckBox(PEOPLE)
        self.people.setAccessibleDescription(PEOPLE_HELP)
        self.people.clicked.connect(studio.set_people)
        self.people_help = _text(PEOPLE_HELP)
        content = QWidget()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.add_folders)
        row.addStretch(1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.steps)
        layout.addLayout(self._cards)
        layout.addLayout(row)
        layout.addWidget(self.people)
        layout.addWidget(self.people_help)
        layout.addStretch(1)
        self.setWidget(content)
        studio.classes_changed.connect(self._rebuild)
        studio.pictures_added.connect(self._on_added)
        studio.pictures_changed.connect(self._on_changed)

    def add_class(self) -> None:
        """Add a class with a name that is to be typed over."""

        def focus(key: int) -> None:
            card = self.cards[key]
            card.name.setFocus()
            card.name.selectAll()
            self.ensureWidgetVisible(card)

        self._studio.add_class(self._studio.free_name(), focus)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Folders of classes may be dropped beside the cards."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take folders that have a sub-folder for each class."""
        data = event.mimeData() if event is not None else None
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []
        if event is not None and paths:
            event.acceptProposedAction()
            self._studio.add_folders(paths)

    def _rebuild(self) -> None:
        states = self._studio.classes
        names = [state.name for state in states]
        for key in set(self.cards) - {state.key for state in states}:
            card = self.cards.pop(key)
            card.hide()
            card.deleteLater()
        for index, state in enumerate(states):
            if state.key not in self.cards:
                self.cards[state.key] = self._card(state.key, index)
            card = self.cards[state.key]
            card.show_state(state, index, names)
            card.show_pictures(state)
            if self._cards.indexOf(card) != index:
                self._cards.insertWidget(index, card)
        self.people.setChecked(self._studio.people)
        for part in (self.people, self.people_help):
            part.setVisible(bool(states))
        self.steps.setVisible(self._studio.pictures == 0)

    def _card(self, key: int, index: int) -> ClassCard:
        studio = self._studio
        card = ClassCard(studio.classes[index])
        card.renamed.connect(lambda name: studio.rename(key, name))
        card.pressed.connect(lambda: self.hold.emit(key))
        card.released.connect(self.release)
        card.files_wanted.connect(lambda: self.files_wanted.emit(key))
        card.dropped.connect(lambda paths: studio.add_files(key, paths))
        card.moved.connect(lambda step: studio.move(key, step))
        card.removed.connect(lambda: self.remove_wanted.emit(key))
        card.deleted.connect(lambda names: studio.delete(key, names))
        return card

    def _on_added(self, key: int, kept: Kept) -> None:
        self.steps.hide()
        if key in self.cards:
            self.cards[key].add_picture(kept)

    def _on_changed(self, key: int) -> None:
        state = next((each for each in self._studio.classes if each.key == key), None)
        if state is not None and key in self.cards:
            self.cards[key].show_pictures(state)


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("detail")
    label.setWordWrap(True)
    return label
