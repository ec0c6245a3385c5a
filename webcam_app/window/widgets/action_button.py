"""A button for an action."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QSize, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QAction, QToolButton

PRESSING_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ActionButton(QToolButton):
    """A button for an action: icon and word, or the icon alone where there is little room."""

    def __init__(self, action: QAction, *, icon_only: bool = False) -> None:
        super().__init__()
        self._icon_only = icon_only
        self.setDefaultAction(action)
        self.setObjectName(action.objectName())
        self.setAccessibleName(action.text().rstrip("…"))
        self.setAccessibleDescription(action.toolTip())
        # Tab reaches it, a click leaves the focus where it is: the space key goes on meaning start and stop.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(20, 20))
        self.setAutoRaise(True)
        self.set_compact(False)

    def event(self, event: QEvent | None) -> bool:
        """A button that has the focus takes the keys that press it, before the window's shortcuts do."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in PRESSING_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return and Enter press it too."""
        if event is not None and event.key() in PRESSING_KEYS[1:]:
            self.click()
        else:
            super().keyPressEvent(event)

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone, or with its word."""
        words = not compact and not self._icon_only
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
