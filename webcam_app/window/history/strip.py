"""The strip below the picture: the last minute, and who was seen since the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PyQt5.QtCore import QDateTime, QLocale, QSize, Qt
from PyQt5.QtWidgets import QAction, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from webcam_app.capture.text import printable
from webcam_app.output.overlay import color_for
from webcam_app.window.core_texts import label_text
from webcam_app.window.history.graph import HistoryGraph
from webcam_app.window.translation import number, tr
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

MOST_LABELS = 4
"""Listed one by one where there is little room; all of them stand in the tool tip."""
COUNTS_WIDTH, COMPACT_COUNTS_WIDTH = 260, 170


class HistoryStrip(Bar):
    """The graph, and beside it the counts with the button that exports them."""

    def __init__(self, export: QAction) -> None:
        """Make it.

        Args:
            export: writes the counts to a file.
        """
        super().__init__("history_strip")
        self.wanted = False
        self.graph = HistoryGraph()
        self.graph.setAccessibleName(tr("Last minute"))
        self.graph.setToolTip(tr("The last 60 seconds, a line every 10 seconds; nothing where there was no picture"))
        self.counts = QLabel()
        self.counts.setTextFormat(Qt.TextFormat.RichText)
        self.counts.setWordWrap(True)
        self.counts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.counts.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.export = ActionButton(export, icon_only=True)
        self.export.setIconSize(QSize(16, 16))
        right = QVBoxLayout()
        right.addWidget(self.export)
        right.addStretch()
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(10)
        self._layout.addWidget(self.graph, 1)
        self._layout.addWidget(self.counts)
        self._layout.addLayout(right)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Leave the graph more room."""
        self.counts.setFixedWidth(COMPACT_COUNTS_WIDTH if compact else COUNTS_WIDTH)
        self._layout.setContentsMargins(*((8, 4, 6, 4) if compact else (12, 5, 10, 5)))

    def show_counts(self, counts: Counts, labels: Sequence[str]) -> None:
        """Show how many tracks there were.

        Args:
            counts: of them.
            labels: the model's, whose order decides the colours.
        """
        text = _with_colors(counts, labels)
        if text != self.counts.text():
            self.counts.setText(text)
            words = "\n".join(counts_lines(counts))
            self.counts.setAccessibleName(words)
            hint = tr("A face counts once for as long as it is followed, by the label that it had longest.")
            self.counts.setToolTip(f"{words}\n{hint}")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tracks there were.

    Attributes:
        began: since when, in seconds since 1970.
        labels: how many count as which label, those with most tracks first.
        masked: how many wore a mask for most of the time; None where that is not told.
    """

    began: float
    labels: Sequence[tuple[str, int]]
    masked: int | None


def counts_lines(counts: Counts) -> list[str]:
    """The counts in words, a line each for all, the labels and masks."""
    return _lines(counts, [f"{label_name(label)} {number(count)}" for label, count in counts.labels])


def _lines(counts: Counts, named: Sequence[str]) -> list[str]:
    every = sum(count for _, count in counts.labels)
    lines = [tr("Faces since {time}: {count}").format(time=_clock(counts.began), count=number(every))]
    if named:
        lines.append(" · ".join(named))
    if counts.masked is not None and named:
        lines.append(tr("With a mask: {count}").format(count=number(counts.masked)))
    return lines


def _with_colors(counts: Counts, labels: Sequence[str]) -> str:
    """As rich text, so that the labels explain the graph's colours; a few of many labels."""
    named = []
    for label, count in counts.labels[:MOST_LABELS]:
        blue, green, red = color_for(label, labels)
        square = f"<span style='color: #{red:02x}{green:02x}{blue:02x}'>■</span>"
        named.append(f"{square}&nbsp;{escape(label_name(label))}&nbsp;{number(count)}")
    rest = sum(count for _, count in counts.labels[MOST_LABELS:])
    if rest:
        named.append(tr("others {count}").format(count=number(rest)))
    return "<br>".join(_lines(counts, named))


def label_name(label: str) -> str:
    """A label for people."""
    return printable(label_text(label))


def _clock(seconds: float) -> str:
    """The time of day; with the date where that was another day."""
    began = QDateTime.fromSecsSinceEpoch(round(seconds))
    locale = QLocale()
    if began.date() == QDateTime.currentDateTime().date():
        return locale.toString(began.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(began, QLocale.FormatType.ShortFormat)
