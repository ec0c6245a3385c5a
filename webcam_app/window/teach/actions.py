"""What can be done on the page."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from webcam_app.window.actions import ActionSet
from webcam_app.window.translation import tr


class TeachActions(ActionSet):
    """The actions of the page; keys 1 to 9 are held, so they are no actions."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.train = self.add(
            "train",
            tr("Train"),
            ("Ctrl+Return", "Ctrl+Enter"),
            "teach",
            tr("Teach a model with these pictures"),
        )
        self.add_class = self.add("add_class", tr("Add a class"), ("Ctrl+N",), "add", tr("Add a class"))
        self.add_folders = self.add(
            "add_folders",
            tr("Add folders…"),
            ("Ctrl+Shift+N",),
            "folder",
            tr("Add a folder with a sub-folder for each class"),
        )
        self.save = self.add(
            "save", tr("Save…"), ("Ctrl+S",), "save", tr("Keep the model as a file that every command takes")
        )
        self.export = self.add(
            "export", tr("Export…"), ("Ctrl+E",), "file", tr("Copy the pictures to another folder, with a labels.csv")
        )
        self.show_pictures = self.add(
            "show_pictures", tr("Show folder"), ("Ctrl+Shift+F",), "folder", tr("Open the folder of example pictures")
        )
        self.delete_all = self.add(
            "delete_all",
            tr("Delete all…"),
            ("Ctrl+Shift+Delete",),
            "close",
            tr("Delete all classes and their pictures"),
        )
