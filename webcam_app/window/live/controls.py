"""The bars above and below the live picture."""

from __future__ import annotations

from PyQt5.QtWidgets import QAction, QHBoxLayout

from webcam_app.window.actions import WindowActions
from webcam_app.window.header import Header
from webcam_app.window.live.actions import LiveActions
from webcam_app.window.live.sources.picker import ModePicker, SourcePicker
from webcam_app.window.theme import RED, icon
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar


class LiveHeader(Header):
    """Choose the source, its size and rate."""

    def __init__(self, actions: WindowActions) -> None:
        source, mode = SourcePicker((actions.open_file, actions.open_folder, actions.open_url)), ModePicker()
        super().__init__(actions, ((source, 3), (mode, 2)))
        self.source, self.mode = source, mode


class ControlBar(Bar):
    """Start, mirror and masks on the left, record and snapshot in the middle, full screen on the right."""

    def __init__(self, actions: LiveActions, full_screen: QAction) -> None:
        super().__init__("controls")
        self.start = ActionButton(actions.start)
        self.mirror = ActionButton(actions.mirror)
        self.masks = ActionButton(actions.masks)
        self.record = ActionButton(actions.record)
        self.snapshot = ActionButton(actions.snapshot)
        self.full_screen = ActionButton(full_screen)
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
