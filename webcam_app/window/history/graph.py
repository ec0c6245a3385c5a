"""Paints the last minute: faces by label, masks, pictures a second and latency, one below the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt5.QtWidgets import QSizePolicy, QWidget

from webcam_app.output.overlay import color_for
from webcam_app.window.history.minute import MINUTE_SECONDS, SLICES, Slice
from webcam_app.window.theme import STAGE, current

# In heights of a line of text.
ROW, FACES_ROW = 1.05, 1.6
GAP = 2.0
BETWEEN = 8.0
"""Pixels between a figure and its row."""
NARROWEST_PLOT = 80
TICK_SECONDS = 10
# What a row reaches up to at least, so that small changes of small numbers do not fill it.
FEWEST_FACES, LOWEST_RATE, SHORTEST_LATENCY_MS = 2.0, 10.0, 20.0


Stack = tuple[tuple[float, str], ...]
"""What a slice shows, from bottom to top: heights and their colours, as ``#rrggbb``."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the graph.

    Attributes:
        name: what it shows.
        figure: the figure now.
        stacks: one for each slice, None where there was no picture.
        top: what the row reaches up to.
        line: paint only the upper edge.
        tall: whether the row is higher than the others.
    """

    name: str
    figure: str
    stacks: Sequence[Stack | None]
    top: float
    line: bool = False
    tall: bool = False


def faces_row(name: str, figure: str, slices: Sequence[Slice | None], labels: Sequence[str]) -> Row:
    """Faces by label, in the colours that the labels have on the picture."""
    there = {label for each in slices if each is not None for label in each.faces}
    # Labels of another model, and faces without one, lie on top.
    order = [*labels, *sorted(there - {*labels, None}, key=str), None]
    colors = [(label, _name(color_for(label, labels))) for label in order if label in there]
    stacks: list[Stack | None] = []
    top = FEWEST_FACES
    for each in slices:
        if each is None:
            stacks.append(None)
            continue
        stack = tuple((each.share(each.faces[label]), color) for label, color in colors if label in each.faces)
        stacks.append(stack)
        top = max(top, each.share(each.every_face))
    return Row(name, figure, stacks, top, tall=True)


def masks_row(name: str, figure: str, slices: Sequence[Slice | None]) -> Row:
    """Faces with a mask."""
    heights = [None if each is None else each.share(each.masked) for each in slices]
    return _row(name, figure, heights, FEWEST_FACES, STAGE.muted)


def line_row(name: str, figure: str, heights: Sequence[float | None], least: float) -> Row:
    """A line.

    Args:
        name: what it shows.
        figure: the figure now.
        heights: one for each slice.
        least: what the row reaches up to at least.
    """
    return _row(name, figure, heights, least, STAGE.accent, line=True)


def _row(
    name: str, figure: str, heights: Sequence[float | None], least: float, color: str, *, line: bool = False
) -> Row:
    top = max((height for height in heights if height is not None), default=0.0)
    stacks = [None if height is None else ((height, color),) for height in heights]
    return Row(name, figure, stacks, max(top, least), line)


class HistoryGraph(QWidget):
    """The rows, each with its name and figure on the left. It is dark in both looks, as the picture above it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show these rows from now on; returns whether it has another height with them."""
        taller = len(rows) != len(self._rows)
        self._rows = rows
        if taller:
            self.updateGeometry()
        self.update()
        return taller

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        """High enough for all rows."""
        *_, last = [(0.0, 0.0), *((top, height) for _, top, height in self._places())]
        return QSize(320, round(sum(last)) + 1)

    def minimumSizeHint(self) -> QSize:
        """The same height; a plot that can still be read."""
        return QSize(NARROWEST_PLOT * 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        theme, metrics = current(), QFontMetricsF(self.font())
        names = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0.0)
        figures = max((metrics.horizontalAdvance(row.figure) for row in self._rows), default=0.0)
        # The figures' column does not move with each digit.
        figures = max(figures, metrics.horizontalAdvance("888 ms"))
        left = names + figures + 2 * BETWEEN
        for row, top, height in self._places():
            baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(0, baseline), row.name)
            painter.setPen(QColor(theme.text))
            width = metrics.horizontalAdvance(row.figure)
            painter.drawText(QPointF(names + BETWEEN + figures - width, baseline), row.figure)
            _paint_row(painter, row, QRectF(left, top, max(1.0, self.width() - left), height))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _places(self) -> Iterator[tuple[Row, float, float]]:
        """Each row with its top and height in pixels."""
        line, top = self.fontMetrics().height(), 0.0
        for row in self._rows:
            height = line * (FACES_ROW if row.tall else ROW)
            yield row, top, height
            top += height + GAP


def _paint_row(painter: QPainter, row: Row, place: QRectF) -> None:
    painter.fillRect(place, QColor(STAGE.background))
    painter.setPen(QPen(QColor(STAGE.edge), 1))
    for ago in range(TICK_SECONDS, round(MINUTE_SECONDS), TICK_SECONDS):
        x = round(place.right() - place.width() * ago / MINUTE_SECONDS) + 0.5
        painter.drawLine(QLineF(x, place.top(), x, place.bottom()))
    wide, scale = place.width() / SLICES, (place.height() - 2) / row.top
    # Equal slices are painted as one: mostly the same faces are there for long.
    number, edge = 0, QPolygonF()
    for stack, equal in itertools.groupby(row.stacks):
        left = place.left() + number * wide
        number += len(list(equal))
        right = place.left() + number * wide
        if row.line and stack:
            y = place.bottom() - 1 - stack[0][0] * scale
            edge.append(QPointF(left, y))
            edge.append(QPointF(right, y))
        elif row.line:
            _paint_line(painter, edge)
            edge = QPolygonF()
        else:
            bottom = place.bottom()
            for height, color in stack or ():
                painter.fillRect(QRectF(left, bottom - height * scale, right - left, height * scale), QColor(color))
                bottom -= height * scale
    _paint_line(painter, edge)


def _paint_line(painter: QPainter, edge: QPolygonF) -> None:
    if not edge.isEmpty():
        painter.setPen(QPen(QColor(STAGE.accent), 1))
        painter.drawPolyline(edge)


def _name(color: tuple[int, int, int]) -> str:
    blue, green, red = color
    return f"#{red:02x}{green:02x}{blue:02x}"
