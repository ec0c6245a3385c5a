"""The line at the bottom: figures of the live picture, once a second."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QAction, QHBoxLayout, QLabel, QSizePolicy

from webcam_app.capture.source import SourceInfo
from webcam_app.capture.text import printable
from webcam_app.live import Result, Statistics
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

MEANING = "What labels mean"


class StatusLine(Bar):
    """Rate, latency, faces, masks, dropped frames, and which picture of a folder is shown."""

    def __init__(self, meaning: QAction) -> None:
        """Make it empty.

        Args:
            meaning: explains the labels; its button stands at the end of the line.
        """
        super().__init__("status")
        self.rate = self._label("Pictures shown a second")
        self.latency = self._label("From picture taken to picture painted: median, and what 95 % stay below")
        self.faces = self._label("Faces in the picture now")
        self.dropped = self._label("Pictures that were left out because they came too fast, or arrived damaged")
        self.picture = self._label("Which picture of the folder is shown")
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 1, 8, 2)
        layout.setSpacing(18)
        for label in (self.rate, self.latency, self.faces, self.dropped):
            layout.addWidget(label)
        layout.addWidget(self.picture, 1000)
        layout.addStretch(1)
        self.meaning = ActionButton(meaning, texts=(MEANING,))
        self.meaning.setText(MEANING)
        self.meaning.setIconSize(QSize(14, 14))
        layout.addWidget(self.meaning)
        self._compact = False
        self.clear()

    def set_compact(self, compact: bool) -> None:
        """Use short forms where there is little room."""
        self._compact = compact

    def clear(self, state: str = "Ready") -> None:
        """Nothing is running; ``state`` stands in place of the figures."""
        self.rate.show()
        for label in (self.rate, self.latency, self.faces, self.dropped, self.picture):
            label.setText("")
        self.rate.setText(state)

    def show_figures(self, statistics: Statistics, result: Result | None, *, masks: bool) -> None:
        """Refresh all figures; of a photograph, to which no rate applies, its faces.

        Args:
            statistics: from the engine.
            result: the newest result, for how many wear a mask.
            masks: whether masks are counted.
        """
        still = result is not None and result.frame.picture is not None
        self.rate.setVisible(not still)
        self.latency.setVisible(not still)
        self.rate.setText(f"{statistics.fps:.0f} fps")
        median, p95 = statistics.latency_ms_median, statistics.latency_ms_p95
        if median is None or p95 is None:
            self.latency.setText("– ms")
        else:
            self.latency.setText(f"{median:.0f} ms" if self._compact else f"{median:.0f} ms (95 %: {p95:.0f})")
        self.faces.setText(self._faces_text(statistics, result, masks))
        lost = f"{statistics.dropped} dropped"
        damaged = f"{statistics.bad_frames} damaged" if statistics.bad_frames else ""
        self.dropped.setText(", ".join(part for part in ("" if still else lost, damaged) if part))
        self.picture.setText(_place_in_folder(statistics.source, result))

    def _faces_text(self, statistics: Statistics, result: Result | None, masks: bool) -> str:
        text = "1 face" if statistics.faces == 1 else f"{statistics.faces} faces"
        masked = sum(face.masked is True for face in result.faces) if result else 0
        return f"{text}, {masked} with a mask" if masks and masked else text

    def _label(self, meaning: str) -> QLabel:
        label = QLabel()
        label.setToolTip(meaning)
        return label


def _place_in_folder(source: SourceInfo | None, result: Result | None) -> str:
    """Name and number of the picture of a folder; empty for anything else."""
    path = result.frame.path if result is not None else None
    if source is None or result is None or path is None or source.frame_count == 1:
        return ""
    name = printable(path.name)
    return name if source.frame_count is None else f"{name} ({result.frame.index + 1} of {source.frame_count})"
