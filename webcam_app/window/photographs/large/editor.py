"""Draws and moves boxes on a large photograph, with the mouse or with keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent

from webcam_app.faces.face import Box
from webcam_app.window.photographs.large.boxes import (
    WHOLE,
    Edges,
    Hit,
    dragged,
    hit,
    is_large_enough,
    proposed,
    spanned,
)

# The mouse has to go so far before a box moves: a click alone moves nothing.
DEAD_ZONE = 4.0
# With the keys a box moves by a fortieth of the picture's shorter side; with Ctrl by a pixel.
KEY_SHARE = 1 / 40
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
ACCEPT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Place:
    """A photograph on the screen.

    Attributes:
        picture: where the whole of it lies on the widget.
        visible: the part of the widget on which something of it is seen.
        size: its width and height in its own pixels.
        boxes: its faces, in the same pixels.
    """

    picture: QRectF
    visible: QRectF
    size: tuple[int, int]
    boxes: Sequence[Box]

    @property
    def scale(self) -> float:
        """Pixels of the widget for one of the picture."""
        return self.picture.width() / self.size[0]

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of the widget, in pixels of the picture."""
        return (point - self.picture.topLeft()) / self.scale

    def on_widget(self, box: Box) -> QRectF:
        """Where a box lies on the widget."""
        corner = self.picture.topLeft() + QPointF(box.x, box.y) * self.scale
        return QRectF(corner.x(), corner.y(), box.width * self.scale, box.height * self.scale)

    @property
    def seen(self) -> QRectF:
        """The part of the picture that is seen, in its own pixels."""
        return QRectF(self.to_picture(self.visible.topLeft()), self.to_picture(self.visible.bottomRight()))


class BoxEditor(QObject):
    """Says which face is selected, and what a person makes of the boxes; knows no photograph."""

    changed = pyqtSignal()
    """Something is to be painted anew."""
    drawn = pyqtSignal(Box)
    """A box for one face more."""
    moved = pyqtSignal(int, Box)
    """A face, by its number from 0, has another box."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make it; nothing is selected or drawn."""
        super().__init__(parent)
        self.selected: int | None = None
        """The number of a face from 0."""
        self.box: Box | None = None
        """A box that is being drawn or moved."""
        self.moving: int | None = None
        """The face that it belongs to; None for one more."""
        self._hit: Hit | None = None
        self._start: QPointF | None = None
        self._grabbed: Box | None = None
        self._by_mouse = False

    @property
    def active(self) -> bool:
        """Whether a box is being drawn or moved, so that arrows move it, Return keeps it and Esc does not."""
        return self.box is not None

    def reset(self) -> None:
        """Another photograph is shown."""
        self.select(None)
        self.stop()

    def stop(self) -> None:
        """Leave all boxes as they are."""
        self.box = self.moving = self._start = self._grabbed = self._hit = None
        self._by_mouse = False
        self.changed.emit()

    def select(self, at: int | None) -> None:
        """Select a face."""
        self.selected = at
        self.changed.emit()

    def begin(self, place: Place, at: int | None = None) -> None:
        """Propose a box for one face more, or take up that of a face."""
        self.stop()
        self.moving = at
        self.box = proposed(place.seen, place.size) if at is None else place.boxes[at]
        self.changed.emit()

    def accept(self) -> None:
        """Keep the box that is being drawn or moved."""
        box, moving = self.box, self.moving
        self.stop()
        if box is None or not is_large_enough(box):
            return
        if moving is None:
            self.drawn.emit(box)
        else:
            self.moved.emit(moving, box)

    def hover(self, place: Place, point: QPointF) -> Qt.CursorShape:
        """What the mouse shows at a point where no button is pressed."""
        if self.active:
            found = hit([place.on_widget(self.box)], point) if self.box is not None else None
            return Qt.CursorShape.CrossCursor if found is None or self.moving is None else _cursor(found.edges)
        found = hit([place.on_widget(box) for box in place.boxes], point, self.selected)
        return Qt.CursorShape.ArrowCursor if found is None else _cursor(found.edges)

    def press(self, place: Place, point: QPointF) -> bool:
        """A button was pressed at a point; returns whether that is about a box."""
        self._start, self._by_mouse = point, False
        if self.active and self.moving is None:
            self._hit = self._grabbed = None
            return True
        if self.active and self.box is not None:
            self._hit, self._grabbed = hit([place.on_widget(self.box)], point), self.box
            return True
        found = self._hit = hit([place.on_widget(box) for box in place.boxes], point, self.selected)
        self._grabbed = None if found is None else place.boxes[found.at]
        self.select(None if found is None else found.at)
        return found is not None

    def drag(self, place: Place, point: QPointF) -> None:
        """The mouse has moved with the button pressed."""
        if self._start is None:
            return
        if not self._by_mouse and (point - self._start).manhattanLength() < DEAD_ZONE:
            return
        self._by_mouse = True
        if self._grabbed is None:
            if self.active and self.moving is None:
                self.box = spanned(place.to_picture(self._start), place.to_picture(point), place.size)
        elif self._hit is not None:
            by = (point - self._start) / place.scale
            self.box = dragged(self._grabbed, self._hit.edges, by.x(), by.y(), place.size)
            self.moving = self._hit.at if self.moving is None else self.moving
        self.changed.emit()

    def release(self, place: Place) -> None:
        """The button was let go: what was drawn or moved with the mouse is kept."""
        by_mouse, self._by_mouse, self._start = self._by_mouse, False, None
        if not by_mouse or self.box is None:
            return
        if is_large_enough(self.box):
            self.accept()
        elif self.moving is None:  # a slip of the hand: there is something to begin with again
            self.begin(place)

    def key(self, place: Place, event: QKeyEvent) -> bool:
        """A key was pressed; returns whether that was about a box."""
        if self.box is None:
            return False
        key, held = event.key(), event.modifiers()
        if key in ACCEPT:
            self.accept()
        elif key == Qt.Key.Key_Escape:
            self.stop()
        elif key in ARROWS:
            right, down = ARROWS[Qt.Key(key)]
            step = 1.0 if held & Qt.KeyboardModifier.ControlModifier else max(1.0, min(place.size) * KEY_SHARE)
            growing = bool(held & Qt.KeyboardModifier.ShiftModifier)
            edges = Edges(False, False, True, True) if growing else WHOLE
            self.box = dragged(self.box, edges, right * step, down * step, place.size)
            self.changed.emit()
        else:
            return False
        return True

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to the box that is being drawn, and not to an action."""
        return self.active and (event.key() in ARROWS or event.key() in ACCEPT or event.key() == Qt.Key.Key_Escape)


def _cursor(edges: Edges) -> Qt.CursorShape:
    if edges == WHOLE:
        return Qt.CursorShape.SizeAllCursor
    across, along = edges.left or edges.right, edges.top or edges.bottom
    if across and along:
        falling = edges.left == edges.top
        return Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor
    return Qt.CursorShape.SizeHorCursor if across else Qt.CursorShape.SizeVerCursor
