"""The widgets for one control of a camera."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PyQt5.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PyQt5.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSlider, QSpinBox, QWidget

from webcam_app.capture.controls import CameraControl, ControlKind
from webcam_app.capture.text import printable

SPIN_WIDTH = 104
AUTOMATIC = "The camera sets this by itself now"
LOCKED = "The camera does not let this be set now"


class ControlRow(QWidget):
    """A slider with a number, a switch or a list; tells what a person sets."""

    def __init__(self, control: CameraControl, on_set: Callable[[str, int], None]) -> None:
        """Make it.

        Args:
            control: what it sets.
            on_set: called with name and value.
        """
        super().__init__()
        self.label = printable(control.label)
        self._control = control
        self._on_set = on_set
        self.editors: list[QCheckBox | QComboBox | QSlider | QSpinBox] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for editor in self._make():
            editor.setAccessibleName(self.label)
            editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            editor.installEventFilter(self)
            self.editors.append(editor)
            layout.addWidget(editor, 1 if isinstance(editor, QSlider) else 0)
        if control.kind is not ControlKind.NUMBER:
            layout.addStretch(1)
        self._show()

    def eventFilter(self, editor: QObject | None, event: QEvent | None) -> bool:
        """The wheel scrolls the list; only where a person has set the focus does it change a value."""
        wheel = event is not None and event.type() == QEvent.Type.Wheel
        if event is not None and wheel and isinstance(editor, QWidget) and not editor.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(editor, event)

    def show_control(self, control: CameraControl) -> None:
        """Show its value, and whether it can be set; a number that is being typed stays while nothing has changed."""
        if control != self._control:
            self._control = control
            self._show()

    def _show(self) -> None:
        control = self._control
        for editor in self.editors:
            with QSignalBlocker(editor):
                if isinstance(editor, QCheckBox):
                    editor.setChecked(bool(control.value))
                elif isinstance(editor, QComboBox):
                    editor.setCurrentIndex(editor.findData(control.value))
                else:
                    editor.setValue(control.value)
            editor.setEnabled(control.settable)
            told = AUTOMATIC if control.automatic else LOCKED if control.locked else ""
            editor.setToolTip(told)
            editor.setAccessibleDescription(told)

    def _make(self) -> list[QCheckBox | QComboBox | QSlider | QSpinBox]:
        control = self._control
        if control.kind is ControlKind.SWITCH:
            box = QCheckBox(self.label)
            box.toggled.connect(lambda checked: self._set(int(checked)))
            return [box]
        if control.kind is ControlKind.CHOICE:
            choice = QComboBox()
            for value, text in control.choices.items():
                choice.addItem(printable(text), value)
            choice.activated.connect(lambda _row: self._set(choice.currentData()))
            return [choice]
        slider, spin = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        for editor in (slider, spin):
            editor.setRange(control.minimum, control.maximum)
            editor.setSingleStep(control.step)
            editor.valueChanged.connect(self._set)
        slider.setPageStep(max(control.step, (control.maximum - control.minimum) // 10))
        spin.setKeyboardTracking(False)  # not each digit of a number that is typed
        spin.setFixedWidth(SPIN_WIDTH)
        return [slider, spin]

    def _set(self, value: int) -> None:
        value = self._control.nearest(value)
        self._control = dataclasses.replace(self._control, value=value)  # so that another answer of the camera is shown
        for editor in self.editors:
            if isinstance(editor, (QSlider, QSpinBox)):
                with QSignalBlocker(editor):
                    editor.setValue(value)
        self._on_set(self._control.name, value)
