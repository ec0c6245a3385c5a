"""Several bars, one above the other, in the place of one."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QVBoxLayout

from webcam_app.window.widgets.bar import Bar


class StackedBar(Bar):
    """Holds bars; one that is hidden takes no room. Whoever shows or hides one has the page laid out anew."""

    def __init__(self, *bars: Bar) -> None:
        """Make it.

        Args:
            bars: from top to bottom.
        """
        super().__init__("stack")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        self._bars = bars
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for bar in bars:
            layout.addWidget(bar)

    def set_compact(self, compact: bool) -> None:
        """Use the compact form of all, or the full one."""
        for bar in self._bars:
            bar.set_compact(compact)
