"""What can be done on the page."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import ActionSet


class TeachActions(ActionSet):
    """The actions of the page; keys 1 to 9 are held, so they are no actions."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.train = self.add(
            "train",
            "Train",
            ("Ctrl+Return", "Ctrl+Enter"),
            "teach",
            "Teach a model with these pictures",
        )
        self.add_class = self.add("add_class", "Add a class", ("Ctrl+N",), "add", "Add a class")
        self.add_folders = self.add(
            "add_folders",
            "Add folders…",
            ("Ctrl+Shift+N",),
            "folder",
            "Add a folder with a sub-folder for each class",
        )
        self.save = self.add("save", "Save…", ("Ctrl+S",), "save", "Keep the model as a file that every command takes")
        self.export = self.add(
            "export", "Export…", ("Ctrl+E",), "file", "Copy the pictures to another folder, with a labels.csv"
        )
        self.show_pictures = self.add(
            "show_pictures", "Show folder", ("Ctrl+Shift+F",), "folder", "Open the folder of example pictures"
        )
        self.delete_all = self.add(
            "delete_all", "Delete all…", ("Ctrl+Shift+Delete",), "close", "Delete all classes and their pictures"
        )
