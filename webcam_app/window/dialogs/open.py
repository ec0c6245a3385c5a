"""Dialogs that ask what to open. None of them holds up the picture."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QWidget

FILTERS = (
    "Videos and pictures (*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.mpg *.mpeg *.ts *.wmv *.flv *.ogv *.3gp "
    "*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.gif);;All files (*)"
)
Found = Callable[[str], None]


def ask_file(parent: QWidget, found: Found) -> QFileDialog:
    """Ask for a video or picture."""
    dialog = QFileDialog(parent, "Open a video or a picture", "", FILTERS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(dialog, found)


def ask_folder(parent: QWidget, found: Found) -> QFileDialog:
    """Ask for a folder of pictures."""
    dialog = QFileDialog(parent, "Open a folder of pictures")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, found)


def ask_url(parent: QWidget, found: Found) -> QInputDialog:
    """Ask for the address of a stream."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Open an address")
    dialog.setLabelText("Address of a network camera or stream,\nfor example rtsp://192.168.1.20/stream")
    dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
    dialog.resize(460, 0)
    dialog.textValueSelected.connect(lambda text: found(text.strip()) if text.strip() else None)
    dialog.open()
    return dialog


def _open(dialog: QFileDialog, found: Found) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: found(path) if path else None)
    dialog.open()
    return dialog
