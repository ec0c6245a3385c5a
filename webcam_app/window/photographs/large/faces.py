"""What a person does with the faces of a large photograph: select, label, draw, move, remove."""

from __future__ import annotations

from collections.abc import Callable

from webcam_app.faces.face import Box
from webcam_app.window.photographs.actions import FaceActions
from webcam_app.window.photographs.correcting import marking
from webcam_app.window.photographs.correcting.corrector import Corrector
from webcam_app.window.photographs.large.viewer import PhotographView
from webcam_app.window.translation import tr


class LargeFaces:
    """Turns actions and boxes into corrections of the photograph that is shown."""

    def __init__(
        self, view: PhotographView, actions: FaceActions, corrector: Corrector, tell: Callable[[str], None]
    ) -> None:
        """Connect them.

        Args:
            view: the large photograph.
            actions: what can be done with its faces.
            corrector: keeps what a person says.
            tell: called when something has changed, with a hint of what can be done now; empty for none.
        """
        self._view, self._corrector, self._tell = view, corrector, tell
        actions.draw.triggered.connect(lambda: self._begin(None))
        actions.move.triggered.connect(lambda: self._move())
        actions.remove.triggered.connect(lambda: self._remove())
        actions.face.triggered.connect(lambda: self._next_face())
        view.editor.drawn.connect(self._drawn)
        view.editor.moved.connect(self._moved)
        view.editor.changed.connect(self._hint)
        self._hinted = ""

    def label(self, label: str) -> None:
        """Say what the selected face is; the largest where none is selected."""
        entry = self._view.entry
        if entry is not None:
            self._corrector.change([(entry, marking.labelled(entry, label, self._view.editor.selected))])
            self._say("")

    def _begin(self, at: int | None) -> None:
        place, editor = self._view.place, self._view.editor
        if place is not None and self._can_mark:
            if at is not None:
                editor.select(at)
            editor.begin(place, at)
            self._view.setFocus()

    def _move(self) -> None:
        at = self._meant
        if at is None:
            self._ask_which()
        else:
            self._begin(at)

    def _ask_which(self) -> None:
        self._say(tr("Choose a face first: click on it, or press N"))

    def _drawn(self, box: Box) -> None:
        entry = self._view.entry
        if entry is not None:
            self._corrector.change([(entry, marking.drawn(entry, box))])
            self._select(box)

    def _moved(self, at: int, box: Box) -> None:
        entry = self._view.entry
        if entry is not None and at < len(entry.shown) and entry.shown[at].face.box != box:
            self._corrector.change([(entry, marking.moved(entry, at, box))])
            self._select(box)

    def _remove(self) -> None:
        entry, at = self._view.entry, self._meant
        if at is None:
            self._ask_which()
        elif entry is not None:
            self._corrector.change([(entry, marking.removed(entry, at))])
            self._view.editor.reset()
            self._say("")

    def _next_face(self) -> None:
        """Select the next face, and after the last one none."""
        entry, editor = self._view.entry, self._view.editor
        if entry is not None:
            following = 0 if editor.selected is None else editor.selected + 1
            editor.select(following if following < len(entry.shown) else None)

    @property
    def _can_mark(self) -> bool:
        entry = self._view.entry
        return entry is not None and entry.looked is not None

    @property
    def _meant(self) -> int | None:
        """The selected face; the only one where there is one."""
        entry, selected = self._view.entry, self._view.editor.selected
        if entry is None or not self._can_mark:
            return None
        if selected is not None:
            return selected if selected < len(entry.shown) else None
        return 0 if len(entry.shown) == 1 else None

    def _select(self, box: Box) -> None:
        entry = self._view.entry
        boxes = [] if entry is None else [each.face.box for each in entry.shown]
        self._view.editor.select(boxes.index(box) if box in boxes else None)
        self._say("")

    def _hint(self) -> None:
        self._say(self._text())

    def _say(self, hint: str) -> None:
        if hint != self._hinted:
            self._hinted = hint
            self._tell(hint)

    def _text(self) -> str:
        editor, entry = self._view.editor, self._view.entry
        if editor.active and editor.moving is None:
            return tr("Drag a box from the eyebrows to below the mouth; or arrows, Shift+arrows, Return. Esc: none")
        if editor.active:
            return tr("Arrows move the box, with Shift they change its size; Return keeps it, Esc does not")
        if editor.selected is not None and entry is not None and editor.selected < len(entry.shown):
            number = editor.selected + 1
            text = tr("Face {number} of {count}: digits label it, M moves it, Delete says that it is none")
            return text.format(number=number, count=len(entry.shown))
        return ""
