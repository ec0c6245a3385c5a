"""How the network's labels compare with the true ones, as ``classify`` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontDatabase
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from webcam_app.photographs.labels.confusion import Confusion
from webcam_app.window.photographs.entry import Entry, largest

NOTHING = (
    "No true label is known. Name sub-folders like the labels, put a labels.csv with the columns path,label beside the "
    "pictures, or label some with the digits."
)


def comparison(entries: Iterable[Entry], labels: Sequence[str]) -> str:
    """The tables of true against given labels; a sentence where no true label is known.

    Args:
        entries: photographs; those without a true label or an answer do not count.
        labels: the model's.
    """
    confusion = Confusion(labels)
    for entry in entries:
        looked = entry.looked
        if entry.truth is not None and looked is not None and not looked.error:
            face = largest(looked.faces)
            confusion.add(entry.truth, entry.said, None if face is None else face.masked)
    return "\n".join(confusion.lines()).strip("\n") if confusion.total else NOTHING


class ComparisonDialog(QDialog):
    """Shows it; holds up nothing."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            text: of ``comparison``.
            parent: over which it is shown.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Right and wrong")
        self.text = QLabel(text)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if text == NOTHING:
            self.text.setWordWrap(True)
        else:
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
