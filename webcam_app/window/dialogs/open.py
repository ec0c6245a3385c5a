"""Dialogs that ask what to open; the caller shows them. None of them holds up the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from webcam_app.capture.formats.kinds import READABLE

_VIDEOS = "*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.mpg *.mpeg *.ts *.wmv *.flv *.ogv *.3gp"
_PICTURES = " ".join(f"*{suffix}" for kind in READABLE for suffix in sorted(kind.suffixes))
FILTERS = f"Videos and pictures ({_VIDEOS} {_PICTURES});;All files (*)"
PICTURE_FILTERS = f"Pictures ({_PICTURES});;All files (*)"
MODEL_FILTERS = "Models (*.json *.tflite);;All files (*)"
# A scheme and something after it; which schemes can be opened is for ``open_source`` to say.
ADDRESS = re.compile(r"[a-z][a-z0-9+]*://\S", re.IGNORECASE)
ADDRESS_WIDTH = 460
ADDRESS_TEXT = "Address of a network camera or stream, for example rtsp://192.168.1.20/stream"


def ask_files(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask for videos or pictures."""
    dialog = QFileDialog(parent, "Open videos or pictures", "", FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _prepared(dialog, found)


def ask_folder(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask for a folder of pictures."""
    dialog = QFileDialog(parent, "Open a folder of pictures")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _prepared(dialog, found)


def ask_pictures(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask for pictures of a class."""
    dialog = QFileDialog(parent, "Add pictures", "", PICTURE_FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _prepared(dialog, found)


def ask_model(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask for a model to label with."""
    dialog = QFileDialog(parent, "Open a model", "", MODEL_FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _prepared(dialog, found)


def ask_new_model(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask where to keep a taught model; an ending is added, and what is there is replaced only where that is wished."""
    dialog = QFileDialog(parent, "Save the model", "mine.json", "Taught models (*.json)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    return _prepared(dialog, found)


def ask_new_folder(parent: QWidget, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    """Ask for a folder that is to be made."""
    dialog = QFileDialog(parent, "Copy the pictures to a new folder", "pictures")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    return _prepared(dialog, found)


class AddressDialog(QDialog):
    """Asks for the address of a stream, and takes nothing else."""

    def __init__(self, parent: QWidget | None, found: Callable[[str], None]) -> None:
        """Make it.

        Args:
            parent: the window.
            found: called with the address.
        """
        super().__init__(parent)
        self._found = found
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Open an address")
        text = QLabel(ADDRESS_TEXT)
        text.setWordWrap(True)
        self.line = QLineEdit()
        self.line.setAccessibleName("Address")
        self.line.setAccessibleDescription(ADDRESS_TEXT)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        buttons = QDialogButtonBox()
        for button in (QDialogButtonBox.StandardButton.Open, QDialogButtonBox.StandardButton.Cancel):
            buttons.addButton(button)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (text, self.line, self.problem, buttons):
            layout.addWidget(part)
        self.resize(ADDRESS_WIDTH, 0)

    def accept(self) -> None:
        """Open the address, or say what an address looks like."""
        address = self.line.text().strip()
        if not address:
            return
        if ADDRESS.match(address):
            super().accept()
            self._found(address)
        else:
            self.problem.setText(
                f"'{address}' is no address: one begins with rtsp://, http:// or https://. For a file or a camera, use "
                "the list above the picture."
            )
            self.problem.show()


def _prepared(dialog: QFileDialog, found: Callable[[Sequence[str]], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda paths: found(paths) if paths else None)
    return dialog
