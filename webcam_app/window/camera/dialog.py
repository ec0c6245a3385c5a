"""The dialog with what can be set on the camera, beside the live picture."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QSize, Qt, QTimer
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from webcam_app.capture.controls import CameraControl, ControlKind
from webcam_app.window.camera.controller import CameraControls
from webcam_app.window.camera.rows import ControlRow
from webcam_app.window.screens import fit_dialog

SIZE = QSize(520, 470)
# What the camera sets by itself, and what other programs set, is followed.
LOOK_MS = 1000
NOTHING = "This camera has nothing that can be set from here."
NO_CAMERA = "No camera is open."
ASKING = "Asking the camera…"


class CameraControlsDialog(QDialog):
    """A row for each control; what is set holds at once."""

    def __init__(self, controls: CameraControls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Camera controls")
        self._controls = controls
        self.rows: dict[str, ControlRow] = {}
        self._shape: object = None
        self.hint = QLabel(ASKING)
        self.hint.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.reset = QPushButton("Reset")
        self.reset.setAutoDefault(False)
        self.reset.setToolTip("Everything as the camera's maker set it; what was set here is forgotten")
        self.reset.setAccessibleDescription(self.reset.toolTip())
        buttons.addButton(self.reset, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.hint)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.reset.clicked.connect(controls.reset)
        controls.changed.connect(self._show)
        controls.failed.connect(self._show_problem)
        controls.available.connect(self._on_available)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(controls.look)
        self._timer.start()
        self._on_available(bool(controls.camera))
        fit_dialog(self, SIZE)

    def _on_available(self, available: bool) -> None:
        self.problem.hide()
        if available:
            self._controls.look()
        else:
            self._rebuild(())
            self._say(NO_CAMERA)

    def _show(self, controls: Sequence[CameraControl]) -> None:
        shape = [(c.name, c.kind, c.minimum, c.maximum, c.step, dict(c.choices)) for c in controls]
        self.problem.hide()
        if shape != self._shape:
            self._rebuild(controls)
            self._shape = shape
        for control in controls:
            row = self.rows[control.name]
            row.show_control(control)
            label = self._form.labelForField(row)
            if label is not None:
                label.setEnabled(control.settable)
        self._say("" if controls else NOTHING)

    def _say(self, hint: str) -> None:
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.reset.setEnabled(bool(self.rows))

    def _rebuild(self, controls: Sequence[CameraControl]) -> None:
        content = QWidget()
        form = self._form = QFormLayout(content)
        form.setContentsMargins(4, 4, 12, 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.rows = {control.name: ControlRow(control, self._controls.set_value) for control in controls}
        for control in controls:
            row = self.rows[control.name]
            form.addRow("" if control.kind is ControlKind.SWITCH else row.label, row)
        self._scroll.setWidget(content)
        self._shape = None

    def _show_problem(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()
