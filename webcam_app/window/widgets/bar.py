"""A bar above or below what a page shows."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget


class Bar(QWidget):
    """A row of controls or figures with a compact form."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty bar.

        Args:
            name: its object name, by which the style sheet knows it.
            parent: the widget that it lies on.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.wanted = True
        """Whether the person wants to see it, where there is room."""
        self.essential = False
        """Whether it is seen, where it is wanted, in a low window too."""

    def set_compact(self, compact: bool) -> None:
        """Use the compact form, or the full one."""
