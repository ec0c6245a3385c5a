"""The bars of buttons above and below the picture."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QSize, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QAction, QHBoxLayout, QMenu, QToolButton, QWidget

from webcam_app.window.actions import Actions
from webcam_app.window.live.sources.picker import ModePicker, SourcePicker
from webcam_app.window.theme import RED, icon

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


class Header(QWidget):
    """What is looked at, and the menu."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.source = SourcePicker()
        self.mode = ModePicker()
        menu = QMenu(self)
        for group in (
            ("open_file", "open_folder", "open_url", "demo"),
            ("show_recordings", "settings"),
            ("about", "keys"),
            ("quit",),
        ):
            menu.addActions([actions[name] for name in group])
            menu.addSeparator()
        self.menu_button = QToolButton()
        self.menu_button.setIcon(icon("settings"))
        self.menu_button.setIconSize(QSize(20, 20))
        self.menu_button.setToolTip("Open, settings, help")
        self.menu_button.setAccessibleName("Menu")
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        self._buttons = [ActionButton(actions["about"], icon_only=True), ActionButton(actions["keys"], icon_only=True)]
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.source, 3)
        self._layout.addWidget(self.mode, 2)
        self._layout.addStretch(1)
        for button in (*self._buttons, self.menu_button):
            self._layout.addWidget(button)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Take less room."""
        self._layout.setContentsMargins(*((8, 3, 6, 3) if compact else (12, 7, 10, 7)))
        self._layout.invalidate()


class ControlBar(QWidget):
    """Start, mirror and masks on the left, record and snapshot in the middle, full screen on the right."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("controls")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.start = ActionButton(actions["start"])
        self.mirror = ActionButton(actions["mirror"])
        self.masks = ActionButton(actions["masks"])
        self.record = ActionButton(actions["record"])
        self.snapshot = ActionButton(actions["snapshot"])
        self.full_screen = ActionButton(actions["full_screen"])
        self.record.setProperty("recording", False)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(6)
        sides = ((self.start, self.mirror, self.masks), (self.record, self.snapshot), (self.full_screen,))
        for number, side in enumerate(sides):
            box = QHBoxLayout()
            box.setSpacing(6)
            if number:
                box.addStretch()
            for button in side:
                box.addWidget(button)
            if number < 2:
                box.addStretch()
            self._layout.addLayout(box, 1)
        self._compact = False
        self._recording = ""
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Show icons alone."""
        self._compact = compact
        self._layout.setContentsMargins(*((8, 3, 8, 3) if compact else (12, 9, 12, 9)))
        for button in (self.start, self.mirror, self.masks, self.snapshot, self.full_screen):
            button.set_compact(compact)
        self.record.set_compact(compact and not self._recording)

    def set_recording(self, elapsed: str) -> None:
        """Show that it is recorded and for how long; empty for not."""
        changed = bool(elapsed) != bool(self._recording)
        self._recording = elapsed
        action = self.record.defaultAction()
        if action is not None:
            action.setText(f"Stop  {elapsed}" if elapsed else "Record")
            if changed:
                action.setIcon(icon("stop", "white") if elapsed else icon("record", RED))
        if changed:
            self.record.setProperty("recording", bool(elapsed))
            self.record.setAccessibleName("Stop recording" if elapsed else "Record")
            self.record.set_compact(self._compact and not elapsed)
            style = self.record.style()
            if style is not None:
                style.unpolish(self.record)
                style.polish(self.record)
