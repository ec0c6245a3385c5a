"""The settings dialog, made from the fields of ``Settings``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from webcam_app.capture.text import printable
from webcam_app.window.screens import fit_dialog
from webcam_app.window.settings.folders import why_not_writable
from webcam_app.window.settings.schema import Settings, SettingsError

TEXT_STEP = 10
WIDTH = 580
FOLDERS = ("recording_folder", "snapshot_folder")


class SettingsDialog(QDialog):
    """Shows a ``Settings`` and gives back another, which is whole or not given at all."""

    accepted_settings = pyqtSignal(object)
    """The ``Settings`` that the person confirmed."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        self._settings = settings
        self.editors: dict[str, QWidget] = {}
        self._read: dict[str, Callable[[], Any]] = {}
        self._write: dict[str, Callable[[Any], None]] = {}
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        content = QWidget()
        groups = QVBoxLayout(content)
        groups.setContentsMargins(4, 0, 12, 0)
        forms: dict[str, QFormLayout] = {}
        for entry in dataclasses.fields(Settings):
            if "label" in entry.metadata:
                name = entry.metadata["group"]
                if name not in forms:
                    group = QGroupBox(name)
                    forms[name] = QFormLayout(group)
                    forms[name].setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
                    groups.addWidget(group)
                self._add(forms[name], entry)
        groups.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons = QDialogButtonBox()
        for button in ("Ok", "Cancel", "RestoreDefaults"):
            self.buttons.addButton(getattr(QDialogButtonBox.StandardButton, button))
        self.buttons.accepted.connect(self._confirm)
        self.buttons.rejected.connect(self.reject)
        defaults = self.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        if defaults is not None:
            defaults.clicked.connect(lambda: self._fill(Settings()))
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        self._fill(settings)
        self._show_folder_problem(settings, FOLDERS)
        height = content.sizeHint().height() + self.buttons.sizeHint().height() + 60
        fit_dialog(self, QSize(WIDTH, height))

    def _add(self, form: QFormLayout, entry: dataclasses.Field[Any]) -> None:
        label, hint = entry.metadata["label"], entry.metadata["hint"]
        kind = type(getattr(self._settings, entry.name))
        row: QWidget
        if "choices" in entry.metadata:
            row = self._choice(entry.name, entry.metadata["choices"])
        elif kind is bool:
            box = QCheckBox(label)
            self._register(entry.name, box, box.isChecked, box.setChecked)
            row, label = box, ""
        elif kind is int:
            spin = QSpinBox()
            spin.setRange(*entry.metadata["range"])
            spin.setSingleStep(TEXT_STEP)
            spin.setSuffix(entry.metadata.get("suffix", ""))
            spin.setMaximumWidth(110)
            self._register(entry.name, spin, spin.value, spin.setValue)
            row = spin
        else:
            row = self._folder_row(entry.name, label)
        editor = self.editors[entry.name]
        editor.setAccessibleName(entry.metadata["label"])
        editor.setAccessibleDescription(hint)
        editor.setToolTip(hint)
        if label:
            form.addRow(label, row)
        else:
            form.addRow(row)

    def offer(self, name: str, values: Iterable[str], none: str = "") -> None:
        """Say what can be chosen for a setting, beside what is chosen now.

        Args:
            name: of a setting with choices.
            values: each as people read it, too.
            none: what the first choice is called now; empty to leave it.
        """
        box = self.editors[name]
        assert isinstance(box, QComboBox)
        if none:
            box.setItemText(0, none)
        for value in values:
            if box.findData(value) < 0:
                box.addItem(printable(value), value)

    def _choice(self, name: str, choices: Mapping[Any, str]) -> QWidget:
        box = QComboBox()
        for value, text in choices.items():
            box.addItem(text, value)

        def write(value: Any) -> None:
            if box.findData(value) < 0:
                box.addItem(printable(str(value)), value)
            box.setCurrentIndex(box.findData(value))

        self._register(name, box, box.currentData, write)
        return box

    def _folder_row(self, name: str, label: str) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        line = QLineEdit()
        browse = QPushButton("Choose…")
        browse.setAccessibleName(f"{label}: choose a folder")
        browse.setAutoDefault(False)
        browse.clicked.connect(lambda: self._browse(line))
        layout.addWidget(line, 1)
        layout.addWidget(browse)
        self._register(name, line, lambda: Path(line.text().strip()).expanduser(), lambda path: line.setText(str(path)))
        return row

    def _register(self, name: str, editor: QWidget, read: Callable[[], Any], write: Callable[[Any], None]) -> None:
        self.editors[name], self._read[name], self._write[name] = editor, read, write

    def _browse(self, line: QLineEdit) -> None:
        dialog = QFileDialog(self, "Choose a folder", line.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(line.setText)
        dialog.open()

    def _fill(self, settings: Settings) -> None:
        for name, write in self._write.items():
            write(getattr(settings, name))

    def _confirm(self) -> None:
        try:
            settings = dataclasses.replace(self._settings, **{name: read() for name, read in self._read.items()})
        except SettingsError as error:
            self._show_problem(str(error))
            return
        # One that was there before may be on a disk that is not plugged in now: that hinders no other setting.
        changed = [name for name in FOLDERS if getattr(settings, name) != getattr(self._settings, name)]
        if not self._show_folder_problem(settings, changed):
            self.accepted_settings.emit(settings)
            self.accept()

    def _show_folder_problem(self, settings: Settings, names: Iterable[str]) -> bool:
        """Show which of these folders cannot be written; returns whether there is one."""
        for name in names:
            folder: Path = getattr(settings, name)
            problem = why_not_writable(folder)
            if problem is not None:
                label = Settings.label(name)
                self._show_problem(f"{label} '{printable(folder)}': {problem}.")
                self.editors[name].setFocus()
                return True
        return False

    def _show_problem(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()
