"""What can be done with photographs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import Action, ActionSet

MOST_LABELS = 9
CANCEL, GO_ON = "Cancel", "Go on"
CANCEL_HELP = "Stop labelling; what is done stays, and it can go on"


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
        self.back = self.add("back", "Camera", ("Alt+Left",), "back", "Back to the live picture")
        self.unsure = self.add(
            "unsure", "Next unsure", ("U",), "help", "Go to the next one that the model is unsure of"
        )
        self.run = self.add("run", CANCEL, ("Ctrl+.",), "stop", CANCEL_HELP)
        self.export = self.add("export", "Export CSV…", ("Ctrl+E",), "table", "Write what was found as a table")
        self.copies = self.add(
            "copies", "Labelled copies…", ("Ctrl+Shift+E",), "copy", "Write copies with boxes and labels into a folder"
        )
        self.compare = self.add(
            "compare",
            "Right and wrong",
            ("A",),
            "chart",
            "Compare the labels with the true ones that are known",
        )
        self.undo = self.add("undo", "Undo", ("Ctrl+Z",), "back", "Take the last label that you gave back")
        self.labels: dict[str, Action] = {}
        """One for each label of the model, once that is known."""
        self._of_grid, self._of_view = ActionSet(grid), ActionSet(view)
        self.enlarge = self._of_grid.add(
            "enlarge", "Large", ("Return", "Enter"), "search", "Show the photograph large, with its faces"
        )
        add = self._of_view.add
        self.small = add("small", "Grid", ("Backspace",), "table", "Back to the grid; Esc does the same")
        self.previous = add("previous", "Previous", ("Left", "PgUp"), "previous", "Show the photograph before")
        self.next = add("next", "Next", ("Right", "PgDown"), "next", "Show the next photograph")
        self.farther = add("farther", "Smaller", ("-",), "minus", "See more of the photograph")
        self.fit = add("fit", "Whole", ("0",), "fullscreen", "See the whole photograph")
        self.closer = add("closer", "Larger", ("+", "="), "plus", "See it closer; the wheel does the same at the mouse")
        for action in (self.previous, self.next, self.closer, self.farther):
            action.setAutoRepeat(True)

    def offer_labels(self, labels: Sequence[str]) -> dict[str, Action]:
        """Make an action for each label of the model, as far as there are digits; none where that was done before."""
        if self.labels:
            return {}
        self.labels = {
            label: self.add(f"label {digit}", label, (str(digit),), "check", f"Say that the largest face is '{label}'")
            for digit, label in enumerate(labels[:MOST_LABELS], 1)
        }
        return self.labels

    def __iter__(self) -> Iterator[Action]:
        yield from super().__iter__()
        yield from self._of_grid
        yield from self._of_view
