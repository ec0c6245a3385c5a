"""How the network's labels compare with the true ones, as ``classify`` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontDatabase
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from webcam_app.photographs.labels.confusion import Confusion
from webcam_app.window.core_texts import label_text, told
from webcam_app.window.photographs.entry import Entry
from webcam_app.window.translation import mark, tr, translated

NOTHING = mark(
    "No true label is known. Name sub-folders like the labels, put a labels.csv with the columns path,label beside the "
    "pictures, or label some with the digits."
)


def comparison(entries: Iterable[Entry], labels: Sequence[str]) -> str:
    """The tables of true against given labels; a sentence where no true label is known.

    Args:
        entries: photographs; those without a true label or an answer do not count. A box that holds no face does not
            count either, and a face that somebody had to draw was not found.
        labels: the model's.
    """
    confusion = Confusion(labels)
    for entry in entries:
        looked = entry.looked
        if entry.truth is not None and looked is not None and not looked.error:
            first = entry.largest
            face = None if first is None else first.said
            confusion.add(entry.truth, entry.said, None if face is None else face.masked)
    if not confusion.total:
        return translated(NOTHING)
    return "\n".join(told(line) for line in confusion.lines(label_text)).strip("\n")


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
        self.setWindowTitle(tr("Right and wrong"))
        self.text = QLabel(text)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if text == translated(NOTHING):
            self.text.setWordWrap(True)
        else:
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
