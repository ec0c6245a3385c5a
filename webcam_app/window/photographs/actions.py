"""What can be done with photographs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import Action, ActionSet
from webcam_app.window.core_texts import label_text
from webcam_app.window.translation import mark, tr, translated

MOST_LABELS = 9
CANCEL, GO_ON = mark("Cancel"), mark("Go on")
CANCEL_HELP = mark("Stop labelling; what is done stays, and it can go on")


class FaceActions(ActionSet):
    """What can be done with the faces of a large photograph."""

    def __init__(self, view: QWidget) -> None:
        """Make them.

        Args:
            view: the large photograph.
        """
        super().__init__(view)
        self.draw = self.add("draw", tr("Draw"), ("D",), "draw", tr("Draw a box around a face that is missing"))
        self.remove = self.add(
            "remove", tr("No face"), ("Delete", "X"), "close", tr("Say that the selected box holds no face")
        )
        self.move = self.add(
            "move", tr("Move"), ("M",), "fullscreen", tr("Move the selected box, or change its size, with the arrows")
        )
        self.face = self.add("face", tr("Next face"), ("N",), "next", tr("Select the next face of the photograph"))


class PhotographActions(ActionSet):
    """The page's actions: some always, some for the grid or for a large photograph, while that is visible."""

    def __init__(self, page: QWidget, grid: QWidget, view: QWidget) -> None:
        """Make them.

        Args:
            page: what is always visible.
            grid: the grid.
            view: a large photograph.
        """
        super().__init__(page)
        self.back = self.add("back", tr("Camera"), ("Alt+Left",), "back", tr("Back to the live picture"))
        self.unsure = self.add(
            "unsure", tr("Next unsure"), ("U",), "help", tr("Go to the next one that the model is unsure of")
        )
        self.run = self.add("run", translated(CANCEL), ("Ctrl+.",), "stop", translated(CANCEL_HELP))
        self.export = self.add("export", tr("Export CSV…"), ("Ctrl+E",), "table", tr("Write what was found as a table"))
        self.copies = self.add(
            "copies",
            tr("Labelled copies…"),
            ("Ctrl+Shift+E",),
            "copy",
            tr("Write copies with boxes and labels into a folder"),
        )
        self.compare = self.add(
            "compare",
            tr("Right and wrong"),
            ("A",),
            "chart",
            tr("Compare the labels with the true ones that are known"),
        )
        self.undo = self.add("undo", tr("Undo"), ("Ctrl+Z",), "undo", tr("Take your last correction back"))
        self.redo = self.add("redo", tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", tr("Correct it again"))
        self.labels: dict[str, Action] = {}
        """One for each label of the model, once that is known."""
        self._of_grid, self._of_view = ActionSet(grid), ActionSet(view)
        self.enlarge = self._of_grid.add(
            "enlarge", tr("Large"), ("Return", "Enter"), "search", tr("Show the photograph large, with its faces")
        )
        add = self._of_view.add
        self.small = add("small", tr("Grid"), ("Backspace",), "table", tr("Back to the grid; Esc does the same"))
        self.previous = add("previous", tr("Previous"), ("Left", "PgUp"), "previous", tr("Show the photograph before"))
        self.next = add("next", tr("Next"), ("Right", "PgDown"), "next", tr("Show the next photograph"))
        self.farther = add("farther", tr("Smaller"), ("-",), "minus", tr("See more of the photograph"))
        self.fit = add("fit", tr("Whole"), ("0",), "fullscreen", tr("See the whole photograph"))
        self.closer = add(
            "closer", tr("Larger"), ("+", "="), "plus", tr("See it closer; the wheel does the same at the mouse")
        )
        for action in (self.previous, self.next, self.closer, self.farther):
            action.setAutoRepeat(True)
        self.faces = FaceActions(view)

    def offer_labels(self, labels: Sequence[str]) -> dict[str, Action]:
        """Make an action for each label of the model, as far as there are digits, in place of another model's.

        Returns:
            The new ones by their labels; none where these labels are offered already.
        """
        if list(self.labels) == list(labels[:MOST_LABELS]):
            return {}
        for action in self.labels.values():
            self.take_out(action)
        self.labels = {}
        for digit, label in enumerate(labels[:MOST_LABELS], 1):
            name = label_text(label)
            help_text = tr("Say that the largest face is '{label}'").format(label=name)
            self.labels[label] = self.add(f"label {digit}", name, (str(digit),), "check", help_text)
        return self.labels

    def __iter__(self) -> Iterator[Action]:
        yield from super().__iter__()
        yield from self._of_grid
        yield from self._of_view
        yield from self.faces
