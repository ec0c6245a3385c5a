"""What the desktop does for the window."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QAction

from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.output.files import make_folder, reason
from webcam_app.window.core_texts import told
from webcam_app.window.tasks import Worker
from webcam_app.window.translation import tr
from webcam_app.window.widgets.banner import Banner, Severity

FOLDER = "folder"


class FolderOpener:
    """Opens folders in the system's file manager, and says where that fails."""

    def __init__(self, worker: Worker, banner: Banner, settings: QAction) -> None:
        """Make it.

        Args:
            worker: does what may wait for a disk.
            banner: where problems are shown.
            settings: opens the settings, which know another folder.
        """
        self._worker, self._banner, self._settings = worker, banner, settings

    def show(self, folder: Path) -> None:
        """Open a folder; it is made first where it is not there."""
        self._worker.submit(lambda: _make(folder), lambda _: self._open(folder), self._show_problem)

    def _open(self, folder: Path) -> None:
        self._banner.clear_message(FOLDER)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            text = tr("No file manager could be started. The folder is {folder}").format(folder=printable(folder))
            self._banner.show_message(FOLDER, text, Severity.WARNING)

    def _show_problem(self, problem: str) -> None:
        self._banner.show_message(FOLDER, problem, Severity.ERROR, [(tr("Settings…"), self._settings.trigger)])


def _make(folder: Path) -> None:
    """Make a folder where it is missing.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        make_folder(folder)
    except OSError as error:
        text = tr("The folder {folder} cannot be made: {reason}.")
        raise OutputError(text.format(folder=printable(folder), reason=told(reason(error)))) from None
