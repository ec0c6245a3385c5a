"""The line at the bottom: figures of the live picture, once a second."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QAction, QHBoxLayout, QLabel, QSizePolicy

from webcam_app.capture.source import SourceInfo
from webcam_app.capture.text import printable
from webcam_app.live import Result, Statistics
from webcam_app.window.translation import mark, number, tr, translated
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

MEANING = mark("What labels mean")


class StatusLine(Bar):
    """Rate, latency, faces, masks, dropped frames, and which picture of a folder is shown."""

    def __init__(self, meaning: QAction, strip: QAction) -> None:
        """Make it empty.

        Args:
            meaning: explains the labels; its button stands at the end of the line.
            strip: shows the last recordings; its button stands before that.
        """
        super().__init__("status")
        self.rate = self._label(tr("Pictures shown a second"))
        self.latency = self._label(tr("From picture taken to picture painted: median, and what 95 % stay below"))
        self.faces = self._label(tr("Faces in the picture now"))
        self.dropped = self._label(tr("Pictures that were left out because they came too fast, or arrived damaged"))
        self.virtual_camera = self._label(tr("Other programs see this picture as a camera of this name"))
        self.virtual_camera.setTextFormat(Qt.TextFormat.PlainText)
        self.virtual_camera.hide()
        self.picture = self._label(tr("Which picture of the folder is shown"))
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 1, 8, 2)
        layout.setSpacing(18)
        self._figures = (self.rate, self.latency, self.faces, self.dropped, self.virtual_camera)
        for label in self._figures:
            layout.addWidget(label)
        layout.addWidget(self.picture, 1000)
        layout.addStretch(1)
        self.strip = ActionButton(strip, texts=(strip.text(),))
        self.strip.setIconSize(QSize(14, 14))
        layout.addWidget(self.strip)
        self.meaning = ActionButton(meaning, texts=(translated(MEANING),))
        self.meaning.setText(translated(MEANING))
        self.meaning.setIconSize(QSize(14, 14))
        layout.addWidget(self.meaning)
        self._compact = False
        self._fitted = (0, 0)
        self.clear()

    def set_compact(self, compact: bool) -> None:
        """Use short forms where there is little room."""
        self._compact = compact

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The buttons have their words where there is room for them."""
        self._fit()

    def show_virtual_camera(self, name: str) -> None:
        """Say that other programs see the picture, as the camera of this name; empty where they do not."""
        self.virtual_camera.setText(tr("● Camera '{name}'").format(name=name) if name else "")
        self.virtual_camera.setVisible(bool(name))
        self._fit()

    def clear(self, state: str = "") -> None:
        """Nothing is running; ``state`` stands in place of the figures, else that the page is ready."""
        self.rate.show()
        for label in (self.rate, self.latency, self.faces, self.dropped, self.picture):
            label.setText("")
        self.rate.setText(state or tr("Ready"))
        self._fit()

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
        self.rate.setText(tr("{rate} fps").format(rate=number(statistics.fps)))
        median, p95 = statistics.latency_ms_median, statistics.latency_ms_p95
        if median is None or p95 is None:
            self.latency.setText(tr("– ms"))
        else:
            text = tr("{median} ms") if self._compact else tr("{median} ms (95 %: {most})")
            self.latency.setText(text.format(median=number(median), most=number(p95)))
        self.faces.setText(self._faces_text(statistics, result, masks))
        lost = tr("%n dropped", count=statistics.dropped)
        damaged = tr("%n damaged", count=statistics.bad_frames) if statistics.bad_frames else ""
        self.dropped.setText(", ".join(part for part in ("" if still else lost, damaged) if part))
        self.picture.setText(_place_in_folder(statistics.source, result))
        self._fit()

    def _fit(self) -> None:
        """Leave out a button's word, then the other's, rather than have figures or words cut off."""
        figures = sum(label.sizeHint().width() for label in self._figures if not label.isHidden())
        if (self.width(), figures) == self._fitted:
            return
        self._fitted = self.width(), figures
        layout = self.layout()
        for strip_compact, meaning_compact in ((False, False), (True, False), (True, True)):
            self.strip.set_compact(strip_compact)
            self.meaning.set_compact(meaning_compact)
            if layout is None or layout.sizeHint().width() <= self.width():
                return

    def _faces_text(self, statistics: Statistics, result: Result | None, masks: bool) -> str:
        text = tr("%n face(s)", count=statistics.faces)
        masked = sum(face.masked is True for face in result.faces) if result else 0
        return f"{text}, {tr('%n with a mask', count=masked)}" if masks and masked else text

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
    if source.frame_count is None:
        return name
    text = tr("{name} ({number} of {count})")
    return text.format(name=name, number=number(result.frame.index + 1), count=number(source.frame_count))
