"""Charts of a model's figures. Each can be read as text as well."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from html import escape

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from webcam_app.window.model.contents import CalibrationPoint, Group, Grouping, percent
from webcam_app.window.theme import current

# In heights of a line of text.
ROW, BAR, PLOT = 1.7, 0.8, 17
# Of the chart's width; longer names are shortened.
NAME_SHARE = 0.32
# Where a plot of confidences begins, if no point lies below.
PLOT_FROM = 0.5


class GroupChart(QWidget):
    """A bar for each group, from 0 to 100 %, the worst on top; a line across its end shows the interval."""

    def __init__(self, grouping: Grouping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grouping = grouping
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(grouping.title)
        self.setAccessibleDescription("; ".join(_told(group) for group in grouping.groups))

    def sizeHint(self) -> QSize:
        """High enough for all groups."""
        row = self.fontMetrics().height() * ROW
        return QSize(320, round(row * len(self.grouping.groups)) + 4)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(self.font())
        row, bar = metrics.height() * ROW, metrics.height() * BAR
        names = [group.name for group in self.grouping.groups]
        figures = [_figure(group) for group in self.grouping.groups]
        left = min(max(metrics.horizontalAdvance(name) for name in names) + 12, self.width() * NAME_SHARE)
        room = max(metrics.horizontalAdvance(figure) for figure in figures) + 14
        width = max(20.0, self.width() - left - room - 2)
        for number, (group, figure) in enumerate(zip(self.grouping.groups, figures, strict=True)):
            middle = row * (number + 0.5) + 2
            shown = metrics.elidedText(group.name, Qt.TextElideMode.ElideRight, left - 10)
            painter.setPen(QColor(theme.muted if group.few else theme.text))
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left - 10 - metrics.horizontalAdvance(shown), baseline), shown)
            painter.drawText(QPointF(left + width + 12, baseline), figure)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(QRectF(left, middle - bar / 2, width, bar), 3, 3)
            painter.setBrush(QColor(theme.faint if group.few else theme.accent))
            painter.drawRoundedRect(QRectF(left, middle - bar / 2, width * group.accuracy, bar), 3, 3)
            low, high = left + width * group.low, left + width * group.high
            # Twice: a broad line in the page's colour parts the thin one from the bar.
            for color, thickness in ((theme.background, 4.0), (theme.text, 1.6)):
                painter.setPen(QPen(QColor(color), thickness))
                painter.drawLine(QPointF(low, middle), QPointF(high, middle))
                for end in (low, high):
                    painter.drawLine(QPointF(end, middle - bar / 4), QPointF(end, middle + bar / 4))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


class CalibrationChart(QWidget):
    """How often the model is right against how sure it was; on the diagonal its confidence can be believed."""

    def __init__(self, points: Sequence[CalibrationPoint], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = tuple(points)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Confidence and what was right")
        self.setAccessibleDescription("; ".join(_told_point(point) for point in self.points))

    def sizeHint(self) -> QSize:
        """A square with room for its axes."""
        side = round(self.fontMetrics().height() * PLOT)
        return QSize(side + 60, side)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(self.font())
        left, foot = metrics.horizontalAdvance("100 %") + 12, metrics.height() * 2.4
        side = min(self.width() - left - 12, self.height() - foot - metrics.height() - 8)
        plot = QRectF(left, metrics.height() + 6, side, side)
        lowest = min(min(point.confidence, point.accuracy) for point in self.points)
        start = min(PLOT_FROM, math.floor(lowest * 10) / 10)

        def place(confidence: float, accuracy: float) -> QPointF:
            across, up = ((value - start) / (1 - start) for value in (confidence, accuracy))
            return QPointF(plot.left() + across * side, plot.bottom() - up * side)

        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.drawRect(plot)
        painter.setPen(QPen(QColor(theme.faint), 1))
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        painter.setPen(QColor(theme.muted))
        line = plot.bottom() + metrics.ascent() + 5
        for share in (start, (start + 1) / 2, 1.0):
            text, at = f"{share:.0%}".replace("%", " %"), place(share, share)
            wide = metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left - wide - 8, min(at.y() + metrics.ascent() / 2, plot.bottom())), text)
            painter.drawText(QPointF(min(at.x() - (wide / 2 if share > start else 0), plot.right() - wide), line), text)
        painter.drawText(QPointF(plot.left(), line + metrics.height()), "how sure it was")
        painter.drawText(QPointF(plot.left(), metrics.ascent()), "how many were right")
        most = max(point.count for point in self.points)
        painter.setPen(QPen(QColor(theme.accent), 1.6))
        places = [place(point.confidence, point.accuracy) for point in self.points]
        for one, other in itertools.pairwise(places):
            painter.drawLine(one, other)
        painter.setBrush(QColor(theme.accent))
        for point, at in zip(self.points, places, strict=True):
            radius = 3 + 5 * (point.count / most) ** 0.5
            painter.drawEllipse(at, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


def group_table(grouping: Grouping) -> str:
    """The groups as an HTML table."""
    return _table(
        (grouping.title.removeprefix("By "), "right", "95 % interval", "faces"),
        [
            (group.name, percent(group.accuracy), f"{percent(group.low)} – {percent(group.high)}", f"{group.count:,}")
            for group in grouping.groups
        ],
    )


def calibration_table(points: Sequence[CalibrationPoint]) -> str:
    """The points as an HTML table."""
    return _table(
        ("how sure it was", "right", "faces"),
        [(percent(point.confidence), percent(point.accuracy), f"{point.count:,}") for point in points],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        first, *rest = (escape(cell) for cell in cells)
        return (
            f"<tr><{tag} align='left' style='padding: 2px 18px 2px 0'>{first}</{tag}>"
            + "".join(f"<{tag} align='right' style='padding: 2px 18px 2px 0'>{cell}</{tag}>" for cell in rest)
            + "</tr>"
        )

    return f"<table>{line(head, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def _figure(group: Group) -> str:
    few = ", few" if group.few else ""
    return f"{percent(group.accuracy)} of {group.count:,}{few}"


def _told(group: Group) -> str:
    """A group for those who hear it."""
    return f"{group.name}: {_figure(group)}, between {percent(group.low)} and {percent(group.high)}"


def _told_point(point: CalibrationPoint) -> str:
    return f"{percent(point.confidence)} sure: {percent(point.accuracy)} right, {point.count:,} faces"
