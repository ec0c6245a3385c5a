"""Paints the last minute: faces by label, masks, pictures a second and latency, one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
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


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the graph.

    Attributes:
        name: what it shows.
        figure: the figure now.
        stacks: what each slice shows, from bottom to top: heights and their colours.
        least: what the row reaches up to at least.
        line: paint only the upper edge.
        tall: whether the row is higher than the others.
    """

    name: str
    figure: str
    stacks: Sequence[Sequence[tuple[float, QColor]] | None]
    least: float
    line: bool = False
    tall: bool = False

    @property
    def top(self) -> float:
        """What the row reaches up to."""
        return max(self.least, *(sum(height for height, _ in stack) for stack in self.stacks if stack), 0.0)


def faces_row(name: str, figure: str, slices: Sequence[Slice | None], labels: Sequence[str]) -> Row:
    """Faces by label, in the colours that the labels have on the picture."""
    order: list[str | None] = [*labels]
    stacks: list[Sequence[tuple[float, QColor]] | None] = []
    for each in slices:
        if each is None:
            stacks.append(None)
            continue
        # Labels of another model, and faces without one, lie on top.
        there = sorted(each.faces, key=lambda label: order.index(label) if label in order else len(order))
        stacks.append([(each.share(each.faces[label]), _color(color_for(label, labels))) for label in there])
    return Row(name, figure, stacks, FEWEST_FACES, tall=True)


def masks_row(name: str, figure: str, slices: Sequence[Slice | None]) -> Row:
    """Faces with a mask."""
    color = QColor(STAGE.muted)
    stacks = [None if each is None else [(each.share(each.masked), color)] for each in slices]
    return Row(name, figure, stacks, FEWEST_FACES)


def line_row(
    name: str, figure: str, slices: Sequence[Slice | None], value: Callable[[Slice], float | None], least: float
) -> Row:
    """A line through a figure of each slice."""
    color = QColor(STAGE.accent)
    values = [None if each is None else value(each) for each in slices]
    stacks = [None if height is None else [(height, color)] for height in values]
    return Row(name, figure, stacks, least, line=True)


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
    painter.setPen(Qt.PenStyle.NoPen)
    edge: QPointF | None = None
    for number, stack in enumerate(row.stacks):
        left, right = place.left() + number * wide, place.left() + (number + 1) * wide
        if stack is None:
            edge = None
        elif row.line:
            height, color = stack[0]
            y = place.bottom() - 1 - height * scale
            painter.setPen(QPen(color, 1.5))
            if edge is not None:
                painter.drawLine(edge, QPointF(left, y))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            edge = QPointF(right, y)
        else:
            bottom = place.bottom()
            for height, color in stack:
                painter.fillRect(QRectF(left, bottom - height * scale, wide, height * scale), color)
                bottom -= height * scale


def _color(color: tuple[int, int, int]) -> QColor:
    blue, green, red = color
    return QColor(red, green, blue)
