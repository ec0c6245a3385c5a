"""Filters for photographs: a chip for each kind with how many there are, several at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QToolButton

from webcam_app.window.photographs.kinds import ALL, Kind
from webcam_app.window.translation import number, tr
from webcam_app.window.widgets.bar import Bar
from webcam_app.window.widgets.flow import FlowLayout

SPACING = 4


class KindChips(Bar):
    """A row of chips, or several rows where there is little room."""

    chosen_changed = pyqtSignal()
    """Other kinds are chosen."""

    def __init__(self) -> None:
        super().__init__("chips")
        self.setAccessibleName(tr("Show"))
        self.chips: dict[Kind, QToolButton] = {}
        self._layout = FlowLayout(self, SPACING)
        self._layout.setContentsMargins(12, 4, 12, 4)

    @property
    def chosen(self) -> frozenset[Kind]:
        """The kinds that are chosen; empty for all photographs."""
        return frozenset(kind for kind, chip in self.chips.items() if kind != ALL and chip.isChecked())

    def choose(self, kinds: Iterable[Kind]) -> None:
        """Choose other kinds; none of them for all photographs."""
        kinds = set(kinds)
        for kind, chip in self.chips.items():
            chip.setChecked(kind in kinds)
        self._changed()

    def offer(self, kinds: Sequence[Kind]) -> None:
        """Offer these kinds; those that were chosen stay so, as far as they are among them."""
        chosen = self.chosen
        for chip in self.chips.values():
            self._layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {kind: self._chip(kind, kind in chosen) for kind in kinds}
        self._check_all()

    def count(self, counts: Mapping[Kind, int]) -> None:
        """Say how many photographs there are of each kind."""
        for kind, chip in self.chips.items():
            count = counts[kind]
            text = f"{kind.text}  {number(count)}"
            if chip.text() != text:
                chip.setText(text)
            enabled = count > 0 or chip.isChecked() or kind == ALL
            if chip.isEnabled() != enabled:
                chip.setEnabled(enabled)

    def _chip(self, kind: Kind, chosen: bool) -> QToolButton:
        chip = QToolButton()
        chip.setObjectName("chip")
        chip.setCheckable(True)
        chip.setChecked(chosen)
        chip.setText(kind.text)
        chip.setToolTip(kind.help_text)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda _checked=False, clicked=kind: self._clicked(clicked))
        self._layout.addWidget(chip)
        return chip

    def _clicked(self, kind: Kind) -> None:
        if kind == ALL:
            self.choose(())
        else:
            self._changed()

    def _changed(self) -> None:
        self._check_all()
        self.chosen_changed.emit()

    def _check_all(self) -> None:
        if ALL in self.chips:
            self.chips[ALL].setChecked(not self.chosen)
